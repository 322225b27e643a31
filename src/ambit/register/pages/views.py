"""Pages of the register."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.register import actions, queries
from ambit.register.pages.banner import banner
from ambit.register.pages.forms import AddToRegisterForm, ChangeStageForm, LeaveForm, SayToldForm
from ambit.register.rules import STAGES

FORMS = {"stage": ChangeStageForm, "told": SayToldForm, "leave": LeaveForm}


@needs("see_register")
def register(request: Any) -> HttpResponse:
    """Everybody of the reader's on the register; `stage` and `due` narrow the list."""
    on = timezone.localdate()
    stage = request.GET.get("stage", "")
    due = request.GET.get("due", "")
    rows = queries.register_of(request.reader)
    late = sum(row.review_due_on < on for row in rows)
    soon = on + timedelta(days=7)
    counts = {value: sum(row.stage == value for row in rows) for value in STAGES}
    shown = [
        row
        for row in rows
        if (not stage or row.stage == stage) and (due != "late" or row.review_due_on < on)
        and (due != "soon" or row.review_due_on <= soon)
    ]  # fmt: skip
    return page(
        request,
        "register/register.jinja",
        rows=shown,
        total=len(rows),
        late=late,
        soon=sum(row.review_due_on <= soon for row in rows),
        on=on,
        stage=stage,
        due=due,
        stages=[(value, words, counts[value]) for value, words in STAGES.items() if counts[value]],
        waiting=queries.referrals_waiting(request.reader),
        may_refer=request.reader.may("refer_to_register"),
        may_import=request.reader.may("add_to_register") and request.reader.may("admit_people"),
    )


@needs("see_register", person="person_id")
def register_entry(request: Any, person_id: UUID) -> HttpResponse:
    """Somebody's entry: stages given so far, and what can be done about it."""
    person_id = request.person.id
    entry = queries.entry_of(request.reader, person_id)
    what = request.POST.get("do", "")
    bound = FORMS[what](request.POST, auto_id=f"{what}_%s") if what in FORMS and request.method == "POST" else None
    problem = ""
    status = 200
    if bound is not None and bound.is_valid():
        try:
            _do(request, person_id, what, bound.cleaned_data)
            return redirect("register_entry", person_id=person_id)
        except Refused as refused:
            bound.refuse(refused)
        except Stale as stale:
            problem, status = str(stale), 409
            entry = queries.entry_of(request.reader, person_id)
    initial = {"seen": entry.version if entry else 0, "stage": entry.stage if entry else ""}
    forms = {name: form(initial=initial, auto_id=f"{name}_%s") for name, form in FORMS.items()}
    if bound is not None and not problem:
        forms[what] = bound
    return page(
        request,
        "register/register_entry.jinja",
        status=status,
        banner=banner(request.person),
        person_id=person_id,
        entry=entry,
        forms=forms,
        form=forms[what] if bound is not None else forms["told"],
        problem=problem,
        may_change=request.reader.may("add_to_register") and request.person.died_on is None,
        may_refer=request.reader.may("refer_to_register")
        and request.person.died_on is None
        and request.person.practice_id != request.reader.organisation_id,
        earlier=queries.earlier_times(request.reader, person_id),
        died_on=request.person.died_on,
        on=timezone.localdate(),
    )


def _do(request: Any, person_id: UUID, what: str, said: dict) -> None:
    given: dict[str, Any] = {"by": request.reader, "person_id": person_id, "on": timezone.localdate(), **said}
    if what == "stage":
        actions.change_stage(**given)
    elif what == "told":
        actions.say_told(**given)
    else:
        actions.leave(**given)


@needs("add_to_register", person="person_id")
def add_to_register(request: Any, person_id: UUID) -> HttpResponse:
    """Put somebody on the register by hand or by referral."""
    person_id = request.person.id
    form = AddToRegisterForm(request.POST or None)
    if form.is_valid():
        try:
            actions.add_to_register(
                by=request.reader, person=request.person, on=timezone.localdate(), **form.cleaned_data
            )
            return redirect("plan", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "register/add_to_register.jinja",
        banner=banner(request.person),
        form=form,
        person_id=person_id,
    )
