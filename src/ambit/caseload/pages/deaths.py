"""Pages after a death: what is still to be closed, and the closing of one record."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from ambit.careplan import actions as careplan
from ambit.careplan import queries as plans
from ambit.careplan.pages.banner import banner
from ambit.careplan.rules import closing, dying
from ambit.caseload import deaths
from ambit.caseload.pages.forms import CloseRecordForm
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs


@needs("close_record")
@require_GET
def deaths_to_close(request: Any) -> HttpResponse:
    """Everybody of the reader's who died, by whether their record is closed."""
    return page(
        request,
        "caseload/deaths_to_close.jinja",
        found=deaths.deaths(request.reader),
        outcomes=closing.OUTCOMES,
        team=request.reader.organisation_name,
    )


@needs("close_record", person="person_id")
def close_record(request: Any, person_id: UUID) -> HttpResponse:
    """Close the record of somebody who died: the rule proposes whether the preferred place was met, a person answers."""
    if request.person.died_on is None:
        raise Http404("Nobody's record is closed while they live.")
    person_id = request.person.id
    shown = deaths.closing_page(request.reader, request.person)
    last = shown.closing.closure
    initial = {"key": uuid4()}
    if last:
        initial |= {name: getattr(last, name) for name in CloseRecordForm.base_fields if hasattr(last, name)}
        initial |= last.answers
    form = CloseRecordForm(request.POST or None, about=shown.closing, initial=initial)
    if form.is_valid():
        try:
            careplan.close_record(
                by=request.reader, person=request.person, form=form.said(), key=form.cleaned_data["key"]
            )
            messages.success(request, _("Your answers are kept with the record."))
            return redirect("close_record", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "caseload/close_record.jinja",
        banner=banner(request.person, plans.current(request.reader, person_id)),
        person_id=person_id,
        form=form,
        shown=shown,
        outcomes=closing.OUTCOMES,
        variances=closing.VARIANCES,
        words=dying,
        may_verify=request.reader.may("verify_death"),
    )
