"""The auditor's page over the trail. Reading it is written into it."""

import csv
from collections.abc import Iterator
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone

from ambit.audit import actions, queries
from ambit.audit.pages.forms import TrailForm
from ambit.audit.queries import Wanted
from ambit.audit.rules import Line, Reader
from ambit.design.page import page
from ambit.design.routes import needs

COLUMNS = ("id", "at", "account_id", "name", "role", "organisation", "through", "address", "what", "about", "details")
# a spreadsheet takes a cell that begins like this for a formula
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@needs("read_audit")
def trail(request: HttpRequest) -> HttpResponse:
    """What was done and opened, by whom, newest first."""
    form = _form(request)
    wanted = _wanted(form)
    if wanted is None:
        return page(request, "audit/trail.jinja", form=form, found=None, next_url="", csv_url="")
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found = queries.trail(reader, wanted, after=request.GET.get("after", ""))
    actions.record_reading(by=reader, wanted=wanted.as_details(), rows=len(found.lines))
    asked = {name: value for name, value in request.GET.items() if name != "after" and value}
    return page(
        request,
        "audit/trail.jinja",
        form=form,
        found=found,
        next_url="?" + urlencode({**asked, "after": found.next}) if found.next else "",
        csv_url="lines.csv?" + urlencode(asked),
    )


@needs("read_audit")
def trail_csv(request: HttpRequest) -> HttpResponseBase:
    """The same lines, all of them, as a file."""
    form = _form(request)
    wanted = _wanted(form)
    if wanted is None:
        return page(request, "audit/trail.jinja", form=form, found=None, next_url="", csv_url="")
    reader: Reader = request.reader  # type: ignore[attr-defined]
    actions.record_reading(by=reader, wanted=wanted.as_details(), as_file=True)
    name = f"audit-{timezone.localtime():%Y-%m-%d-%H%M}.csv"
    return StreamingHttpResponse(
        _as_csv(queries.whole_trail(reader, wanted)),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _form(request: HttpRequest) -> TrailForm:
    return TrailForm(request.GET or None, kinds=queries.kinds(request.reader))  # type: ignore[attr-defined]


def _wanted(form: TrailForm) -> Wanted | None:
    """What was asked for; None when it cannot be understood."""
    if not form.is_bound:
        return Wanted()
    return form.wanted() if form.is_valid() else None


class _Echo:
    """A file that gives back each row instead of keeping it."""

    def write(self, row: str) -> str:
        return row


def _as_csv(lines: Iterator[Line]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield writer.writerow(COLUMNS)
    for line in lines:
        yield writer.writerow([_cell(getattr(line, column)) for column in COLUMNS])


def _cell(value: object) -> str:
    words = "" if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    return f"'{words}" if words.startswith(FORMULA) else words
