"""The kinds of document and decision with legal force: what each says, and who says it. Plain Python, no clock.

Sources: Mental Capacity Act 2005; Adults with Incapacity (Scotland) Act 2000; ReSPECT v3; SCCI1580 items 44 to 53;
`record-standards`, sections 2.1, 2.4 and 8.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import ClassVar, Final

from ambit.careplan.rules.document import NO, NOT_KNOWN, YES, Document
from ambit.careplan.rules.treatments import CPR, LIFE_SUSTAINING, Limit, named

REFUSAL, WISH = "refusal", "wish"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceDecision(Document):
    """An advance decision to refuse treatment, or what the person calls one; a written wish is kept as a wish."""

    kind: ClassVar[str] = "advance_decision"
    title: ClassVar[str] = "Advance decision (ADRT)"

    form: str = REFUSAL
    treatments: tuple[str, ...] = ()
    other_treatments: str = ""
    circumstances: str = ""
    sustains_life: bool = False
    capacity: str = ""
    attested_by: str = ""
    in_writing: str = NOT_KNOWN
    signed: str = NOT_KNOWN
    at_risk: str = NOT_KNOWN
    witnessed: str = NOT_KNOWN
    witness: str = ""
    witness_is_maker: bool = False

    @property
    def is_life_sustaining(self) -> bool:
        """Whether anything it refuses would sustain life: then the law asks for more (s.25(5))."""
        return self.sustains_life or bool(LIFE_SUSTAINING & set(self.treatments))

    @property
    def refuses_cpr(self) -> bool:
        return CPR in self.treatments

    @property
    def names(self) -> str:
        """The treatments refused, in words."""
        return "; ".join(part for part in (named(self.treatments), self.other_treatments.rstrip(".")) if part)

    @property
    def in_brief(self) -> str:
        names = self.names or "no treatment named"
        return f"Refuses {names}" if self.form == REFUSAL else f"A written wish: {names}"

    @property
    def author(self) -> str:
        return "The person"

    def _lacks(self) -> tuple[str, ...]:
        if self.form != REFUSAL:
            return ()
        lacking = [] if self.names else ["no treatment named"]
        if self.signed in (NO, NOT_KNOWN):
            lacking.append("no signature seen")
        if self.is_life_sustaining and self.witnessed != YES:
            lacking.append("no witness seen")
        return tuple(lacking)


LPA_HEALTH, LPA_PROPERTY, DEPUTY = "lpa_health", "lpa_property", "deputy"
WELFARE_ATTORNEY_SCOTLAND, GUARDIAN_SCOTLAND = "welfare_attorney", "guardian"
AUTHORITIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        LPA_HEALTH: "Lasting power of attorney, health and welfare",
        LPA_PROPERTY: "Lasting power of attorney, property and money",
        DEPUTY: "Deputy for welfare, appointed by the Court of Protection",
        WELFARE_ATTORNEY_SCOTLAND: "Welfare power of attorney (Scotland)",
        GUARDIAN_SCOTLAND: "Welfare guardian (Scotland)",
    }
)
SCOTTISH: Final = frozenset({WELFARE_ATTORNEY_SCOTLAND, GUARDIAN_SCOTLAND})
JOINT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "only": "There is one",
        "severally": "Each may decide alone",
        "jointly": "They decide together",
        "mixed": "Together for some decisions, alone for others",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody named in a power of attorney or a court's order."""

    name: str
    telephone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority(Document):
    """A power of attorney, or a court's appointment of a deputy or guardian: who may decide, about what."""

    kind: ClassVar[str] = "authority"
    title: ClassVar[str] = "Attorneys and deputies"

    type: str = LPA_HEALTH
    holders: tuple[Holder, ...] = ()
    joint: str = "only"
    registered_on: date | None = None
    reference: str = ""
    life_sustaining: str = NOT_KNOWN
    restrictions: str = ""
    ends_on: date | None = None

    @property
    def names(self) -> str:
        return ", ".join(holder.name for holder in self.holders) or "nobody named"

    @property
    def type_in_words(self) -> str:
        return AUTHORITIES.get(self.type, self.type)

    @property
    def in_brief(self) -> str:
        scope = {YES: ", life-sustaining treatment included", NO: ", not life-sustaining treatment"}
        says = scope.get(self.life_sustaining, ", about life-sustaining treatment not known")
        if self.type == LPA_PROPERTY:
            says = ", property and money only"
        if self.type == DEPUTY:
            says = ", deputy: never life-sustaining treatment"
        return f"{self.names}{says}"

    @property
    def author(self) -> str:
        return self.recorded_by


