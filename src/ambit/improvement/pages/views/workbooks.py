"""Pages of workbooks: take one out, bring one in, say what its columns are, look at what it would change, and take it over."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.files.rules import XLSX
from ambit.improvement import actions, documents, queries, tasks, workbook
from ambit.improvement.pages.workbook_forms import NAMES, BringWorkbookForm, MappingForm, MergeForm

SHOWN = 200
"""Cells of one kind that the page lists; the rest are counted, and all stand in the workbook."""
PLACES = {"round": "round", "analysis": "gap_analysis", "plan": "improvement_plan"}
"""The page of what a workbook is of."""


def _place(kind: str, of_id: UUID) -> str:
    """The address of the page that a workbook belongs to; a kind that is none is no page."""
    if kind not in PLACES:
        raise Http404("There is no such page.")
    return reverse(PLACES[kind], args=[of_id])


@needs("see_rounds")
@require_GET
def workbooks(request: Any, kind: str, of_id: UUID) -> HttpResponse:
    """What can go out, what came back, and where to bring a workbook."""
    return _workbooks(request, kind, of_id, BringWorkbookForm())


def _workbooks(request: Any, kind: str, of_id: UUID, form: BringWorkbookForm) -> HttpResponse:
    place = _place(kind, of_id)
    found = queries.workbooks(request.reader, kind, of_id)
    return page(request, "improvement/workbooks.jinja", found=found, of=found.of, place=place, form=form)


@needs("see_rounds")
@require_POST
def send_workbook(request: Any, kind: str, of_id: UUID) -> HttpResponse:
    """Hand out a workbook, noting what stands in it."""
    _place(kind, of_id)
    try:
        agreed = request.POST.get("whose") != "own"
        name, content = workbook.send_out(request.reader, kind, of_id, agreed=agreed)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("workbooks", kind=kind, of_id=of_id)
    return _file(name, content)


def _file(name: str, content: bytes | str, content_type: str = XLSX.content_type) -> HttpResponse:
    answer = HttpResponse(content, content_type=content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


@needs("see_rounds")
@require_POST
def receive_workbook(request: Any, kind: str, of_id: UUID) -> HttpResponse:
    """Bring a workbook. Nothing is changed by it; what it would change is shown next."""
    _place(kind, of_id)
    form = BringWorkbookForm(request.POST, request.FILES)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        content = sent.read()
        try:
            if workbook.is_large(content) and len(content) <= workbook.LARGEST:
                return _to_be_read(request, kind, of_id, actions.File(name=sent.name, content=content))
            received = workbook.bring_back(request.reader, kind, of_id, name=sent.name, content=content)
            to = "merge_workbook" if received.sent_id else "map_workbook"
            return redirect(to, kind=kind, of_id=of_id, received_id=received.pk)
        except Refused as refused:
            form.refuse(refused)
    return _workbooks(request, kind, of_id, form)


def _to_be_read(request: Any, kind: str, of_id: UUID, file: actions.File) -> HttpResponse:
    asked = actions.ask_to_read_workbook(by=request.reader, kind=kind, of_id=of_id, file=file)
    tasks.read_workbook.enqueue(str(asked.pk))
    return redirect("reading_workbook", kind=kind, of_id=of_id, reading_id=asked.pk)


@needs("see_rounds")
@require_GET
def reading_workbook(request: Any, kind: str, of_id: UUID, reading_id: UUID) -> HttpResponse:
    """How far a large workbook is read; when it is, what it would change. It goes on if the reader leaves."""
    place = _place(kind, of_id)
    one, found = queries.reading(request.reader, kind, of_id, reading_id)
    if found.received_id:
        return redirect("merge_workbook", kind=kind, of_id=of_id, received_id=found.received_id)
    return page(
        request,
        "improvement/reading_workbook.jinja",
        found=found,
        of=one,
        place=place,
        is_still="still" in request.GET,
    )


@needs("see_rounds")
def map_workbook(request: Any, kind: str, of_id: UUID, received_id: UUID) -> HttpResponse:
    """Say what the columns and rows of a workbook of another make are; every cell is taken, or listed with the reason why not."""
    place = _place(kind, of_id)
    chosen = MappingForm.chosen(request.POST) if request.method == "POST" else {}
    found = queries.foreign_workbook(request.reader, kind, of_id, received_id, **chosen)
    form = MappingForm(request.POST if "take" in request.POST else None, found=found)
    if form.is_valid():
        taken, left = queries.cells_taken(found)
        try:
            actions.map_workbook(
                by=request.reader,
                kind=kind,
                of_id=of_id,
                received_id=received_id,
                mapping=queries.mapping_of(found),
                cells=taken,
                left=left,
            )
            return redirect("merge_workbook", kind=kind, of_id=of_id, received_id=received_id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "improvement/map_workbook.jinja",
        found=found,
        of=found.of,
        place=place,
        received=found.received,
        form=form,
        columns=[(heading, form[f"column-{heading.column}"]) for heading in found.headings],
        records=[(one, form[f"row-{one.record.first_row}"]) for one in found.asked],
        others=len(found.placed) - len(found.asked),
        left=found.laid.left[:SHOWN],
        sheet=found.sheets[found.sheet],
        names=NAMES,
    )


@needs("see_rounds")
def merge_workbook(request: Any, kind: str, of_id: UUID, received_id: UUID) -> HttpResponse:
    """What a workbook would change, cell by cell; both sides of each conflict, and a choice. Then all of it, or nothing."""
    place = _place(kind, of_id)
    found = queries.merge_preview(request.reader, kind, of_id, received_id)
    if found.received.state == "maps":
        return redirect("map_workbook", kind=kind, of_id=of_id, received_id=received_id)
    form = MergeForm(
        request.POST or None,
        conflicts=found.conflicts,
        initial={"seen": found.seen} | MergeForm.all_of(request.GET.get("all"), found.conflicts),
    )
    stale = None
    if form.is_valid():
        try:
            taken = actions.merge_workbook(
                by=request.reader,
                kind=kind,
                of_id=of_id,
                received_id=received_id,
                seen=form.cleaned_data["seen"],
                choices=form.choices(),
            ).outcome["taken"]
            words = ngettext("%(many)s cell is taken over.", "%(many)s cells are taken over.", taken)
            messages.success(request, words % {"many": taken})
            return redirect("merge_workbook", kind=kind, of_id=of_id, received_id=received_id)
        except Refused as refused:
            form.refuse(refused)
        except Stale as older:
            stale = older
            form = MergeForm(conflicts=found.conflicts, initial={"seen": found.seen})
    return page(
        request,
        "improvement/merge_workbook.jinja",
        status=409 if stale else 200,
        found=found,
        of=found.of,
        place=place,
        received=found.received,
        form=form,
        chosen={line.name: form[MergeForm.name_of(number)] for number, line in enumerate(found.conflicts)},
        stale=stale,
        left=found.received.left[:SHOWN],
        at_most=SHOWN,
    )


@needs("see_rounds")
@require_POST
def set_workbook_aside(request: Any, kind: str, of_id: UUID, received_id: UUID) -> HttpResponse:
    """Take nothing from a workbook."""
    _place(kind, of_id)
    try:
        actions.set_workbook_aside(by=request.reader, kind=kind, of_id=of_id, received_id=received_id)
        messages.success(request, _("Nothing was taken from the workbook. It is kept."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("workbooks", kind=kind, of_id=of_id)


@needs("see_rounds")
@require_GET
def workbook_file(request: Any, kind: str, of_id: UUID, received_id: UUID) -> HttpResponse:
    """A workbook as it came in, byte for byte."""
    _place(kind, of_id)
    _one, received = queries.received_workbook(request.reader, kind, of_id, received_id)
    content = queries.workbook_bytes(received)
    if content is None:
        messages.error(
            request,
            _("This file is missing or changed on the server, and is not shown. Ask who runs Ambit for the backup."),
        )
        return redirect("workbooks", kind=kind, of_id=of_id)
    actions.take_workbook_file(by=request.reader, kind=kind, of_id=of_id, received_id=received_id)
    return _file(f"workbook-{received.sha256[:12]}.xlsx", content)


FORMS = {
    "word": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    "slide": ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    "pdf": ("application/pdf", "pdf"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "json": ("application/json", "json"),
}
"""What a report can be taken out as: its type and its ending."""


@needs("see_rounds")
@require_GET
def take_report(request: Any, kind: str, of_id: UUID, form: str) -> HttpResponse:
    """Hand out a report as Word, PowerPoint, PDF, CSV or JSON."""
    _place(kind, of_id)
    wanted, _dash, sheet = form.partition("-")
    told = queries.report(request.reader, kind, of_id)
    table = next((one for one in told.tables if one.key == sheet), None if sheet else told.tables[0])
    if wanted not in FORMS or table is None:
        raise Http404("There is no such report.")
    try:
        content = _made(told, table, wanted)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("workbooks", kind=kind, of_id=of_id)
    actions.take_out_report(by=request.reader, kind=kind, of_id=of_id, form=form)
    content_type, ending = FORMS[wanted]
    name = f"{table.key if sheet else kind}-{of_id.hex[:8]}.{ending}"
    return _file(name, content, content_type)


def _made(told: queries.Report, table: queries.Table, wanted: str) -> bytes | str:
    if wanted == "csv":
        return documents.as_csv(table)
    if wanted == "json":
        return documents.as_json(told)
    if wanted == "word":
        return documents.as_word(told)
    return documents.as_slide(told) if wanted == "slide" else documents.as_pdf(told)
