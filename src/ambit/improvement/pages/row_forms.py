"""Forms of rows: a gap, an action, a milestone, a cycle, a lever; and of tables: begin, sign, choose."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from ambit.design.forms import BooleanField, CharField, ChoiceField, DateField, Form, SeenField, SelectField, TextField
from ambit.improvement.rules import plans as rules

RATINGS = (
    ("red", _("◆ Red: a gap, and no agreed plan")),
    ("amber", _("▲ Amber: a gap, and an agreed plan under way")),
    ("green", _("● Green: no gap")),
    ("unrated", _("– Unrated")),
    ("unknown", _("? Unknown: the source cannot be read")),
)
PROGRESSES = (("not_started", _("Not started")), ("started", _("Under way")), ("complete", _("Complete")))
DELIVERIES = (
    ("", _("As its dates say")),
    ("complete", _("■ Complete")),
    ("on_track", _("● On track")),
    ("at_risk", _("▲ At risk")),
    ("off_track", _("◆ Off track")),
    ("not_due", _("– Not due")),
)
DECISIONS = (
    ("", _("Not decided: it is under way")),
    ("adopt", _("Adopt: do it everywhere")),
    ("adapt", _("Adapt: change it, and try again")),
    ("abandon", _("Abandon: it does not help")),
)
AUDIENCES = (("commissioner", _("Commissioner")), ("provider", _("Provider")), ("place", _("Place")))
DUE_HINT = _("A day, “March 2027”, “Q3 2026/27”, “ongoing”: your words stay as you write them")


class RowForm(Form):
    """A row as a form: its fields are the cells, beside the revision that was seen."""

    kind: ClassVar[str]

    def said(self, before: Any = None) -> Any:
        """What the form says; cells that it does not show stay as they stood."""
        told = {name: getattr(before, name) for name in rules.columns(self.kind)} if before else {}
        cells = {name: self.cleaned_data[name] for name in rules.columns(self.kind) if name in self.cleaned_data}
        return rules.said_of(self.kind, told | cells)


class GapForm(RowForm):
    """A row of a gap analysis."""

    kind = rules.GAP
    marks_optional = False

    foundation = CharField(label=_("Foundation or statement"), max_length=400)
    meaning = TextField(label=_("What it means"), rows=2, required=False, max_length=4000)
    position = TextField(label=_("Where we are"), rows=3, required=False, max_length=4000)
    action = TextField(label=_("What we will do"), rows=3, required=False, max_length=4000)
    rating = ChoiceField(label=_("The gap"), choices=RATINGS, initial="unrated")
    why_rating = CharField(label=_("Why this rating"), required=False, max_length=400)
    owner = CharField(
        label=_("Lead"), hint=_("A name as it stands in Ambit, or any words"), required=False, max_length=200
    )
    due = CharField(label=_("Completed by"), hint=DUE_HINT, required=False, max_length=200)
    seen = SeenField()


class ActionForm(RowForm):
    """An action of a plan."""

    kind = rules.ACTION
    marks_optional = False

    what = TextField(label=_("What will be done"), rows=2, max_length=4000)
    gap = SelectField(label=_("The gap it closes"), required=False)
    driver = CharField(label=_("Driver: why it should work"), required=False, max_length=400)
    lever = CharField(
        label=_("Lever"),
        hint=_("What makes it happen, such as a contract or a standard"),
        required=False,
        max_length=400,
    )
    owner = CharField(
        label=_("Lead"),
        hint=_("A name as it stands in Ambit, an organisation, or any words"),
        required=False,
        max_length=200,
    )
    starts_on = DateField(label=_("Begins on"), required=False)
    due = CharField(label=_("Due"), hint=DUE_HINT, required=False, max_length=200)
    forecast = CharField(label=_("Expected now"), required=False, max_length=200)
    progress = ChoiceField(label=_("How it is going"), choices=PROGRESSES, initial="not_started", inline=True)
    progress_note = TextField(label=_("In words"), rows=2, required=False, max_length=4000)
    done_on = DateField(label=_("Done on"), required=False)
    shown_by = CharField(label=_("What shows that it is done"), required=False, max_length=400)
    delivery = SelectField(
        label=_("Delivery"),
        hint=_("Worked out from the dates, unless you say otherwise"),
        choices=DELIVERIES,
        required=False,
    )
    why_delivery = CharField(label=_("Why you rate it otherwise"), required=False, max_length=400)
    indicator = SelectField(label=_("The indicator it should move"), required=False)
    effect = CharField(label=_("By how much, and until when"), required=False, max_length=400)
    seen = SeenField()

    def __init__(self, *args: Any, gaps: Any, indicators: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("gap", [("", _("None")), *gaps])
        self.offer("indicator", [("", _("None")), *indicators])


class ProgressForm(RowForm):
    """How one's own action is going."""

    kind = rules.ACTION
    marks_optional = False

    progress = ChoiceField(label=_("How it is going"), choices=PROGRESSES, inline=True)
    progress_note = TextField(label=_("In words"), rows=2, required=False, max_length=4000)
    forecast = CharField(label=_("Expected now"), hint=DUE_HINT, required=False, max_length=200)
    done_on = DateField(label=_("Done on"), required=False)
    shown_by = CharField(label=_("What shows that it is done"), required=False, max_length=400)
    seen = SeenField()


