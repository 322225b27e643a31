"""A large workbook while it is read: how far that is, for who brought it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.improvement.models import WorkbookReading
from ambit.improvement.queries.workbook_subjects import Subject, subject

SHOWN_FOR = timedelta(days=7)
"""How long a workbook that could not be read is listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A workbook that is read, that was read (`received_id`), or that cannot be (`problems`)."""

    id: UUID
    file_name: str
    asked_at: datetime
    has_begun: bool
    done: int
    total: int
    seconds_left: int | None
    is_finished: bool
    received_id: UUID | None
    problems: tuple[str, ...]


def reading(reader: Reader, kind: str, of_id: UUID, reading_id: UUID) -> tuple[Subject, Reading]:
    """One workbook that this reader brought; to others it is as if it were not there."""
    one = subject(reader, kind, of_id)
    found = WorkbookReading.objects.filter(pk=reading_id, account=reader.account_id or 0, **one.of()).first()
    if found is None:
        raise Http404("There is no such workbook.")
    return one, _shown(found)


def readings(reader: Reader, one: Subject) -> tuple[Reading, ...]:
    """Those that are being read, and those of the last days that could not be: the newest first."""
    mine = WorkbookReading.objects.filter(
        **one.of(), account=reader.account_id or 0, received=None, asked_at__gt=timezone.now() - SHOWN_FOR
    )
    return tuple(_shown(row) for row in mine.order_by("-asked_at")[:10])


def _shown(row: WorkbookReading) -> Reading:
    left = None
    if row.began_at and row.done and not row.finished_at:
        spent = (timezone.now() - row.began_at).total_seconds()
        left = round(spent * (row.total - row.done) / row.done)
    return Reading(
        id=row.pk,
        file_name=row.file_name,
        asked_at=row.asked_at,
        has_begun=row.began_at is not None,
        done=row.done,
        total=row.total,
        seconds_left=left,
        is_finished=row.finished_at is not None,
        received_id=row.received_id,
        problems=tuple(row.problems),
    )
