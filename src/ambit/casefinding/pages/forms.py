"""The answer to a candidate; checks and cleans, and does not save."""

from typing import Any

from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from ambit.casefinding.rules import ACCEPTED, NO, NOT_NOW, PASSED, SURPRISE
from ambit.design.forms import BooleanField, ChoiceField, DateField, Form, SeenField, SelectField, TextField
from ambit.register.rules import STAGES

# shown only while the keys are on (static/casefinding/keys.js)
KEYS = {"yes": "Y", "no": "N", "cannot_say": "C", ACCEPTED: "A", NOT_NOW: "L", PASSED: "P"}
KEY_OF_NO = "X"
_with_key = lazy(
    lambda words, key: format_html('{} <kbd class="cf-key" aria-hidden="true">{}</kbd>', words, key), SafeString
)

ANSWERS = [
    (ACCEPTED, _with_key(_("Add to the register"), KEYS[ACCEPTED])),
    (NOT_NOW, _with_key(_("Not now, look again"), KEYS[NOT_NOW])),
    (NO, _with_key(_("No, not right for this person"), KEY_OF_NO)),
    (PASSED, _with_key(_("Someone else should answer"), KEYS[PASSED])),
]
HINTS = {
    ACCEPTED: _("Asks for a coordinator and leads to the plan's first note"),
    NOT_NOW: _("You choose the day"),
    NO: _("You say why"),
    PASSED: _("Pass with a note"),
}


class AnswerForm(Form):
    """One form for every answer; the action of the answer chosen says what is missing for it."""

    marks_optional = False

    seen = SeenField()
    surprise = ChoiceField(
        label=_("Would you be surprised if this person died in the next 12 months?"),
        choices=[(value, _with_key(words, KEYS[value])) for value, words in SURPRISE.items()],
        required=False,
    )
    answer = ChoiceField(label=_("What should happen?"), choices=ANSWERS, hints=HINTS)
    stage = SelectField(label=_("Stage"), choices=list(STAGES.items()), initial="not_staged")
    recheck_on = DateField(label=_("Look again on"), required=False)
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
