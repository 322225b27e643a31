"""Which services see a record, and the care home somebody lives in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ambit.access import actions, queries
from ambit.access.pages.parts_forms import MoveHomeForm, ShareWithServiceForm
from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs


@needs("give_access", person="person_id")
@require_http_methods(["GET", "POST"])
def give_grant(request: Any, person_id: UUID) -> HttpResponse:
    """The services that see the record besides the practice, and a form to share it with one more."""
    form = ShareWithServiceForm(
        request.POST if request.method == "POST" else None, services=queries.services_to_share_with(request.person)
    )
    if form.is_valid():
        try:
            actions.give_grant(by=request.reader, person_id=request.person.id, kind="shared", **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("give_grant", person_id=request.person.id)
    rows = queries.services_of(request.reader, request.person)
    return page(
        request,
        "access/services.jinja",
        banner=queries.banner(request.reader, request.person),
        person_id=request.person.id,
        standing=[row for row in rows if row.stands],
        past=[row for row in rows if not row.stands],
        form=form,
    )


@needs("give_access", person="person_id")
@require_POST
def end_grant(request: Any, person_id: UUID, grant_id: UUID) -> HttpResponse:
    """What was shared by agreement is shared no longer."""
    if grant_id not in {row.grant_id for row in queries.services_of(request.reader, request.person) if row.may_end}:
        raise Http404("Nothing that is ended here.")
    actions.end_grant(by=request.reader, grant_id=grant_id)
    return redirect("give_grant", person_id=request.person.id)


@needs("give_access", person="person_id")
@require_http_methods(["GET", "POST"])
def move_home(request: Any, person_id: UUID) -> HttpResponse:
    """Somebody moved into a care home, out of one, or from one to another."""
    form = MoveHomeForm(
        request.POST if request.method == "POST" else None,
        homes=queries.care_homes(),
        initial={"seen": request.person.version, "moved_on": timezone.localdate()},
    )
    if form.is_valid():
        try:
            actions.move_home(by=request.reader, person_id=request.person.id, **form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        except Stale:
            messages.warning(
                request,
                _("Somebody changed this record while you were writing. Look at it, then record the move again."),
            )
            return redirect("move_home", person_id=request.person.id)
        else:
            messages.success(request, _("Recorded. Who lives where decides at once who sees the record."))
            return redirect("person", person_id=request.person.id)
    return page(
        request,
        "access/move_home.jinja",
        banner=queries.banner(request.reader, request.person),
        person_id=request.person.id,
        home=queries.home_of(request.reader, request.person),
        form=form,
    )
