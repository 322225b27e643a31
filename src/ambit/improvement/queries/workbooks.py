"""Workbooks of a round: what went out, what came in, and what a merge would do, cell by cell."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.http import Http404

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.files.queries import kept_bytes
from ambit.files.rules import XLSX
from ambit.improvement.models import Answer, AnswerVersion, Assessor, WorkbookReceived, WorkbookSent
from ambit.improvement.queries.figures import live
from ambit.improvement.queries.scope import Opened, open_round
from ambit.improvement.rules.answer_columns import ANSWERS, answer_columns, cells_of, levels_of, said_in
from ambit.improvement.rules.merging import THEIRS, Cell, Key, Verdict, merge
from ambit.improvement.rules.rounds import problems_of, said_of
from ambit.improvement.rules.sheets import Column, shown

FOLDER = "workbooks"
"""Where workbooks that came in stand among the uploads."""
Cells = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What stands here now of what a workbook holds: cells and revisions by row, and a number that grows with every change."""

    cells: Cells
    revisions: dict[str, int]
    seen: int


def answers_now(opened: Opened, assessor: Assessor | None) -> Standing:
    """One's own answers, or the agreed ones: every statement of the round, empty where nothing is said yet."""
    rows = {row.node: row for row in Answer.objects.filter(round=opened.round, assessor=assessor)}
    names = [column.key for column in answer_columns(opened.wording, opened.round.rates, agreed=assessor is None)]
    cells, revisions = {}, {}
    for node in opened.wording.statements(opened.round.rates):
        row = rows.get(node.id)
        told = cells_of(said_of(row)) if row else {}
        cells[node.id] = {name: told.get(name, "") for name in names}
        revisions[node.id] = row.revision if row else 0
    return Standing(cells=cells, revisions=revisions, seen=sum(row.revision for row in rows.values()))


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

    opened: Opened
    may_agreed: bool
    may_own: bool
    sent: tuple[WorkbookRow, ...]
    received: tuple[WorkbookRow, ...]


def workbooks(reader: Reader, round_id: UUID) -> Workbooks:
    """The workbooks of a round that are this reader's business: of their own answers, and, leading it, of the agreed ones."""
    opened = open_round(reader, round_id)
    mine = opened.assessor.pk if opened.assessor else None
    is_open = not opened.is_signed
    audit.record(by=reader, what="read workbooks of a self-assessment", details={"round": str(round_id)})
    return Workbooks(
        opened=opened,
        may_agreed=opened.is_lead and is_open,
        may_own=is_open and opened.assessor is not None and opened.assessor.handed_in_at is None,
        sent=tuple(
            WorkbookRow(id=row.pk, is_agreed=row.assessor_id is None, at=row.sent_at, who=row.sent_by)
            for row in WorkbookSent.objects.filter(round=round_id)
            .only("assessor_id", "sent_at", "sent_by")
            .order_by("-sent_at")[:50]
            if is_theirs(opened, row.assessor_id, mine)
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
            for row in WorkbookReceived.objects.filter(round=round_id)
            .defer("cells", "left")
            .order_by("-received_at")[:50]
            if is_theirs(opened, row.assessor_id, mine)
        ),
    )


def is_theirs(opened: Opened, assessor_id: UUID | None, mine: UUID | None) -> bool:
    """The agreed answers belong to who leads; an assessor's own belong to nobody else."""
    return opened.is_lead if assessor_id is None else assessor_id == mine


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

    opened: Opened
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


@dataclass(frozen=True, slots=True)
class Compared:
    """The merge of one workbook as it stands now, with what is needed to write it."""

    cells: tuple[Cell, ...]
    now: Standing
    where: Mapping[Key, str] = field(default_factory=dict)


def received_workbook(reader: Reader, round_id: UUID, received_id: UUID) -> tuple[Opened, WorkbookReceived]:
    """A workbook that came in, for those whose answers it holds; to others it is as if it were not there."""
    opened = open_round(reader, round_id)
    found = WorkbookReceived.objects.select_related("sent").filter(pk=received_id, round=round_id).first()
    mine = opened.assessor.pk if opened.assessor else None
    if found is None or not is_theirs(opened, found.assessor_id, mine):
        raise Http404("There is no such workbook.")
    return opened, found


def compared(opened: Opened, received: WorkbookReceived) -> Compared:
    """What went out, what stands here now, and what the workbook says, beside each other."""
    assessor = opened.assessor if received.assessor_id else None
    now = answers_now(opened, assessor)
    sent = received.sent.cells.get(ANSWERS, {}) if received.sent else {}
    theirs = {(cell["row"], cell["field"]): cell for cell in received.cells if cell["sheet"] == ANSWERS}
    cells = merge(_table(sent), _table(now.cells), {key: cell["value"] for key, cell in theirs.items()})
    return Compared(cells, now, {key: cell["where"] for key, cell in theirs.items()})


def _table(cells: Mapping[str, Mapping[str, str]]) -> dict[Key, str]:
    return {(row, name): value for row, told in cells.items() for name, value in told.items()}