HAS, LACKS = "has", "lacks"
ABOUT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cpr": "CPR",
        "life_sustaining": "Other life-sustaining treatment",
        "treatment": "Another treatment",
        "place": "Where to live or be cared for",
        "sharing": "Sharing the record",
        "planning": "Making or changing this plan",
        "other": "Another decision",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CapacityAssessment(Document):
    """Whether the person could make one decision at one time. There is no "lacks capacity" beyond that (L14)."""

    kind: ClassVar[str] = "capacity"
    title: ClassVar[str] = "Capacity assessments"

    decision: str = ""
    about: str = "other"
    understand: str = ""
    retain: str = ""
    weigh: str = ""
    communicate: str = ""
    impairment: str = ""
    link: str = ""
    support: str = ""
    outcome: str = ""
    assessor: str = ""
    may_return: str = NOT_KNOWN

    @property
    def outcome_in_words(self) -> str:
        return {HAS: "Could decide", LACKS: "Could not decide"}.get(self.outcome, "No outcome recorded")

    @property
    def in_brief(self) -> str:
        return f"{self.outcome_in_words}: {self.decision.rstrip('.') or ABOUT.get(self.about, self.about)}"

    @property
    def author(self) -> str:
        return self.assessor or self.recorded_by

    def _lacks(self) -> tuple[str, ...]:
        return () if self.outcome else ("no outcome seen",)


COMPETENT, NOT_COMPETENT = "competent", "not_competent"


@dataclass(frozen=True, slots=True, kw_only=True)
class GillickAssessment(Document):
    """Whether somebody under 16 understood enough to make one decision themselves (Gillick, 1986)."""

    kind: ClassVar[str] = "gillick"
    title: ClassVar[str] = "Gillick competence"

    decision: str = ""
    about: str = "other"
    understanding: str = ""
    outcome: str = ""
    assessor: str = ""
    parents_told: str = ""

    @property
    def in_brief(self) -> str:
        words = {COMPETENT: "Competent", NOT_COMPETENT: "Not competent"}.get(self.outcome, "No outcome recorded")
        return f"{words}: {self.decision.rstrip('.') or ABOUT.get(self.about, self.about)}"

    @property
    def author(self) -> str:
        return self.assessor or self.recorded_by


SERIOUS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no": "None of these",
        "treatment": "Serious medical treatment is given, withheld or stopped",
        "hospital": "A stay in hospital of more than 28 days",
        "care_home": "A stay in a care home of more than 8 weeks",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BestInterests(Document):
    """A decision made for somebody who could not make it, and everything the law asks to be considered (L15)."""

    kind: ClassVar[str] = "best_interests"
    title: ClassVar[str] = "Best-interests decisions"

    decision: str = ""
    about: str = "other"
    options: str = ""
    wishes: str = ""
    consulted: str = ""
    nobody_to_consult: bool = False
    serious: str = "no"
    less_restrictive: str = ""
    not_to_bring_about_death: bool = False
    outcome: str = ""
    decided_by: str = ""

    @property
    def in_brief(self) -> str:
        return f"{self.decision.rstrip('.')}: {self.outcome.rstrip('.') or 'no outcome recorded'}"

    @property
    def author(self) -> str:
        return self.decided_by or self.recorded_by


