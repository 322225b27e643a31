"""What somebody is worried about, and what becomes of it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs
from ambit.mycare import actions, queries
from ambit.mycare.pages.forms import RaiseConcernForm, WhoOpenedForm
from ambit.mycare.pages.staff_forms import AnswerConcernForm
from ambit.mycare.pages.views.plan import mine_of
from ambit.mycare.rules import RECEIVED_WITHIN_WORKING_DAYS


@needs("see_own_record", person="person_id")
@require_http_methods(["GET", "POST"])
def raise_concern(request: Any, person_id: UUID) -> HttpResponse:
    """Say what one is worried about, and see who has read it and what they answered."""
    form = RaiseConcernForm(request.POST or None)
    if form.is_valid() and _raise(request, form, kind="care"):
        return redirect("raise_concern", person_id=request.person.id)
    return page(
        request,
        "mycare/raise_concern.jinja",
        mine=mine_of(request),
        form=form,
        concerns=queries.concerns(request.reader, request.person.id),
        days=RECEIVED_WITHIN_WORKING_DAYS,
    )


@needs("see_who_opened", person="person_id")
@require_http_methods(["GET", "POST"])
def do_not_know(request: Any, person_id: UUID) -> HttpResponse:
    """Ask the privacy officer about somebody who opened the plan."""
    opened = queries.who_opened(request.reader, request.person, now=timezone.now())
    people = list(dict.fromkeys(", ".join(filter(None, (row.name, row.organisation))) for row in opened.rows))
    form = WhoOpenedForm(request.POST or None, people=people)
    if form.is_valid() and _raise(request, form, kind="who_opened"):
        return redirect("raise_concern", person_id=request.person.id)
    return page(
        request,
        "mycare/do_not_know.jinja",
        mine=mine_of(request),
        form=form,
        people=people,
        days=RECEIVED_WITHIN_WORKING_DAYS,
    )


def _raise(request: Any, form: Any, *, kind: str) -> bool:
    try:
        actions.raise_concern(
            by=request.reader, person=request.person, kind=kind, on=timezone.localdate(), **form.cleaned_data
        )
    except Refused as refused:
        form.refuse(refused)
        return False
    messages.success(request, _("Sent. Below you see who reads it, and their answer."))
    return True


# --- staff ---


@needs("answer_concerns")
@require_GET
def concerns(request: Any) -> HttpResponse:
    """What waits for an answer, the one due first on top; or what was answered."""
    answered = request.GET.get("show") == "answered"
    rows = queries.concerns_of_area(request.reader, answered=answered)
    return page(
        request,
        "mycare/concerns.jinja",
        rows=rows,
        answered=answered,
        asking=[] if answered else queries.asked_of_area(request.reader),
    )


@needs("answer_concerns")
@require_http_methods(["GET", "POST"])
def answer_concern(request: Any, concern_id: UUID) -> HttpResponse:
    """Say that one has read it, or answer it."""
    concern = queries.concern_to_answer(request.reader, concern_id)
    form = AnswerConcernForm(request.POST or None)
    if form.is_valid():
        try:
            if request.POST.get("do") == "receive":
                actions.receive_concern(by=request.reader, concern_id=concern_id)
                return redirect("answer_concern", concern_id=concern_id)
            actions.answer_concern(by=request.reader, concern_id=concern_id, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Your answer is sent."))
            return redirect("concerns")
    return page(request, "mycare/answer_concern.jinja", form=form, concern=concern)
