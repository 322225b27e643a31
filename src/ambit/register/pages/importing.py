"""Bringing in an existing register from a page: looked at first, and stored as a whole when that is confirmed."""

from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ambit.design.page import page
from ambit.design.routes import needs
from ambit.organisations.csv_import import CannotImport, Problem
from ambit.register import csv_import
from ambit.register.pages.forms import ConfirmImportForm, ImportRegisterForm

SALT = "ambit.register.import"
LARGEST, MOST_LINES = 1_000_000, 500
LOOKED_AT_HOLDS_FOR = 12 * 3600  # seconds
PROBLEMS_SHOWN = 200


@needs("add_to_register")
@require_http_methods(["GET", "POST"])
def import_register(request: Any) -> HttpResponse:
    """Look at a file, see what it would do line by line, and then bring it in; each file whole or not at all."""
    request.reader.must("admit_people")
    if "looked_at" in request.POST:
        return _bring_in(request)
    form = ImportRegisterForm(*(request.POST, request.FILES) if request.method == "POST" else ())
    if not form.is_valid():
        return _asked(request, form)
    sent = form.cleaned_data["file"]
    if sent.size > LARGEST:
        form.add_error("file", _("The file is larger than 1 MB. Bring it in in parts, or on the command line."))
        return _asked(request, form)
    content = sent.read()
    if content.count(b"\n") > MOST_LINES:
        form.add_error("file", _("The file has more than 500 lines. Bring it in in parts, or on the command line."))
        return _asked(request, form)
    return _looked_at(request, sent.name[:100], content)


def _asked(request: Any, form: ImportRegisterForm) -> HttpResponse:
    must, may = csv_import.COLUMNS
    return page(request, "register/import_register.jinja", form=form, must=must, may=may)


def _looked_at(request: Any, file: str, content: bytes) -> HttpResponse:
    """What the file would do; the file itself goes into the page, signed, and is kept nowhere else."""
    on = timezone.localdate()
    try:
        would = csv_import.import_register(by=request.reader, file=file, content=content, on=on, preview=True)
    except CannotImport as refused:
        return _cannot(request, file, refused.found)
    kept = {"by": request.reader.account_id, "file": file, "content": content.decode("utf-8-sig")}
    return page(
        request,
        "register/import_preview.jinja",
        file=file,
        would=would,
        looked_at=signing.dumps(kept, salt=SALT, compress=True),
    )


def _bring_in(request: Any) -> HttpResponse:
    confirmed = ConfirmImportForm(request.POST)
    try:
        kept = signing.loads(confirmed.data["looked_at"], salt=SALT, max_age=LOOKED_AT_HOLDS_FOR)
    except signing.BadSignature:
        kept = {"by": None}
    if kept["by"] != request.reader.account_id:
        form = ImportRegisterForm({})
        form.add_error("file", _("Nothing was stored: it is too long since you looked at the file. Choose it again."))
        return _asked(request, form)
    file, content = kept["file"], kept["content"].encode()
    try:
        done = csv_import.import_register(by=request.reader, file=file, content=content, on=timezone.localdate())
    except CannotImport as refused:
        return _cannot(request, file, refused.found)
    messages.success(request, done.in_words)
    return redirect("register")


def _cannot(request: Any, file: str, problems: list[Problem]) -> HttpResponse:
    """Every problem by line and column, as far as a page holds them."""
    return page(
        request,
        "register/import_problems.jinja",
        status=422,
        file=file,
        heading=csv_import.nothing_stored(len(problems)),
        problems=problems[:PROBLEMS_SHOWN],
        more=max(len(problems) - PROBLEMS_SHOWN, 0),
    )
