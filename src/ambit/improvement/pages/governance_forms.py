"""Forms of boards, meetings, decisions, minutes and named leads."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from ambit.design.forms import CharField, ChoiceField, DateField, Form, SeenField, SelectField, TextField
from ambit.improvement.pages.row_forms import DUE_HINT

SUBJECTS = (
    ("palliative", _("Palliative and end of life care")),
    ("bereavement", _("Bereavement")),
    ("children", _("Children and young people")),
)


class BoardForm(Form):
    """A board."""

    name = CharField(label=_("Name"), hint=_("Such as “Palliative and end of life care board”"), max_length=120)
    purpose = TextField(label=_("What it is for"), rows=2, required=False, max_length=1000)
    chair = CharField(label=_("Chaired by"), required=False, max_length=120)
    meets = CharField(
        label=_("When it meets"), hint=_("Such as “first Thursday of each quarter”"), required=False, max_length=120
    )
    reports_to = CharField(label=_("Reports to"), required=False, max_length=200)


class MeetingForm(Form):
    """A meeting."""

    held_on = DateField(label=_("Day"))
    where = CharField(label=_("Where"), required=False, max_length=200)
    agenda = TextField(label=_("What it is about"), hint=_("One on each line"), rows=4, required=False, max_length=4000)


class ChangeMeetingForm(Form):
    """Where a meeting is, what it is about, who was there."""

    marks_optional = False

    where = CharField(label=_("Where"), required=False, max_length=200)
    agenda = TextField(label=_("What it is about"), rows=4, required=False, max_length=4000)
    present = TextField(label=_("Who was there"), rows=2, required=False, max_length=2000)
    seen = SeenField()


class DecisionForm(Form):
    """What a meeting decided."""

    what = TextField(label=_("What was decided"), rows=2, max_length=2000)
    owner = CharField(label=_("Who sees to it"), required=False, max_length=200)
    due = CharField(label=_("Until when"), hint=DUE_HINT, required=False, max_length=200)
    action_id = SelectField(label=_("About the action"), required=False)

    def __init__(self, *args: Any, actions: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("action_id", [("", _("None")), *actions])


class MinutesForm(Form):
    """A version of the minutes."""

    marks_optional = False

    words = TextField(label=_("Minutes"), rows=14, max_length=40000)
    what_changed = CharField(label=_("What changed since the version before"), required=False, max_length=400)
    seen = SeenField()


class NameLeadForm(Form):
    """Who leads for what, from when."""

    subject = ChoiceField(label=_("For"), choices=SUBJECTS)
    name = CharField(label=_("Who leads"), max_length=120)
    role = CharField(label=_("What they are"), required=False, max_length=120)
    contact = CharField(label=_("How to reach them"), required=False, max_length=200)
    from_on = DateField(label=_("From"))
