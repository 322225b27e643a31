"""Who is asking, and may they: before any view runs, for every route."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, TypeGuard, cast

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import UpdateError
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import resolve, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from ambit.access import actions
from ambit.access.models import Account
from ambit.access.pages.forms import BreakGlassForm
from ambit.access.queries import (
    Reader,
    memberships_today,
    opening,
    people_of,
    reader_for,
    reader_of,
    signed_in_account,
    theirs,
)
from ambit.access.rules import ABILITIES, CannotOpen, NotAudited
from ambit.access.sign_in import needs_second_factor
from ambit.audit.rules import NotAllowed
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.organisations.models import Role

TOUCHED_EVERY_SECONDS = 60
OWNER_COOKIE = "ambit_owner"
OWNER_COOKIE_SECONDS = 12 * 3600
# what is never put into a draft
NOT_KEPT = ("csrfmiddlewaretoken", "kept_draft")


class ReaderMiddleware:
    """Puts `request.reader` and `request.people` in place and refuses every route whose rule does not allow it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked: Any = request
        asked.audit_spooled = False
        asked.idle_seconds = 0
        reader = asked.reader = reader_of(request)
        asked.people = SimpleLazyObject(lambda: people_of(reader)) if reader else ()
        asked.people_among = partial(theirs, reader) if reader else None
        asked.idle_seconds = settings.CONFIG.idle_minutes * 60 if reader else 0
        touched = reader is not None and _touch(request)
        response = self.get_response(request)
        if reader is None:
            return response
        response.headers.setdefault("Cache-Control", "no-store")
        if not request.user.is_authenticated:
            response.delete_cookie(OWNER_COOKIE)
        elif touched:
            response.set_cookie(
                OWNER_COOKIE,
                signing.dumps(reader.account_id, salt=OWNER_COOKIE),
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        if request.method == "POST" and response.status_code in {302, 303} and "kept_draft" in request.POST:
            actions.discard_draft(by=reader, draft_id=request.POST["kept_draft"])
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        asked: Any = request
        rule = getattr(view, "rule", None)
        if rule is None:
            raise PermissionDenied("This page has no rule that says who may open it.")
        if not rule.signed_in:
            return None
        reader: Reader | None = asked.reader
        if reader is None:
            return _to_sign_in(request)
        if not _is_about_signing_in(request):
            if needs_second_factor(request):
                return redirect("mfa_index")
            if _has_to_choose_a_role(request, reader):
                return _keeping_what_was_typed(request, reader, reverse("choose_role"))
        if rule.ability and not reader.may(rule.ability):
            try:
                reader.must(rule.ability)
            except NotAllowed as refused:
                return refusal(request, refused)
        if rule.person:
            try:
                opened = opening(reader, kwargs[rule.person], why=request.path, urgent=rule.urgent)
            except NotAllowed as refused:
                return refusal(request, refused)
            except NotAudited:
                return page(request, "access/not_audited.jinja", status=503)
            asked.person, asked.opening, asked.audit_spooled = opened.person, opened, opened.is_spooled
            if opened.person.id != kwargs[rule.person]:
                return _to_kept_person(request, rule.person, kwargs)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            return refusal(request, exception)
        if isinstance(exception, NotAudited):
            return page(request, "access/not_audited.jinja", status=503)
        return None


def refusal(request: HttpRequest, refused: NotAllowed, *, problems: Any = None, go_to: str = "") -> HttpResponse:
    """What somebody is told who may not: who may, how to be added, and how to open in an emergency."""
    emergency = reverse("break_glass", args=[refused.person_id]) if _offers_emergency(refused) else ""
    hours = settings.CONFIG.break_glass_hours
    next_address = go_to or (request.get_full_path() if request.method in {"GET", "HEAD"} else "/")
    form = BreakGlassForm(request.POST if problems else None, initial={"next": next_address})
    if problems:
        form.refuse(Refused(problems))
    return page(
        request,
        "access/cannot_open.jinja",
        status=422 if problems else 403,
        what=_not_of_the_role(request) if refused.ability else refused.what,
        who_may=_roles_that(refused.ability) if refused.ability and _is_staff(request) else refused.who_may,
        # somebody on their own page has no other role to choose
        what_to_do="" if refused.ability and not _is_staff(request) else refused.what_to_do,
        objected=isinstance(refused, CannotOpen) and refused.objected,
        emergency_address=emergency,
        hours=int(hours) if hours == int(hours) else hours,
        form=form,
    )


def _not_of_the_role(request: HttpRequest) -> str:
    """The heading for whoever has the wrong role."""
    if not _is_staff(request):
        return _("This page is for those who give care")
    return _("This is not open to your role: %(role)s") % {"role": _(Role(cast("Any", request).reader.role).label)}


def _is_staff(request: HttpRequest) -> bool:
    reader: Reader | None = cast("Any", request).reader
    return reader is not None and reader.role in Role


def _roles_that(ability: str) -> str:
    """The staff roles that carry an ability, as their labels; empty for no ability."""
    return ", ".join(_(role.label) for role in Role if ability in ABILITIES[role])


def _offers_emergency(refused: NotAllowed) -> TypeGuard[CannotOpen]:
    return isinstance(refused, CannotOpen) and refused.may_break_glass


def _touch(request: HttpRequest) -> bool:
    """Keep the session alive, with at most one write a minute; whether it was kept alive now."""
    now = int(time.time())
    if now - request.session.get("seen_at", 0) < TOUCHED_EVERY_SECONDS:
        return False
    request.session["seen_at"] = now
    try:
        request.session.save()
    except (DatabaseError, UpdateError):
        return False  # a full disk must not close the urgent page
    finally:
        request.session.modified = False
    return True


def _is_about_signing_in(request: HttpRequest) -> bool:
    match = request.resolver_match
    name = (match.url_name if match else "") or ""
    return name.startswith(("account_", "mfa_")) or name in {"choose_role", "stay_signed_in"}


def _has_to_choose_a_role(request: HttpRequest, reader: Reader) -> bool:
    """Somebody with several roles says in which one they act; so does somebody whose chosen role has ended."""
    memberships = memberships_today(request.user) if isinstance(request.user, Account) else ()
    return len(memberships) > 1 and str(reader.membership_id) != request.session.get("acting_as")


def _to_kept_person(request: HttpRequest, name: str, kwargs: dict[str, Any]) -> HttpResponse:
    """The record was merged into another: show that one; a save meant for the old one is not made on the new one."""
    match = resolve(request.path)
    address = reverse(
        match.view_name,
        kwargs={**kwargs, name: request.person.id},  # type: ignore[attr-defined]
    )
    if request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(address)
    return page(request, "access/merged.jinja", status=409, address=address)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Ask somebody to sign in; what they had typed is kept when this browser's last session was theirs."""
    account_id = None
    if request.method == "POST":
        try:
            account_id = signing.loads(
                request.COOKIES.get(OWNER_COOKIE, ""), salt=OWNER_COOKIE, max_age=OWNER_COOKIE_SECONDS
            )
        except signing.BadSignature:
            account_id = None
    account = signed_in_account(account_id) if account_id else None
    if account is None:
        return redirect_to_login(request.get_full_path() if request.method in {"GET", "HEAD"} else "/")
    return _keeping_what_was_typed(request, reader_for(account), settings.LOGIN_URL)


def _keeping_what_was_typed(request: HttpRequest, reader: Reader, go_to: str) -> HttpResponse:
    after = request.get_full_path()
    if request.method == "POST" and not _is_about_signing_in(request):
        data = {
            name: request.POST.getlist(name) for name in request.POST if name not in NOT_KEPT and "password" not in name
        }
        draft = actions.keep_draft(by=reader, path=request.get_full_path(), data=data)
        after = reverse("draft", args=[draft.pk])
    address = reverse(go_to) if "/" not in go_to else go_to
    return HttpResponseRedirect(f"{address}?{urlencode({'next': after})}")
