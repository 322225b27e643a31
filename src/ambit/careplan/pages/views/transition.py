"""The move from children's to adult care."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from ambit.careplan import actions, queries
from ambit.careplan.pages.banner import banner
from ambit.careplan.pages.forms.transition import TransitionStepForm
from ambit.careplan.pages.views.plan import may_edit
from ambit.careplan.rules import transition
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs


@needs("see_plan", person="person_id")
def record_transition_step(request: Any, person_id: UUID) -> HttpResponse:
    """How the move to adult care stands, and the form for the next step."""
    person = request.person
    if person.born_on is None or person.birth_precision == "unborn":
        raise Http404("Nobody plans the move to adult care before birth.")
    on = timezone.localdate()
    stands = queries.transition_of(request.reader, person, on=on)
    form = TransitionStepForm(
        request.POST or None, steps=stands.steps, initial={"key": uuid4(), "step": request.GET.get("step", "")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_transition_step(by=request.reader, person=person, on=on, **form.cleaned_data)
            return redirect("record_transition_step", person_id=person.id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "careplan/record_transition_step.jinja",
        banner=banner(person, queries.current(request.reader, person.id)),
        person_id=person.id,
        form=form,
        stands=stands,
        age=transition.age_at(person.born_on, on),
        starts_on=transition.birthday(person.born_on, transition.STARTS_AT),
        starts_at=transition.STARTS_AT,
        states=transition.STATES,
        may_edit=may_edit(request),
    )
