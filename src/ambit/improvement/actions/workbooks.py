"""Workbooks go out, come back, and are taken over whole or not at all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from itertools import count
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import NotAllowed, Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused, Stale
from ambit.files.actions import keep_file
from ambit.files.rules import XLSX
from ambit.improvement.actions.answers import keep_answer
from ambit.improvement.actions.opening import answered_by, led_by, opened_for
from ambit.improvement.actions.rows import next_number, owner_of, save_row, written_by
from ambit.improvement.models import Assessor, WorkbookReceived, WorkbookSent
from ambit.improvement.queries.figures import live
from ambit.improvement.queries.workbook_subjects import ROUND, Subject, kind_of, standing, subject
from ambit.improvement.queries.workbooks import (
    FOLDER,
    Merging,
    merging,
    problems,
    received_workbook,
    rows_after,
    sent_workbook,
)
from ambit.improvement.rules import plans
from ambit.improvement.rules.answer_columns import said_in
from ambit.improvement.rules.merging import Key, Undecided, Verdict, to_write

MAPS, WAITS = WorkbookReceived.State.MAPS, WorkbookReceived.State.WAITS


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that came in, as it was given."""

    name: str
    content: bytes
    edited_by: str = ""


def _written_by(by: Reader, kind: str, of_id: UUID, *, agreed: bool) -> Subject:
    """What a workbook is of, held until this act ends: who leads takes it out and in, an assessor their own answers until they hand in."""
    if kind == ROUND:
        if agreed:
            led_by(by, of_id)
        else:
            answered_by(by, of_id)
    else:
        written_by(by, plans.GAP if kind == "analysis" else plans.ACTION, of_id)
    return subject(by, kind, of_id)


@transaction.atomic
def send_workbook(
    *, by: Reader, kind: str, of_id: UUID, agreed: bool, shown: Mapping[str, Mapping[str, Mapping[str, str]]]
) -> WorkbookSent:
    """Note what goes out, cell by cell with the revision of each row, so that every copy that comes back can be compared.

    `shown` are digests of the cells that are read only.
    """
    one = _written_by(by, kind, of_id, agreed=agreed)
    now = standing(one, agreed=agreed)
    sent = WorkbookSent.objects.create(
        **one.of(),
        assessor=None if agreed else one.assessor,
        cells=now.cells,
        revisions=now.revisions,
        shown=shown,
        sent_at=timezone.now(),
        sent_by=by.name,
        sent_by_role=by.role,
        sent_by_organisation=by.organisation_name,
    )
    audit.record(by=by, what="sent out a workbook", details={kind: str(of_id), "workbook": str(sent.pk)})
    return sent


@transaction.atomic
def receive_workbook(
    *,
    by: Reader,
    kind: str,
    of_id: UUID,
    sent_id: str,
    file: File,
    cells: Sequence[Any] = (),
    left: Sequence[Any] = (),
    grid: Sequence[Any] = (),
) -> WorkbookReceived:
    """Keep a workbook that came in, byte for byte, with what was read from it. Nothing is taken over by this.

    `cells` and `left` are what was read and what was not taken, each with where it stands. One that did not go out from here has a
    `grid` instead, and waits for somebody to say what its columns are.
    """
    sent, assessor = None, None
    if grid:
        one, assessor = brought_by(by, kind, of_id)
    else:
        one, sent = of_this(by, kind, of_id, sent_id)
    sha256, _type = keep_file([file.content], folder=FOLDER, size=len(file.content), looked_at_as=XLSX)
    received = WorkbookReceived.objects.create(
        **one.of(),
        assessor=sent.assessor if sent else assessor,
        sent=sent,
        file_name=file.name[:200],
        size=len(file.content),
        sha256=sha256,
        grid=list(grid),
        cells=[asdict(cell) for cell in cells],
        left=[asdict(cell) for cell in left],
        edited_by=file.edited_by,
        state=WAITS if sent else MAPS,
        received_at=timezone.now(),
        received_by=by.name,
        received_by_role=by.role,
        received_by_organisation=by.organisation_name,
    )
    audit.record(
        by=by,
        what="received a workbook",
        details={
            kind: str(of_id),
            "workbook": str(received.pk),
            "sent": str(sent.pk) if sent else "",
            "sha256": sha256,
        },
    )
    return received


