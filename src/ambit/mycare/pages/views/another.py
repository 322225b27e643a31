"""Another person's plan with the same sign-in: added by letter, asked for, answered by staff; and the document behind it."""

from typing import Any
from uuid import UUID

from allauth.core import ratelimit
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ambit.access.queries import banner
from ambit.design.page import page
from ambit.design.refusals import Refused
from ambit.design.routes import needs
from ambit.mycare import actions, queries
from ambit.mycare.pages.forms import AddByLetterForm, AskToSeeForm
from ambit.mycare.pages.staff_forms import NameDocumentForm, RefuseToShowForm
from ambit.mycare.rules import RECEIVED_WITHIN_WORKING_DAYS


@needs("see_own_record")
@require_http_methods(["GET", "POST"])
def see_another(request: Any) -> HttpResponse:
    """Whose plans one sees; add another by a letter, or ask for it, and read the answer."""
    plans = queries.whose_plans(request.reader)
    act = request.POST.get("do", "")
    letter = AddByLetterForm(request.POST if act == "letter" else None, prefix="letter")
    ask = AskToSeeForm(request.POST if act == "ask" else None, plans=[(str(one.person_id), one.name) for one in plans])
    form: Any = {"letter": letter, "ask": ask}.get(act)
    if form is not None and form.is_valid() and _add(request, act, form):
        return redirect("see_another")
    shown: dict[str, Any] = {"form": form} if form is not None else {}
    return page(
        request,
        "mycare/see_another.jinja",
        status=422 if form is not None and form.errors else 200,
        mine=None,
        plans=plans,
        is_for_others=request.reader.person_id is None,
        letter=letter,
        ask=ask,
        rows=queries.asked_by(request.reader),
        days=RECEIVED_WITHIN_WORKING_DAYS,
        **shown,
    )


def _add(request: Any, act: str, form: Any) -> bool:
    """Whether it was done; what stops it is said at its field."""
    said = form.cleaned_data
    try:
        if act == "letter":
            if not ratelimit.consume(request, action="begin"):
                raise Refused(_("Too many tries from this place. Wait an hour, then try again."))
            actions.add_by_letter(by=request.reader, **said)
            messages.success(request, _("Added. You see it here from now on."))
        else:
            through = said.pop("through", "")
            actions.ask_to_see(by=request.reader, through=UUID(through or "0" * 32), on=timezone.localdate(), **said)
            messages.success(request, _("Sent. Below you see the answer when it comes."))
    except Refused as refused:
        form.refuse(refused)
        return False
    return True


# --- staff ---


@needs("give_access")
@require_http_methods(["GET", "POST"])
def answer_asked(request: Any, asked_id: UUID) -> HttpResponse:
    """Who asks to see another plan, whom they may mean, and the answer no; yes is given where that person's sign-ins are."""
    asked = queries.asked(request.reader, asked_id)
    form = RefuseToShowForm(request.POST or None)
    if form.is_valid():
        try:
            actions.refuse_to_show(by=request.reader, asked_id=asked_id, **form.cleaned_data)
            messages.success(request, _("Answered. They see it on their page."))
            return redirect("concerns")
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "mycare/answer_asked.jinja",
        asked=asked,
        meant=[] if asked.answered_at else queries.who_is_meant(request.reader, asked),
        form=form,
    )


@needs("give_access", person="person_id")
@require_http_methods(["GET", "POST"])
def name_document(request: Any, person_id: UUID, invitation_id: UUID) -> HttpResponse:
    """Say on which document an attorney or deputy acts."""
    form = NameDocumentForm(request.POST or None, documents=queries.documents_to_choose(request.person.id))
    if form.is_valid():
        try:
            actions.name_document(
                by=request.reader,
                person=request.person,
                invitation_id=invitation_id,
                directive_id=UUID(form.cleaned_data["directive_id"] or "0" * 32),
            )
            return redirect("invite", person_id=request.person.id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "mycare/name_document.jinja",
        banner=banner(request.reader, request.person),
        person_id=request.person.id,
        form=form,
    )
