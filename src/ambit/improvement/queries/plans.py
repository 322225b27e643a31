"""Gap analyses and plans: which a reader may see, and their rows with the hidden id and revision that an editor has seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import Http404

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.improvement.models import Cycle, Gap, GapAnalysis, Lever, Milestone, Plan, PlanAction, RowVersion
from ambit.improvement.queries.scope import chain_of, is_lead
from ambit.improvement.rules import plans as rules

TABLES: Mapping[str, type[Any]] = {
    rules.GAP: Gap,
    rules.ACTION: PlanAction,
    rules.MILESTONE: Milestone,
    rules.CYCLE: Cycle,
    rules.LEVER: Lever,
}
"""Where the rows of each kind are stored."""
IN: Mapping[str, str] = {
    rules.GAP: "analysis",
    rules.ACTION: "plan",
    rules.MILESTONE: "plan",
    rules.CYCLE: "action",
    rules.LEVER: "organisation",
}
"""What a row of each kind stands in."""
LINKS: Mapping[tuple[str, str], str] = {
    (rules.ACTION, "gap"): "gap_id",
    (rules.MILESTONE, "action"): "action_id",
    (rules.MILESTONE, "waits_for"): "waits_for_id",
}
"""Cells that name another row by its id."""
_CELLS = {kind: [name for name in rules.columns(kind) if (kind, name) not in LINKS] for kind in TABLES}


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedTable:
    """A gap analysis or a plan that this reader may see; who leads the organisation writes it."""

    table: Any
    is_lead: bool

    @property
    def may_change(self) -> bool:
        return self.is_lead and self.table.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowShown:
    """A row as it stands: its hidden id and revision, what it says, the days its words mean, and who saved it when."""

    id: UUID
    kind: str
    of: UUID
    number: int
    revision: int
    said: Any
    node: str = ""
    is_proposed: bool = False
    proposal: Mapping[str, str] = field(default_factory=dict)
    due_from: date | None = None
    due_until: date | None = None
    forecast_until: date | None = None
    owner_account: int | None = None
    saved_by: str = ""
    saved_at: datetime


def near(reader: Reader, of: str = "") -> Q:
    """Of the reader's organisation, of those it is part of, and of those that are part of it; `of` leads to what has one."""
    chain = chain_of(reader.organisation_id)
    if not chain:
        return Q(pk=None)
    name = f"{of}organisation"
    below = Q(**{f"{name}__part_of": chain[0]}) | Q(**{f"{name}__part_of__part_of": chain[0]})
    return Q(**{f"{name}__in": chain}) | below


def analyses_of(reader: Reader) -> QuerySet[GapAnalysis]:
    """Every gap analysis that this reader may see, the newest first."""
    reader.must("see_rounds")
    return GapAnalysis.objects.filter(near(reader)).select_related("organisation").order_by("-started_at")


def plans_of(reader: Reader) -> QuerySet[Plan]:
    """Every plan that this reader may see, the newest first."""
    reader.must("see_rounds")
    return Plan.objects.filter(near(reader)).select_related("organisation").order_by("-started_at")


def open_analysis(reader: Reader, analysis_id: UUID) -> OpenedTable:
    """One gap analysis; what the reader may not see is as if it were not there."""
    found = analyses_of(reader).filter(pk=analysis_id).first()
    if found is None:
        raise Http404("There is no such gap analysis.")
    return OpenedTable(table=found, is_lead=is_lead(reader, found.organisation_id))


def open_plan(reader: Reader, plan_id: UUID) -> OpenedTable:
    """One plan; what the reader may not see is as if it were not there."""
    found = plans_of(reader).filter(pk=plan_id).first()
    if found is None:
        raise Http404("There is no such plan.")
    return OpenedTable(table=found, is_lead=is_lead(reader, found.organisation_id))


def gap_rows(reader: Reader, analysis_id: UUID) -> tuple[RowShown, ...]:
    """The rows of a gap analysis in their order, those that wait for a decision among them. What workbooks read. Audited."""
    open_analysis(reader, analysis_id)
    audit.record(by=reader, what="read a gap analysis", details={"analysis": str(analysis_id)})
    return rows_in(rules.GAP, Q(analysis=analysis_id))


def plan_rows(reader: Reader, plan_id: UUID, kind: str = rules.ACTION) -> tuple[RowShown, ...]:
    """The actions, milestones or cycles of a plan in their order. What workbooks read. Audited."""
    open_plan(reader, plan_id)
    audit.record(by=reader, what="read an improvement plan", details={"plan": str(plan_id), "rows": kind})
    return rows_in(kind, in_plan(kind, plan_id))


def lever_rows(reader: Reader) -> tuple[RowShown, ...]:
    """Levers and measures of the reader's own organisation and of those it is part of."""
    reader.must("see_rounds")
    return rows_in(rules.LEVER, Q(organisation__in=chain_of(reader.organisation_id)))


def levers_of_own(reader: Reader) -> frozenset[rules.LeverSaid]:
    """What the levers of the reader's own organisation say."""
    reader.must("see_rounds")
    return frozenset(row.said for row in rows_in(rules.LEVER, Q(organisation=reader.organisation_id)))


