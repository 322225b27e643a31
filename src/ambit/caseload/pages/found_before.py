"""Pages after deaths: who had been found, and why somebody had not."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from ambit.caseload import found_before
from ambit.design.page import page
from ambit.design.routes import needs


@needs("see_candidates")
@require_GET
def deaths_by_finding(request: Any) -> HttpResponse:
    """Everybody of the practice who died in the last year, by whether a search had found them."""
    return page(
        request,
        "caseload/deaths_by_finding.jinja",
        found=found_before.deaths_by_finding(request.reader),
        practice=request.reader.organisation_name,
    )


@needs("see_candidates")
@require_GET
def death_by_finding(request: Any) -> HttpResponse:
    """One death: found, when, by which search, and which criteria were not met or not known the day before."""
    review, line = found_before.death_by_finding(
        request.reader, request.GET.get("source", ""), request.GET.get("key", "")
    )
    return page(request, "caseload/death_by_finding.jinja", review=review, line=line)
