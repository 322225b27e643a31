"""A workbook of another make on its way into a gap analysis, a plan or a self-assessment: what is understood of it, and what people say it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import Http404

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.improvement.models import WorkbookReceived
from ambit.improvement.queries.workbook_subjects import Subject, standing
from ambit.improvement.queries.workbooks import received_workbook
from ambit.improvement.rules.answer_columns import ANSWERS, answer_columns, levels_of
from ambit.improvement.rules.foreign import (
    Grid,
    Laid,
    Layout,
    Record,
    Source,
    Span,
    closest,
    lay_out,
    rating_of_words,
    suggest,
)
from ambit.improvement.rules.merging import NEW
from ambit.improvement.rules.plan_columns import TITLE
from ambit.improvement.rules.plans import ACTION, GAP, MILESTONE
from ambit.improvement.rules.shapes import OF_MILESTONES, SHAPES, Shape
from ambit.improvement.rules.sheets import CHOICE, Column, LeftCell, NotRead, ReadCell, read

NEW_ROW, NEW_MILESTONE, LEAVE = "new", "new-milestone", "leave"
"""Where a record can go, beside a row that stands here."""
ASKED_ONE_BY_ONE = 100
"""Records of a long workbook whose place is chosen one by one; the others go where they are understood to belong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSheet:
    """One sheet of the workbook as it was kept."""

    name: str
    is_visible: bool
    grid: Grid
    spans: tuple[Span, ...]

    def where(self, place: tuple[int, int]) -> str:
        return f"{self.name}!{letters(place[1])}{place[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column of the workbook: its letters, its heading, what stands first in it, and what it is taken to be."""

    column: int
    letters: str
    words: str
    example: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A record, and the row that it is put into: one that stands here, a new one, or none."""

    record: Record
    goes_to: str


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """The step in which people say what the columns and rows of a workbook are."""

    of: Subject
    received: WorkbookReceived
    sheets: tuple[SourceSheet, ...]
    sheet: int
    layout: Layout | None
    headings: tuple[Heading, ...]
    laid: Laid
    placed: tuple[Placed, ...]
    rows: Mapping[str, str]

    @cached_property
    def asked(self) -> tuple[Placed, ...]:
        """Those whose place people choose one by one: where something stands here already or nothing is taken come first."""
        doubtful = sorted(self.placed, key=lambda one: one.goes_to in (NEW_ROW, NEW_MILESTONE))
        return tuple(sorted(doubtful[:ASKED_ONE_BY_ONE], key=lambda one: one.record.first_row))

    @property
    def shape(self) -> Shape:
        return SHAPES[self.of.kind]

    @property
    def also(self) -> tuple[str, ...]:
        """Where a record can go beside the rows that stand here: a self-assessment has no statement but its framework's."""
        return {"round": (LEAVE,), "plan": (NEW_ROW, NEW_MILESTONE, LEAVE)}.get(self.of.kind, (NEW_ROW, LEAVE))


def letters(column: int) -> str:
    """The letters by which a sheet names a column."""
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def foreign_workbook(
    reader: Reader,
    kind: str,
    of_id: UUID,
    received_id: UUID,
    *,
    sheet: int | None = None,
    header_row: int | None = None,
    columns: Mapping[int, str] | None = None,
    goes_to: Mapping[int, str] | None = None,
) -> Foreign:
    """What is understood of a workbook, as suggested or as people said: sheet, row of headings, columns, and where each record goes. Audited."""
    one, received = received_workbook(reader, kind, of_id, received_id)
    if received.sent_id is not None or not received.grid:
        raise Http404("This workbook went out from here.")
    audit.record(by=reader, what="looked at a workbook", details={kind: str(of_id), "workbook": str(received_id)})
    sheets, shape = tuple(_sheet(told) for told in received.grid), SHAPES[kind]
    kept = received.mapping
    if sheet is None:
        sheet = kept.get("sheet", _best(sheets, shape))
    sheet = min(max(sheet, 0), len(sheets) - 1)
    chosen = sheets[sheet]
    if columns is None and kept.get("sheet") == sheet:
        header_row = header_row or kept["header_row"]
        columns = {int(column): name for column, name in kept["columns"].items()}
        goes_to = goes_to or {int(row): name for row, name in kept["goes_to"].items()}
    layout = _layout(chosen, shape, header_row, columns)
    known = _known(one)
    laid = lay_out(chosen.grid, chosen.spans, layout, list(known.values()), shape) if layout else Laid((), ())
    return Foreign(
        of=one,
        received=received,
        sheets=sheets,
        sheet=sheet,
        layout=layout,
        headings=_headings(chosen, layout),
        laid=laid,
        placed=_placed(laid.records, known, goes_to or {}, takes_new=kind != "round"),
        rows=known,
    )


