"""Pages of workbooks: take one out, bring one back, look at what it would change, and take it over or set it aside."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.files.rules import XLSX
from ambit.improvement import actions, queries, workbook
from ambit.improvement.pages.forms import BringWorkbookForm, MergeForm

SHOWN = 200
"""Cells of one kind that the page lists; the rest are counted, and all stand in the workbook."""


@needs("see_rounds")
@require_GET
def workbooks(request: Any, round_id: UUID) -> HttpResponse:
    """What can go out, what came back, and where to bring a workbook."""
    return _workbooks(request, round_id, BringWorkbookForm())


def _workbooks(request: Any, round_id: UUID, form: BringWorkbookForm) -> HttpResponse:
    found = queries.workbooks(request.reader, round_id)
    return page(
        request,
        "improvement/workbooks.jinja",
        found=found,
        one=found.opened.round,
        framework=found.opened.wording.framework,
        form=form,
    )


@needs("see_rounds")
@require_POST
def send_workbook(request: Any, round_id: UUID) -> HttpResponse:
    """Hand out a workbook, noting what stands in it."""
    try:
        name, content = workbook.send_out(request.reader, round_id, agreed=request.POST.get("whose") == "agreed")
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("workbooks", round_id=round_id)
    return _file(name, content)


def _file(name: str, content: bytes) -> HttpResponse:
    answer = HttpResponse(content, content_type=XLSX.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, no-store"
    return answer


@needs("see_rounds")
@require_POST
def receive_workbook(request: Any, round_id: UUID) -> HttpResponse:
    """Bring a workbook back. Nothing is changed by it; what it would change is shown next."""
    form = BringWorkbookForm(request.POST, request.FILES)
    if form.is_valid():
        sent = form.cleaned_data["file"]
        try:
            received = workbook.bring_back(request.reader, round_id, name=sent.name, content=sent.read())
            return redirect("merge_workbook", round_id=round_id, received_id=received.pk)
        except Refused as refused:
            form.refuse(refused)
    return _workbooks(request, round_id, form)


@needs("see_rounds")
def merge_workbook(request: Any, round_id: UUID, received_id: UUID) -> HttpResponse:
    """What a workbook would change, cell by cell; both sides of each conflict, and a choice. Then all of it, or nothing."""
    found = queries.merge_preview(request.reader, round_id, received_id)
    form = MergeForm(request.POST or None, conflicts=found.conflicts, initial={"seen": found.seen})
    stale = None
    if form.is_valid():
        try:
            taken = actions.merge_workbook(
                by=request.reader,
                round_id=round_id,
                received_id=received_id,
                seen=form.cleaned_data["seen"],
                choices=form.choices(),
            ).outcome["taken"]
            words = ngettext("%(many)s cell is taken over.", "%(many)s cells are taken over.", taken)
            messages.success(request, words % {"many": taken})
            return redirect("merge_workbook", round_id=round_id, received_id=received_id)
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
        one=found.opened.round,
        received=found.received,
        form=form,
        chosen={line.name: form[MergeForm.name_of(number)] for number, line in enumerate(found.conflicts)},
        stale=stale,
        left=found.received.left[:SHOWN],
        at_most=SHOWN,
    )


@needs("see_rounds")
@require_POST
def set_workbook_aside(request: Any, round_id: UUID, received_id: UUID) -> HttpResponse:
    """Take nothing from a workbook."""
    try:
        actions.set_workbook_aside(by=request.reader, round_id=round_id, received_id=received_id)
        messages.success(request, _("Nothing was taken from the workbook. It is kept."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("workbooks", round_id=round_id)


@needs("see_rounds")
@require_GET
def workbook_file(request: Any, round_id: UUID, received_id: UUID) -> HttpResponse:
    """A workbook as it came in, byte for byte."""
    _opened, received = queries.received_workbook(request.reader, round_id, received_id)
    content = queries.workbook_bytes(received)
    if content is None:
        messages.error(
            request,
            _("This file is missing or changed on the server, and is not shown. Ask who runs Ambit for the backup."),
        )
        return redirect("workbooks", round_id=round_id)
    actions.take_workbook_file(by=request.reader, round_id=round_id, received_id=received_id)
    return _file(f"workbook-{received.sha256[:12]}.xlsx", content)
