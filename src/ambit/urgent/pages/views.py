"""The urgent door: find, open, print."""

from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.queries import find_anywhere
from ambit.design.documents import NEEDS_PANGO, can_make_pdf, pdf, pdf_response
from ambit.design.page import page
from ambit.design.qr import qr
from ambit.design.refusals import Refused
from ambit.design.routes import needs
from ambit.urgent import actions, fitting, queries
from ambit.urgent.documents.paper import foot
from ambit.urgent.documents.summaries import one_side
from ambit.urgent.pages.forms import CodeForm, FindUrgentForm, ReportWrongForm


@needs("see_urgent")
def find_urgent(request: HttpRequest) -> HttpResponse:
    """Find somebody; the terms are sent, not put into an address, so that no number stands in a log."""
    form = FindUrgentForm(request.POST if request.method == "POST" else None)
    found = None
    if form.is_bound and form.is_valid():
        asked = form.cleaned_data
        found = find_anywhere(
            request.reader,
            nhs_number=asked["number"],
            family_name=asked["family_name"],
            born_on=asked["born_on"],
            in_emergency=asked["in_emergency"],
        )
        if len(found) == 1 and asked["number"]:
            return redirect("now", person_id=found[0].person_id)
    opened = queries.opened_today(request.reader, at=timezone.now())
    return page(request, "urgent/find_urgent.jinja", form=form, found=found, opened=opened)


@needs("see_urgent")
def use_code(request: HttpRequest) -> HttpResponse:
    """Open the record of somebody who shows a code; one that was scanned is in the address, and opens nothing by itself."""
    form = CodeForm(request.POST if request.method == "POST" else None, initial={"code": request.GET.get("code", "")})
    if form.is_valid():
        try:
            person = access.use_code(by=request.reader, code=form.cleaned_data["code"])
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("now", person_id=person.id)
    return page(request, "urgent/use_code.jinja", form=form)


@needs("see_urgent", person="person_id", urgent=True)
def now(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """One person, now."""
    return page(request, "urgent/now.jinja", **_page(request))


@needs("see_urgent", person="person_id", urgent=True)
def print_now(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The same on one side of A4; that it was made for paper is kept."""
    shown = _page(request)
    actions.print_now(by=request.reader, person_id=request.person.id, version=shown["now"].version)
    return page(request, "urgent/print_now.jinja", **shown)


@needs("see_urgent", person="person_id", urgent=True)
def pdf_now(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The same side of A4 as a file to keep or send on; where none can be made, the page to print."""
    if not can_make_pdf():
        messages.info(request, NEEDS_PANGO)
        return redirect("print_now", person_id=request.person.id)
    shown = _page(request)["now"]
    actions.print_now(by=request.reader, person_id=request.person.id, version=shown.version)
    return pdf_response(pdf([one_side(shown)]), name=f"emergency-summary-{timezone.localdate():%Y-%m-%d}")


@needs("see_urgent", person="person_id")
def report_wrong(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Somebody at the bedside sees that something is wrong; the practice is told."""
    form = ReportWrongForm(request.POST or None, initial={"key": uuid4()})
    reported_to = ""
    if form.is_valid():
        try:
            reported_to = actions.report_wrong(
                by=request.reader, person=request.person, on=timezone.localdate(), **form.cleaned_data
            )
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "urgent/report_wrong.jinja",
        banner=queries.banner(request.reader, request.person, on=timezone.localdate()),
        form=form,
        person_id=request.person.id,
        reported_to=reported_to,
    )


def _page(request: HttpRequest) -> dict:
    at = timezone.now()
    opening = request.opening
    shown = queries.now(request.reader, request.person, at=at)
    address = request.build_absolute_uri(reverse("now", args=[request.person.id]))
    beside_qr = foot(shown, reader=request.reader)
    return {
        "banner": shown.banner,
        "now": shown,
        "relation": opening.answer.reason,
        "in_emergency": opening.answer.relation == "emergency",
        "spooled": request.audit_spooled,
        "paper": fitting.fit(shown, foot=beside_qr),
        "qr": qr(address),
        "beside_qr": beside_qr,
    }