def _known(one: Subject) -> dict[str, str]:
    """The rows that stand here, by their titles; of a self-assessment its statements."""
    if one.opened is not None:
        return {node.id: node.title for node in one.opened.wording.statements(one.opened.round.rates)}
    cells = standing(one, agreed=True).cells
    return {row: told[TITLE[sheet]] for sheet in one.sheets for row, told in cells[sheet].items()}


def _sheet(told: Mapping[str, Any]) -> SourceSheet:
    return SourceSheet(
        name=told["name"],
        is_visible=told["is_visible"],
        grid={
            (row, column): Source(words, colour, is_formula) for row, column, words, colour, is_formula in told["cells"]
        },
        spans=tuple(tuple(span) for span in told["merged"]),
    )


def _best(sheets: Sequence[SourceSheet], shape: Shape) -> int:
    """The sheet with the headings that say most."""
    found = [(len(told.columns) if (told := suggest(one.grid, one.spans, shape)) else 0) for one in sheets]
    return found.index(max(found)) if found else 0


def _layout(
    sheet: SourceSheet, shape: Shape, header_row: int | None, columns: Mapping[int, str] | None
) -> Layout | None:
    suggested = suggest(sheet.grid, sheet.spans, shape)
    if columns is not None:
        row = header_row or (suggested.header_row if suggested else 1)
        return Layout(
            header_row=row, columns={column: name for column, name in columns.items() if name in shape.fields}
        )
    if header_row and suggested and header_row != suggested.header_row:
        only = {place: cell for place, cell in sheet.grid.items() if place[0] == header_row}
        told = suggest(only, shape=shape)
        return told or Layout(header_row=header_row, columns={})
    return suggested


def _headings(sheet: SourceSheet, layout: Layout | None) -> tuple[Heading, ...]:
    row = layout.header_row if layout else 1
    every = sorted({column for (_, column), cell in sheet.grid.items() if cell.words.strip() or cell.colour})
    firsts: dict[int, str] = {}
    for (at, column), cell in sorted(sheet.grid.items()):
        if at > row and cell.words.strip():
            firsts.setdefault(column, cell.words.strip())
    return tuple(
        Heading(
            column=column,
            letters=letters(column),
            words=sheet.grid[row, column].words if (row, column) in sheet.grid else "",
            example=firsts.get(column, "")[:80],
            field=layout.columns.get(column, "") if layout else "",
        )
        for column in every[:60]
    )


def _placed(
    records: Sequence[Record], known: Mapping[str, str], goes_to: Mapping[int, str], *, takes_new: bool
) -> tuple[Placed, ...]:
    """Where each record goes: as people said, else into the row that says the same, else into a new one."""
    free = dict(known)
    found = []
    for record in records:
        name = goes_to.get(record.first_row)
        if name is None or (name not in (NEW_ROW, NEW_MILESTONE, LEAVE) and name not in known):
            has_more = len(record.fields) > 1 and takes_new
            name = closest(record.title, free) or (NEW_ROW if has_more and record.title else LEAVE)
            free.pop(name, None)
        found.append(Placed(record=record, goes_to=name))
    return tuple(found)


def problems_of_placing(found: Foreign) -> dict[int, str]:
    """What stops a mapping, by the row in which a record begins: two records for one row, or a new row without a title."""
    wrong: dict[int, str] = {}
    taken: dict[str, int] = {}
    for one in found.placed:
        first = one.record.first_row
        if one.goes_to in (NEW_ROW, NEW_MILESTONE) and not one.record.title:
            wrong[first] = f"Row {first} has no name. Put it into a row that stands here, or leave it out."
        if one.goes_to in (NEW_ROW, NEW_MILESTONE, LEAVE):
            continue
        if one.goes_to in taken:
            wrong[first] = f"Rows {taken[one.goes_to]} and {first} go into one row. Choose another for one of them."
        taken[one.goes_to] = first
    return wrong