def merge_preview(reader: Reader, round_id: UUID, received_id: UUID) -> Preview:
    """What taking over would do as things stand now. Audited."""
    opened, received = received_workbook(reader, round_id, received_id)
    told = compared(opened, received)
    audit.record(by=reader, what="looked at a workbook", details={"round": str(round_id), "workbook": str(received_id)})
    agreed = received.assessor_id is None
    by_verdict: dict[Verdict, list[Cell]] = defaultdict(list)
    for cell in told.cells:
        by_verdict[cell.verdict].append(cell)
    who = changed_by(opened, received, [*by_verdict[Verdict.CONFLICT], *by_verdict[Verdict.OURS]])
    words = _Words(opened, agreed, told.where, who)
    absent = dict.fromkeys(cell.row for cell in by_verdict[Verdict.ABSENT])
    return Preview(
        opened=opened,
        received=received,
        takes=tuple(words.line(cell) for cell in by_verdict[Verdict.THEIRS]),
        conflicts=tuple(words.line(cell) for cell in by_verdict[Verdict.CONFLICT]),
        stays=tuple(words.line(cell) for cell in by_verdict[Verdict.OURS]),
        alike=len(by_verdict[Verdict.ALIKE]),
        absent=tuple(words.statement(row) for row in absent),
        problems=problems(reader, opened, told, agreed=agreed, choices=None),
        seen=told.now.seen,
    )


def problems(
    reader: Reader, opened: Opened, told: Compared, *, agreed: bool, choices: Mapping[Key, str] | None
) -> dict[str, str]:
    """What stops rows from being kept as they would be, by where they stand in the workbook.

    Without `choices`, as if the workbook's side were chosen in each conflict.
    """
    rows: dict[str, dict[str, str]] = {name: dict(cells) for name, cells in told.now.cells.items()}
    touched = set()
    for cell in told.cells:
        takes = cell.verdict is Verdict.THEIRS or (
            cell.verdict is Verdict.CONFLICT and (choices is None or choices.get(cell.key) == THEIRS)
        )
        if takes and cell.theirs is not None and cell.row in rows:
            rows[cell.row][cell.field] = cell.theirs
            touched.add(cell.row)
    nodes = {node.id: node for node in opened.wording.statements(opened.round.rates)}
    proposed: dict[str, str] = {}
    if agreed and touched:
        now = live(reader, opened.round.area, [nodes[name] for name in touched])
        proposed = {name: one.level for name, one in now.proposals.items() if one.level}
    found = {}
    for name in nodes:
        if name not in touched:
            continue
        said = said_in(rows[name])
        wrong = problems_of(
            said, node=nodes[name], wording=opened.wording, proposed=proposed.get(name, ""), moderated=agreed
        )
        for column, words in wrong.items():
            found[told.where.get((name, column), nodes[name].title)] = words
    return found


def changed_by(opened: Opened, received: WorkbookReceived, cells: list[Cell]) -> dict[Key, tuple[str, datetime]]:
    """Who gave each of these cells the value it has here, and when."""
    wanted = {cell.row for cell in cells}
    rows = AnswerVersion.objects.filter(
        answer__round=opened.round, answer__assessor=received.assessor_id, answer__node__in=wanted
    ).order_by("answer_id", "revision")
    versions: dict[str, list[tuple[dict[str, str], str, datetime]]] = defaultdict(list)
    for node, said, who, at in rows.values_list("answer__node", "said", "saved_by", "saved_at"):
        versions[node].append((cells_of(said_of(said)), who, at))
    found: dict[Key, tuple[str, datetime]] = {}
    for cell in cells:
        for told, who, at in reversed(versions[cell.row]):
            if told[cell.field] != cell.ours:
                break
            found[cell.key] = (who, at)
    return found


class _Words:
    """Cells in the words of the page: the statement, the heading of the column, values as the lists say them."""

    def __init__(
        self,
        opened: Opened,
        agreed: bool,
        where: Mapping[Key, str],
        who: Mapping[Key, tuple[str, datetime]],
    ) -> None:
        self.opened, self.where, self.who = opened, where, who
        self.columns: dict[str, Column] = {
            column.key: column for column in answer_columns(opened.wording, opened.round.rates, agreed=agreed)
        }

    def statement(self, row: str) -> str:
        node = self.opened.wording.framework.by_id.get(row)
        return node.title if node else row

    def line(self, cell: Cell) -> Line:
        column = self.columns[cell.field]
        node = self.opened.wording.framework.by_id[cell.row]
        choices = levels_of(self.opened.wording, node) if cell.field == "level" else column.choices
        who, at = self.who.get(cell.key, ("", None))
        return Line(
            name=f"{cell.row}|{cell.field}",
            statement=node.title,
            label=column.title,
            base=shown(column, cell.base, choices),
            ours=shown(column, cell.ours, choices),
            theirs=shown(column, cell.theirs or "", choices),
            where=self.where.get(cell.key, ""),
            who=who,
            at=at,
        )


def workbook_bytes(received: WorkbookReceived) -> bytes | None:
    """The file as it came, while it is still what it was."""
    return kept_bytes(FOLDER, received.sha256, XLSX.content_type)


def sent_workbook(sent_id: str) -> WorkbookSent | None:
    """A workbook that went out from this site, by the number hidden in it."""
    try:
        return WorkbookSent.objects.select_related("round__organisation", "assessor").filter(pk=UUID(sent_id)).first()
    except ValueError:
        return None
