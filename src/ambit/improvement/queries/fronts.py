"""What needs who leads a place this week: in the order in which it should be seen to."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Q

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.improvement.models import GapAnalysis, Meeting
from ambit.improvement.queries.governance import meetings_that_need, missing_leads
from ambit.improvement.queries.planning import (
    MilestoneLine,
    Need,
    PlanPage,
    actions_that_need,
    cycles_to_study,
    open_plans_of_own,
)
from ambit.improvement.queries.plans import RowShown
from ambit.improvement.queries.rounds import Rounds, rounds
from ambit.improvement.rules import plans as rules


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

    plans: tuple[PlanPage, ...]
    actions: tuple[Need, ...]
    milestones: tuple[tuple[MilestoneLine, PlanPage], ...]
    cycles: tuple[tuple[RowShown, PlanPage], ...]
    analyses: tuple[AnalysisNeed, ...]
    meetings: tuple[tuple[Meeting, str], ...]
    missing_leads: tuple[str, ...]
    rounds: Rounds

    @property
    def needs(self) -> int:
        """How many things need somebody, each counted once."""
        proposed = sum(bool(one.waiting) for one in self.analyses)
        return (
            len(self.actions) + len(self.milestones) + len(self.cycles) + proposed + len(self.meetings)
            + len(self.missing_leads) + len(self.rounds.waiting)
        )  # fmt: skip


def this_week(reader: Reader, *, on: date) -> ThisWeek:
    """What needs who leads the reader's organisation. Audited."""
    reader.must("lead_rounds")
    audit.record(by=reader, what="read what needs them in improvement", details={})
    plans = open_plans_of_own(reader, on=on)
    by_id = {one.opened.table.pk: one for one in plans}
    owner_of = {line.row.id: page for page in plans for line in page.actions}
    of = Q(rows__removed_at=None)
    analyses = (
        GapAnalysis.objects.filter(organisation=reader.organisation_id, closed_at=None)
        .annotate(
            waiting=Count("rows", filter=of & (Q(rows__is_proposed=True) | ~Q(rows__proposal={}))),
            red=Count("rows", filter=of & Q(rows__rating="red", rows__is_proposed=False)),
            total=Count("rows", filter=of & Q(rows__is_proposed=False)),
        )
        .order_by("-started_at")
    )
    return ThisWeek(
        plans=plans,
        actions=tuple(need for page in plans for need in actions_that_need(page.actions, on=on)),
        milestones=tuple((one, page) for page in plans for one in page.milestones if one.delivery == rules.OFF_TRACK),
        cycles=tuple((row, owner_of[row.of]) for row in cycles_to_study(list(by_id), on=on) if row.of in owner_of),
        analyses=tuple(
            AnalysisNeed(id=pk, title=title, waiting=waiting, red=red, total=total)
            for pk, title, waiting, red, total in analyses.values_list("pk", "title", "waiting", "red", "total")
        ),
        meetings=meetings_that_need(reader, on=on),
        missing_leads=missing_leads(reader, on=on),
        rounds=rounds(reader),
    )
