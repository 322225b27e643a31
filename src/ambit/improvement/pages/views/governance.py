"""Pages of boards, meetings with their minutes, and named leads."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ambit.design.conflict import stale_page
from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs
from ambit.improvement import actions, queries
from ambit.improvement.actions import BoardSaid
from ambit.improvement.pages.governance_forms import (
    SUBJECTS,
    BoardForm,
    ChangeMeetingForm,
    DecisionForm,
    MeetingForm,
    MinutesForm,
    NameLeadForm,
)


@needs("see_rounds")
@require_GET
def boards(request: Any) -> HttpResponse:
    """Every board the reader may see."""
    found = queries.boards(request.reader)
    return page(request, "improvement/boards.jinja", found=found, may_make=request.reader.may("lead_rounds"))


@needs("lead_rounds")
def make_board(request: Any) -> HttpResponse:
    """Set up a board."""
    form = BoardForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.make_board(by=request.reader, said=BoardSaid(**form.cleaned_data))
            return redirect("board", board_id=made.pk)
        except Refused as refused:
            form.refuse(refused)
    return _form(request, form, _("Set up a board"))


def _form(request: Any, form: Any, heading: str, **path: Any) -> HttpResponse:
    """A page that is a form under a heading, and where it stands."""
    return page(request, "improvement/governance_form.jinja", form=form, heading=heading, path_to=path)


@needs("see_rounds")
@require_GET
def board(request: Any, board_id: UUID) -> HttpResponse:
    """A board's page: what needs it, its plans, its decisions, its meetings."""
    today = timezone.localdate()
    found = queries.board_page(request.reader, board_id, on=today)
    needs_it = [need for one in found.plans for need in queries.actions_that_need(one.actions, on=today)]
    return page(
        request,
        "improvement/board.jinja",
        found=found,
        one=found.board,
        late=[need for need in needs_it if need.kind == "late"],
        at_risk=[need for need in needs_it if need.kind == "at_risk"],
        today=today,
    )


@needs("lead_rounds")
def call_meeting(request: Any, board_id: UUID) -> HttpResponse:
    """Put a meeting down."""
    one = queries.board_page(request.reader, board_id, on=timezone.localdate()).board
    form = MeetingForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.call_meeting(by=request.reader, board_id=board_id, **form.cleaned_data)
            return redirect("board_meeting", meeting_id=made.pk)
        except Refused as refused:
            form.refuse(refused)
    return _form(request, form, _("Put a meeting of %(name)s down") % {"name": one.name}, board=one)


@needs("see_rounds")
@require_GET
def board_meeting(request: Any, meeting_id: UUID) -> HttpResponse:
    """A meeting: what it is about, what was decided, its minutes with every version."""
    found = queries.meeting_page(request.reader, meeting_id)
    return page(
        request,
        "improvement/meeting.jinja",
        found=found,
        one=found.meeting,
        is_past=found.meeting.held_on <= timezone.localdate(),
    )


@needs("lead_rounds")
def change_meeting(request: Any, meeting_id: UUID) -> HttpResponse:
    """Where it is, what it is about, who was there."""
    one = queries.meeting_page(request.reader, meeting_id).meeting
    form = ChangeMeetingForm(
        request.POST or None,
        initial={"where": one.where, "agenda": one.agenda, "present": one.present, "seen": one.revision},
    )
    if form.is_valid():
        try:
            actions.change_meeting(by=request.reader, meeting_id=meeting_id, **form.cleaned_data)
            return redirect("board_meeting", meeting_id=meeting_id)
        except Refused as refused:
            form.refuse(refused)
        except Stale as stale:
            return stale_page(request, stale, form)
    return _form(request, form, _("Change the meeting"), board=one.board, meeting=one)


@needs("lead_rounds")
def record_decision(request: Any, meeting_id: UUID) -> HttpResponse:
    """Write down what was decided."""
    one = queries.meeting_page(request.reader, meeting_id).meeting
    plans = queries.board_page(request.reader, one.board_id, on=timezone.localdate()).plans
    several = [(str(line.row.id), line.row.said.what[:100]) for plan in plans for line in plan.actions]
    form = DecisionForm(request.POST or None, actions=several)
    if form.is_valid():
        said = form.cleaned_data
        try:
            actions.record_decision(
                by=request.reader,
                meeting_id=meeting_id,
                what=said["what"],
                owner=said["owner"],
                due=said["due"],
                action_id=UUID(said["action_id"]) if said["action_id"] else None,
            )
            return redirect("board_meeting", meeting_id=meeting_id)
        except Refused as refused:
            form.refuse(refused)
    return _form(request, form, _("Record a decision"), board=one.board, meeting=one)


@needs("lead_rounds")
def write_minutes(request: Any, meeting_id: UUID) -> HttpResponse:
    """The next version of the minutes."""
    found = queries.meeting_page(request.reader, meeting_id)
    last = found.newest
    form = MinutesForm(
        request.POST or None, initial={"words": last.words if last else "", "seen": last.version if last else 0}
    )
    if form.is_valid():
        try:
            actions.write_minutes(by=request.reader, meeting_id=meeting_id, **form.cleaned_data)
            messages.success(request, _("Kept as a new version, not signed yet."))
            return redirect("board_meeting", meeting_id=meeting_id)
        except Refused as refused:
            form.refuse(refused)
        except Stale as stale:
            return stale_page(
                request,
                stale,
                form,
                saved_by=last.written_by if last else "",
                saved_at=last.written_at if last else None,
            )
    heading = _("Write version %(number)s of the minutes") % {"number": (last.version if last else 0) + 1}
    return _form(request, form, heading, board=found.meeting.board, meeting=found.meeting)


@needs("lead_rounds")
@require_POST
def sign_minutes(request: Any, meeting_id: UUID) -> HttpResponse:
    """Sign the newest version as agreed."""
    try:
        version = int(request.POST.get("version", ""))
    except ValueError:
        version = 0
    try:
        actions.sign_minutes(
            by=request.reader, meeting_id=meeting_id, version=version, words=request.POST.get("words", "")[:400]
        )
        messages.success(request, _("Signed."))
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("board_meeting", meeting_id=meeting_id)


@needs("see_rounds")
@require_GET
def named_leads(request: Any) -> HttpResponse:
    """Who leads for palliative care, bereavement and children, place by place."""
    found = queries.named_leads(request.reader, on=timezone.localdate())
    # what the advice note asks of a place; a lead for children, or of a whole system, is welcome and not asked for
    asked = {
        (one.organisation.id, subject)
        for one in found
        if one.organisation.kind == "place"
        for subject in ("palliative", "bereavement")
    }
    missing = sum(
        (one.organisation.id, subject) in asked
        for one in found
        for subject, _words in SUBJECTS
        if subject not in one.now
    )
    return page(
        request,
        "improvement/named_leads.jinja",
        found=found,
        subjects=SUBJECTS,
        asked=asked,
        missing=missing,
        may_name=request.reader.may("lead_rounds"),
    )


@needs("lead_rounds")
def name_lead(request: Any) -> HttpResponse:
    """Name who leads for a subject in one's own organisation."""
    form = NameLeadForm(request.POST or None, initial={"subject": request.GET.get("subject", "")})
    if form.is_valid():
        try:
            actions.name_lead(by=request.reader, **form.cleaned_data)
            return redirect("named_leads")
        except Refused as refused:
            form.refuse(refused)
    return _form(request, form, _("Name who leads in %(place)s") % {"place": request.reader.organisation_name})
