"""Pages of a practice's meetings about people found."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from ambit.casefinding import queries as casefinding
from ambit.coordination import actions, queries
from ambit.coordination.pages.meeting_forms import CloseMeetingForm, MakeMeetingForm, OutcomeForm, SeenMeetingForm
from ambit.design.page import page
from ambit.design.refusals import Refused, Stale
from ambit.design.routes import needs


@needs("see_candidates")
def meetings(request: Any) -> HttpResponse:
    """The practice's meetings, and the list of the next one to be made."""
    may_act = request.reader.may("decide_candidates")
    form = MakeMeetingForm(
        request.POST if request.method == "POST" else None, initial={"held_on": timezone.localdate()}
    )
    if form.is_valid():
        try:
            made = actions.make_meeting(by=request.reader, held_on=form.cleaned_data["held_on"])
            return redirect("meeting", meeting_id=made.id)
        except Refused as refused:
            form.refuse(refused)
    return page(
        request,
        "coordination/meetings.jinja",
        meetings=queries.meetings(request.reader),
        form=form,
        may_act=may_act,
        practice=request.reader.organisation_name,
    )


@needs("see_candidates")
def meeting(request: Any, meeting_id: UUID) -> HttpResponse:
    """One meeting: who is on its list, what came of each, who was there."""
    return _meeting_page(request, meeting_id)


@needs("see_candidates")
def print_meeting(request: Any, meeting_id: UUID) -> HttpResponse:
    """The list on paper, with room to write; kept in the trail."""
    shown = queries.meeting(request.reader, meeting_id)
    actions.print_meeting(by=request.reader, meeting_id=meeting_id)
    return page(
        request,
        "coordination/print_meeting.jinja",
        meeting=shown,
        printed_at=timezone.now(),
        printed_by=request.reader.name,
    )


@needs("decide_candidates")
def take_in_more(request: Any, meeting_id: UUID) -> HttpResponse:
    """Put those on the list who were named since it was made."""
    form = SeenMeetingForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.take_in_more(by=request.reader, meeting_id=meeting_id, seen=form.cleaned_data["seen"])
            return redirect("meeting", meeting_id=meeting_id)
        except Refused as refused:
            form.refuse(refused)
        except Stale as stale:
            return _meeting_page(request, meeting_id, stale=stale)
    return _meeting_page(request, meeting_id)


@needs("decide_candidates")
def close_meeting(request: Any, meeting_id: UUID) -> HttpResponse:
    """Say who was there, and close the meeting."""
    possible = queries.possible_present(request.reader)
    form = CloseMeetingForm(request.POST if request.method == "POST" else None, possible=possible)
    if form.is_valid():
        try:
            actions.close_meeting(
                by=request.reader, meeting_id=meeting_id, seen=form.cleaned_data["seen"], present=form.everybody()
            )
            return redirect("meeting", meeting_id=meeting_id)
        except Refused as refused:
            form.refuse(refused)
        except Stale as stale:
            return _meeting_page(request, meeting_id, stale=stale)
    return _meeting_page(request, meeting_id, form=form if request.method == "POST" else None)


@needs("decide_candidates")
def record_outcome(request: Any, item_id: UUID) -> HttpResponse:
    """What the meeting came to about one person, with the reasons beside it; then the next."""
    item = queries.item(request.reader, item_id)
    shown = casefinding.candidate(request.reader, item.candidate_id)
    initial = {"seen": shown.version}
    form = OutcomeForm(request.POST if request.method == "POST" else None, initial=initial)
    stale = None
    if form.is_valid():
        try:
            _record(request, item_id, form)
            if item.following:
                return redirect("record_outcome", item_id=item.following)
            return redirect("meeting", meeting_id=item.meeting.id)
        except Refused as refused:
            form.refuse(refused)
        except Stale as older:
            stale = older
            typed = {name: value for name, value in form.cleaned_data.items() if name != "seen"}
            form = OutcomeForm(initial=typed | initial)
    named = next(row for row in item.meeting.items if row.id == item_id)
    return page(
        request,
        "coordination/record_outcome.jinja",
        status=409 if stale else 200,
        item=item,
        named=named,
        candidate=shown,
        form=form,
        stale=stale,
        may_act=item.meeting.closed_at is None and shown.can_be_answered,
    )


def _record(request: Any, item_id: UUID, form: OutcomeForm) -> None:
    said, today = form.cleaned_data, timezone.localdate()
    actions.record_outcome(
        by=request.reader,
        item_id=item_id,
        seen=said["seen"],
        outcome=said["answer"],
        surprise=said["surprise"],
        on=today,
        note=said["reason"],
        why=said["why_no"] or said["why_wait"],
        stage=said["stage"],
        told=said["told"],
        recheck_on=form.looks_again_on(today),
        task=said["task"],
        task_due_on=said["task_due_on"],
    )


def _meeting_page(
    request: Any, meeting_id: UUID, *, form: CloseMeetingForm | None = None, stale: Stale | None = None
) -> HttpResponse:
    shown = queries.meeting(request.reader, meeting_id)
    if form is None:
        form = CloseMeetingForm(initial={"seen": shown.version}, possible=queries.possible_present(request.reader))
    return page(
        request,
        "coordination/meeting.jinja",
        status=409 if stale else 200,
        meeting=shown,
        form=form,
        stale=stale,
        may_act=request.reader.may("decide_candidates") and shown.closed_at is None,
    )
