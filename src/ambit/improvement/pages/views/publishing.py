"""The public page of a plan, and the page on which who leads the place switches it on and off."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import everyone, needs
from ambit.improvement import actions, queries, words


@everyone
@require_GET
def published_plan(request: Any, plan_id: UUID) -> HttpResponse:
    """The signed plan of a place, for everybody; without a name, and nothing of a person."""
    found = queries.published_plan(plan_id)
    return page(request, "improvement/published_plan.jinja", found=found, figures=_figures(found))


def _figures(found: queries.PublicPlan | None) -> list[words.FigureWords]:
    return [words.figure(one) for one in found.figures] if found else []


@needs("lead_rounds")
def publish_plan(request: Any, plan_id: UUID) -> HttpResponse:
    """What everybody would read, before it is made public; and the button that does it."""
    if request.method == "POST":
        try:
            version = int(request.POST.get("version", ""))
        except ValueError:
            version = 0
        try:
            actions.publish_plan(by=request.reader, plan_id=plan_id, version=version)
            messages.success(request, _("Everybody can read it now."))
        except Refused as refused:
            for several in refused.problems.values():
                for said in several:
                    messages.error(request, said)
        except Stale as stale:
            messages.error(request, _("%(what)s Look at it again, then decide.") % {"what": stale})
        return redirect("publish_plan", plan_id=plan_id)
    found = queries.publishing(request.reader, plan_id)
    return page(
        request,
        "improvement/publish_plan.jinja",
        told=found,
        one=found.opened.table,
        found=found.newest,
        figures=_figures(found.newest),
        address=request.build_absolute_uri(reverse("published_plan", args=[plan_id])),
    )


@needs("lead_rounds")
@require_POST
def unpublish_plan(request: Any, plan_id: UUID) -> HttpResponse:
    """Take the public page down."""
    try:
        actions.unpublish_plan(by=request.reader, plan_id=plan_id)
        messages.success(request, _("It is public no more."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("publish_plan", plan_id=plan_id)
