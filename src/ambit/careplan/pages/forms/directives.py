"""Forms of documents with legal force: one for each kind. They keep what was typed; the rules judge it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from ambit.careplan.pages.forms.sections import Table
from ambit.careplan.rules import advance_decision, capacity, cpr, document, documents
from ambit.careplan.rules.document import Document
from ambit.careplan.rules.treatments import ANSWERS, LIMITED, REFUSED
from ambit.design.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    EmailField,
    Form,
    IntegerField,
    MultipleChoiceField,
    SelectField,
    TextField,
)

YES_NO = [("yes", _("Yes")), ("no", _("No")), ("not_known", _("Not known"))]
HOLDERS: Final = 4
_COMMON: Final = ("made_on", "jurisdiction", "seen", "paper_at", "review_on", "note")


def _line(label: Any, **more: Any) -> CharField:
    return CharField(label=label, required=False, max_length=more.pop("max_length", 200), **more)


def _text(label: Any, **more: Any) -> TextField:
    return TextField(label=label, required=False, max_length=2000, rows=more.pop("rows", 2), **more)


def _choice(label: Any, value_set: Mapping[str, Any] | None = None, **more: Any) -> ChoiceField:
    choices = list(value_set.items()) if value_set is not None else YES_NO
    return ChoiceField(label=label, choices=choices, required=False, inline=value_set is None, **more)


@dataclass(frozen=True, slots=True)
class Limits:
    """The answers about treatments as a page shows them: a line for each treatment, its answer and its words."""

    limits: tuple[tuple[str, BoundField, BoundField], ...]


class DirectiveForm(Form):
    """What every document is asked: where it comes from, when it was made, where it is, what it replaces."""

    marks_optional = False
    kind: ClassVar[str] = ""
    may_be_made_here: ClassVar[bool] = True
    day: ClassVar[Any] = _("Day on which it was made")

    key = forms.UUIDField(widget=forms.HiddenInput)
    source = ChoiceField(
        label=_("How does it come here?"),
        choices=[
            (document.MADE_HERE, _("It is made now, with me")),
            (document.TRANSCRIBED, _("It exists already: I record it as it is")),
        ],
        hints={document.TRANSCRIBED: _("What it lacks is shown with it. It is saved all the same.")},
    )
    seen = _choice(_("If it exists already, what did you see?"), document.SEEN)
    made_on = DateField(label="", hint=_("Leave it empty if the document shows none."), required=False)
    paper_at = _line(_("Where the document is kept"))
    jurisdiction = ChoiceField(
        label=_("Under the law of"), choices=list(document.JURISDICTIONS.items()), inline=True, initial="EW"
    )
    review_on = DateField(label=_("Review by"), required=False)
    note = _text(_("Anything else about it"))

    def __init__(self, *args: Any, current: Sequence[Document] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["made_on"].label = self.day
        if not self.may_be_made_here:
            del self.fields["source"]
            self.fields["seen"].label = _("What did you see?")
        own = [name for name in self.fields if name not in ("key", "source", *_COMMON)]
        self.order_fields(["key", "source", "seen", *own, "made_on", "paper_at", "jurisdiction", "review_on", "note"])
        if current:
            named = [(str(one.id), f"{one.in_brief}, {_day(one)}") for one in current]
            self.fields["replaces"] = MultipleChoiceField(
                label=_("Which of these does it replace?"),
                hint=_("What you do not tick stays beside it. If they disagree, both are shown first."),
                choices=named,
                required=False,
            )

    def shown(self) -> Iterator[BoundField | Table | Limits]:
        """The fields in order; those that belong in a table, as a table."""
        done: set[str] = set()
        for name in self.fields:
            group = name.split("__")[0] if "__" in name else ""
            if self[name].is_hidden or group in done:
                continue
            if group == "limit":
                yield self._limits()
            elif group == "holders":
                yield self._holders()
            else:
                yield self[name]
            if group:
                done.add(group)

    def _limits(self) -> Limits:
        rows = [
            (str(words), self[f"limit__{code}__answer"], self[f"limit__{code}__words"])
            for code, words in LIMITED.items()
        ]
        return Limits(tuple(rows))

    def _holders(self) -> Table:
        parts = ("name", "telephone", "email")
        rows = tuple(tuple(self[f"holders__{number}__{part}"] for part in parts) for number in range(HOLDERS))
        hint = _("An e-mail address only for somebody who signs in here: it gives them access to the record.")
        return Table(
            str(_("Who is named in it")),
            str(hint),
            (str(_("Name")), str(_("Telephone")), str(_("E-mail"))),
            rows,
            False,
        )

    def said(self) -> dict[str, Any]:
        """What was typed, as the rules read it."""
        outside = ("key", "source", "replaces")
        kept = {n: v for n, v in self.cleaned_data.items() if n not in outside and "__" not in n and v != ""}
        if "limit__hospital__answer" in self.fields:
            kept["limits"] = [
                {"treatment": code, "answer": answer, "words": self.cleaned_data.get(f"limit__{code}__words", "")}
                for code in LIMITED
                if (answer := self.cleaned_data.get(f"limit__{code}__answer"))
            ]
        if "holders__0__name" in self.fields:
            kept["holders"] = [
                {"name": name.strip(), "telephone": self.cleaned_data.get(f"holders__{number}__telephone", "")}
                for number in range(HOLDERS)
                if (name := self.cleaned_data.get(f"holders__{number}__name", "")).strip()
            ]
        return kept

    def source_said(self) -> str:
        return str(self.cleaned_data.get("source", document.TRANSCRIBED))

    def replaces(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data.get("replaces", ())]

    def accounts(self) -> list[str]:
        return [self.cleaned_data.get(f"holders__{number}__email") or "" for number in range(HOLDERS)]


def _day(one: Document) -> str:
    return f"{one.made_on:%-d %B %Y}" if one.made_on else str(_("no day given"))


def _limit_fields() -> dict[str, forms.Field]:
    answers = [("", _("Not answered")), *ANSWERS.items()]
    found: dict[str, forms.Field] = {}
    for code, words in LIMITED.items():
        found[f"limit__{code}__answer"] = SelectField(label=f"{words}: answer", choices=answers, required=False)
        found[f"limit__{code}__words"] = _line(f"{words}: in a sentence")
    return found


class AdvanceDecisionForm(DirectiveForm):
    """An advance decision, or a written wish: nothing of it is refused but what cannot be so."""

    kind = "advance_decision"
    form = ChoiceField(
        label=_("What is it?"),
        choices=[
            (documents.REFUSAL, _("An advance decision: it refuses treatment")),
            (documents.WISH, _("A written wish: what the person wants, and would like to avoid")),
        ],
        hints={documents.WISH: _("A wish binds nobody and must be weighed by whoever decides.")},
    )
    treatments = MultipleChoiceField(
        label=_("Which treatments are refused?"), choices=list(REFUSED.items()), required=False
    )
    other_treatments = _text(_("Anything else, in the person’s own words"))
    circumstances = _text(_("In which circumstances"), hint=_("As the document says it. Empty means: in all."))
    sustains_life = BooleanField(
        label=_("What is written in words would keep the person alive"),
        hint=_("Then the law asks for signature, witness, and the words “even if life is at risk”."),
        required=False,
    )
    capacity = _choice(_("Did the person have capacity when they made it?"), advance_decision.CAPACITY)
    attested_by = _line(_("If somebody attested or doubts it, who"))
    in_writing = _choice(_("Is it in writing?"))
    signed = _choice(_("Is it signed?"), advance_decision.SIGNED)
    at_risk = _choice(_("Does it say that it applies even if life is at risk?"))
    witnessed = _choice(_("Did a witness sign it, with the person present?"))
    witness = _line(_("Name of the witness"))


class AuthorityForm(DirectiveForm):
    """A power of attorney, or a court's appointment. It always exists already."""

    kind = "authority"
    may_be_made_here = False
    day = _("Day on which it was signed, or the order made")
    type = ChoiceField(label=_("What is it?"), choices=list(documents.AUTHORITIES.items()))
    joint = _choice(_("If several are named"), documents.JOINT)
    registered_on = DateField(
        label=_("Registered with the Office of the Public Guardian on"),
        hint=_("A power of attorney cannot be used before. Leave it empty if it is not registered."),
        required=False,
    )
    reference = _line(_("Reference number"))
    life_sustaining = _choice(_("May they decide about life-sustaining treatment?"))
    restrictions = _text(_("Restrictions and wishes written in it"))
    ends_on = DateField(label=_("If a court’s order ends on a day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(HOLDERS):
            self.fields[f"holders__{number}__name"] = _line(f"{number + 1}. Name")
            self.fields[f"holders__{number}__telephone"] = _line(f"{number + 1}. Telephone", max_length=30)
            self.fields[f"holders__{number}__email"] = EmailField(label=f"{number + 1}. E-mail", required=False)
        holders = [name for name in self.fields if name.startswith("holders__")]
        others = [name for name in self.fields if name not in ("key", "seen", "type", *holders)]
        self.order_fields(["key", "seen", "type", *holders, *others])


class CapacityForm(DirectiveForm):
    """Capacity for one decision at one time."""

    kind = "capacity"
    day = _("Day of the assessment")
    decision = _line(_("Which decision?"), hint=_("One decision, such as “to go to hospital for the chest infection”."))
    about = _choice(_("What is it about?"), documents.ABOUT)
    outcome = _choice(
        _("Could the person decide?"),
        {documents.HAS: _("Yes, could decide"), documents.LACKS: _("No, could not decide")},
    )
    understand, retain, weigh, communicate = (_choice(words) for words in capacity.ABILITIES.values())
    impairment = _text(_("If not: what affects the mind or brain"))
    link = _text(_("If not: how it keeps the person from making this decision"))
    support = _text(_("What was tried to help the person decide"))
    may_return = _choice(_("May the person be able to decide later?"))
    assessor = _line(_("Assessed by, and their role"))


class GillickForm(DirectiveForm):
    """Whether a child under 16 understood enough to make one decision."""

    kind = "gillick"
    day = _("Day of the assessment")
    decision = _line(_("Which decision?"))
    about = _choice(_("What is it about?"), documents.ABOUT)
    understanding = _text(_("What the child understood, and how you know"), rows=3)
    outcome = _choice(
        _("Was the child competent for this decision?"),
        {documents.COMPETENT: _("Yes, competent"), documents.NOT_COMPETENT: _("No, not competent")},
    )
    assessor = _line(_("Assessed by, and their role"))
    parents_told = _text(_("What those with parental responsibility know and think"))


class BestInterestsForm(DirectiveForm):
    """A decision for somebody who could not make it."""

    kind = "best_interests"
    day = _("Day of the decision")
    decision = _line(_("Which decision?"))
    about = _choice(_("What is it about?"), documents.ABOUT)
    options = _text(_("Options that were considered"), rows=3)
    wishes = _text(_("What the person wants, feels and believes"), rows=3)
    consulted = _text(_("Who was consulted, and what they said"), rows=3)
    nobody_to_consult = BooleanField(label=_("There is nobody appropriate to consult"), required=False)
    serious = _choice(_("Is it one of these?"), documents.SERIOUS)
    less_restrictive = _text(_("Less restrictive ways, and why they would not do"))
    not_to_bring_about_death = BooleanField(
        label=_("The decision was not moved by a wish to bring about the person’s death"), required=False
    )
    outcome = _text(_("What was decided, and why"), rows=3)
    decided_by = _line(_("Decided by, and their role"))


class IMCAForm(DirectiveForm):
    """An independent mental capacity advocate."""

    kind = "imca"
    day = _("Day on which the advocate was asked for")
    decision = _line(_("Which decision?"))
    serious = _choice(_("Why is an advocate asked for?"), {k: v for k, v in documents.SERIOUS.items() if k != "no"})
    state = _choice(_("How does it stand?"), documents.IMCA_STATES)
    service = _line(_("Advocacy service"))
    advocate = _line(_("Name of the advocate"))
    telephone = _line(_("Telephone"), max_length=30)
    why_urgent = _text(_("If it could not wait, why"))


class EscalationForm(DirectiveForm):
    """Treatment limits set by a clinician."""

    kind = "escalation"
    reason = _text(_("Why, in words the person could read"))
    talked = _choice(_("With whom it was talked about"), cpr.TALKED)
    why_not_talked = _text(_("If it was not talked about, why"), hint=_("Distress alone is not a reason."))
    decided_by = _line(_("Senior clinician responsible"))
    decided_by_role = _line(_("Their role"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= _limit_fields()
        limits = [name for name in self.fields if name.startswith("limit__")]
        others = [name for name in self.fields if name not in ("key", "source", "seen", *limits)]
        self.order_fields(["key", "source", "seen", *limits, *others])


class EmergencyForm(DirectiveForm):
    """Emergency recommendations, compatible with ReSPECT."""

    kind = "emergency"
    summary = _text(_("What somebody who does not know the person must know"), rows=3)
    value_most = _text(_("What the person most values"))
    fear_most = _text(_("What the person most fears, or wants to avoid"))
    comfort_scale = IntegerField(
        label=_("From 0 (living as long as possible) to 10 (comfort)"),
        required=False,
        min_value=0,
        max_value=10,
        width=3,
    )
    priority = _choice(_("Which comes first?"), documents.PRIORITIES)
    cpr = _choice(
        _("Recommendation about CPR"),
        {reading: cpr.WORDS[reading] for reading in (cpr.DO_NOT_ATTEMPT, cpr.ATTEMPT, cpr.MODIFIED)},
    )
    cpr_reason = _text(_("Why, in words the person could read"))
    has_capacity = _choice(_("Can the person take part in making these recommendations?"))
    in_what_way = _text(_("If not, in what way"))
    involvement = _choice(_("How the person took part"), documents.INVOLVEMENT)
    child_involvement = _choice(_("For a child"), documents.CHILD_INVOLVEMENT)
    parents_involved = BooleanField(label=_("Those with parental responsibility took part"), required=False)
    why_not_involved = _text(_("If none of these, why"))
    clinician = _line(_("Clinician who recommends it"))
    clinician_role = _line(_("Their role"))
    signed = _choice(_("Is it signed?"))
    senior = _line(_("Senior clinician responsible, if another"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= _limit_fields()
        names = [name for name in self.fields if not name.startswith("limit__")]
        at = names.index("cpr")
        limits = [name for name in self.fields if name.startswith("limit__")]
        self.order_fields([*names[:at], *limits, *names[at:]])


class DonationForm(DirectiveForm):
    """What the person decided about organs and tissue."""

    kind = "donation"
    decision = _choice(_("What the person decided"), documents.DONATIONS)
    which = _line(_("If some, which"))
    nominated = _line(_("If somebody is nominated, who"))
    on_register = _choice(_("Is it on the organ donor register?"))


class DisputeForm(DirectiveForm):
    """People who disagree about care."""

    kind = "dispute"
    day = _("Since which day")
    about = _line(_("What is the disagreement about?"))
    views_held = _text(_("Who holds which view"), rows=4)
    next_step = _choice(_("What happens next"), documents.NEXT_STEPS)
    led_by = _line(_("Who sees to it"))


FORMS: Final[Mapping[str, type[DirectiveForm]]] = {
    form.kind: form
    for form in (
        AdvanceDecisionForm, AuthorityForm, CapacityForm, GillickForm, BestInterestsForm, IMCAForm, EscalationForm,
        EmergencyForm, DonationForm, DisputeForm,
    )
}  # fmt: skip


class EndDirectiveForm(Form):
    """What became of a document that no longer counts."""

    how = ChoiceField(
        label=_("What became of it"),
        choices=[
            (document.WITHDRAWN, _("Withdrawn, revoked, ended or settled")),
            (document.WRONG, _("Recorded by mistake")),
        ],
        hints={
            document.WITHDRAWN: _(
                "A person who has capacity withdraws an advance decision at any time, also by word alone."
            )
        },
    )
    reason = TextField(label=_("Why it no longer counts, and who said so"), rows=3, max_length=2000)


class ViewDifferentlyForm(Form):
    """A different view of what a document weighs, with its reason."""

    force = ChoiceField(
        label=_("Your view"),
        choices=[
            (document.BINDING, _("It is binding")),
            (document.NOT_BINDING, _("It is not binding")),
            (document.DOUBTFUL, _("Something speaks against it: somebody must look")),
        ],
        hints={
            document.DOUBTFUL: _("As when the person has since done or said something that does not fit it."),
        },
    )
    reason = TextField(label=_("Why, so that others can weigh it"), rows=4, max_length=2000)
