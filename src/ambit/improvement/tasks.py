"""Workbooks that are too large to be read while somebody waits for a page."""

from uuid import UUID

from django.db import transaction
from django.http import Http404
from django.tasks import task

from ambit.access.queries import NotAllowed, Reader, reader_for
from ambit.design.refusals import Refused
from ambit.files.queries import kept_bytes
from ambit.files.rules import XLSX
from ambit.improvement import actions, workbook
from ambit.improvement.models import WorkbookReading
from ambit.improvement.queries.workbook_subjects import kind_of
from ambit.improvement.queries.workbooks import FOLDER

CANNOT = "It could not be read, and nothing was changed. Tell who runs Ambit; the file is kept."


@task
def read_workbook(reading_id: str) -> None:
    """Read a workbook in the name of who brought it, with what they may now; one that is read already is left as it is."""
    found = WorkbookReading.objects.select_related("account").get(pk=reading_id)
    if found.finished_at is not None:
        return
    by = reader_for(found.account, acting_as=found.acting_as, through="worker")
    actions.begin_reading(reading_id=found.pk)
    try:
        _read(by, found)
    except Refused as refused:
        told = [words for several in refused.problems.values() for words in several]
        actions.end_reading(by=by, reading_id=found.pk, problems=told)
    except NotAllowed as problem:
        actions.end_reading(by=by, reading_id=found.pk, problems=[problem.what])
    except Http404 as problem:
        actions.end_reading(by=by, reading_id=found.pk, problems=[str(problem)])
    except Exception:
        actions.end_reading(by=by, reading_id=found.pk, problems=[CANNOT])
        raise


def _read(by: Reader, found: WorkbookReading) -> None:
    content = kept_bytes(FOLDER, found.sha256, XLSX.content_type)
    if content is None:
        raise Refused({"file": "The file is missing or changed on the server. Bring it again."})

    def watch(done: int, total: int) -> None:
        actions.note_how_far(reading_id=found.pk, done=done, total=total)

    book = workbook.opened(content, watch)
    kind = kind_of(found)
    of_id: UUID = getattr(found, f"{kind}_id")
    # what is kept and that it is read are kept together, so that a worker that is stopped keeps both or neither
    with transaction.atomic():
        if WorkbookReading.objects.select_for_update().get(pk=found.pk).finished_at is not None:
            return
        received = workbook.keep_book(by, kind, of_id, name=found.file_name, content=content, book=book)
        actions.end_reading(by=by, reading_id=found.pk, received=received)
