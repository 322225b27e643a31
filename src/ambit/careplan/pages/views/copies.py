"""The plan on paper: for whom, without what, to print or as a PDF."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from ambit.access.queries import agreements_of, organisations_around
from ambit.careplan import actions, queries
from ambit.careplan.documents import sheet, whole_plan
from ambit.careplan.pages.banner import banner
from ambit.careplan.pages.forms.copies import CopyPlanForm
from ambit.design.documents import NEEDS_PANGO, can_make_pdf, pdf, pdf_response
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs
from ambit.register.pages import banner as register

PDF, PRINT = "pdf", "print"


@needs("see_plan", person="person_id")
@require_http_methods(["GET", "POST"])
def copy_plan(request: Any, person_id: UUID) -> HttpResponse:
    """Choose for whom and without what; then the sheets themselves. Sent as a form, so that no name stands in an address."""
    person_id = request.person.id
    plan = queries.current(request.reader, person_id)
    practice = request.person.practice
    form = CopyPlanForm(
        request.POST if request.method == "POST" else None,
        parts=queries.parts_written(request.reader, person_id, plan),
        services=([(str(practice.id), practice.name)] if practice else []) + organisations_around(request.person),
        agreements=agreements_of(request.person),
        initial={"kind": "own"},
    )
    paper = PDF if request.POST.get("paper") == PDF and can_make_pdf() else PRINT
    if form.is_valid():
        try:
            copy = actions.copy_plan(by=request.reader, person=request.person, paper=paper, **form.said())
        except Refused as refused:
            form.refuse(refused)
        else:
            if request.POST.get("paper") == PDF and paper == PRINT:
                messages.info(request, NEEDS_PANGO)
            return _made(request, copy, paper=paper)
    return page(
        request,
        "careplan/copy_plan.jinja",
        banner=banner(request.person, plan),
        person_id=person_id,
        form=form,
    )


def _made(request: Any, copy: queries.Copy, *, paper: str) -> HttpResponse:
    who = register.banner(request.person)
    shown = sheet(copy, who=who, person_id=request.person.id, reader=request.reader)
    if paper == PDF:
        return pdf_response(pdf([whole_plan(shown)]), name=f"plan-{timezone.localdate():%Y-%m-%d}")
    answer = page(request, "careplan/plan_on_paper.jinja", banner=who, person_id=request.person.id, **shown)
    answer["Cache-Control"] = "no-store"
    return answer
