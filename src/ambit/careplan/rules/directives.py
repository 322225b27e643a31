"""All documents and decisions of one person, read together: which kinds there are, what each weighs. No clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from types import MappingProxyType
from typing import Final

from ambit.careplan.rules import advance_decision, attorneys, best_interests, capacity, checks, cpr, emergency
from ambit.careplan.rules.document import MADE_HERE, Document
from ambit.careplan.rules.documents import (
    REFUSAL,
    AdvanceDecision,
    Authority,
    BestInterests,
    CapacityAssessment,
    Dispute,
    DonationDecision,
    EmergencyRecommendations,
    Escalation,
    GillickAssessment,
    IMCAReferral,
)

RECOMMENDS = checks.Check(
    force=checks.RECOMMENDATION,
    label="Recommendation",
    why="It helps whoever is there to decide, and binds nobody. It never takes the place of an advance decision.",
)
CLINICAL = checks.Check(
    force=checks.CLINICAL,
    label="Clinical decision",
    why="Made by a clinician, who may change it when things change.",
)
NO_FORCE = checks.Check(force=checks.NONE, label="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of document: what it is called, whether only one is current, and who may make and end it here."""

    document: type[Document]
    one_current: bool = False
    clinical: bool = False
    may_be_made_here: bool = True

    @property
    def id(self) -> str:
        return self.document.kind

    @property
    def title(self) -> str:
        return self.document.title


KINDS: Final[Mapping[str, Kind]] = MappingProxyType(
    {
        kind.id: kind
        for kind in (
            Kind(document=AdvanceDecision, one_current=True),
            Kind(document=Authority, may_be_made_here=False),
            Kind(document=EmergencyRecommendations, one_current=True, clinical=True),
            Kind(document=Escalation, one_current=True, clinical=True),
            Kind(document=CapacityAssessment),
            Kind(document=GillickAssessment),
            Kind(document=BestInterests),
            Kind(document=IMCAReferral),
            Kind(document=DonationDecision, one_current=True),
            Kind(document=Dispute),
        )
    }
)
"""The CPR decision is a kind of its own (`rules.cpr`)."""


@dataclass(frozen=True)
class Directives:
    """Every document recorded for one person, ended ones too."""

    documents: tuple[Document, ...] = ()

    @cached_property
    def current(self) -> tuple[Document, ...]:
        """Those that count, the newest made first: order follows the day made, never the day typed."""
        return tuple(sorted((one for one in self.documents if one.is_current), key=by_day_made, reverse=True))

    @property
    def ended(self) -> tuple[Document, ...]:
        return tuple(sorted((one for one in self.documents if not one.is_current), key=by_day_made, reverse=True))

    def of[D: Document](self, document: type[D]) -> tuple[D, ...]:
        """Current documents of one kind, the newest made first."""
        return tuple(one for one in self.current if isinstance(one, document))

    def of_kind(self, kind: str) -> tuple[Document, ...]:
        return tuple(one for one in self.current if one.kind == kind)

    def without(self, kinds: Iterable[str]) -> "Directives":
        """The same without some kinds, as when the person keeps them back from a reader."""
        hidden = set(kinds)
        return Directives(tuple(one for one in self.documents if one.kind not in hidden))

    def check(self, one: Document, *, on: date | None = None) -> checks.Check:
        """What a document weighs, given all the others."""
        return check(one, self.documents, on=on)

    def refusals(self) -> tuple[AdvanceDecision, ...]:
        return tuple(one for one in self.of(AdvanceDecision) if one.form == REFUSAL)

    def wishes(self) -> tuple[AdvanceDecision, ...]:
        return tuple(one for one in self.of(AdvanceDecision) if one.form != REFUSAL)

    def cpr_recommendations(self) -> list[cpr.Recorded]:
        """What emergency recommendations say about CPR, as forms to be read with those of the CPR decision.

        Ended ones are left out: the CPR decision's own page tells of CPR forms that no longer count.
        """
        return [_as_cpr_form(one) for one in self.of(EmergencyRecommendations) if one.cpr in emergency.RECOMMENDED]

    def attorneys(self, *, on: date | None = None) -> tuple[Authority, ...]:
        """Attorneys and deputies who may decide when the person cannot, as far as is recorded."""
        return tuple(one for one in self.of(Authority) if self.check(one, on=on).force == checks.AUTHORITY)