def brought_by(by: Reader, kind: str, of_id: UUID) -> tuple[Subject, Assessor | None]:
    """What a workbook is brought to, held until this act ends, and whose answers it is taken to hold.

    Of a self-assessment, who leads brings what is agreed, and an assessor their own answers.
    """
    one = subject(by, kind, of_id)
    assessor = None if one.is_lead or one.kind != ROUND else one.assessor
    return _written_by(by, kind, of_id, agreed=assessor is None), assessor


def of_this(by: Reader, kind: str, of_id: UUID, sent_id: str) -> tuple[Subject, WorkbookSent]:
    """The workbook that a file is a copy of; refused when it is of something else, or of somebody else's answers."""
    if kind == ROUND:
        opened_for(by, of_id)
    one = subject(by, kind, of_id)
    sent = sent_workbook(sent_id) if sent_id else None
    if sent is None:
        raise Refused(
            {"file": "This workbook was not downloaded from here. Download one, and copy your words into it."}
        )
    if kind_of(sent) != kind or getattr(sent, f"{kind}_id") != of_id:
        other = sent.round or sent.analysis or sent.plan
        is_own = other is not None and other.organisation_id == one.organisation_id
        which = f"“{other.title}”" if is_own and other else "something else"
        raise Refused({"file": f"This workbook is of {which}, not of “{one.title}”. Nothing was taken from it."})
    if sent.assessor_id is None and not one.is_lead:
        raise NotAllowed("Only who leads brings back the workbook of what is agreed.")
    if not one.is_theirs(sent.assessor_id):
        raise Refused({"file": f"This workbook holds the answers of {sent.assessor}. They bring it back themselves."})
    return _written_by(by, kind, of_id, agreed=sent.assessor_id is None), sent


@transaction.atomic
def map_workbook(
    *,
    by: Reader,
    kind: str,
    of_id: UUID,
    received_id: UUID,
    mapping: Mapping[str, Any],
    cells: Sequence[Any],
    left: Sequence[Any],
) -> WorkbookReceived:
    """Say what the columns and rows of a workbook of another make are; may be said again until the workbook is decided."""
    _one, received = _waiting(by, kind, of_id, received_id)
    if received.sent_id is not None:
        raise Refused("This workbook went out from here; what its columns are is known.")
    received.mapping, received.state = dict(mapping), WAITS
    received.cells, received.left = [asdict(cell) for cell in cells], [asdict(cell) for cell in left]
    received.save(update_fields=["mapping", "state", "cells", "left"])
    audit.record(
        by=by,
        what="said what a workbook's columns are",
        details={kind: str(of_id), "workbook": str(received_id), "taken": len(cells), "left": len(left)},
    )
    return received


@transaction.atomic
def merge_workbook(
    *, by: Reader, kind: str, of_id: UUID, received_id: UUID, seen: int, choices: Mapping[Key, str]
) -> WorkbookReceived:
    """Take over what a workbook changed, `choices` deciding each conflict: everything, or nothing.

    `seen` is the state that the preview showed; refused when somebody has changed something since.
    """
    one, received = _waiting(by, kind, of_id, received_id)
    if received.state != WAITS:
        raise Refused("Say first what the columns of this workbook are.")
    agreed = received.assessor_id is None
    told = merging(one, received)
    if seen != told.now.seen:
        raise Stale(what="what the workbook is compared with", seen=seen, current=told.now.seen)
    try:
        changes = to_write(told.cells, choices)
    except Undecided as undecided:
        raise Refused(
            {f"{row}|{field}": "Choose which of the two stays." for row, field in undecided.keys}
        ) from undecided
    if wrong := problems(by, one, told, agreed=agreed, choices=choices):
        raise Refused({"": [f"{where}: {words}" for where, words in wrong.items()]})
    rows = rows_after(told, choices)
    if one.opened is not None:
        _write_answers(by, one, told, rows, agreed=agreed)
    else:
        _write_rows(by, one, told, rows)
    conflicts = {"|".join(cell.key): choices[cell.key] for cell in told.cells if cell.verdict is Verdict.CONFLICT}
    taken = sum(map(len, changes.values()))
    _decide(by, received, WorkbookReceived.State.MERGED, {"taken": taken, "conflicts": conflicts})
    audit.record(
        by=by,
        what="took over a workbook",
        details={
            kind: str(of_id),
            "workbook": str(received_id),
            "rows": sorted(rows),
            "conflicts": len(conflicts),
        },
    )
    return received


