"""Forms of self-assessment."""

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from ambit.design.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    FileField,
    Form,
    SeenField,
    SelectField,
    TextField,
)
from ambit.improvement.rules.rounds import Said

CONFIDENCES = (("high", _("Sure")), ("medium", _("Fairly sure")), ("low", _("Not sure")))
GAPS = (
    ("green", _("● Green: no gap")),
    ("amber", _("▲ Amber: a gap, and an agreed plan under way")),
    ("red", _("◆ Red: a gap, and no agreed plan")),
)


class StartRoundForm(Form):
    """What a round is on, about which time, and until when people answer."""

    framework = SelectField(label=_("Framework"))
    title = CharField(label=_("Name"), hint=_("Such as “Autumn 2026”"), max_length=80)
    whole = ChoiceField(
        label=_("What is rated"),
        choices=(("whole", _("The whole framework")), ("own", _("Only what it asks of an organisation like ours"))),
        initial="whole",
    )
    period_from = DateField(label=_("About the time from"))
    period_until = DateField(label=_("Until"))
    answers_due_on = DateField(label=_("Answers asked for by"), required=False)
    follows = SelectField(
        label=_("It follows"),
        hint=_("Answers of a signed round can be carried over, one by one, as you decide"),
        required=False,
    )

    def __init__(self, *args: Any, frameworks: Any, signed: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("framework", [("", _("Choose a framework")), *frameworks])
        self.offer("follows", [("", _("No earlier round")), *signed])


class InviteForm(Form):
    """Whom to ask, and for whom they speak."""

    account_id = SelectField(label=_("Ask"), required_words=_("Choose whom to ask."))
    speaks_for = CharField(
        label=_("Speaks for"),
        hint=_("Their organisation, when left empty. Such as “Carers’ group”"),
        max_length=120,
        required=False,
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("account_id", [("", _("Choose a person")), *people])


class AnswerForm(Form):
    """An answer to a statement. The levels are those of its scale; the agreed answer decides about the gap too."""

    marks_optional = False

    level = ChoiceField(label=_("Where does it stand?"), required=False)
    position = TextField(label=_("Where we are, and why this level"), required=False, rows=3, max_length=4000)
    comment = TextField(label=_("Anything else"), required=False, rows=2, max_length=4000)
    confidence = ChoiceField(label=_("How sure is this?"), choices=CONFIDENCES, required=False, inline=True)
    gap = ChoiceField(label=_("The gap"), choices=GAPS, required=False)
    not_applicable = BooleanField(label=_("It does not apply here"), required=False)
    why_not_applicable = CharField(label=_("Why it does not apply"), required=False, max_length=400)
    seen = SeenField()

    def __init__(self, *args: Any, levels: Any, moderated: bool, rates_gaps: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("level", [(one.id, one.label) for one in levels])
        if not moderated or rates_gaps:
            del self.fields["gap"]

    def said(self) -> Said:
        told = self.cleaned_data
        return Said(
            level=told["level"],
            not_applicable=told["not_applicable"],
            why_not_applicable=told["why_not_applicable"] if told["not_applicable"] else "",
            position=told["position"],
            comment=told["comment"],
            confidence=told["confidence"],
            gap=told.get("gap", ""),
        )


class EvidenceForm(Form):
    """What shows where a statement stands: a file, a link, another indicator, or what people say."""

    title = CharField(label=_("What it is"), hint=_("Such as “Minutes of the board, March 2026”"), max_length=200)
    file = FileField(label=_("File"), hint=_("PDF, or a JPEG, PNG, TIFF or HEIC picture"), required=False)
    url = CharField(label=_("Or a link"), hint=_("Beginning with https://"), max_length=1000, required=False)
    indicator = SelectField(label=_("Or another live indicator"), required=False)
    note = TextField(label=_("Or what people say"), rows=3, max_length=4000, required=False)
    effective_on = DateField(label=_("It was so on"), required=False)
    expires_on = DateField(label=_("It holds until"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, indicators: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", uuid4())
        super().__init__(*args, **kwargs)
        self.offer("indicator", [("", _("None")), *indicators])


class SignForm(Form):
    """Signing: what is said with it, and what is knowingly left open."""

    words = TextField(label=_("Said with the signature"), rows=2, max_length=2000, required=False)
    without_waiting = BooleanField(label=_("Sign without those who have not handed in"), required=False)
    leave_unanswered = BooleanField(label=_("Statements without an agreed answer stay “not assessed”"), required=False)
    share = BooleanField(
        label=_("Other places of the system may compare with this round"),
        hint=_("They see answers, and figures as they may be seen outside their owners"),
        required=False,
    )
    seen = SeenField()


class CarryForm(Form):
    """For each statement, where its answer comes from."""

    marks_optional = False

    def __init__(self, *args: Any, rows: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, row in enumerate(rows):
            choices = [(source, _("Take over: %(words)s") % {"words": words}) for source, words in row.choices]
            self.fields[f"node-{number}"] = SelectField(
                label=row.title, choices=[("later", _("Decide later")), *choices, ("", _("Begin anew"))], required=False
            )
        self.nodes = [row.node for row in rows]

    def decisions(self) -> dict[str, str]:
        told = [(node, self.cleaned_data[f"node-{number}"]) for number, node in enumerate(self.nodes)]
        return {node: source for node, source in told if source != "later"}
