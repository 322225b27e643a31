"""What in the plan does not fit together, as the person reads it: nothing that they have not heard of, and nobody chooses."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ambit.careplan import queries as careplan
from ambit.careplan.rules import cpr
from ambit.careplan.rules.conflicts import ATTORNEY_AFTER, CPR_DIFFERS, HOME, NIGHT, TREATMENTS, TWO_CURRENT, Conflict
from ambit.careplan.rules.document import Document
from ambit.careplan.rules.documents import (
    AdvanceDecision,
    Authority,
    DonationDecision,
    EmergencyRecommendations,
    Escalation,
)
from ambit.mycare.rules import Mine, has_heard_of_cpr
from ambit.mycare.sentences import in_their_language

WORRIES: Final = {
    HOME: "home",
    NIGHT: "night",
    TREATMENTS: "treatments",
    ATTORNEY_AFTER: "attorney",
    TWO_CURRENT: "two",
}
REFUSED_CPR: Final = "refused_cpr"
THEIR_DOCUMENTS: Final = frozenset({AdvanceDecision.kind, Authority.kind, DonationDecision.kind})
"""Documents that are the person's own; assessments and decisions made about them are told in person, not found on a page."""
# how the person took part in emergency recommendations, in the words of a talk about CPR
_TALK: Final = {"A": "person", "B": "close", "C": "parents"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CprWords:
    """How CPR stands, for a sentence: the reading, who decided, and with whom it was talked about."""

    reading: str
    decided_by: str
    talked: str
    made_on: date | None
    reason: str

    @classmethod
    def of(cls, form: cpr.Recorded) -> "CprWords":
        return cls(
            reading=form.reading,
            decided_by=form.decided_by,
            talked=form.talked,
            made_on=form.made_on,
            reason=form.reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SortSide:
    """One of the things that do not fit: a sentence about CPR, or which document says what, and since when."""

    says: str = ""
    kind: str = ""
    made_on: date | None = None
    cpr: CprWords | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSortOut:
    """One thing to sort out: what kind it is, what it is about, and the part of the plan it is seen to in."""

    kind: str
    about: str = ""
    sides: tuple[SortSide, ...] = ()
    part: str = ""


def to_sort_out(mine: Mine, plan: careplan.CurrentPlan) -> tuple[ToSortOut, ...]:
    """Everything that contradicts, of which each half was talked about with this reader: half of it would mislead.

    That CPR is refused in writing is said whenever no decision they know of says the same: it must not tell whether there
    is another that nobody has talked to them about.
    """
    return tuple(_all(mine, plan))


def _all(mine: Mine, plan: careplan.CurrentPlan) -> Iterator[ToSortOut]:
    about_cpr = next((one for one in plan.conflicts if one.kind == CPR_DIFFERS), None)
    forms = plan.cpr.current
    heard = all(has_heard_of_cpr(mine.who, form.talked) for form in forms)
    decided = [form for form in forms if form.reading in cpr.DECISIONS]
    if about_cpr and heard and decided and not plan.cpr.kept_back:
        refusals = [one for one in plan.directives.refusals() if one.refuses_cpr]
        sides = [SortSide(cpr=CprWords.of(form), made_on=form.made_on) for form in decided]
        sides += [SortSide(kind=one.kind, says="cpr", made_on=one.made_on) for one in refusals]
        yield ToSortOut(kind="cpr", sides=tuple(sides), part="cpr")
    elif any(one.refuses_cpr for one in plan.directives.refusals()) and not (heard and decided):
        yield ToSortOut(kind=REFUSED_CPR, part="cpr")
    for one in plan.conflicts:
        read = _sides(mine, plan, one) if one.kind != CPR_DIFFERS else None
        if read is not None:
            yield ToSortOut(
                kind=WORRIES[one.kind],
                about=in_their_language(one.about) if one.kind == TREATMENTS else one.about,
                sides=read,
                part=one.seen_to,
            )


def _sides(mine: Mine, plan: careplan.CurrentPlan, conflict: Conflict) -> tuple[SortSide, ...] | None:
    """Each half as it may be read; None when one of them may not."""
    documents = {one.id: one for one in plan.directives.current}
    found = []
    for side in conflict.sides:
        document = documents.get(side.of) if side.of else None
        if side.of and (document is None or not _may_read(mine, document)):
            return None
        found.append(
            SortSide(says=in_their_language(side.says), kind=document.kind if document else "", made_on=side.made_on)
        )
    return tuple(found)


def _may_read(mine: Mine, document: Any) -> bool:
    """What is the person's own; what was recommended or decided for them, once it was talked about with this reader."""
    if isinstance(document, EmergencyRecommendations):
        return has_heard_of_cpr(mine.who, _TALK.get(document.involvement, ""))
    if isinstance(document, Escalation):
        return has_heard_of_cpr(mine.who, document.talked)
    return isinstance(document, Document) and document.kind in THEIR_DOCUMENTS