class MilestoneForm(RowForm):
    """A dated step of a plan."""

    kind = rules.MILESTONE
    marks_optional = False

    what = CharField(label=_("What will have been reached"), max_length=400)
    action = SelectField(label=_("A step of"), required=False)
    waits_for = SelectField(label=_("Waits for"), hint=_("The milestone that has to be reached first"), required=False)
    owner = CharField(label=_("Lead"), required=False, max_length=200)
    due = CharField(label=_("Due"), hint=DUE_HINT, required=False, max_length=200)
    forecast = CharField(label=_("Expected now"), required=False, max_length=200)
    reached_on = DateField(label=_("Reached on"), required=False)
    shown_by = CharField(label=_("What shows it"), required=False, max_length=400)
    seen = SeenField()

    def __init__(self, *args: Any, actions: Any, milestones: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("action", [("", _("The whole plan")), *actions])
        self.offer("waits_for", [("", _("No other milestone")), *milestones])


class CycleForm(RowForm):
    """A plan-do-study-act cycle."""

    kind = rules.CYCLE
    marks_optional = False

    title = CharField(label=_("Name"), hint=_("Such as “Two practices ring every Friday”"), max_length=200)
    tries = TextField(label=_("Plan: what is tried, where, by whom"), rows=2, required=False, max_length=4000)
    prediction = TextField(label=_("What we think will happen"), rows=2, required=False, max_length=4000)
    begins_on = DateField(label=_("Begins on"), required=False)
    ends_on = DateField(label=_("Ends on"), required=False)
    data = TextField(label=_("Do: what happened"), rows=2, required=False, max_length=4000)  # type: ignore[assignment]  # Django takes fields off the class; form.data stays what was sent
    study = TextField(
        label=_("Study: what was learnt, beside what we thought"), rows=2, required=False, max_length=4000
    )
    decision = ChoiceField(label=_("Act"), choices=DECISIONS, required=False)
    next_step = CharField(label=_("What comes next"), required=False, max_length=400)
    seen = SeenField()


class LeverForm(RowForm):
    """A lever and its measure."""

    kind = rules.LEVER
    marks_optional = False

    audience = ChoiceField(label=_("Whose lever"), choices=AUDIENCES, inline=True)
    foundation = CharField(label=_("For which foundation or gap"), max_length=400)
    lever = TextField(label=_("What can be done"), rows=2, max_length=4000)
    measure = TextField(label=_("How one sees that it was"), rows=2, required=False, max_length=4000)
    source = CharField(label=_("Where it comes from"), required=False, max_length=400)
    seen = SeenField(initial=0)


class StartAnalysisForm(Form):
    """A gap analysis: its name, and the framework whose statements are its rows."""

    title = CharField(label=_("Name"), hint=_("Such as “Gap analysis, children and young people”"), max_length=120)
    population = CharField(label=_("Whom it is about"), required=False, max_length=120)
    framework = SelectField(label=_("A row for each statement of"), required=False)

    def __init__(self, *args: Any, frameworks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("framework", [("", _("No framework: rows of our own")), *frameworks])


class StartPlanForm(Form):
    """A plan: its name and the years it is for."""

    title = CharField(
        label=_("Name"), hint=_("Such as “Palliative and end of life care, 2026 to 2028”"), max_length=120
    )
    aim = TextField(label=_("What it is for, in one sentence"), rows=2, required=False, max_length=1000)
    from_on = DateField(label=_("From"))
    until_on = DateField(label=_("Until"))


class ChangePlanForm(Form):
    """What a plan is called, what it is for, and what it asks of the board."""

    marks_optional = False

    title = CharField(label=_("Name"), max_length=120)
    aim = TextField(label=_("What it is for, in one sentence"), rows=2, required=False, max_length=1000)
    asks = TextField(
        label=_("What we ask of the board"), hint=_("One on each line"), rows=3, required=False, max_length=2000
    )
    seen = SeenField()


class SignTableForm(Form):
    """Signing a gap analysis or a plan."""

    words = TextField(label=_("Said with the signature"), rows=2, max_length=2000, required=False)
    share = BooleanField(
        label=_("Other places of the system may read this version and compare with it"), required=False
    )
    seen = SeenField()


class DecideGapForm(Form):
    """Whether a proposed row is taken up; why, if not."""

    takes = ChoiceField(label=_("Decide"), choices=(("yes", _("Take it up")), ("no", _("Leave it"))), inline=True)
    why = CharField(label=_("Why it is left"), required=False, max_length=400)
    seen = SeenField()


def names_of(form: type[RowForm]) -> dict[str, Any]:
    """What the cells of a row are called, as its form calls them."""
    return {name: field.label for name, field in form.base_fields.items()}
