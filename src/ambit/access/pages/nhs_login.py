"""Signing in with NHS login: there and back."""

from typing import Any

from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from ambit.access import nhs_login
from ambit.access.queries import reader_for
from ambit.access.sign_in import BACKEND
from ambit.audit import actions as audit
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import everyone


@everyone
@require_GET
def nhs_login_begin(request: Any) -> HttpResponse:
    if not nhs_login.is_on():
        raise Http404("NHS login is not set up here.")
    return nhs_login.begin(request, request.build_absolute_uri(reverse("nhs_login_return")))


@everyone
@require_GET
def nhs_login_return(request: Any) -> HttpResponse:
    """Who came back signs in to their own plan; anything that does not fit is told in the same words."""
    if not nhs_login.is_on():
        raise Http404("NHS login is not set up here.")
    from authlib.common.errors import AuthlibBaseError
    from joserfc.errors import JoseError

    try:
        account = nhs_login.account_by(request)
    except (nhs_login.NotKnown, AuthlibBaseError, JoseError, Refused, KeyError):
        return page(request, "access/nhs_login_refused.jinja", status=403)
    login(request, account, backend=BACKEND)
    # the second factor was asked for there
    request.session["has_second_factor"] = account.pk
    audit.record(by=reader_for(account, address=request.META.get("REMOTE_ADDR") or ""), what="signed in with NHS login")
    return redirect("/")