def in_plan(kind: str, plan_id: UUID) -> Q:
    return Q(action__plan=plan_id) if kind == rules.CYCLE else Q(plan=plan_id)


def rows_in(kind: str, where: Q) -> tuple[RowShown, ...]:
    """Rows that were not taken out, in one statement; the reader's right has been asked."""
    model, names = TABLES[kind], columns_of(kind)
    found = model.objects.filter(where, removed_at=None).order_by("number", "saved_at").values_list(*names)
    return tuple(shown(kind, dict(zip(names, row, strict=True))) for row in found)


@cache
def columns_of(kind: str) -> tuple[str, ...]:
    """The stored columns from which a row is shown."""
    cells = tuple(LINKS.get((kind, name), name) for name in rules.columns(kind))
    more = tuple(name for name in _BESIDE if any(field.attname == name for field in TABLES[kind]._meta.fields))
    return ("id", f"{IN[kind]}_id", "number", "revision", "saved_by", "saved_at", *cells, *more)


_BESIDE = ("node", "is_proposed", "proposal", "due_from", "due_until", "forecast_until", "owner_account_id")


def shown(kind: str, told: Mapping[str, Any]) -> RowShown:
    """A row from its stored columns, which were tidied when they were kept."""
    cells = {name: told[name] for name in _CELLS[kind]}
    for (of, name), column in LINKS.items():
        if of == kind:
            cells[name] = str(told[column] or "")
    return RowShown(
        id=told["id"],
        kind=kind,
        of=told[f"{IN[kind]}_id"],
        number=told["number"],
        revision=told["revision"],
        said=rules.SAYS[kind](**cells),
        node=told.get("node", ""),
        is_proposed=told.get("is_proposed", False),
        proposal=told.get("proposal") or {},
        due_from=told.get("due_from"),
        due_until=told.get("due_until"),
        forecast_until=told.get("forecast_until"),
        owner_account=told.get("owner_account_id"),
        saved_by=told["saved_by"],
        saved_at=told["saved_at"],
    )


def row_shown(kind: str, row: Model) -> RowShown:
    """A row from its model."""
    return shown(kind, {name: getattr(row, name) for name in columns_of(kind)})


def row_versions(
    reader: Reader, wanted: Iterable[tuple[UUID, int]], *, analysis_id: UUID | None = None, plan_id: UUID | None = None
) -> dict[tuple[UUID, int], Any]:
    """What rows of one gap analysis or plan said at these revisions, by (id, revision): the base of a three-way merge.

    A pair that is not of this table, or never was, is left out. Rows that were taken out since are among them.
    """
    if analysis_id:
        open_analysis(reader, analysis_id)
        own = set(Gap.objects.filter(analysis=analysis_id).values_list("pk", flat=True))
    else:
        open_plan(reader, plan_id or UUID(int=0))
        own = {
            pk
            for kind in (rules.ACTION, rules.MILESTONE, rules.CYCLE)
            for pk in TABLES[kind].objects.filter(in_plan(kind, plan_id or UUID(int=0))).values_list("pk", flat=True)
        }
    pairs = {(row, revision) for row, revision in wanted if row in own}
    found: dict[tuple[UUID, int], Any] = {}
    several = RowVersion.objects.filter(row__in=own).values_list("kind", "row", "revision", "said")
    for kind, row, revision, said in several.iterator():
        if (row, revision) in pairs:
            found[row, revision] = rules.said_of(kind, said)
    return found


def content_of(table: GapAnalysis | Plan) -> dict[str, Any]:
    """A gap analysis or plan as it is kept when signed: every row by kind and id, with its revision and the day it is due."""
    if isinstance(table, GapAnalysis):
        several = {rules.GAP: rows_in(rules.GAP, Q(analysis=table.pk))}
        told = {"title": table.title, "population": table.population, "framework": table.framework}
    else:
        kinds = (rules.ACTION, rules.MILESTONE, rules.CYCLE)
        several = {kind: rows_in(kind, in_plan(kind, table.pk)) for kind in kinds}
        told = {"title": table.title, "aim": table.aim, "asks": table.asks}
        told |= {"from_on": table.from_on.isoformat(), "until_on": table.until_on.isoformat()}
    rows = {kind: {str(row.id): _row_as_plain(row) for row in some} for kind, some in several.items()}
    return {"table": told, "rows": rows}


def _row_as_plain(row: RowShown) -> dict[str, Any]:
    days = {name: day.isoformat() for name in ("due_until", "forecast_until") if (day := getattr(row, name))}
    return (
        rules.as_plain(row.said)
        | {"revision": row.revision, "number": row.number, "node": row.node, "of": str(row.of)}
        | days
    )


def state_of(content: Mapping[str, Any]) -> int:
    """A number that changes with every row that is written: what somebody who signs has seen."""
    return sum(row["revision"] for rows in content["rows"].values() for row in rows.values())


def state_of_table(table: GapAnalysis | Plan) -> int:
    """The same of a table as it stands now."""
    return state_of(content_of(table))
