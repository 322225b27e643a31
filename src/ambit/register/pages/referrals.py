"""Pages of referrals to the register."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.register import actions, queries
from ambit.register.pages.banner import banner
from ambit.register.pages.forms import AnswerReferralForm, ReferByIdentityForm, ReferPersonForm, TellMoreForm


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


@needs("refer_to_register")
@require_GET
def referrals(request: Any) -> HttpResponse:
    """What the reader's practice has to answer, and what became of what they referred."""
    found = queries.referrals(request.reader)
    return page(
        request, "register/referrals.jinja", found=found, asks_us=request.reader.may("see_register"),
        may_answer=request.reader.may("add_to_register"),
    )  # fmt: skip


@needs("refer_to_register", person="person_id")
@require_http_methods(["GET", "POST"])
def refer_person(request: Any, person_id: UUID) -> HttpResponse:
    """Refer somebody the reader has opened."""
    person = request.person
    form = ReferPersonForm(_sent(request), practice=person.practice_id)
    if form.is_valid():
        try:
            made = actions.refer_person(by=request.reader, person=person, **form.cleaned_data)
            return redirect("referral", referral_id=made.id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "register/refer_person.jinja",
        banner=banner(person),
        form=form,
        practice=person.practice.name if person.practice else "",
        on_register=request.reader.may("see_register") and queries.entry_of(request.reader, person.id) is not None,
        may_add=request.reader.may("add_to_register"),
        person_id=person.id,
    )


@needs("refer_to_register")
@require_http_methods(["GET", "POST"])
def refer_by_identity(request: Any) -> HttpResponse:
    """Refer somebody by who they say they are; nothing of any record is shown."""
    form = ReferByIdentityForm(_sent(request))
    if form.is_valid():
        try:
            made = actions.refer_by_identity(
                by=request.reader,
                identity=form.identity(),
                reason=form.cleaned_data["reason"],
                knows=form.cleaned_data["knows"],
            )
            return redirect("referral", referral_id=made.id)
        except Refused as refused:
            form.refuse(refused)
    return page(request, "register/refer_by_identity.jinja", form=form)


@needs("refer_to_register")
@require_http_methods(["GET", "POST"])
def referral(request: Any, referral_id: UUID) -> HttpResponse:
    """One referral: the practice answers it, and whoever referred adds what was asked."""
    shown = queries.referral(request.reader, referral_id)
    form = _form(request, shown)
    problem, status = "", 200
    if form is not None and form.is_valid():
        try:
            if shown.may_answer:
                on = timezone.localdate()
                actions.answer_referral(by=request.reader, referral_id=referral_id, on=on, **form.cleaned_data)
            else:
                actions.tell_more(by=request.reader, referral_id=referral_id, **form.cleaned_data)
            return redirect("referral", referral_id=referral_id)
        except Refused as refused:
            form.refuse(refused)
        except Stale as stale:
            problem, status = str(stale), 409
            shown = queries.referral(request.reader, referral_id)
            form = _form(request, shown, anew=True)
    return page(
        request,
        "register/referral.jinja",
        status=status,
        shown=shown,
        form=form or TellMoreForm(),
        may_send=form is not None,
        problem=problem,
        **({"banner": banner(shown.person)} if shown.person else {"banner": None}),
    )


def _form(request: Any, shown: queries.ReferralPage, *, anew: bool = False) -> Any:
    """The form of whoever has to act next, when that is this reader."""
    sent, initial = None if anew else _sent(request), {"seen": shown.number}
    if shown.may_answer:
        return AnswerReferralForm(
            sent,
            initial=initial,
            alike=shown.alike,
            is_known=shown.person is not None,
            may_add=shown.row.died_on is None,
            on_register=shown.on_register_since is not None,
        )
    if shown.is_ours and shown.row.waits_for == "referrer":
        return TellMoreForm(sent, initial=initial)
    return None
