"""Pages about tasks and coordinators."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from ambit.coordination import actions, queries
from ambit.coordination.pages.forms import (
    DoTaskForm,
    HandOverForm,
    NameCoordinatorForm,
    RaiseTaskForm,
    TakeTaskForm,
)
from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.register.pages.banner import banner

SHOW = ("all", "mine", "team", "overdue")


@needs("see_tasks")
def tasks(request: Any) -> HttpResponse:
    """The reader's worklist."""
    show = request.GET.get("show", "all")
    show = show if show in SHOW else "all"
    on = timezone.localdate()
    worklist = queries.worklist(request.reader, on=on, show=show)
    return page(request, "coordination/tasks.jinja", worklist=worklist, show=show, **_may(request.reader))


def _sent(request: Any) -> Any:
    """What was sent with the form, be it nothing; None when the page is only opened."""
    return request.POST if request.method == "POST" else None


def _may(reader: Any) -> dict[str, bool]:
    return {"may_act": reader.may("do_tasks"), "may_name": reader.may("name_coordinator")}


@needs("see_tasks")
def task(request: Any, task_id: UUID) -> HttpResponse:
    """One task: what happened to it, and what can be done."""
    return _task_page(request, task_id)


@needs("do_tasks")
def take_task(request: Any, task_id: UUID) -> HttpResponse:
    form = TakeTaskForm(_sent(request), auto_id="take_%s")
    return _act(request, task_id, form, actions.take_task, "take")


@needs("do_tasks")
def do_task(request: Any, task_id: UUID) -> HttpResponse:
    return _act(request, task_id, DoTaskForm(_sent(request)), actions.do_task, "done")


@needs("do_tasks")
def hand_over(request: Any, task_id: UUID) -> HttpResponse:
    owners = queries.possible_owners(request.reader)
    form = HandOverForm(_sent(request), auto_id="over_%s", owners=owners)
    return _act(request, task_id, form, actions.hand_over, "over")


def _act(request: Any, task_id: UUID, form: Any, act: Any, name: str) -> HttpResponse:
    if form.is_valid():
        try:
            act(by=request.reader, task_id=task_id, **form.cleaned_data)
            return redirect("tasks")
        except Refused as refused:
            form.refuse(refused)
        except Stale as stale:
            return _task_page(request, task_id, stale=stale)
    return _task_page(request, task_id, form=form, name=name)


def _task_page(
    request: Any, task_id: UUID, *, form: Any = None, name: str = "", stale: Stale | None = None
) -> HttpResponse:
    shown = queries.task(request.reader, task_id)
    initial = {"seen": shown.version}
    forms = {
        "take": TakeTaskForm(initial=initial, auto_id="take_%s"),
        "done": DoTaskForm(initial=initial),
        "over": HandOverForm(initial=initial, auto_id="over_%s", owners=queries.possible_owners(request.reader)),
    }
    if form is not None and form.is_bound:
        forms[name] = form
    return page(
        request,
        "coordination/task.jinja",
        status=409 if stale else 200,
        task=shown,
        forms=forms,
        form=form or forms["take"],
        stale=stale,
        may_act=request.reader.may("do_tasks") and shown.done_at is None,
    )


@needs("do_tasks", person="person_id")
def raise_task(request: Any, person_id: UUID) -> HttpResponse:
    """Raise a task about somebody; the page's own key makes a form sent twice one task."""
    person_id = request.person.id
    form = RaiseTaskForm(_sent(request), initial={"key": uuid4()}, owners=queries.possible_owners(request.reader))
    if form.is_valid():
        said = dict(form.cleaned_data)
        key = said.pop("key")
        try:
            actions.raise_task(by=request.reader, person_id=person_id, source_event=f"page/{key}", **said)
            return redirect("tasks_about", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
    return page(request, "coordination/raise_task.jinja", banner=banner(request.person), form=form, person_id=person_id)


@needs("see_tasks", person="person_id")
def tasks_about(request: Any, person_id: UUID) -> HttpResponse:
    """Who coordinates somebody's care, and every open task about them."""
    person_id = request.person.id
    return page(
        request,
        "coordination/tasks_about.jinja",
        banner=banner(request.person),
        person_id=person_id,
        coordinator=queries.coordinator_of(request.reader, person_id),
        tasks=queries.open_tasks_about(request.reader, person_id, on=timezone.localdate()),
        may_act=request.reader.may("do_tasks") and request.person.died_on is None,
        may_raise=request.reader.may("do_tasks") and request.person.died_on is None,
        may_name=request.reader.may("name_coordinator") and request.person.died_on is None,
    )


@needs("name_coordinator", person="person_id")
def name_coordinator(request: Any, person_id: UUID) -> HttpResponse:
    """Name the one who coordinates; says what that opens."""
    person_id = request.person.id
    now = queries.coordinator_of(request.reader, person_id)
    possible = queries.possible_coordinators(request.reader, person_id)
    initial = {"seen": now.id if now else None, "membership_id": str(now.membership_id) if now else ""}
    form = NameCoordinatorForm(_sent(request), initial=initial, possible=possible)
    stale = None
    if form.is_valid():
        try:
            actions.name_coordinator(by=request.reader, person_id=person_id, **form.cleaned_data)
            return redirect("tasks_about", person_id=person_id)
        except Refused as refused:
            form.refuse(refused)
        except Stale as older:
            stale = older
            form = NameCoordinatorForm(initial=initial, possible=possible)
    return page(
        request,
        "coordination/name_coordinator.jinja",
        status=409 if stale else 200,
        banner=banner(request.person),
        form=form,
        stale=stale,
        coordinator=now,
        person_id=person_id,
    )
