"""What the person, or somebody close, wants to be different in the plan: read, and answered."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from ambit.careplan import actions, queries
from ambit.careplan.pages.banner import banner
from ambit.careplan.pages.forms.proposals import AnswerProposalForm
from ambit.careplan.pages.views.plan import may_edit
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs


@needs("see_plan", person="person_id")
def proposals(request: Any, person_id: UUID) -> HttpResponse:
    """Every proposed change, the open ones first, each with its answer."""
    person_id = request.person.id
    return page(
        request,
        "careplan/proposals.jinja",
        banner=banner(request.person, queries.current(request.reader, person_id)),
        person_id=person_id,
        rows=queries.proposals(request.reader, person_id),
        may_edit=may_edit(request),
    )


@needs("edit_plan", person="person_id")
def answer_proposal(request: Any, person_id: UUID, proposal_id: UUID) -> HttpResponse:
    """Done, or not now and why; the words go to who proposed it."""
    person_id = request.person.id
    proposal = queries.proposal(request.reader, person_id, proposal_id)
    form = AnswerProposalForm(request.POST or None)
    if form.is_valid():
        try:
            actions.answer_proposal(
                by=request.reader, person=request.person, proposal_id=proposal_id, **form.cleaned_data
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your answer is sent to %(name)s.") % {"name": proposal.by_name})
            return redirect("proposals", person_id=person_id)
    return page(
        request,
        "careplan/answer_proposal.jinja",
        banner=banner(request.person, queries.current(request.reader, person_id)),
        person_id=person_id,
        form=form,
        proposal=proposal,
    )
