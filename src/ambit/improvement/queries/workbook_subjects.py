"""What a workbook is of: a round, a gap analysis or a plan; who may take it out, and what stands in its cells now."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from ambit.access.queries import Reader
from ambit.improvement.models import Answer, Assessor, WorkbookReading, WorkbookReceived, WorkbookSent
from ambit.improvement.queries.plans import OpenedTable, in_plan, open_analysis, open_plan, rows_in
from ambit.improvement.queries.scope import Opened, open_round
from ambit.improvement.rules.answer_columns import ANSWERS, answer_columns, cells_of, levels_of
from ambit.improvement.rules.editions import digest
from ambit.improvement.rules.plan_columns import SHEETS, TITLE, row_columns, titled
from ambit.improvement.rules.plans import ACTION, GAP, MILESTONE, as_plain
from ambit.improvement.rules.rounds import said_of
from ambit.improvement.rules.sheets import Choice, Column
from ambit.measures.queries import indicators

ROUND, ANALYSIS, PLAN = "round", "analysis", "plan"
KINDS: Final = (ROUND, ANALYSIS, PLAN)
Cells = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands here now: cells and revisions by sheet and row, and a number that changes with every change."""

    cells: dict[str, Cells]
    revisions: dict[str, dict[str, int]]

    @property
    def seen(self) -> int:
        return int(digest(self.revisions)[:7], 16)


@dataclass(frozen=True, kw_only=True)
class Subject:
    """One thing that workbooks are of, as this reader may see it."""

    kind: str
    id: UUID
    title: str
    organisation: str
    organisation_id: UUID
    is_lead: bool
    is_open: bool
    opened: Opened | None = None
    table: OpenedTable | None = None
    assessor: Assessor | None = None

    @property
    def sheets(self) -> tuple[str, ...]:
        return SHEETS.get(self.kind, (ANSWERS,))

    @cached_property
    def own(self) -> UUID | None:
        """The number of the reader among the assessors of a round."""
        return self.assessor.pk if self.assessor else None

    def is_theirs(self, assessor_id: UUID | None) -> bool:
        """What is agreed belongs to who leads; an assessor's own answers to nobody else."""
        return self.is_lead if assessor_id is None else assessor_id == self.own

    def of(self) -> dict[str, Any]:
        """The columns by which its workbooks are found."""
        return {f"{self.kind}_id": self.id}


def subject(reader: Reader, kind: str, of_id: UUID) -> Subject:
    """A round, gap analysis or plan; what the reader may not see is as if it were not there."""
    if kind == ROUND:
        opened = open_round(reader, of_id)
        return Subject(
            kind=kind,
            id=of_id,
            title=opened.round.title,
            organisation=opened.round.organisation.name,
            organisation_id=opened.round.organisation_id,
            is_lead=opened.is_lead,
            is_open=not opened.is_signed,
            opened=opened,
            assessor=opened.assessor,
        )
    table = open_analysis(reader, of_id) if kind == ANALYSIS else open_plan(reader, of_id)
    return Subject(
        kind=kind,
        id=of_id,
        title=table.table.title,
        organisation=table.table.organisation.name,
        organisation_id=table.table.organisation_id,
        is_lead=table.is_lead,
        is_open=table.table.closed_at is None,
        table=table,
    )


def kind_of(row: WorkbookSent | WorkbookReceived | WorkbookReading) -> str:
    return ROUND if row.round_id else ANALYSIS if row.analysis_id else PLAN


def standing(one: Subject, *, agreed: bool) -> Standing:
    """What stands now in every cell that can be filled in."""
    return _answers(one, agreed=agreed) if one.opened else _rows(one)


def _answers(one: Subject, *, agreed: bool) -> Standing:
    """One's own answers, or the agreed ones: every statement of the round, empty where nothing is said yet."""
    assert one.opened is not None
    opened = one.opened
    rows = {row.node: row for row in Answer.objects.filter(round=one.id, assessor=None if agreed else one.assessor)}
    names = [column.key for column in answer_columns(opened.wording, opened.round.rates, agreed=agreed)]
    cells: Cells = {}
    revisions = {}
    for node in opened.wording.statements(opened.round.rates):
        row = rows.get(node.id)
        told = cells_of(said_of(row)) if row else {}
        cells[node.id] = {name: told.get(name, "") for name in names}
        revisions[node.id] = row.revision if row else 0
    return Standing(cells={ANSWERS: cells}, revisions={ANSWERS: revisions})


def _rows(one: Subject) -> Standing:
    cells: dict[str, Cells] = {}
    revisions: dict[str, dict[str, int]] = {}
    for sheet in one.sheets:
        rows = rows_in(sheet, Q(analysis=one.id) if sheet == GAP else in_plan(sheet, one.id))
        cells[sheet] = {str(row.id): {k: v or "" for k, v in as_plain(row.said).items()} for row in rows}
        revisions[sheet] = {str(row.id): row.revision for row in rows}
    return Standing(cells=cells, revisions=revisions)


@dataclass(frozen=True, kw_only=True)
class Headed:
    """The columns of each sheet and the words for its rows, as workbook and preview say them."""

    columns: Mapping[str, tuple[Column, ...]]
    titles: Mapping[str, str]
    levels: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)

    def column(self, sheet: str, key: str) -> Column:
        return next(column for column in self.columns[sheet] if column.key == key)

    def choices(self, column: Column, row: str) -> tuple[Choice, ...]:
        """What a cell's list offers: of a level, those of the statement's own scale."""
        return self.levels.get(row, column.choices) if column.key == "level" else column.choices


def headed(one: Subject, now: Standing, *, agreed: bool) -> Headed:
    """The columns of what a workbook is of."""
    if one.opened is not None:
        words, rates = one.opened.wording, one.opened.round.rates
        nodes = words.statements(rates)
        return Headed(
            columns={ANSWERS: answer_columns(words, rates, agreed=agreed)},
            titles={node.id: node.title for node in nodes},
            levels={node.id: levels_of(words, node) for node in nodes},
        )
    titles = {row: told[TITLE[sheet]] for sheet, rows in now.cells.items() for row, told in rows.items()}
    gaps: tuple[Choice, ...] = ()
    known: tuple[Choice, ...] = ()
    if one.kind == PLAN:
        rows = rows_in(GAP, Q(analysis__organisation=one.organisation_id))
        gaps = titled({str(row.id): row.said.foundation for row in rows})
        known = titled({name: told.name for name, told in indicators().items()})
    actions = titled({row: told["what"] for row, told in now.cells.get(ACTION, {}).items()})
    steps = titled({row: told["what"] for row, told in now.cells.get(MILESTONE, {}).items()})
    return Headed(
        columns={
            sheet: row_columns(sheet, gaps=gaps, actions=actions, milestones=steps, indicators=known)
            for sheet in one.sheets
        },
        titles=titles,
    )
