"""Bringing in plans kept elsewhere from a page: looked at first, and stored as a whole when that is confirmed."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ambit.careplan import plan_import
from ambit.careplan.pages.forms.importing import ImportPlansForm
from ambit.design.page import page
from ambit.design.routes import needs
from ambit.organisations.csv_import import CannotImport, Problem

SALT = "ambit.careplan.import"
LARGEST = 1_000_000
LOOKED_AT_HOLDS_FOR = 12 * 3600  # seconds
PROBLEMS_SHOWN = 200


@needs("edit_plan")
@require_http_methods(["GET", "POST"])
def import_plans(request: Any) -> HttpResponse:
    """Look at a file, see what it would do section by section, and then bring it in; the whole file or nothing."""
    if "looked_at" in request.POST:
        return _bring_in(request)
    form = ImportPlansForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    if not form.is_valid():
        return _asked(request, form)
    sent = form.cleaned_data["file"]
    if sent.size > LARGEST:
        form.add_error("file", _("The file is larger than 1 MB. Bring it in in parts, or on the command line."))
        return _asked(request, form)
    try:
        kept = {
            "file": sent.name[:100],
            "content": sent.read().decode("utf-8-sig"),
            "source": form.cleaned_data["source"],
        }
    except UnicodeDecodeError:
        form.add_error("file", _("Save the file in UTF-8."))
        return _asked(request, form)
    return _looked_at(request, kept)


def _asked(request: Any, form: ImportPlansForm) -> HttpResponse:
    must, may = plan_import.COLUMNS
    return page(request, "careplan/import_plans.jinja", form=form, must=must, may=may)


def _import(request: Any, kept: dict[str, str], *, preview: bool) -> plan_import.Imported:
    return plan_import.import_plans(
        by=request.reader,
        file=kept["file"],
        content=kept["content"].encode(),
        source=kept["source"],
        on=timezone.localdate(),
        preview=preview,
    )


def _looked_at(request: Any, kept: dict[str, str]) -> HttpResponse:
    """What the file would do; the file itself goes into the page, signed, and is kept nowhere else."""
    try:
        would = _import(request, kept, preview=True)
    except CannotImport as refused:
        return _cannot(request, kept["file"], refused.found)
    signed = signing.dumps(kept | {"by": request.reader.account_id}, salt=SALT, compress=True)
    return page(request, "careplan/import_plans_preview.jinja", file=kept["file"], would=would, looked_at=signed)


def _bring_in(request: Any) -> HttpResponse:
    try:
        kept = signing.loads(request.POST["looked_at"], salt=SALT, max_age=LOOKED_AT_HOLDS_FOR)
    except signing.BadSignature:
        kept = {"by": None}
    if kept["by"] != request.reader.account_id:
        form = ImportPlansForm({})
        form.add_error("file", _("Nothing was stored: it is too long since you looked at the file. Choose it again."))
        return _asked(request, form)
    try:
        done = _import(request, kept, preview=False)
    except CannotImport as refused:
        return _cannot(request, kept["file"], refused.found)
    messages.success(request, done.in_words)
    return redirect("import_plans")


def _cannot(request: Any, file: str, problems: list[Problem]) -> HttpResponse:
    return page(
        request,
        "careplan/import_plans_problems.jinja",
        status=422,
        file=file,
        heading=plan_import.nothing_stored(len(problems)),
        problems=problems[:PROBLEMS_SHOWN],
        more=max(len(problems) - PROBLEMS_SHOWN, 0),
    )
