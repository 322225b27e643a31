"""Where improvement begins: what needs the reader this week; for a provider, what is asked of it and of its people."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ambit.design.page import page
from ambit.design.routes import needs
from ambit.improvement import queries
from ambit.improvement.pages.row_forms import LeverForm
from ambit.improvement.pages.views.rows import keep


@needs("see_rounds")
@require_GET
def improvement(request: Any) -> HttpResponse:
    """The home of who leads; whoever leads nothing finds their own actions and the rounds that wait for them."""
    reader, today = request.reader, timezone.localdate()
    if not reader.may("lead_rounds"):
        return page(
            request,
            "improvement/own_actions.jinja",
            own=queries.own_actions(reader, on=today),
            waiting=queries.open_rounds(reader).waiting,
            organisation=reader.organisation_name,
            today=today,
        )
    return page(request, "improvement/improvement.jinja", found=queries.this_week(reader, on=today))


@needs("see_rounds")
@require_GET
def levers(request: Any) -> HttpResponse:
    """Levers and measures of the reader's organisation and of those it is part of, for commissioners and providers."""
    return page(
        request,
        "improvement/levers.jinja",
        rows=queries.lever_rows(request.reader),
        may_add=request.reader.may("lead_rounds"),
    )


@needs("lead_rounds")
def add_lever(request: Any) -> HttpResponse:
    """A lever of one's own organisation."""
    form = LeverForm(request.POST or None)
    organisation = request.reader.organisation_id
    done = keep(request, form, of=organisation, row=None, to=lambda _row: redirect("levers")) if organisation else None
    return done or page(
        request, "improvement/governance_form.jinja", form=form, heading=_("Add a lever and its measure"), path_to={}
    )
