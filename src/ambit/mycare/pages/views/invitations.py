"""How somebody comes to their own page: invited by staff, and begun with the letter's code."""

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ambit.access.queries import banner
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import everyone, needs
from ambit.mycare import actions, queries
from ambit.mycare.pages.forms import BeginForm
from ambit.mycare.pages.staff_forms import InviteForm


@needs("give_access", person="person_id")
@require_http_methods(["GET", "POST"])
def invite(request: Any, person_id: UUID) -> HttpResponse:
    """Who comes to the person's own page, and a form to invite somebody; what it gives back is the letter."""
    form = InviteForm(request.POST or None, holders=queries.holders_of_parental(request.person))
    if form.is_valid():
        said = dict(form.cleaned_data)
        parental = said.pop("parental_id", "")
        try:
            letter = actions.invite(
                by=request.reader, person=request.person, parental_id=UUID(parental) if parental else None, **said
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return _letter(request, letter)
    return page(
        request,
        "mycare/invite.jinja",
        banner=banner(request.reader, request.person),
        person_id=request.person.id,
        form=form,
        rows=queries.invitations(request.reader, request.person.id),
        may_invite=request.person.died_on is None,
    )


@needs("give_access", person="person_id")
@require_POST
def make_letter(request: Any, person_id: UUID, invitation_id: UUID) -> HttpResponse:
    """The letter, or the letter anew with another code."""
    try:
        letter = actions.make_letter(by=request.reader, person=request.person, invitation_id=invitation_id)
    except Refused as refused:
        messages.warning(request, str(refused))
        return redirect("invite", person_id=request.person.id)
    return _letter(request, letter)


@needs("give_access", person="person_id")
@require_POST
def withdraw_invitation(request: Any, person_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Nobody comes in by this invitation any more."""
    try:
        actions.withdraw_invitation(by=request.reader, person=request.person, invitation_id=invitation_id)
    except Refused as refused:
        messages.warning(request, str(refused))
    return redirect("invite", person_id=request.person.id)


def _letter(request: Any, letter: actions.MadeLetter) -> HttpResponse:
    return page(
        request,
        "mycare/letter.jinja",
        person_id=request.person.id,
        letter=letter,
        begin_address=request.build_absolute_uri(reverse("begin")),
        called=queries.called(request.person),
    )


@everyone
@require_http_methods(["GET", "POST"])
def begin(request: Any) -> HttpResponse:
    """Use the letter: then sign in."""
    form = BeginForm(request.POST or None)
    if form.is_valid():
        if not ratelimit.consume(request, action="begin"):
            form.add_error(None, _("Too many tries from this place. Wait an hour, then try again."))
        else:
            try:
                actions.begin(address=request.META.get("REMOTE_ADDR") or "", **form.cleaned_data)
            except Refused as refused:
                form.refuse(refused)
            else:
                messages.success(request, _("You can sign in now, with the e-mail address and password you chose."))
                return redirect("account_login")
    return page(request, "mycare/begin.jinja", mine=None, form=form)
