"""The answer to a candidate; checks and cleans, and does not save."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ambit.casefinding.rules import ACCEPTED, NO, NOT_NOW, PASSED, SURPRISE
from ambit.design.forms import BooleanField, ChoiceField, DateField, Form, SeenField, SelectField, TextField
from ambit.register.rules import STAGES

ANSWERS = [
    (ACCEPTED, _("Add to the register")),
    (NOT_NOW, _("Not now, look again")),
    (NO, _("No, not right for this person")),
    (PASSED, _("Someone else should answer")),
]
HINTS = {
    ACCEPTED: _("Asks for a coordinator and leads to the plan's first note"),
    NOT_NOW: _("You choose the day below"),
    NO: _("You say why"),
    PASSED: _("Pass with a note"),
}


class AnswerForm(Form):
    """One form for every answer; the action of the answer chosen says what is missing for it."""

    marks_optional = False

    seen = SeenField()
    surprise = ChoiceField(
        label=_("Would you be surprised if this person died in the next 12 months?"),
        choices=list(SURPRISE.items()),
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
