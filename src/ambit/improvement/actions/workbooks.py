"""Workbooks go out, come back, and are taken over whole or not at all."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
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
from ambit.improvement.models import Assessor, WorkbookReceived, WorkbookSent
from ambit.improvement.queries.figures import live
from ambit.improvement.queries.scope import Opened
from ambit.improvement.queries.workbooks import (
    FOLDER,
    answers_now,
    compared,
    problems,
    received_workbook,
    sent_workbook,
)
from ambit.improvement.rules.answer_columns import ANSWERS, said_in
from ambit.improvement.rules.merging import Key, Undecided, Verdict, to_write


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file that came in, as it was given."""

    name: str
    content: bytes
    edited_by: str = ""


def _whose(by: Reader, round_id: UUID, *, agreed: bool) -> tuple[Opened, Assessor | None]:
    """Who leads takes the agreed answers out and in; an assessor their own, until they hand in."""
    if agreed:
        return led_by(by, round_id), None
    return answered_by(by, round_id)


@transaction.atomic
def send_workbook(
    *, by: Reader, round_id: UUID, agreed: bool, shown: Mapping[str, Mapping[str, Mapping[str, str]]]
) -> WorkbookSent:
    """Note what goes out, cell by cell with the revision of each row, so that every copy that comes back can be compared.

    `shown` are digests of the cells that are read only.
    """
    opened, assessor = _whose(by, round_id, agreed=agreed)
    now = answers_now(opened, assessor)
    sent = WorkbookSent.objects.create(
        round=opened.round,
        assessor=assessor,
        cells={ANSWERS: now.cells},
        revisions={ANSWERS: now.revisions},
        shown=shown,
        sent_at=timezone.now(),
        sent_by=by.name,
        sent_by_role=by.role,
        sent_by_organisation=by.organisation_name,
    )
    audit.record(
        by=by, what="sent out a workbook", details={"round": str(round_id), "workbook": str(sent.pk), "agreed": agreed}
    )
    return sent


@transaction.atomic
def receive_workbook(
    *,
    by: Reader,
    round_id: UUID,
    sent_id: str,
    file: File,
    cells: Sequence[Any],
    left: Sequence[Any],
) -> WorkbookReceived:
    """Keep a workbook that came back, byte for byte, with what was read from it. Nothing is taken over by this.

    `cells` and `left` are what was read and what was not taken, each with where it stands.
    """
    opened, sent = of_this_round(by, round_id, sent_id)
    sha256, _type = keep_file([file.content], folder=FOLDER, size=len(file.content), looked_at_as=XLSX)
    received = WorkbookReceived.objects.create(
        round=opened.round,
        assessor=sent.assessor,
        sent=sent,
        file_name=file.name[:200],
        size=len(file.content),
        sha256=sha256,
        cells=[asdict(cell) for cell in cells],
        left=[asdict(cell) for cell in left],
        edited_by=file.edited_by,
        received_at=timezone.now(),
        received_by=by.name,
        received_by_role=by.role,
        received_by_organisation=by.organisation_name,
    )
    audit.record(
        by=by,
        what="received a workbook",
        details={"round": str(round_id), "workbook": str(received.pk), "sent": str(sent.pk), "sha256": sha256},
    )
    return received


def of_this_round(by: Reader, round_id: UUID, sent_id: str) -> tuple[Opened, WorkbookSent]:
    """The workbook that a file is a copy of; refused when it is of another round, or of somebody else's answers."""
    opened = opened_for(by, round_id)
    sent = sent_workbook(sent_id) if sent_id else None
    if sent is None:
        raise Refused(
            {"file": "This workbook was not downloaded from here. Download one, and copy your words into it."}
        )
    if sent.round_id != opened.round.pk:
        may_name = sent.round.organisation_id == opened.round.organisation_id
        which = f"“{sent.round.title}” of {sent.round.organisation}" if may_name else "another round"
        raise Refused(
            {"file": f"This workbook is of {which}, not of “{opened.round.title}”. Nothing was taken from it."}
        )
    if sent.assessor_id is None and not opened.is_lead:
        raise NotAllowed("Only who leads this round brings back the workbook of the agreed answers.")
    if sent.assessor_id is not None and (opened.assessor is None or sent.assessor_id != opened.assessor.pk):
        raise Refused({"file": f"This workbook holds the answers of {sent.assessor}. They bring it back themselves."})
    if sent.assessor_id is not None:
        answered_by(by, round_id)
    return opened, sent


