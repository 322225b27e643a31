"""Plans as they are read: actions with their delivery, milestones by quarter, cycles with the indicator they should move, and what needs whom."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.improvement.models import Cycle, Gap, Plan, PlanAction
from ambit.improvement.queries.figures import FigureShown, figures_of
from ambit.improvement.queries.gap_tables import SignedRow, VersionRow, signed_versions, versions_of
from ambit.improvement.queries.plans import (
    OpenedTable,
    RowShown,
    columns_of,
    near,
    open_plan,
    plans_of,
    rows_in,
    shown,
)
from ambit.improvement.rules import plans as rules
from ambit.improvement.rules.plans import Delivery, Quarter
from ambit.measures import queries as measures
from ambit.measures.queries import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionLine:
    """An action with its delivery, the gap it closes in words, and how many cycles and milestones it has."""

    row: RowShown
    delivery: Delivery
    gap: str = ""
    cycles: int = 0
    milestones: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneLine:
    """A milestone with its delivery, the quarter it falls in (None when its words name no day), what it waits for, and whether that holds it up."""

    row: RowShown
    delivery: str
    quarter: Quarter | None
    waits_for: str = ""
    is_held_up: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """A plan: its actions, its milestones by quarter, and its signed versions."""

    opened: OpenedTable
    actions: tuple[ActionLine, ...]
    milestones: tuple[MilestoneLine, ...]
    quarters: tuple[Quarter, ...]
    deliveries: Mapping[str, int]
    owners: Mapping[str, int]
    total: int
    signed: tuple[SignedRow, ...]

    def in_quarter(self, quarter: Quarter | None, action: UUID | None = None) -> tuple[MilestoneLine, ...]:
        """The milestones of a quarter, of one action where that is asked."""
        return tuple(
            one
            for one in self.milestones
            if one.quarter == quarter and (action is None or one.row.said.action == str(action))
        )

    @property
    def unattached(self) -> tuple[MilestoneLine, ...]:
        """Milestones of the whole plan, not of one action."""
        return tuple(one for one in self.milestones if not one.row.said.action)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """A plan on a list."""

    id: UUID
    title: str
    organisation: str
    is_lead: bool
    from_on: date
    until_on: date
    actions: int
    signed: int


def plans(reader: Reader) -> tuple[PlanRow, ...]:
    """Every plan that the reader may see."""
    found = plans_of(reader).annotate(
        going=Count("actions", filter=Q(actions__removed_at=None), distinct=True),
        versions=Count("signed", distinct=True),
    )
    lead = reader.organisation_id if reader.may("lead_rounds") else None
    return tuple(
        PlanRow(
            id=one.pk,
            title=one.title,
            organisation=one.organisation.name,
            is_lead=one.organisation_id == lead,
            from_on=one.from_on,
            until_on=one.until_on,
            actions=one.going,
            signed=one.versions,
        )
        for one in found
    )


def plan_page(reader: Reader, plan_id: UUID, *, on: date, delivery: str = "", owner: str = "") -> PlanPage:
    """A plan with its filters, which add up; counts are of all actions. Audited."""
    opened = open_plan(reader, plan_id)
    audit.record(by=reader, what="read an improvement plan", details={"plan": str(plan_id)})
    return _plan_page(opened, on=on, delivery=delivery, owner=owner)


def _plan_page(opened: OpenedTable, *, on: date, delivery: str = "", owner: str = "") -> PlanPage:
    plan: Plan = opened.table
    milestones = milestone_lines(rows_in(rules.MILESTONE, Q(plan=plan.pk)), on=on)
    steps = Counter(one.row.said.action for one in milestones)
    cycles = Counter(
        str(pk)
        for pk in Cycle.objects.filter(action__plan=plan.pk, removed_at=None).values_list("action_id", flat=True)
    )
    rows = rows_in(rules.ACTION, Q(plan=plan.pk))
    gaps = _gap_names([row.said.gap for row in rows if row.said.gap])
    lines = [
        ActionLine(
            row=row,
            delivery=_delivery(row, on),
            gap=gaps.get(row.said.gap, ""),
            cycles=cycles[str(row.id)],
            milestones=steps[str(row.id)],
        )
        for row in rows
    ]
    chosen = [
        line
        for line in lines
        if (not delivery or line.delivery.value == delivery) and (not owner or line.row.said.owner == owner)
    ]
    return PlanPage(
        opened=opened,
        actions=tuple(chosen),
        milestones=milestones,
        quarters=_quarters(plan, milestones, on),
        deliveries=Counter(line.delivery.value for line in lines),
        owners=Counter(line.row.said.owner for line in lines),
        total=len(lines),
        signed=signed_versions(plan=plan.pk),
    )


def _delivery(row: RowShown, on: date) -> Delivery:
    return rules.delivery_of(row.said, due_until=row.due_until, forecast_until=row.forecast_until, on=on)


def milestone_lines(rows: Sequence[RowShown], *, on: date) -> tuple[MilestoneLine, ...]:
    """Every milestone of a plan with its delivery; all are needed, since one can hold up another."""
    names = {str(row.id): row.said.what for row in rows}
    held = rules.held_up({str(row.id): step_of(row) for row in rows}, on=on)
    return tuple(_milestone(row, on, names.get(row.said.waits_for, ""), str(row.id) in held) for row in rows)


def step_of(row: RowShown) -> rules.Step:
    return rules.Step(
        reached=row.said.reached_on is not None,
        due_until=row.due_until,
        forecast_until=row.forecast_until,
        waits_for=row.said.waits_for,
    )


def _milestone(row: RowShown, on: date, waits_for: str, is_held_up: bool) -> MilestoneLine:
    said = row.said
    day = said.reached_on or row.due_until
    return MilestoneLine(
        row=row,
        delivery=rules.milestone_delivery(
            reached=said.reached_on is not None,
            due_until=row.due_until,
            forecast_until=row.forecast_until,
            on=on,
            is_held_up=is_held_up,
        ),
        quarter=Quarter.of(day) if day else None,
        waits_for=waits_for,
        is_held_up=is_held_up,
    )


def _quarters(plan: Plan, milestones: tuple[MilestoneLine, ...], on: date) -> tuple[Quarter, ...]:
    """Those of the plan, from the one before this quarter on, at most eight; earlier ones only while something in them is late."""
    now = Quarter.of(on)
    late = [one.quarter for one in milestones if one.quarter and one.quarter < now and one.delivery == rules.OFF_TRACK]
    first = max(Quarter.of(plan.from_on), min([now.after(-1), *late]))
    last = max(Quarter.of(plan.until_on), first)
    return rules.quarters(first.first, last.last, at_most=8)


def _gap_names(names: list[str]) -> dict[str, str]:
    found = Gap.objects.filter(pk__in=names).values_list("pk", "foundation") if names else ()
    return {str(pk): words for pk, words in found}


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionPage:
    """One action: what it says, its milestones, its cycles, the indicator it should move, its history."""

    opened: OpenedTable
    line: ActionLine
    milestones: tuple[MilestoneLine, ...]
    cycles: tuple[RowShown, ...]
    indicator: Line | None
    area: str
    versions: tuple[VersionRow, ...]
    is_owner: bool


def action_page(reader: Reader, plan_id: UUID, action_id: UUID, *, on: date) -> ActionPage:
    """One action with the figures of the indicator that it should move, as the reader may see them. Audited."""
    opened = open_plan(reader, plan_id)
    found = rows_in(rules.ACTION, Q(plan=plan_id, pk=action_id))
    if not found:
        raise Http404("There is no such action, or it was taken out.")
    audit.record(by=reader, what="read an action", details={"plan": str(plan_id), "row": str(action_id)})
    row = found[0]
    gaps = _gap_names([row.said.gap] if row.said.gap else [])
    steps = milestone_lines(rows_in(rules.MILESTONE, Q(plan=plan_id)), on=on)
    area = area_of(opened.table)
    return ActionPage(
        opened=opened,
        line=ActionLine(row=row, delivery=_delivery(row, on), gap=gaps.get(row.said.gap, "")),
        milestones=tuple(one for one in steps if one.row.said.action == str(action_id)),
        cycles=rows_in(rules.CYCLE, Q(action=action_id)),
        indicator=_line(reader, row.said.indicator, area),
        area=area,
        versions=versions_of(action_id),
        is_owner=row.owner_account is not None and row.owner_account == reader.account_id,
    )


def area_of(plan: Plan) -> str:
    """Whose figures an action of this plan should move: of its place or system, or of the one its provider is part of."""
    one = plan.organisation
    while one.kind not in ("place", "system") and one.part_of is not None:
        one = one.part_of
    return one.code


def _line(reader: Reader, indicator: str, area: str) -> Line | None:
    if not indicator or not reader.may("see_measures"):
        return None
    return measures.newest_figures(reader, only=[indicator], area=area).get(indicator)


def cycle_row(reader: Reader, plan_id: UUID, action_id: UUID, cycle_id: UUID) -> RowShown:
    """One cycle of an action."""
    open_plan(reader, plan_id)
    found = rows_in(rules.CYCLE, Q(pk=cycle_id, action=action_id, action__plan=plan_id))
    if not found:
        raise Http404("There is no such cycle, or it was taken out.")
    audit.record(by=reader, what="read a cycle", details={"plan": str(plan_id), "row": str(cycle_id)})
    return found[0]


def milestone_row(reader: Reader, plan_id: UUID, milestone_id: UUID) -> RowShown:
    """One milestone of a plan."""
    open_plan(reader, plan_id)
    found = rows_in(rules.MILESTONE, Q(pk=milestone_id, plan=plan_id))
    if not found:
        raise Http404("There is no such milestone, or it was taken out.")
    return found[0]


def gaps_to_choose(reader: Reader, opened: OpenedTable) -> tuple[tuple[str, str], ...]:
    """The rows of this organisation's gap analyses, that an action can close."""
    reader.must("see_rounds")
    rows = Gap.objects.filter(
        analysis__organisation=opened.table.organisation_id,
        analysis__closed_at=None,
        removed_at=None,
        is_proposed=False,
    ).order_by("analysis__started_at", "number")
    return tuple(
        (str(pk), f"{foundation}: {meaning}"[:110] if meaning else foundation)
        for pk, foundation, meaning in rows.values_list("pk", "foundation", "meaning")
    )