def cells_taken(found: Foreign) -> tuple[tuple[ReadCell, ...], tuple[LeftCell, ...]]:
    """Every cell of the workbook, either as part of a row or left with the reason why: none is in neither."""
    sheet = found.sheets[found.sheet]
    taken: list[ReadCell] = []
    left = [LeftCell(where=sheet.where(one.place), value=one.words, why=one.why) for one in found.laid.left]
    for one in found.placed:
        if one.goes_to == LEAVE:
            left += [_left(sheet, one.record, "the row is left out")]
            continue
        _take(found, one, sheet, taken, left)
    for number, other in enumerate(found.sheets):
        if number != found.sheet:
            left += [
                LeftCell(where=other.where(place), value=cell.words, why="another sheet")
                for place, cell in sorted(other.grid.items())
                if cell.words.strip()
            ]
    return tuple(taken), tuple(left)


def _take(found: Foreign, one: Placed, sheet: SourceSheet, taken: list[ReadCell], left: list[LeftCell]) -> None:
    """The cells of one record, as those of the row that it goes into."""
    of = _sheet_of(found, one)
    is_new = one.goes_to in (NEW_ROW, NEW_MILESTONE)
    row = f"{NEW}{of}:{one.record.first_row}" if is_new else one.goes_to
    for name, words in one.record.fields.items():
        where = sheet.where(one.record.place(name) or (one.record.first_row, 1))
        if name == found.shape.key and not is_new:
            left.append(LeftCell(where=where, value=words, why=f"goes into “{found.rows[row]}”, which keeps its name"))
        elif of == MILESTONE and name not in OF_MILESTONES:
            left.append(LeftCell(where=where, value=words, why="a milestone has no such column"))
        elif of == ANSWERS and name == found.shape.rating:
            if rated := _rated(found, row, words):
                taken.append(ReadCell(sheet=of, row=row, field=rated[0], value=rated[1], where=where))
            else:
                left.append(LeftCell(where=where, value=words, why="no level of this statement’s scale"))
        else:
            taken.append(ReadCell(sheet=of, row=row, field=name, value=words, where=where))
            if of == ACTION and name == found.shape.rating and not one.record.words("why_delivery"):
                # a rating that stands against the dates says why
                taken.append(ReadCell(sheet=of, row=row, field="why_delivery", value=AS_RATED, where=where))


AS_RATED = "As rated in the workbook"


def _sheet_of(found: Foreign, one: Placed) -> str:
    """Which kind of row a record becomes, or is."""
    if found.of.opened is not None:
        return ANSWERS
    if found.of.kind == "analysis":
        return GAP
    if one.goes_to in (NEW_ROW, NEW_MILESTONE):
        return ACTION if one.goes_to == NEW_ROW else MILESTONE
    return MILESTONE if one.goes_to in standing(found.of, agreed=True).cells[MILESTONE] else ACTION


def _rated(found: Foreign, node_id: str, words: str) -> tuple[str, str] | None:
    """What a rating is in an answer: a level of the statement's own scale, by its words or its colour; else how large the gap is."""
    assert found.of.opened is not None
    wording = found.of.opened.wording
    node = next(node for node in wording.statements(found.of.opened.round.rates) if node.id == node_id)
    column = Column(key="level", title="", kind=CHOICE)
    try:
        return "level", read(column, words, levels_of(wording, node))
    except NotRead:
        colour = rating_of_words(words, found.shape)
    same = [level.id for level in wording.scale_of(node).levels if colour and level.rag == colour]
    if len(same) == 1:
        return "level", same[0]
    has_gap = any(
        one.key == "gap" for one in answer_columns(wording, found.of.opened.round.rates, agreed=_agreed(found))
    )
    return ("gap", colour) if colour and has_gap else None


def _agreed(found: Foreign) -> bool:
    return found.received.assessor_id is None


def _left(sheet: SourceSheet, record: Record, why: str) -> LeftCell:
    words = " · ".join(part.words for part in record.parts)
    return LeftCell(where=sheet.where((record.first_row, record.parts[0].place[1])), value=words, why=why)


def mapping_of(found: Foreign) -> dict[str, Any]:
    """What people said, as it is kept, and offered again when the page is opened anew."""
    return {
        "sheet": found.sheet,
        "header_row": found.layout.header_row if found.layout else 1,
        "columns": {str(column): name for column, name in (found.layout.columns if found.layout else {}).items()},
        "goes_to": {str(one.record.first_row): one.goes_to for one in found.placed},
    }
