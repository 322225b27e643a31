"""The medicines in a home: what should be left, what happened, and what happens now."""

from typing import Any
from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from ambit.careplan import actions, queries
from ambit.careplan.pages.banner import banner
from ambit.careplan.pages.forms.medicines import RecordMedicineForm, TakeBackForm
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs

# where the form has another name for what the action says about a field
FIELDS = {"medicine": "named", "happened_at": "at"}


@needs("see_plan", person="person_id")
def medicines_at_home(request: Any, person_id: UUID) -> HttpResponse:
    """What should be left of each medicine, and everything that happened to it."""
    plan = queries.current(request.reader, request.person.id)
    in_the_box = plan.says("medicines_at_home").get("medicines_at_home.medicines", ())
    return page(
        request,
        "careplan/medicines_at_home.jinja",
        banner=banner(request.person, plan),
        person_id=request.person.id,
        medicines=queries.medicines_at_home(request.reader, request.person.id),
        box=plan.sections.get("medicines_at_home"),
        expires={row["name"]: row.get("expires", "") for row in in_the_box},
        may_record=request.reader.may("record_medicines"),
    )


@needs("record_medicines", person="person_id")
def record_movement(request: Any, person_id: UUID) -> HttpResponse:
    """Something came into the home, was counted, used or taken away."""
    plan = queries.current(request.reader, request.person.id)
    known = {one.medicine: one.unit for one in queries.medicines_at_home(request.reader, request.person.id).left}
    in_the_box = plan.says("medicines_at_home").get("medicines_at_home.medicines", ())
    form = RecordMedicineForm(
        request.POST or None,
        known=({row["name"]: "" for row in in_the_box} | known).items(),
        died=request.person.died_on is not None,
        initial={"key": uuid4(), "on": timezone.localdate()},
    )
    if form.is_valid():
        try:
            actions.record_movement(
                by=request.reader, person=request.person, form=form.said(), key=form.cleaned_data["key"]
            )
            return redirect("medicines_at_home", person_id=request.person.id)
        except Refused as refused:
            form.refuse(Refused({FIELDS.get(name, name): words for name, words in refused.problems.items()}))
    return page(
        request,
        "careplan/record_movement.jinja",
        banner=banner(request.person, plan),
        person_id=request.person.id,
        form=form,
    )


@needs("record_medicines", person="person_id")
def take_back_movement(request: Any, person_id: UUID, movement_id: UUID) -> HttpResponse:
    """Something was recorded by mistake: it stays in the history, and no longer counts."""
    found = queries.medicines_at_home(request.reader, request.person.id).movements
    movement = next((one for one in found if one.id == movement_id and not one.mistake), None)
    if movement is None:
        raise Http404("No such movement.")
    form = TakeBackForm(request.POST or None)
    if form.is_valid():
        try:
            actions.take_back_movement(
                by=request.reader, person=request.person, movement_id=movement_id, **form.cleaned_data
            )
            return redirect("medicines_at_home", person_id=request.person.id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "careplan/take_back_movement.jinja",
        banner=banner(request.person, queries.current(request.reader, request.person.id)),
        person_id=request.person.id,
        form=form,
        movement=movement,
    )