INSTRUCTED, URGENT, VISITED = "instructed", "urgent", "visited"
IMCA_STATES: Final[Mapping[str, str]] = MappingProxyType(
    {
        INSTRUCTED: "Instructed",
        VISITED: "Has met the person or reported",
        URGENT: "Not instructed: the decision could not wait",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IMCAReferral(Document):
    """An independent mental capacity advocate asked for, or why there was no time to ask (L16)."""

    kind: ClassVar[str] = "imca"
    title: ClassVar[str] = "Independent advocate (IMCA)"

    decision: str = ""
    serious: str = "treatment"
    state: str = INSTRUCTED
    service: str = ""
    advocate: str = ""
    telephone: str = ""
    why_urgent: str = ""

    @property
    def in_brief(self) -> str:
        who = self.advocate or self.service
        return f"{IMCA_STATES.get(self.state, self.state)}: {self.decision.rstrip('.')}{f' ({who})' if who else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation(Document):
    """Which treatments are given, which are not, and which only if: a clinical decision, talked about and reviewed."""

    kind: ClassVar[str] = "escalation"
    title: ClassVar[str] = "Treatment escalation"

    limits: tuple[Limit, ...] = ()
    reason: str = ""
    talked: str = ""
    why_not_talked: str = ""
    decided_by: str = ""
    decided_by_role: str = ""

    @property
    def in_brief(self) -> str:
        return limits_in_brief(self.limits)

    @property
    def author(self) -> str:
        return ", ".join(part for part in (self.decided_by or self.recorded_by, self.decided_by_role) if part)

    def _lacks(self) -> tuple[str, ...]:
        return () if self.decided_by else ("who decided is not known",)


EXTEND_LIFE, BALANCE, COMFORT = "extend_life", "balance", "comfort"
PRIORITIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        EXTEND_LIFE: "Extending life comes first",
        BALANCE: "A balance between extending life and comfort",
        COMFORT: "Comfort comes first",
    }
)
INVOLVEMENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "A": "A: the person can take part, and did",
        "B": "B: the person cannot take part; what they said before and those close to them were heard",
        "C": "C: a child, with those who hold parental responsibility",
        "D": "D: none of these",
    }
)
CHILD_INVOLVEMENT: Final[Mapping[str, str]] = MappingProxyType(
    {"C1": "C1: mature enough to take part, and did", "C2": "C2: not mature enough to take part"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyRecommendations(Document):
    """What is recommended in an emergency, compatible with ReSPECT: a recommendation that binds nobody."""

    kind: ClassVar[str] = "emergency"
    title: ClassVar[str] = "Emergency recommendations"

    summary: str = ""
    priority: str = ""
    comfort_scale: int | None = None
    value_most: str = ""
    fear_most: str = ""
    limits: tuple[Limit, ...] = ()
    cpr: str = ""
    cpr_reason: str = ""
    has_capacity: str = NOT_KNOWN
    in_what_way: str = ""
    involvement: str = ""
    child_involvement: str = ""
    parents_involved: bool = False
    why_not_involved: str = ""
    clinician: str = ""
    clinician_role: str = ""
    signed: str = NOT_KNOWN
    senior: str = ""

    @property
    def in_brief(self) -> str:
        priority = PRIORITIES.get(self.priority, "No priority recorded")
        limits = limits_in_brief(self.limits)
        return f"{priority}. {limits}" if limits else priority

    @property
    def author(self) -> str:
        return ", ".join(part for part in (self.clinician or self.recorded_by, self.clinician_role) if part)

    def _lacks(self) -> tuple[str, ...]:
        lacking = [] if self.clinician else ["who recommends is not known"]
        if self.signed != YES:
            lacking.append("no signature seen")
        return tuple(lacking)


def limits_in_brief(limits: tuple[Limit, ...]) -> str:
    said = [f"{limit.name}: {limit.in_words.split('.')[0].lower()}" for limit in limits[:3]]
    return "; ".join(said) + (f"; {len(limits) - 3} more" if len(limits) > 3 else "")


DONATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "yes_all": "Yes, all organs and tissue",
        "yes_some": "Yes, some",
        "no": "No",
        "nominated": "Somebody nominated decides",
        "undecided": "Asked, undecided",
        "declined": "Asked, did not want to say",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DonationDecision(Document):
    """What the person decided about giving organs or tissue. What holds without a decision is not computed here."""

    kind: ClassVar[str] = "donation"
    title: ClassVar[str] = "Organ and tissue donation"

    decision: str = ""
    which: str = ""
    nominated: str = ""
    on_register: str = NOT_KNOWN

    @property
    def in_brief(self) -> str:
        more = self.which or self.nominated
        return f"{DONATIONS.get(self.decision, 'Nothing said')}{f': {more}' if more else ''}"

    @property
    def author(self) -> str:
        return "The person"


NEXT_STEPS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "talk": "Talk again",
        "second_opinion": "A second opinion",
        "advocate": "An advocate",
        "mediation": "Mediation",
        "ethics": "Clinical ethics advice",
        "court": "Legal advice, and the court if it is not settled",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute(Document):
    """People who disagree about care: about what, who holds which view, what happens next. Open until it is settled."""

    kind: ClassVar[str] = "dispute"
    title: ClassVar[str] = "Disputes"

    about: str = ""
    views_held: str = ""
    next_step: str = "talk"
    led_by: str = ""

    @property
    def in_brief(self) -> str:
        return f"{self.about.rstrip('.')}. Next: {NEXT_STEPS.get(self.next_step, self.next_step).lower()}"
