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
    asked = _asked(request)
    form = InviteForm(
        request.POST or None,
        holders=queries.holders_of_parental(request.person),
        documents=queries.documents_to_choose(request.person.id),
        initial={"role": asked.role, "name": asked.asked_by, "email": asked.email, "basis": asked.basis_id}
        if asked
        else {},
    )
    if form.is_valid():
        try:
            made = _invite(request, dict(form.cleaned_data), asked_id=asked.id if asked else None)
        except Refused as refused:
            form.refuse(refused)
        else:
            if isinstance(made, actions.MadeLetter):
                return _letter(request, made)
            messages.success(request, _("%(name)s sees this plan from now on.") % {"name": made.name})
            return redirect("invite", person_id=request.person.id)
    return page(
        request,
        "mycare/invite.jinja",
        banner=banner(request.reader, request.person),
        person_id=request.person.id,
        form=form,
        rows=queries.invitations(request.reader, request.person.id),
        may_invite=request.person.died_on is None,
        asked=asked,
    )


def _asked(request: Any) -> queries.AskedRow | None:
    """The request to see this plan that is being answered, when the page was opened from one."""
    try:
        asked = queries.asked(request.reader, UUID(request.GET["asked"])) if "asked" in request.GET else None
    except ValueError:
        return None
    return asked if asked and asked.answered_at is None else None


def _invite(request: Any, said: dict[str, Any], *, asked_id: UUID | None) -> actions.MadeLetter | Any:
    """A letter; for somebody who signs in already, this plan beside those they have."""
    email = said.pop("email", "")
    for name in ("parental_id", "directive_id"):
        said[name] = UUID(said[name]) if said.get(name) else None
    if not email and asked_id is None:
        return actions.invite(by=request.reader, person=request.person, **said)
    return actions.add_to_sign_in(
        by=request.reader, person=request.person, email=email, said=actions.Said(**said), asked_id=asked_id
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