# --- what needs whom ---

SOON = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that somebody should see to: which kind, in words of the row, where, and by when."""

    kind: str
    words: str
    plan: UUID | None = None
    row: UUID | None = None
    more: str = ""
    day: date | None = None


def actions_that_need(lines: tuple[ActionLine, ...], *, on: date) -> list[Need]:
    """Actions that are late, at risk, due within a week, or owned by nobody; each once, for the first of these."""
    found = []
    for line in lines:
        row, value = line.row, line.delivery.value
        if value == rules.COMPLETE:
            continue
        if value == rules.OFF_TRACK:
            kind = "late"
        elif value == rules.AT_RISK:
            kind = "at_risk"
        elif row.due_until and row.due_until <= on + SOON:
            kind = "soon"
        elif not row.said.owner:
            kind = "nobody"
        else:
            continue
        found.append(
            Need(kind=kind, words=row.said.what, plan=row.of, row=row.id, more=row.said.owner, day=row.due_until)
        )
    order = ("late", "at_risk", "soon", "nobody")
    return sorted(found, key=lambda need: (order.index(need.kind), need.day or date.max))


def own_actions(reader: Reader, *, on: date) -> tuple[tuple[ActionLine, str], ...]:
    """Actions that the reader owns, or their organisation, in any plan that they may see; with the plan's title. Audited."""
    audit.record(by=reader, what="read own actions", details={})
    return actions_owned_by(reader, on=on)