@transaction.atomic
def merge_workbook(
    *, by: Reader, round_id: UUID, received_id: UUID, seen: int, choices: Mapping[Key, str]
) -> WorkbookReceived:
    """Take over what a workbook changed, `choices` deciding each conflict: everything, or nothing.

    `seen` is the state of the answers that the preview showed; refused when somebody has changed one since.
    """
    opened, received = _waiting(by, round_id, received_id)
    agreed = received.assessor_id is None
    _whose(by, round_id, agreed=agreed)
    told = compared(opened, received)
    if seen != told.now.seen:
        raise Stale(what="what the workbook is compared with", seen=seen, current=told.now.seen)
    try:
        changes = to_write(told.cells, choices)
    except Undecided as undecided:
        raise Refused(
            {f"{row}|{field}": "Choose which of the two stays." for row, field in undecided.keys}
        ) from undecided
    if wrong := problems(by, opened, told, agreed=agreed, choices=choices):
        raise Refused({"": [f"{where}: {words}" for where, words in wrong.items()]})
    nodes = {node.id: node for node in opened.wording.statements(opened.round.rates)}
    proposals = live(by, opened.round.area, [nodes[name] for name in changes]).proposals if agreed else {}
    for name, fields in changes.items():
        proposal = proposals.get(name)
        keep_answer(
            by=by,
            opened=opened,
            node=nodes[name],
            assessor=None if agreed else opened.assessor,
            seen=told.now.revisions[name],
            said=said_in({**told.now.cells[name], **fields}),
            proposed=proposal.level if proposal else "",
            how="workbook",
        )
    conflicts = {"|".join(cell.key): choices[cell.key] for cell in told.cells if cell.verdict is Verdict.CONFLICT}
    _decide(
        by, received, WorkbookReceived.State.MERGED, {"taken": sum(map(len, changes.values())), "conflicts": conflicts}
    )
    audit.record(
        by=by,
        what="took over a workbook",
        details={
            "round": str(round_id),
            "workbook": str(received_id),
            "statements": sorted(changes),
            "conflicts": len(conflicts),
        },
    )
    return received


@transaction.atomic
def set_workbook_aside(*, by: Reader, round_id: UUID, received_id: UUID) -> WorkbookReceived:
    """Take nothing from a workbook; it is kept."""
    _opened, received = _waiting(by, round_id, received_id)
    _decide(by, received, WorkbookReceived.State.SET_ASIDE, {})
    audit.record(by=by, what="set a workbook aside", details={"round": str(round_id), "workbook": str(received_id)})
    return received


def take_workbook_file(*, by: Reader, round_id: UUID, received_id: UUID) -> None:
    """Record that somebody took out a workbook as it came in."""
    audit.record(by=by, what="took out a workbook", details={"round": str(round_id), "workbook": str(received_id)})


def _waiting(by: Reader, round_id: UUID, received_id: UUID) -> tuple[Opened, WorkbookReceived]:
    opened = opened_for(by, round_id)
    _opened, found = received_workbook(by, round_id, received_id)
    received = WorkbookReceived.objects.select_for_update(of=("self",)).select_related("sent").get(pk=found.pk)
    if received.state != WorkbookReceived.State.WAITS:
        raise Refused(
            f"This workbook was decided already, by {received.decided_by}. Bring it again to look at it anew."
        )
    return opened, received


def _decide(by: Reader, received: WorkbookReceived, state: str, outcome: Mapping[str, Any]) -> None:
    received.state, received.outcome = state, dict(outcome)
    received.decided_at, received.decided_by = timezone.now(), by.name
    received.save(update_fields=["state", "outcome", "decided_at", "decided_by"])
