"""Health for machines, and what is shown when the database cannot do its work."""

import sys

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache

from ambit.design.pages import views as design
from ambit.design.routes import everyone
from ambit.site.health import health
from ambit.site.outage import outage_of


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