def actions_owned_by(reader: Reader, *, on: date) -> tuple[tuple[ActionLine, str], ...]:
    """The same for a page that says itself in the trail what was read."""
    reader.must("see_rounds")
    mine = Q(owner_account=reader.account_id or 0)
    if reader.organisation_id:
        mine |= Q(owner_organisation=reader.organisation_id)
    rows = PlanAction.objects.filter(mine, near(reader, "plan__"), removed_at=None, plan__closed_at=None)
    names = (*columns_of(rules.ACTION), "plan__title")
    found = [dict(zip(names, row, strict=True)) for row in rows.values_list(*names)]
    lines = []
    for told in found:
        row = shown(rules.ACTION, told)
        lines.append((ActionLine(row=row, delivery=_delivery(row, on)), told["plan__title"]))
    return tuple(sorted(lines, key=lambda one: one[0].row.due_until or date.max))


def lines_of_actions(rows: Iterable[RowShown], *, on: date) -> tuple[ActionLine, ...]:
    """Actions with their delivery, for a page that shows neither their gaps nor how many steps they have."""
    return tuple(ActionLine(row=row, delivery=_delivery(row, on)) for row in rows)


def figures_of_plan(reader: Reader, found: PlanPage) -> tuple[tuple[str, FigureShown], ...]:
    """The newest figure of each indicator that an action of the plan should move, at most four, with that action."""
    wanted: dict[str, str] = {}
    for line in found.actions:
        if line.row.said.indicator:
            wanted.setdefault(line.row.said.indicator, line.row.said.what)
    names = list(wanted)[:4]
    return tuple((wanted[one.indicator], one) for one in figures_of(reader, area_of(found.opened.table), names))


def plan_as_read(plan: Plan, *, on: date) -> PlanPage:
    """A plan for a page of its board, whose reader's right has been asked; nothing on it is changed from there."""
    return _plan_page(OpenedTable(table=plan, is_lead=False), on=on)
