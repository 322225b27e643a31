"""Forms of meetings; they check and clean, and do not save."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ambit.casefinding.pages.forms import ANSWERS, HINTS, AnswerForm, with_key
from ambit.casefinding.rules import DISCUSS, PASSED
from ambit.design.forms import CharField, ChoiceField, DateField, Form, MultipleChoiceField, SeenField, TextField

OUTCOMES = [
    (value, with_key(_("Talk about it again next time"), "M") if value == DISCUSS else words)
    for value, words in ANSWERS
    if value != PASSED
]


class MakeMeetingForm(Form):
    held_on = DateField(label=_("Day of the meeting"))


class SeenMeetingForm(Form):
    seen = SeenField()


class CloseMeetingForm(Form):
    marks_optional = False

    seen = SeenField()
    present = MultipleChoiceField(label=_("Who was there"), required=False)
    others = TextField(
        label=_("Others who were there"),
        hint=_("One a line, such as “Ruth Tannahill, community nurse”"),
        rows=2,
        required=False,
        max_length=1000,
    )

    def __init__(self, *args: Any, possible: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("present", [(name, name) for name in possible])

    def everybody(self) -> list[str]:
        """Those ticked, and those written, one a line."""
        return [*self.cleaned_data["present"], *self.cleaned_data["others"].splitlines()]


class OutcomeForm(AnswerForm):
    """What a meeting came to about somebody found, and a task that follows."""

    task = CharField(label=_("Task for the coordinator, or for the practice"), required=False, max_length=200)
    task_due_on = DateField(label=_("Task done by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, colleagues=[], **kwargs)
        self.fields["answer"] = ChoiceField(label=_("What did the meeting come to?"), choices=OUTCOMES, hints=HINTS)
