"""A large workbook is read in the background, in the name of who brought it."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import NotAllowed, Reader
from ambit.audit import actions as audit
from ambit.files.actions import keep_file
from ambit.files.rules import XLSX
from ambit.improvement.actions.workbooks import File, brought_by
from ambit.improvement.models import WorkbookReading, WorkbookReceived
from ambit.improvement.queries.workbooks import FOLDER


@transaction.atomic
def ask_to_read_workbook(*, by: Reader, kind: str, of_id: UUID, file: File) -> WorkbookReading:
    """Keep a workbook, and note that it is to be read. One that this reader has brought already, and that still waits, is not read twice."""
    if by.account_id is None:
        raise NotAllowed("Only somebody who signs in brings a workbook.")
    one, _assessor = brought_by(by, kind, of_id)
    sha256, _type = keep_file([file.content], folder=FOLDER, size=len(file.content), looked_at_as=XLSX)
    mine = WorkbookReading.objects.filter(**one.of(), account_id=by.account_id, sha256=sha256, finished_at=None)
    if waiting := mine.first():
        return waiting
    asked = WorkbookReading.objects.create(
        **one.of(),
        account_id=by.account_id,
        acting_as=str(by.membership_id or ""),
        file_name=file.name[:200],
        size=len(file.content),
        sha256=sha256,
        asked_at=timezone.now(),
    )
    audit.record(
        by=by,
        what="brought a workbook to be read",
        details={kind: str(of_id), "reading": str(asked.pk), "sha256": sha256},
    )
    return asked


def note_how_far(*, reading_id: UUID, done: int, total: int) -> None:
    """How many rows are read, of how many; no more than that is kept before all are. The time that is left is told from the first row on."""
    begins = {} if done else {"began_at": timezone.now()}
    WorkbookReading.objects.filter(pk=reading_id, finished_at=None).update(done=done, total=total, **begins)


def begin_reading(*, reading_id: UUID) -> None:
    """Note that its turn has come; again, when whoever read it was stopped."""
    WorkbookReading.objects.filter(pk=reading_id, finished_at=None).update(began_at=timezone.now(), done=0, total=0)


@transaction.atomic
def end_reading(
    *, by: Reader, reading_id: UUID, received: WorkbookReceived | None = None, problems: Sequence[str] = ()
) -> None:
    """Note what came of it: the workbook that waits for a decision, or what is wrong with it. In the transaction in which that is kept."""
    WorkbookReading.objects.filter(pk=reading_id, finished_at=None).update(
        finished_at=timezone.now(), received=received, problems=list(problems)
    )
    audit.record(
        by=by,
        what="read a workbook",
        details={
            "reading": str(reading_id),
            "workbook": str(received.pk) if received else "",
            "problems": len(problems),
        },
    )
