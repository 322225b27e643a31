"""Parts of a record that are sealed, or given to somebody outside care."""

from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ambit.access import actions, queries
from ambit.access.pages.parts_forms import AgreeOutsideForm, EndSealForm, SealItemForm
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs


@needs("record_sharing", person="person_id")
@require_http_methods(["GET", "POST"])
def seal_item(request: Any, person_id: UUID) -> HttpResponse:
    """What is sealed now, and a form to seal more."""
    person_id, today = request.person.id, timezone.localdate()
    may_seal = request.reader.may("seal_items")
    form = SealItemForm(
        request.POST if request.method == "POST" else None,
        staff=queries.staff_to_name(request.reader, request.person) if may_seal else [],
        initial={"until_on": today + timedelta(days=90)},
    )
    if form.is_valid():
        try:
            actions.seal_item(by=request.reader, person_id=person_id, **form.said())
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Sealed. Who may not see it no longer does."))
            return redirect("seal_item", person_id=person_id)
    return page(
        request,
        "access/seals.jinja",
        banner=queries.banner(request.reader, request.person),
        person_id=person_id,
        seals=queries.seals(request.reader, request.person),
        form=form,
        may_seal=may_seal and request.person.died_on is None,
    )


@needs("seal_items", person="person_id")
@require_http_methods(["GET", "POST"])
def end_seal(request: Any, person_id: UUID, seal_id: UUID) -> HttpResponse:
    """Open a seal before its day, and say why."""
    sealed = next(
        (row for row in queries.seals(request.reader, request.person) if row.id == seal_id and row.mine), None
    )
    if sealed is None:
        raise Http404("No such seal that you may open.")
    form = EndSealForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.end_seal(by=request.reader, seal_id=seal_id, why=form.cleaned_data["why"])
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("seal_item", person_id=request.person.id)
    return page(
        request,
        "access/end_seal.jinja",
        banner=queries.banner(request.reader, request.person),
        person_id=request.person.id,
        sealed=sealed,
        form=form,
    )


@needs("record_sharing", person="person_id")
@require_http_methods(["GET", "POST"])
def agree_outside(request: Any, person_id: UUID) -> HttpResponse:
    """Who outside direct care may be given a copy, of what, until when; and a form for the next agreement."""
    today = timezone.localdate()
    form = AgreeOutsideForm(
        request.POST if request.method == "POST" else None,
        initial={"agreed_on": today, "until_on": today + timedelta(days=30)},
    )
    if form.is_valid():
        try:
            actions.agree_outside(by=request.reader, person_id=request.person.id, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Recorded. A copy for them is made on the plan’s own page."))
            return redirect("agree_outside", person_id=request.person.id)
    rows = queries.agreed_outside(request.reader, request.person)
    return page(
        request,
        "access/outside.jinja",
        banner=queries.banner(request.reader, request.person),
        person_id=request.person.id,
        standing=[row for row in rows if row.stands],
        past=[row for row in rows if not row.stands],
        form=form,
    )


@needs("record_sharing", person="person_id")
@require_POST
def end_outside(request: Any, person_id: UUID, agreement_id: UUID) -> HttpResponse:
    """The person takes an agreement back."""
    if agreement_id not in {row.id for row in queries.agreed_outside(request.reader, request.person)}:
        raise Http404("No such agreement.")
    with suppress(Refused):
        actions.end_outside(by=request.reader, agreement_id=agreement_id)
    return redirect("agree_outside", person_id=request.person.id)
