"""What the person decides about who may see their record: shown, recorded, withdrawn."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from ambit.access import actions, queries
from ambit.access.pages.forms import SharingForm
from ambit.access.rules import what_a_paramedic_will_not_see
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs


@needs("record_sharing", person="person_id")
@require_http_methods(["GET", "POST"])
def sharing(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """The decisions that stand, and a form for the next one."""
    asked: Any = request
    form = SharingForm(
        request.POST if request.method == "POST" else None,
        organisations=queries.organisations_around(asked.person),
        initial={"informed_on": timezone.localdate()},
    )
    if form.is_valid():
        try:
            _record(asked, form)
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("sharing", person_id=asked.person.id)
    decisions = queries.sharing_decisions(asked.reader, asked.person)
    return page(
        request,
        "access/sharing.jinja",
        form=form,
        banner=queries.banner(asked.reader, asked.person),
        person_id=asked.person.id,
        current=[decision for decision in decisions if decision.ended_at is None],
        past=[decision for decision in decisions if decision.ended_at is not None],
        not_seen=what_a_paramedic_will_not_see(),
    )


def _record(asked: Any, form: SharingForm) -> None:
    said = dict(form.cleaned_data)
    outcome, told = said.pop("outcome"), said.pop("told_what_would_not_be_seen")
    if outcome == "agreed":
        actions.record_consent(by=asked.reader, person_id=asked.person.id, **said)
    else:
        actions.record_objection(
            by=asked.reader,
            person_id=asked.person.id,
            not_even_in_emergency=outcome == "never",
            told_what_would_not_be_seen=told and outcome == "never",
            **said,
        )


@needs("record_sharing", person="person_id")
@require_POST
def withdraw_objection(request: HttpRequest, person_id: UUID, decision_id: UUID) -> HttpResponse:
    asked: Any = request
    if decision_id not in {row.id for row in queries.sharing_decisions(asked.reader, asked.person)}:
        raise Http404("No such decision.")
    with suppress(Refused):  # sent twice: it was withdrawn by the first, and the page says so
        actions.withdraw_objection(by=asked.reader, decision_id=decision_id)
    return redirect("sharing", person_id=asked.person.id)