def by_day_made(one: Document) -> tuple[date, datetime]:
    return (one.made_on or date.min, one.recorded_at)


def check(one: Document, among: Iterable[Document], *, on: date | None = None) -> checks.Check:
    """The legal check of one document among all of the same person."""
    others = tuple(other for other in among if other.id != one.id)
    if isinstance(one, AdvanceDecision):
        return advance_decision.check(one, others)
    if isinstance(one, Authority):
        return attorneys.check(one, others, on=on)
    if isinstance(one, EmergencyRecommendations):
        return RECOMMENDS
    if isinstance(one, Escalation):
        return CLINICAL
    if isinstance(one, CapacityAssessment | BestInterests | IMCAReferral):
        return checks.elsewhere(one.jurisdiction) or NO_FORCE
    return NO_FORCE


def problems(one: Document, *, name: str, role: str, on: date) -> dict[str, str]:
    """What stops a document being recorded, by field: what cannot be so, and what the law asks of one made here."""
    found = _dates(one, on=on)
    if isinstance(one, AdvanceDecision):
        found |= advance_decision.problems(one, name=name, on=on)
    elif isinstance(one, Authority):
        found |= attorneys.problems(one, on=on)
    elif isinstance(one, EmergencyRecommendations):
        found |= emergency.problems(one, role=role, on=on)
    elif isinstance(one, Escalation):
        found |= emergency.escalation_problems(one, role=role)
    elif isinstance(one, CapacityAssessment):
        found |= capacity.problems(one, on=on)
    elif isinstance(one, GillickAssessment):
        found |= capacity.gillick_problems(one, on=on)
    elif isinstance(one, BestInterests):
        found |= best_interests.problems(one)
    elif isinstance(one, IMCAReferral):
        found |= best_interests.referral_problems(one)
    elif isinstance(one, DonationDecision):
        if not one.decision:
            found["decision"] = "Choose what the person decided."
        if one.decision == "nominated" and not one.nominated.strip():
            found["nominated"] = "Write the name of whoever is nominated to decide."
    elif isinstance(one, Dispute):
        if not one.about.strip():
            found["about"] = "Write what the disagreement is about."
        if not one.views_held.strip():
            found["views_held"] = "Write who holds which view."
    return found


def _dates(one: Document, *, on: date) -> dict[str, str]:
    """Days that cannot be: after today, before birth, or a review that is not after the day it was made (L20)."""
    found: dict[str, str] = {}
    here = one.source == MADE_HERE
    if one.made_on is None and here:
        found["made_on"] = "Write the day on which it was made."
    elif one.made_on is not None and one.made_on > on:
        found["made_on"] = f"The day must not be after today, {on:%-d %B %Y}." + (
            "" if here else " Leave it empty if none is seen."
        )
    elif one.made_on is not None and one.born_on is not None and one.made_on < one.born_on:
        found["made_on"] = f"The day is before the birth, {one.born_on:%-d %B %Y}. Check it."
    if one.review_on is None:
        return found
    if here and one.review_on <= on:
        found["review_on"] = f"The review must be after today, {on:%-d %B %Y}."
    elif one.made_on is not None and one.review_on <= one.made_on:
        found["review_on"] = "The review must be after the day on which it was made."
    return found


def _as_cpr_form(plan: EmergencyRecommendations) -> cpr.Recorded:
    return cpr.Recorded(
        id=plan.id,
        reading=plan.cpr,
        source=plan.source,
        made_on=plan.made_on,
        recorded_at=plan.recorded_at,
        reason=plan.cpr_reason,
        talked={"A": "person", "B": "close", "C": "parents"}.get(plan.involvement, ""),
        why_not_talked=plan.why_not_involved,
        decided_by=plan.clinician,
        decided_by_role=plan.clinician_role,
        review_on=plan.review_on,
        paper_at=plan.paper_at,
        signature_seen=plan.signed == "yes",
        recorded_by=plan.recorded_by,
        recorded_by_role=plan.recorded_by_role,
        recorded_by_organisation=plan.recorded_by_organisation,
        of_emergency_plan=True,
    )
