"""The answer to a candidate; checks and cleans, and does not save."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ambit.casefinding.rules import (
    ACCEPTED,
    DISCUSS,
    MOST,
    NO,
    NOT_NOW,
    PASSED,
    SURPRISE,
    WAITS,
    WHY_NO,
    WHY_WAIT,
    look_again_on,
)
from ambit.design.forms import (
    BooleanField,
    ChoiceField,
    DateField,
    FileField,
    Form,
    IntegerField,
    MultipleChoiceField,
    SeenField,
    SelectField,
    TextField,
)
from ambit.register.rules import STAGES

# shown only while the keys are on (static/casefinding/keys.js)
KEYS = {"yes": "Y", "no": "N", "cannot_say": "C", ACCEPTED: "A", NOT_NOW: "L", PASSED: "P", DISCUSS: "M"}
KEY_OF_NO = "X"
with_key = lazy(
    lambda words, key: format_html('{} <kbd class="cf-key" aria-hidden="true">{}</kbd>', words, key), SafeString
)

ANSWERS = [
    (ACCEPTED, with_key(_("Add to the register"), KEYS[ACCEPTED])),
    (NOT_NOW, with_key(_("Not now, look again"), KEYS[NOT_NOW])),
    (NO, with_key(_("No, not right for this person"), KEY_OF_NO)),
    (DISCUSS, with_key(_("Talk about it at the next meeting"), KEYS[DISCUSS])),
    (PASSED, with_key(_("Someone else should answer"), KEYS[PASSED])),
]
LARGEST_LIST = 5 * 1024 * 1024
OWN_DAY = "day"
IN_MONTHS = [
    (str(months), with_key(ngettext_lazy("In %d month", "In %d months", months) % months, str(place)))
    for place, months in enumerate(WAITS, start=1)
]
HINTS = {
    ACCEPTED: _("Asks for a coordinator; a plan can begin"),
    NOT_NOW: _("You choose the day"),
    NO: _("You say why"),
    DISCUSS: _("They stay on the list until then"),
    PASSED: _("Pass with a note"),
}


class AnswerForm(Form):
    """One form for every answer; the action of the answer chosen says what is missing for it."""

    marks_optional = False

    seen = SeenField()
    surprise = ChoiceField(
        label=_("Would you be surprised if this person died in the next 12 months?"),
        choices=[(value, with_key(words, KEYS[value])) for value, words in SURPRISE.items()],
        required=False,
    )
    answer = ChoiceField(label=_("What should happen?"), choices=ANSWERS, hints=HINTS)
    stage = SelectField(label=_("Stage"), choices=list(STAGES.items()), initial="not_staged")
    wait = ChoiceField(
        label=_("Look again"),
        choices=[*IN_MONTHS, (OWN_DAY, _("On a day I write"))],
        required=False,
    )
    recheck_on = DateField(label=_("Look again on"), required=False)
    why_wait = SelectField(
        label=_("Why not now"), choices=[("", _("In my words, or none")), *WHY_WAIT.items()], required=False
    )
    why_no = ChoiceField(
        label=_("Why not"),
        choices=[(value, with_key(words, str(place))) for place, (value, words) in enumerate(WHY_NO.items(), start=1)],
        required=False,
    )
    passed_to = SelectField(label=_("Who should answer"), required=False)
    reason = TextField(label=_("Reason, in your words"), rows=3, required=False, max_length=2000)
    told = BooleanField(label=_("I have told the person, or will before it is shared"), required=False)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if colleagues:
            choices = [("", _("Nobody")), *colleagues]
            self.fields["passed_to"] = SelectField(label=_("Who should answer"), choices=choices, required=False)
        else:
            del self.fields["passed_to"]
            self.fields["answer"] = ChoiceField(
                label=_("What should happen?"),
                choices=[choice for choice in ANSWERS if choice[0] != PASSED],
                hints=HINTS,
            )

    def looks_again_on(self, today: date) -> date | None:
        """The day chosen by its month, or written; what is written counts when both are there."""
        wait = self.cleaned_data["wait"]
        written: date | None = self.cleaned_data["recheck_on"]
        return written or (look_again_on(int(wait), on=today) if wait.isdecimal() else None)


class TakeBackForm(Form):
    """Taking an answer back, as after a wrong key."""

    seen = SeenField()


class CapacityForm(Form):
    """How many people the practice can look at this month."""

    seen = SeenField()
    people = IntegerField(
        label=_("How many people can you look at this month, in all?"),
        hint=_("Count about five minutes for each. You can add more later in the month."),
        min_value=1,
        max_value=MOST,
    )
    by_yield = BooleanField(label=_("Order by predicted yield, not by the strength of the evidence"), required=False)

    def __init__(self, *args: Any, by_yield_allowed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_yield_allowed:
            del self.fields["by_yield"]


class BringListForm(Form):
    """The list of another search, as a file with NHS numbers."""

    file = FileField(
        label=_("The list"),
        hint=_(
            "A CSV file whose first line is “nhs_number”, or also “date”, “code”, “term”, “value” and “unit”; at most 5 MB"
        ),
        required_words=_("Choose a file."),
    )
    on = DateField(label=_("The day of the search"), hint=_("For lines that have no date of their own"))

    def __init__(self, *args: Any, results: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"] = SelectField(
            label=_("What the list says"), hint=_("For lines that have no code of their own"), choices=results
        )
        self.order_fields(["file", "code", "on"])

    def clean_file(self) -> str:
        """The text of the file."""
        given = self.cleaned_data["file"]
        if given.size > LARGEST_LIST:
            raise ValidationError(_("The file is larger than 5 MB: it is not the list of one practice."))
        try:
            told: str = given.read().decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ValidationError(_("The file is not UTF-8 text. Save it as “CSV UTF-8”.")) from error
        return told


class RunForm(Form):
    """Asking for a search."""

    def __init__(self, *args: Any, practices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("No practice")), *practices]
        self.fields["practice"] = SelectField(
            label=_("People whose record names no practice belong to"),
            hint=_("Leave it empty and they are counted, but shown to nobody."),
            choices=choices,
            required=False,
        )


class ValidationForm(Form):
    """Asking for a validation report."""

    on = DateField(
        label=_("Look back to"),
        hint=_("Who would have been found on this day is set against who died afterwards."),
    )
    horizon = SelectField(
        label=_("Follow everybody for"),
        choices=[("365", _("A year")), ("182", _("Six months")), ("90", _("Three months"))],
    )

    def __init__(
        self, *args: Any, packs: list[tuple[str, str]], practices: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["packs"] = MultipleChoiceField(label=_("Searches"), choices=packs)
        self.fields["practice"] = SelectField(
            label=_("People of"), choices=[("", _("Every practice")), *practices], required=False
        )
        self.order_fields(["packs", "on", "horizon", "practice"])
