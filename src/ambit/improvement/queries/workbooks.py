"""Workbooks: what went out, what came in, and what a merge would do, cell by cell."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.files.queries import kept_bytes
from ambit.files.rules import XLSX
from ambit.improvement.models import AnswerVersion, RowVersion, WorkbookReceived, WorkbookSent
from ambit.improvement.queries.figures import live
from ambit.improvement.queries.reading import Reading, readings
from ambit.improvement.queries.workbook_subjects import ROUND, Headed, Standing, Subject, headed, standing, subject
from ambit.improvement.rules import plans
from ambit.improvement.rules.answer_columns import cells_of, said_in
from ambit.improvement.rules.merging import NEW, THEIRS, Cell, Key, Verdict, merge
from ambit.improvement.rules.plan_columns import TITLE
from ambit.improvement.rules.rounds import problems_of, said_of
from ambit.improvement.rules.sheets import shown

FOLDER = "workbooks"
"""Where workbooks that came in stand among the uploads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookRow:
    """A workbook that went out or came in, on a list."""

    id: UUID
    is_agreed: bool
    at: datetime
    who: str
    file_name: str = ""
    state: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    taken: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbooks:
    """What this reader may send out and has had back, newest first."""

    of: Subject
    may_agreed: bool
    may_own: bool
    may_report: bool
    sent: tuple[WorkbookRow, ...]
    received: tuple[WorkbookRow, ...]
    reading: tuple[Reading, ...]


