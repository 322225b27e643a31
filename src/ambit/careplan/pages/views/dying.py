"""Somebody is recognised to be dying; their death is verified."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from ambit.careplan import actions, queries
from ambit.careplan.pages.banner import banner
from ambit.careplan.pages.forms.dying import RecogniseDyingForm, VerifyDeathForm
from ambit.careplan.pages.views.plan import may_edit
from ambit.careplan.rules import dying
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs

# where a form has another name for what the action says about a field
RECOGNISING = {"at": "on"}
VERIFYING = {"verified_at": "on", "asked_at": "asked_on"}


def _named(refused: Refused, names: dict[str, str]) -> Refused:
    return Refused({names.get(name, name): several for name, several in refused.problems.items()})


@needs("see_plan", person="person_id")
def recognise_dying(request: Any, person_id: UUID) -> HttpResponse:
    """Whether the person is thought to be dying, every judgement so far, and the form for the next."""
    person_id = request.person.id
    plan = queries.current(request.reader, person_id)
    plan.must_show(dying.PART, title=dying.PART_TITLE)
    may_judge = may_edit(request) and request.reader.role in dying.RECOGNISERS
    now = timezone.localtime()
    initial = {"key": uuid4(), "on": now.date(), "at": f"{now:%H:%M}"}
    form = RecogniseDyingForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.recognise_dying(
                by=request.reader, person=request.person, form=form.said(), key=form.cleaned_data["key"]
            )
            return redirect("recognise_dying", person_id=person_id)
        except Refused as refused:
            form.refuse(_named(refused, RECOGNISING))
    return page(
        request,
        "careplan/recognise_dying.jinja",
        banner=banner(request.person, plan),
        person_id=person_id,
        form=form,
        now=next(iter(plan.judgements), None),
        judgements=plan.judgements,
        may_judge=may_judge,
    )


@needs("verify_death", person="person_id")
def verify_death(request: Any, person_id: UUID) -> HttpResponse:
    """Record how a death was verified, also before the death itself is recorded."""
    person_id = request.person.id
    now = timezone.localtime()
    initial = {"key": uuid4(), "on": now.date(), "at": f"{now:%H:%M}"}
    form = VerifyDeathForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.verify_death(
                by=request.reader, person=request.person, form=form.said(), key=form.cleaned_data["key"]
            )
            messages.success(request, _("The verification is recorded."))
            return redirect("verify_death", person_id=person_id)
        except Refused as refused:
            form.refuse(_named(refused, VERIFYING))
    plan = queries.current(request.reader, person_id)
    return page(
        request,
        "careplan/verify_death.jinja",
        banner=banner(request.person, plan),
        kept_back=plan.withholds(dying.PART),
        person_id=person_id,
        form=form,
        verified=queries.verified(request.reader, request.person),
        may_record_death=request.reader.may("edit_people") and request.person.died_on is None,
        words=dying,
    )
