"""What the person chooses: who may see the plan, a code for a paramedic, how pages look, which news is mailed."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ambit.access import actions as access
from ambit.access import queries as access_queries
from ambit.access.rules import what_a_paramedic_will_not_see
from ambit.careplan import registry
from ambit.careplan.queries import life_of
from ambit.design.page import page
from ambit.design.qr import qr_once
from ambit.design.refusals import Refused
from ambit.design.routes import needs
from ambit.mycare import actions, queries
from ambit.mycare.pages.forms import CarerForm, KeepBackForm, LooksForm, MailsForm, SharingForm
from ambit.mycare.pages.views.plan import mine_of
from ambit.mycare.sentences import in_their_language


@needs("choose_who_sees", person="person_id")
@require_http_methods(["GET", "POST"])
def who_may_see(request: Any, person_id: UUID) -> HttpResponse:
    """Who may see the plan: services, one organisation, one part, a carer; told first what a paramedic will not see."""
    act = request.POST.get("do", "")
    forms = {
        "sharing": SharingForm(request.POST if act == "sharing" else None),
        "part": KeepBackForm(request.POST if act == "part" else None, parts=_parts(request.person)),
        "carer": CarerForm(request.POST if act == "carer" else None),
    }
    form = forms.get(act)
    if form is not None and form.is_valid():
        try:
            _decide(request, act, form.cleaned_data)
        except Refused as refused:
            form.refuse(refused)
        else:
            messages.success(request, _("Saved. It holds from now on."))
            return redirect("who_may_see", person_id=request.person.id)
    decisions = access_queries.sharing_decisions(request.reader, request.person)
    shown: dict[str, Any] = {"form": form} if form is not None else {}
    return page(
        request,
        "mycare/who_may_see.jinja",
        status=422 if form is not None and form.errors else 200,
        mine=mine_of(request),
        forms=forms,
        current=[row for row in decisions if row.ended_at is None],
        sees=queries.who_sees(request.reader, request.person),
        carers=[row for row in queries.invitations(request.reader, request.person.id) if row.state != "ended"],
        not_seen=[in_their_language(words) for words in what_a_paramedic_will_not_see()],
        titles=dict(_parts()),
        **shown,
    )


def _parts(person: Any = None) -> list[tuple[str, str]]:
    """Every part by its title for the person; of one person, only what somebody of that age is asked."""
    plan = registry.plan_in(get_language() or "")
    life = life_of(person, on=timezone.localdate(), has_childs_plan=True) if person else None
    asked = (section for section in plan.sections() if life is None or section.ages.include(life))
    return [(section.id, section.title_for_person) for section in asked]


def _decide(request: Any, act: str, said: dict[str, Any]) -> None:
    today: date = timezone.localdate()
    mine: dict[str, Any] = {
        "by": request.reader,
        "person_id": request.person.id,
        "basis": "person",
        "informed_on": today,
    }
    if act == "carer":
        actions.ask_for_carer(by=request.reader, person=request.person, **said)
    elif act == "part":
        access.record_objection(scope="item", item=said["item"], **mine)
    elif said["outcome"] == "agreed":
        access.record_consent(**mine)
    else:
        never = said["outcome"] == "never"
        if never and not said["told"]:
            raise Refused({"told": "Read what a paramedic will then not see, and say that you did."})
        access.record_objection(not_even_in_emergency=never, told_what_would_not_be_seen=never and said["told"], **mine)


@needs("choose_who_sees", person="person_id")
@require_POST
def stop_organisation(request: Any, person_id: UUID, organisation_id: UUID) -> HttpResponse:
    """One organisation sees the plan no more."""
    sees = {row.organisation_id for row in queries.who_sees(request.reader, request.person)}
    if organisation_id in sees:
        try:
            access.record_objection(
                by=request.reader,
                person_id=request.person.id,
                basis="person",
                informed_on=timezone.localdate(),
                scope="organisation",
                organisation_id=organisation_id,
            )
        except Refused as refused:  # nothing is withdrawn by who is under 16 alone: the page says who decides
            messages.warning(request, in_their_language(str(refused)))
    return redirect("who_may_see", person_id=request.person.id)


@needs("choose_who_sees", person="person_id")
@require_POST
def let_again(request: Any, person_id: UUID, decision_id: UUID) -> HttpResponse:
    """Take back what one decided against sharing."""
    mine = {row.id for row in access_queries.sharing_decisions(request.reader, request.person)}
    if decision_id in mine:
        try:
            access.withdraw_objection(by=request.reader, decision_id=decision_id)
        except Refused as refused:
            messages.warning(request, in_their_language(str(refused)))
    return redirect("who_may_see", person_id=request.person.id)


@needs("choose_who_sees", person="person_id")
@require_POST
def end_leave(request: Any, person_id: UUID, invitation_id: UUID) -> HttpResponse:
    """A carer sees the plan no more."""
    try:
        actions.withdraw_invitation(by=request.reader, person=request.person, invitation_id=invitation_id)
    except Refused as refused:
        messages.warning(request, in_their_language(str(refused)))
    return redirect("who_may_see", person_id=request.person.id)


@needs("see_who_opened", person="person_id")
@require_http_methods(["GET", "POST"])
def show_code(request: Any, person_id: UUID) -> HttpResponse:
    """A code with which a paramedic beside the person opens the record; it works for some minutes."""
    code, scan, problem = None, "", ""
    if request.method == "POST":
        try:
            if request.POST.get("do") == "stop":
                access.stop_showing(by=request.reader, person_id=request.person.id)
                messages.success(request, _("Closed. The code works no more."))
                return redirect("show_code", person_id=request.person.id)
            code = access.show_code(by=request.reader, person_id=request.person.id)
            address = request.build_absolute_uri(f"{reverse('use_code')}?code={code.code}")
            scan = qr_once(address, _("QR code: it holds the code above"))
        except Refused as refused:
            problem = str(refused)
    return page(request, "mycare/show_code.jinja", mine=mine_of(request), code=code, scan=scan, problem=problem)


@needs("see_own_record", person="person_id")
@require_http_methods(["GET", "POST"])
def choose_looks(request: Any, person_id: UUID) -> HttpResponse:
    """Large print, contrast, Easy Read; Welsh is at the foot of every page, and here."""
    mine = mine_of(request)
    now = {"large": mine.looks.large, "contrast": mine.looks.contrast, "easy": mine.looks.easy}
    form = LooksForm(request.POST if request.method == "POST" else None, initial=now)
    if form.is_valid():
        actions.choose_looks(by=request.reader, **form.cleaned_data)
        return redirect("choose_looks", person_id=request.person.id)
    return page(request, "mycare/choose_looks.jinja", mine=mine, form=form)


@needs("see_own_record", person="person_id")
@require_http_methods(["GET", "POST"])
def notices(request: Any, person_id: UUID) -> HttpResponse:
    """What is new, and for which news a mail is sent."""
    act = request.POST.get("do", "")
    form = MailsForm(request.POST if act == "mails" else None, initial={"wanted": queries.mails_wanted(request.reader)})
    if act == "read":
        actions.read_notices(by=request.reader, person_id=request.person.id)
        return redirect("notices", person_id=request.person.id)
    if form.is_valid():
        actions.choose_mails(by=request.reader, wanted=form.cleaned_data["wanted"])
        messages.success(request, _("Saved."))
        return redirect("notices", person_id=request.person.id)
    return page(
        request,
        "mycare/notices.jinja",
        mine=mine_of(request),
        form=form,
        rows=queries.notices(request.reader, request.person.id),
    )