def workbooks(reader: Reader, kind: str, of_id: UUID) -> Workbooks:
    """The workbooks of a round, gap analysis or plan that are this reader's business. Audited."""
    one = subject(reader, kind, of_id)
    audit.record(by=reader, what="read workbooks", details={kind: str(of_id)})
    sent = WorkbookSent.objects.filter(**one.of()).defer("cells", "revisions", "shown")
    received = WorkbookReceived.objects.filter(**one.of()).defer("cells", "left", "grid", "mapping")
    return Workbooks(
        of=one,
        may_agreed=one.is_lead and one.is_open,
        may_report=one.kind != ROUND or one.is_lead or not one.is_open,
        may_own=one.is_open and one.assessor is not None and one.assessor.handed_in_at is None,
        sent=tuple(
            WorkbookRow(id=row.pk, is_agreed=row.assessor_id is None, at=row.sent_at, who=row.sent_by)
            for row in sent.order_by("-sent_at")[:50]
            if one.is_theirs(row.assessor_id)
        ),
        received=tuple(
            WorkbookRow(
                id=row.pk,
                is_agreed=row.assessor_id is None,
                at=row.received_at,
                who=row.received_by,
                file_name=row.file_name,
                state=row.state,
                decided_by=row.decided_by,
                decided_at=row.decided_at,
                taken=row.outcome.get("taken", 0),
            )
            for row in received.order_by("-received_at")[:50]
            if one.is_theirs(row.assessor_id)
        ),
        reading=readings(reader, one),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One cell that differs, as a person reads it: on its three sides, where it stands, and who changed it here."""

    name: str
    statement: str
    label: str
    base: str
    ours: str
    theirs: str
    where: str
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What taking over a workbook would do, and what stands in the way."""

    of: Subject
    received: WorkbookReceived
    takes: tuple[Line, ...]
    conflicts: tuple[Line, ...]
    stays: tuple[Line, ...]
    alike: int
    absent: tuple[str, ...]
    problems: Mapping[str, str]
    seen: int

    @property
    def is_waiting(self) -> bool:
        return self.received.state == WorkbookReceived.State.WAITS


@dataclass(frozen=True)
class Merging:
    """The merge of one workbook as things stand now, with what is needed to write it."""

    cells: tuple[Cell, ...]
    now: Standing
    where: Mapping[Key, str]
    sheet_of: Mapping[str, str]

    @cached_property
    def by_row(self) -> dict[str, list[Cell]]:
        """The cells of each row: a long workbook is asked for them row by row."""
        found: dict[str, list[Cell]] = defaultdict(list)
        for cell in self.cells:
            found[cell.row].append(cell)
        return found

    @cached_property
    def first_place(self) -> dict[str, str]:
        """Where each row stands in the workbook: the first of its cells that does."""
        found: dict[str, str] = {}
        for (row, _field), place in self.where.items():
            found.setdefault(row, place)
        return found

    def ours(self, row: str) -> dict[str, str]:
        """What a row says here; nothing for one that is new, or was taken out."""
        return dict(self.now.cells[self.sheet_of[row]].get(row, {}))

    def revision(self, row: str) -> int | None:
        return self.now.revisions[self.sheet_of[row]].get(row)


def received_workbook(reader: Reader, kind: str, of_id: UUID, received_id: UUID) -> tuple[Subject, WorkbookReceived]:
    """A workbook that came in, for those whose business it is; to others it is as if it were not there."""
    one = subject(reader, kind, of_id)
    found = WorkbookReceived.objects.select_related("sent").filter(pk=received_id, **one.of()).first()
    if found is None or not one.is_theirs(found.assessor_id):
        raise Http404("There is no such workbook.")
    return one, found


def merging(one: Subject, received: WorkbookReceived) -> Merging:
    """What went out, what stands here now, and what the workbook says, beside each other."""
    now = standing(one, agreed=received.assessor_id is None)
    sent = received.sent.cells if received.sent else {}
    known = _known_rows(received, now, sent)
    theirs: dict[Key, str] = {}
    where: dict[Key, str] = {}
    sheet_of = {row: sheet for cells in (now.cells, sent) for sheet, rows in cells.items() for row in rows}
    for cell in received.cells:
        row = known.get(cell["row"], cell["row"])
        sheet_of.setdefault(row, cell["sheet"])
        theirs[row, cell["field"]] = cell["value"]
        where[row, cell["field"]] = cell["where"]
    if received.sent is None:
        # nothing went out: what is empty or unrated here gives way, and nothing is missing from what it does not have
        empty = {(row, "rating"): "unrated" for row in now.cells.get(plans.GAP, {})}
        cells = tuple(cell for cell in merge(empty, _table(now.cells), theirs) if cell.theirs is not None)
    else:
        cells = merge(_table(sent), _table(now.cells), theirs)
    return Merging(cells, now, where, sheet_of)


def _table(several: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[Key, str]:
    return {
        (row, name): value for cells in several.values() for row, told in cells.items() for name, value in told.items()
    }


def _known_rows(
    received: WorkbookReceived, now: Standing, sent: Mapping[str, Mapping[str, Mapping[str, str]]]
) -> dict[str, str]:
    """Rows that somebody added in the workbook and that stand here already, since a copy of it was taken over before: by their title."""
    found: dict[str, str] = {}
    titles = {
        (sheet, told[TITLE[sheet]]): row
        for sheet, rows in now.cells.items()
        if sheet in TITLE
        for row, told in rows.items()
        if row not in sent.get(sheet, {})
    }
    for cell in received.cells:
        sheet = cell["sheet"]
        if cell["row"].startswith(NEW) and cell["field"] == TITLE.get(sheet):
            there = titles.pop((sheet, cell["value"]), None)
            if there is not None and cell["value"]:
                found[cell["row"]] = there
    return found


def merge_preview(reader: Reader, kind: str, of_id: UUID, received_id: UUID) -> Preview:
    """What taking over would do as things stand now. Audited."""
    one, received = received_workbook(reader, kind, of_id, received_id)
    audit.record(by=reader, what="looked at a workbook", details={kind: str(of_id), "workbook": str(received_id)})
    agreed = received.assessor_id is None
    told = merging(one, received)
    by_verdict: dict[Verdict, list[Cell]] = defaultdict(list)
    for cell in told.cells:
        by_verdict[cell.verdict].append(cell)
    who = changed_by(one, received, told, [*by_verdict[Verdict.CONFLICT], *by_verdict[Verdict.OURS]])
    heads = headed(one, told.now, agreed=agreed)

    def lines(verdict: Verdict) -> tuple[Line, ...]:
        return tuple(_line(cell, told, heads, who) for cell in by_verdict[verdict])

    absent = dict.fromkeys(cell.row for cell in by_verdict[Verdict.ABSENT] if told.revision(cell.row) is not None)
    return Preview(
        of=one,
        received=received,
        takes=lines(Verdict.THEIRS),
        conflicts=lines(Verdict.CONFLICT),
        stays=lines(Verdict.OURS),
        alike=len(by_verdict[Verdict.ALIKE]),
        absent=tuple(heads.titles.get(row, row) for row in absent),
        problems=problems(reader, one, told, agreed=agreed, choices=None),
        seen=told.now.seen,
    )


def _line(cell: Cell, told: Merging, heads: Headed, who: Mapping[Key, tuple[str, datetime]]) -> Line:
    """A cell in the words of the page: the row by its title, the heading of the column, values as the lists say them."""
    sheet = told.sheet_of[cell.row]
    column = heads.column(sheet, cell.field)
    choices = heads.choices(column, cell.row)
    title = heads.titles.get(cell.row) or _new_title(cell.row, sheet, told)
    name, at = who.get(cell.key, ("", None))
    return Line(
        name=f"{cell.row}|{cell.field}",
        statement=title,
        label=column.title,
        base=shown(column, cell.base, choices),
        ours=shown(column, cell.ours, choices),
        theirs=shown(column, cell.theirs or "", choices),
        where=told.where.get(cell.key, ""),
        who=name,
        at=at,
    )


def _new_title(row: str, sheet: str, told: Merging) -> str:
    title = TITLE.get(sheet, "")
    return next((one.theirs for one in told.by_row.get(row, ()) if one.field == title and one.theirs), row)


def rows_after(told: Merging, choices: Mapping[Key, str] | None) -> dict[str, dict[str, str]]:
    """The rows that would change, whole; without `choices` as if the workbook's side were chosen in each conflict."""
    rows: dict[str, dict[str, str]] = {}
    for cell in told.cells:
        takes = cell.verdict is Verdict.THEIRS or (
            cell.verdict is Verdict.CONFLICT and (choices is None or choices.get(cell.key) == THEIRS)
        )
        if takes and cell.theirs is not None:
            rows.setdefault(cell.row, told.ours(cell.row))[cell.field] = cell.theirs
    for row, said in rows.items():
        # a row that was taken out here and changed there comes back whole, as the workbook has it
        if told.revision(row) is None:
            said |= {cell.field: cell.theirs for cell in told.by_row[row] if cell.theirs}
    return rows


def problems(
    reader: Reader, one: Subject, told: Merging, *, agreed: bool, choices: Mapping[Key, str] | None
) -> dict[str, str]:
    """What stops rows from being kept as they would be, by where they stand in the workbook."""
    rows = rows_after(told, choices)
    found: dict[str, str] = {}
    if one.opened is None:
        for row, cells in rows.items():
            sheet = told.sheet_of[row]
            wrong = plans.problems_of(sheet, plans.said_of(sheet, cells))
            found |= _placed(row, wrong, told)
        return found
    nodes = {node.id: node for node in one.opened.wording.statements(one.opened.round.rates) if node.id in rows}
    proposed: dict[str, str] = {}
    if agreed and nodes:
        now = live(reader, one.opened.round.area, nodes.values())
        proposed = {name: proposal.level for name, proposal in now.proposals.items() if proposal.level}
    for name, node in nodes.items():
        said = said_in(rows[name])
        wrong = problems_of(
            said, node=node, wording=one.opened.wording, proposed=proposed.get(name, ""), moderated=agreed
        )
        found |= _placed(name, wrong, told)
    return found


def _placed(row: str, wrong: Mapping[str, str], told: Merging) -> dict[str, str]:
    """Problems by the cell they are in; by any cell of the row where the field has none."""
    anywhere = told.first_place.get(row, row)
    return {told.where.get((row, name)) or f"{anywhere} ({name})": words for name, words in wrong.items()}


def changed_by(
    one: Subject, received: WorkbookReceived, told: Merging, cells: Sequence[Cell]
) -> dict[Key, tuple[str, datetime]]:
    """Who gave each of these cells the value it has here, and when."""
    wanted = {cell.row for cell in cells}
    versions: dict[str, list[tuple[Mapping[str, str], str, datetime]]] = defaultdict(list)
    rows: QuerySet[AnswerVersion] | QuerySet[RowVersion]
    if one.opened is not None:
        rows = AnswerVersion.objects.filter(
            answer__round=one.id, answer__assessor=received.assessor_id, answer__node__in=wanted
        ).order_by("answer_id", "revision")
        for row, said, who, at in rows.values_list("answer__node", "said", "saved_by", "saved_at"):
            versions[row].append((cells_of(said_of(said)), who, at))
    else:
        known = [UUID(row) for row in wanted if told.revision(row) is not None]
        rows = RowVersion.objects.filter(row__in=known).order_by("row", "revision")
        for number, said, who, at in rows.values_list("row", "said", "saved_by", "saved_at"):
            versions[str(number)].append(({name: value or "" for name, value in said.items()}, who, at))
    found: dict[Key, tuple[str, datetime]] = {}
    for cell in cells:
        for values, who, at in reversed(versions[cell.row]):
            if values.get(cell.field, "") != cell.ours:
                break
            found[cell.key] = (who, at)
    return found


def workbook_bytes(received: WorkbookReceived) -> bytes | None:
    """The file as it came, while it is still what it was."""
    return kept_bytes(FOLDER, received.sha256, XLSX.content_type)


def sent_workbook(sent_id: str) -> WorkbookSent | None:
    """A workbook that went out from this site, by the number hidden in it."""
    try:
        found = WorkbookSent.objects.select_related("round", "analysis", "plan", "assessor").filter(pk=UUID(sent_id))
    except ValueError:
        return None
    return found.first()
