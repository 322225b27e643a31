"""Pages about organisations: the address book, and keeping it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs
from ambit.organisations import actions, queries
from ambit.organisations.pages import forms


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _answer(
    request: HttpRequest, form: Any, act: Callable[[], str], *, heading: str, button: str, back: str, words: str = ""
) -> HttpResponse:
    """Carry out a form that is in order and go to the organisation whose code `act` gives; else show the form."""
    if request.method == "POST" and form.is_valid():
        try:
            code = act()
        except Refused as refused:
            form.refuse(refused)
        else:
            return redirect("organisation", code=code)
    return page(
        request,
        "organisations/form.jinja",
        form=form,
        heading=heading,
        button_words=button,
        back=back,
        words=words,
    )


@needs("see_organisations")
@require_safe
def organisations(request: Any) -> HttpResponse:
    closed = request.GET.get("closed") == "yes"
    return page(
        request,
        "organisations/organisations.jinja",
        kinds=queries.organisations_by_kind(request.reader, closed=closed),
        closed=closed,
        may_edit=request.reader.may("edit_organisations"),
    )


def _shown(request: Any, code: str) -> queries.OrganisationPage:
    return queries.organisation(request.reader, code, on=timezone.localdate())


@needs("see_organisations")
@require_safe
def organisation(request: Any, code: str) -> HttpResponse:
    return page(
        request,
        "organisations/organisation.jinja",
        shown=_shown(request, code),
        may_edit=request.reader.may("edit_organisations"),
    )


@needs("edit_organisations")
@require_http_methods(["GET", "POST"])
def open_organisation(request: Any) -> HttpResponse:
    form = forms.OpenOrganisationForm(_sent(request), initial={"part_of": request.GET.get("part_of", "")})
    return _answer(
        request,
        form,
        lambda: actions.open_organisation(by=request.reader, **form.cleaned_data).code,
        heading=_("Add an organisation"),
        button=_("Add organisation"),
        back=reverse("organisations"),
    )


@needs("edit_organisations")
@require_http_methods(["GET", "POST"])
def edit_organisation(request: Any, code: str) -> HttpResponse:
    shown = _shown(request, code)
    initial = {
        "name": shown.name,
        "kind": shown.kind_code,
        "part_of": shown.part_of.code if shown.part_of else "",
        "telephone": shown.telephone,
        "address": shown.address,
        "postcode": shown.postcode,
        "opened_on": shown.opened_on,
    }
    form = forms.EditOrganisationForm(_sent(request), initial=initial)
    return _answer(
        request,
        form,
        lambda: actions.edit_organisation(by=request.reader, organisation_id=shown.id, **form.cleaned_data).code,
        heading=_("Edit %(name)s") % {"name": shown.name},
        button=_("Save changes"),
        back=reverse("organisation", args=[code]),
    )


@needs("edit_organisations")
@require_http_methods(["GET", "POST"])
def close_organisation(request: Any, code: str) -> HttpResponse:
    shown = _shown(request, code)
    form = forms.EndForm(_sent(request))
    return _answer(
        request,
        form,
        lambda: actions.close_organisation(by=request.reader, organisation_id=shown.id, **form.cleaned_data).code,
        heading=_("Close %(name)s") % {"name": shown.name},
        button=_("Close organisation"),
        back=reverse("organisation", args=[code]),
        words=_("Its teams close and the roles in it end that day. Nothing is deleted."),
    )


@needs("edit_organisations")
@require_http_methods(["GET", "POST"])
def add_team(request: Any, code: str) -> HttpResponse:
    shown = _shown(request, code)
    form = forms.AddTeamForm(_sent(request))

    def act() -> str:
        actions.add_team(by=request.reader, organisation_id=shown.id, **form.cleaned_data)
        return code

    return _answer(
        request,
        form,
        act,
        heading=_("Add a team to %(name)s") % {"name": shown.name},
        button=_("Add team"),
        back=reverse("organisation", args=[code]),
    )


@needs("edit_organisations")
@require_http_methods(["GET", "POST"])
def add_staff(request: Any, code: str) -> HttpResponse:
    shown = _shown(request, code)
    form = forms.AddStaffForm(_sent(request), teams=[(str(team.id), team.name) for team in shown.teams])

    def act() -> str:
        actions.add_staff_in_role(by=request.reader, organisation_id=shown.id, **form.cleaned_data)
        return code

    return _answer(
        request,
        form,
        act,
        heading=_("Add somebody who works at %(name)s") % {"name": shown.name},
        button=_("Give this role"),
        back=reverse("organisation", args=[code]),
        words=_("Somebody already known by this address gets another role; their name stays as it is."),
    )


@needs("edit_organisations")
@require_http_methods(["GET", "POST"])
def end_membership(request: Any, code: str, membership_id: UUID) -> HttpResponse:
    shown = _shown(request, code)
    member = next((one for one in shown.staff if one.membership_id == membership_id), None)
    if member is None:
        raise Http404("That role is not held here now.")
    form = forms.EndForm(_sent(request))

    def act() -> str:
        actions.end_membership(by=request.reader, membership_id=membership_id, **form.cleaned_data)
        return code

    return _answer(
        request,
        form,
        act,
        heading=_("End the role of %(name)s") % {"name": member.name},
        button=_("End role"),
        back=reverse("organisation", args=[code]),
        words=_("%(role)s at %(organisation)s") % {"role": member.role, "organisation": shown.name},
    )
