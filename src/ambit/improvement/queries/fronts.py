"""What needs who leads a place this week: in the order in which it should be seen to."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.improvement.models import Cycle, GapAnalysis, Milestone, Plan, PlanAction
from ambit.improvement.queries.governance import (
    LEADS_OF,
    MEETINGS_OF,
    MeetingNeed,
    meetings_that_need,
    missing_leads,
)
from ambit.improvement.queries.planning import (
    ActionLine,
    MilestoneLine,
    Need,
    actions_owned_by,
    actions_that_need,
    lines_of_actions,
    milestone_lines,
)
from ambit.improvement.queries.plans import RowShown, columns_of, shown
from ambit.improvement.queries.rounds import Rounds, open_rounds
from ambit.improvement.rules import plans as rules
from ambit.statements import Prepared, Together


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNow:
    """An open plan of one's own: its actions and milestones, and how many actions stand how."""

    id: UUID
    title: str
    actions: tuple[ActionLine, ...]
    milestones: tuple[MilestoneLine, ...]
    deliveries: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisNeed:
    """A gap analysis of one's own: how many rows wait for a decision, and how many gaps have no plan."""

    id: UUID
    title: str
    waiting: int
    red: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ThisWeek:
    """Everything of the reader's own organisation that waits for somebody, each in its own list."""

    plans: tuple[PlanNow, ...]
    actions: tuple[Need, ...]
    milestones: tuple[tuple[MilestoneLine, PlanNow], ...]
    cycles: tuple[tuple[RowShown, PlanNow], ...]
    analyses: tuple[AnalysisNeed, ...]
    meetings: tuple[MeetingNeed, ...]
    missing_leads: tuple[str, ...]
    rounds: Rounds
    own: tuple[tuple[ActionLine, str], ...]

    @property
    def needs(self) -> int:
        """How many things need somebody, each counted once."""
        proposed = sum(bool(one.waiting) for one in self.analyses)
        return (
            len(self.actions) + len(self.milestones) + len(self.cycles) + proposed + len(self.meetings)
            + len(self.missing_leads) + len(self.rounds.waiting)
        )  # fmt: skip


_OF_ROWS = Q(rows__removed_at=None)
_OWN = {"plan__closed_at": None, "removed_at": None}
_PLANS = Prepared(
    lambda one: Plan.objects.filter(organisation=one, closed_at=None).values_list("pk", "title", "started_at")
)
_ACTIONS = Prepared(
    lambda one: PlanAction.objects.filter(plan__organisation=one, **_OWN).values_list(*columns_of(rules.ACTION))
)
_MILESTONES = Prepared(
    lambda one: Milestone.objects.filter(plan__organisation=one, **_OWN).values_list(*columns_of(rules.MILESTONE))
)
_CYCLES = Prepared(
    lambda one: Cycle.objects.filter(
        action__plan__organisation=one, action__plan__closed_at=None, removed_at=None, decision=""
    ).values_list(*columns_of(rules.CYCLE))
)
_ANALYSES = Prepared(
    lambda one: (
        GapAnalysis.objects.filter(organisation=one, closed_at=None)
        .annotate(
            waiting=Count("rows", filter=_OF_ROWS & (Q(rows__is_proposed=True) | ~Q(rows__proposal={}))),
            red=Count("rows", filter=_OF_ROWS & Q(rows__rating="red", rows__is_proposed=False)),
            total=Count("rows", filter=_OF_ROWS & Q(rows__is_proposed=False)),
        )
        .values_list("pk", "title", "started_at", "waiting", "red", "total")
    )
)
_EVERYTHING = Together(_PLANS, _ACTIONS, _MILESTONES, _CYCLES, _ANALYSES, MEETINGS_OF, LEADS_OF)


def this_week(reader: Reader, *, on: date) -> ThisWeek:
    """What needs who leads the reader's organisation: five statements, whatever there is. Audited."""
    reader.must("lead_rounds")
    audit.record(by=reader, what="read what needs them in improvement", details={})
    own = reader.organisation_id
    plans, actions, milestones, cycles, analyses, meetings, leads = (
        _EVERYTHING(*[own] * 7) if own else ([], [], [], [], [], [], [])
    )
    pages = _plans_now(
        plans,
        _shown(rules.ACTION, actions),
        _shown(rules.MILESTONE, milestones),
        on=on,
    )
    page_of = {line.row.id: page for page in pages for line in page.actions}
    return ThisWeek(
        plans=pages,
        actions=tuple(need for page in pages for need in actions_that_need(page.actions, on=on)),
        milestones=tuple((one, page) for page in pages for one in page.milestones if one.delivery == rules.OFF_TRACK),
        cycles=tuple(
            (row, page_of[row.of])
            for row in _shown(rules.CYCLE, cycles)
            if row.of in page_of and row.said.ends_on and row.said.ends_on < on
        ),
        analyses=tuple(
            AnalysisNeed(id=pk, title=title, waiting=waiting, red=red, total=total)
            for pk, title, _begun, waiting, red, total in sorted(analyses, key=lambda row: row[2], reverse=True)
        ),
        meetings=meetings_that_need(meetings, on=on),
        missing_leads=missing_leads(leads, on=on),
        rounds=open_rounds(reader),
        own=actions_owned_by(reader, on=on),
    )


def _shown(kind: str, rows: Iterable[Any]) -> list[RowShown]:
    names = columns_of(kind)
    found = [shown(kind, dict(zip(names, row, strict=True))) for row in rows]
    return sorted(found, key=lambda row: (row.number, row.saved_at))


def _plans_now(
    plans: Iterable[Any], actions: list[RowShown], milestones: list[RowShown], *, on: date
) -> tuple[PlanNow, ...]:
    """The three newest plans with what is theirs."""
    pages = []
    for pk, title, _begun in sorted(plans, key=lambda row: row[2], reverse=True)[:3]:
        lines = lines_of_actions([row for row in actions if row.of == pk], on=on)
        pages.append(
            PlanNow(
                id=pk,
                title=title,
                actions=lines,
                milestones=milestone_lines([row for row in milestones if row.of == pk], on=on),
                deliveries=Counter(line.delivery.value for line in lines),
            )
        )
    return tuple(pages)
