"""Pages about access: the acting role, finding somebody anywhere, emergencies and their review, drafts."""

import re
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ambit.access import actions, queries
from ambit.access.middleware import refusal
from ambit.access.pages.forms import ChooseRoleForm, FindAnywhereForm, ReviewBreakGlassForm
from ambit.access.queries import CannotOpen
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs, signed_in

CODE = re.compile(r"[a-z0-9_.:-]*")


def next_of(request: HttpRequest) -> str:
    """Where to go afterwards: an address of this site, else the first page."""
    address = request.POST.get("next") or request.GET.get("next") or "/"
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else "/"


def _sent(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


@signed_in
@require_http_methods(["GET", "POST"])
def choose_role(request: HttpRequest) -> HttpResponse:
    memberships = queries.memberships_today(request.user)  # type: ignore[arg-type]
    choices = [(str(m.id), f"{m.role_name}, {m.organisation_name}") for m in memberships]
    asked: Any = request
    initial = {"membership": str(asked.reader.membership_id or "")}
    form = ChooseRoleForm(_sent(request), choices=choices, initial=initial)
    if not form.is_valid():
        return page(request, "access/choose_role.jinja", form=form, choices=choices, go_to=next_of(request))
    request.session["acting_as"] = form.cleaned_data["membership"]
    return redirect(next_of(request))


@signed_in
@require_GET
def stay_signed_in(request: HttpRequest) -> HttpResponse:
    """The session has been kept alive by the asking; there is nothing to show."""
    request.session["seen_at"] = 0
    return HttpResponse(status=204)


@needs("break_glass")
@require_http_methods(["GET", "POST"])
def find_anywhere(request: HttpRequest) -> HttpResponse:
    asked: Any = request
    asked.reader.must("see_urgent")
    form = FindAnywhereForm(_sent(request))
    if not form.is_valid():
        return page(request, "access/find_anywhere.jinja", form=form, found=None)
    found = queries.find_anywhere(asked.reader, **form.cleaned_data)
    shown = [(person, _record_of(person.person_id)) for person in found]
    return page(request, "access/find_anywhere.jinja", form=form, found=shown)


def _record_of(person_id: UUID) -> str:
    """The urgent page of a person; who may not open it is told there what to do in an emergency."""
    for name in ("now", "person"):
        try:
            return reverse(name, args=[person_id])
        except NoReverseMatch:
            continue
    return reverse("break_glass", args=[person_id])


@needs("break_glass")
@require_http_methods(["GET", "POST"])
def break_glass(request: HttpRequest, person_id: UUID) -> HttpResponse:
    asked: Any = request
    closed = CannotOpen(person_id, may_break_glass=True)
    if request.method == "GET":
        return refusal(request, closed, go_to=next_of(request))
    try:
        actions.break_glass(
            by=asked.reader,
            person_id=person_id,
            reason=request.POST.get("reason", ""),
            words=request.POST.get("words", ""),
        )
    except Refused as refused:
        return refusal(request, closed, problems=refused.problems, go_to=next_of(request))
    return redirect(next_of(request))


@needs("review_break_glass")
@require_GET
def emergency_openings(request: HttpRequest) -> HttpResponse:
    asked: Any = request
    reviewed = request.GET.get("show") == "reviewed"
    openings = queries.emergency_openings(asked.reader, reviewed=reviewed)
    return page(request, "access/emergency_openings.jinja", openings=openings, reviewed=reviewed)


@needs("review_break_glass")
@require_http_methods(["GET", "POST"])
def review_break_glass(request: HttpRequest, opening_id: UUID) -> HttpResponse:
    asked: Any = request
    opening = queries.emergency_opening(asked.reader, opening_id)
    form = ReviewBreakGlassForm(_sent(request))
    if form.is_valid():
        try:
            actions.review_break_glass(by=asked.reader, opening_id=opening_id, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("emergency_openings")
    return page(request, "access/review_break_glass.jinja", form=form, opening=opening)


@signed_in
@require_GET
def draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    asked: Any = request
    kept = queries.draft(asked.reader, draft_id)
    # what was chosen from a list stands as its code, which says nothing to whoever reads this
    words = [value for values in kept.data.values() for value in values if not CODE.fullmatch(value.strip())]
    return page(
        request,
        "access/draft.jinja",
        draft=kept,
        words=words,
        days=actions.DRAFTS_KEPT_FOR.days,
        idle_minutes=settings.CONFIG.idle_minutes,
    )


@signed_in
@require_POST
def discard_draft(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    asked: Any = request
    path = queries.draft(asked.reader, draft_id).path
    actions.discard_draft(by=asked.reader, draft_id=draft_id)
    return redirect(path)
