"""The CPR decision: how it stands, made here, transcribed, ended."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from ambit.careplan import actions, queries
from ambit.careplan.pages.banner import banner
from ambit.careplan.pages.forms.cpr import EndCPRForm, MakeCPRForm, TranscribeCPRForm
from ambit.careplan.pages.views.plan import may_edit
from ambit.careplan.rules import cpr
from ambit.careplan.rules.conflicts import whom_to_ask
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs


@needs("see_plan", person="person_id")
def cpr_decision(request: Any, person_id: UUID) -> HttpResponse:
    """How CPR stands, every form that says so, and those that no longer count."""
    person_id = request.person.id
    plan = queries.current(request.reader, person_id)
    return page(
        request,
        "careplan/cpr_decision.jinja",
        banner=banner(request.person, plan),
        person_id=person_id,
        standing=plan.cpr,
        conflicts=[one for one in plan.conflicts if one.concerns_cpr],
        whom=whom_to_ask(plan.directives, on=timezone.localdate()),
        ended=[]
        if plan.cpr.kept_back
        else [form for form in queries.cpr_forms(request.reader, person_id) if form.ended],
        may_edit=may_edit(request),
        may_decide=may_edit(request) and request.reader.role in cpr.MAKERS,
        on=timezone.localdate(),
    )


@needs("edit_plan", person="person_id")
def make_cpr_decision(request: Any, person_id: UUID) -> HttpResponse:
    """Record a decision made here."""
    person_id = request.person.id
    plan = queries.current(request.reader, person_id)
    initial = {"key": uuid4(), "made_on": timezone.localdate()}
    form = MakeCPRForm(request.POST or None, initial=initial, current=_forms(plan))
    if form.is_valid():
        try:
            actions.make_cpr_decision(
                by=request.reader,
                person=request.person,
                form=form.said(),
                replaces=form.replaces(),
                on=timezone.localdate(),
                key=form.cleaned_data["key"],
            )
            return redirect("cpr_decision", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
    return _cpr_form(request, person_id, plan, form, heading=_("Record a CPR decision made now"), note="")


@needs("edit_plan", person="person_id")
def transcribe_cpr_form(request: Any, person_id: UUID) -> HttpResponse:
    """Record a form that exists on paper, as it stands."""
    person_id = request.person.id
    plan = queries.current(request.reader, person_id)
    form = TranscribeCPRForm(request.POST or None, initial={"key": uuid4()})
    if form.is_valid():
        try:
            actions.transcribe_cpr_form(
                by=request.reader,
                person=request.person,
                form=form.said(),
                signature_seen=form.cleaned_data["signature_seen"] == "yes",
                on=timezone.localdate(),
                key=form.cleaned_data["key"],
            )
            return redirect("cpr_decision", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
    note = _("Write what the form says. What it lacks is shown with it. It replaces nothing that is recorded.")
    return _cpr_form(request, person_id, plan, form, heading=_("Record a CPR form that is on paper"), note=note)


@needs("edit_plan", person="person_id")
def end_cpr_form(request: Any, person_id: UUID, decision_id: UUID) -> HttpResponse:
    """Say that a form no longer counts, and why."""
    person_id = request.person.id
    plan = queries.current(request.reader, person_id)
    ended = next((one for one in _forms(plan) if one.id == decision_id), None)
    if ended is None:
        raise Http404("No such current form.")
    form = EndCPRForm(request.POST or None)
    if form.is_valid():
        try:
            actions.end_cpr_form(by=request.reader, person=request.person, decision_id=decision_id, **form.cleaned_data)
            return redirect("cpr_decision", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
    return _cpr_form(request, person_id, plan, form, heading=_("End: %(words)s") % {"words": ended.words}, note="")


def _forms(plan: queries.CurrentPlan) -> tuple[cpr.Recorded, ...]:
    """Forms of the CPR decision itself: what emergency recommendations say is changed with those."""
    return tuple(form for form in plan.cpr.current if not form.of_emergency_plan)


def _cpr_form(
    request: Any, person_id: UUID, plan: queries.CurrentPlan, form: Any, *, heading: str, note: str
) -> HttpResponse:
    return page(
        request,
        "careplan/cpr_form.jinja",
        banner=banner(request.person, plan),
        person_id=person_id,
        form=form,
        heading=heading,
        note=note,
    )
