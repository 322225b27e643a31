"""The first page, health for machines, and what is shown when the database cannot do its work."""

import sys
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from ambit.design.page import page
from ambit.design.pages import views as design
from ambit.design.routes import everyone, signed_in
from ambit.site.health import health
from ambit.site.navigation import first_page_of
from ambit.site.outage import outage_of


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Leads to where the reader works."""
    asked: Any = request
    first = first_page_of(asked.reader)
    return redirect(first) if first else page(request, "site/home.jinja")


@everyone
@never_cache
def live(request: HttpRequest) -> HttpResponse:
    """The web process answers."""
    return JsonResponse({"live": True})


@everyone
@never_cache
def ready(request: HttpRequest) -> HttpResponse:
    """The site can answer and save."""
    found = health()
    return JsonResponse(found.as_json(), status=200 if found.ready else 503)


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Any request that failed: the database's troubles get their own words, rendered without it."""
    outage = outage_of(sys.exception())
    if outage is None:
        return design.went_wrong(request)
    content = render_to_string("site/outage.jinja", {"outage": outage})
    return HttpResponse(content, status=outage.status, headers={"Retry-After": "30", "Cache-Control": "no-store"})