def _write_answers(
    by: Reader, one: Subject, told: Merging, rows: Mapping[str, Mapping[str, str]], *, agreed: bool
) -> None:
    assert one.opened is not None
    nodes = {node.id: node for node in one.opened.wording.statements(one.opened.round.rates) if node.id in rows}
    proposals = live(by, one.opened.round.area, nodes.values()).proposals if agreed and nodes else {}
    for name, node in nodes.items():
        proposal = proposals.get(name)
        keep_answer(
            by=by,
            opened=one.opened,
            node=node,
            assessor=None if agreed else one.assessor,
            seen=told.revision(name) or 0,
            said=said_in(rows[name]),
            proposed=proposal.level if proposal else "",
            how="workbook",
        )


def _write_rows(by: Reader, one: Subject, told: Merging, rows: Mapping[str, Mapping[str, str]]) -> None:
    """Rows as their next revision; those that are not here as new ones, in the order of the workbook."""
    order = {cell.row: place for place, cell in enumerate(told.cells)}
    numbers: dict[str, Iterator[int]] = {}
    find_owner = cache(owner_of)  # the same few names stand in thousands of rows
    for row in sorted(rows, key=lambda name: order[name]):
        sheet, revision = told.sheet_of[row], told.revision(row)
        if revision is None and sheet not in numbers:
            numbers[sheet] = count(next_number(sheet, one.id))
        save_row(
            by=by,
            kind=sheet,
            of=one.id,
            opened=one.table,
            row_id=UUID(row) if revision is not None else None,
            seen=revision or 0,
            said=plans.said_of(sheet, rows[row]),
            how="workbook",
            number=next(numbers[sheet]) if revision is None else None,
            find_owner=find_owner,
        )


@transaction.atomic
def set_workbook_aside(*, by: Reader, kind: str, of_id: UUID, received_id: UUID) -> WorkbookReceived:
    """Take nothing from a workbook; it is kept."""
    _one, received = _waiting(by, kind, of_id, received_id)
    _decide(by, received, WorkbookReceived.State.SET_ASIDE, {})
    audit.record(by=by, what="set a workbook aside", details={kind: str(of_id), "workbook": str(received_id)})
    return received


def take_workbook_file(*, by: Reader, kind: str, of_id: UUID, received_id: UUID) -> None:
    """Record that somebody took out a workbook as it came in."""
    audit.record(by=by, what="took out a workbook", details={kind: str(of_id), "workbook": str(received_id)})


def take_out_report(*, by: Reader, kind: str, of_id: UUID, form: str) -> None:
    """Record that somebody took out a report, and as what."""
    audit.record(by=by, what="took out a report", details={kind: str(of_id), "form": form})


def _waiting(by: Reader, kind: str, of_id: UUID, received_id: UUID) -> tuple[Subject, WorkbookReceived]:
    """A workbook that waits, held with what it is of, for who may write there."""
    _one, found = received_workbook(by, kind, of_id, received_id)
    one = _written_by(by, kind, of_id, agreed=found.assessor_id is None)
    received = WorkbookReceived.objects.select_for_update(of=("self",)).select_related("sent").get(pk=found.pk)
    if received.state not in (MAPS, WAITS):
        raise Refused(
            f"This workbook was decided already, by {received.decided_by}. Bring it again to look at it anew."
        )
    return one, received


def _decide(by: Reader, received: WorkbookReceived, state: str, outcome: Mapping[str, Any]) -> None:
    received.state, received.outcome = state, dict(outcome)
    received.decided_at, received.decided_by = timezone.now(), by.name
    received.save(update_fields=["state", "outcome", "decided_at", "decided_by"])
