"""A practice's meeting about people found: its list made, what came of each recorded, and closed."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed
from ambit.casefinding import actions as casefinding
from ambit.casefinding import rules as answers
from ambit.casefinding.queries import in_stead_of, to_discuss
from ambit.coordination.actions.tasks import raise_task
from ambit.coordination.events import MeetingClosed
from ambit.coordination.models import Meeting, MeetingItem, Task
from ambit.coordination.queries import Owner, coordinating_organisation
from ambit.design.refusals import Refused, Stale
from ambit.events.actions import announce


@transaction.atomic
def make_meeting(*, by: Reader, held_on: date) -> Meeting:
    """Make the list of a meeting: everybody of the practice who is to be talked about, most grounds first."""
    by.must("decide_candidates")
    if by.organisation_id is None:
        raise NotAllowed("A meeting is a practice's.")
    people = to_discuss(by)
    if not people:
        raise Refused(
            "Nobody is on the list for a meeting. Choose “Talk about it at the next meeting” for somebody found."
        )
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                practice_id=by.organisation_id, held_on=held_on, made_at=timezone.now(), made_by=by.name
            )
    except IntegrityError as error:
        raise Refused("There is an open meeting already. Close it, or take more people into it.") from error
    _put_on(meeting, people, after=0)
    audit.record(by=by, what="made a meeting's list", details={"meeting": str(meeting.id), "people": len(people)})
    return meeting


@transaction.atomic
def take_in_more(*, by: Reader, meeting_id: UUID, seen: int) -> Meeting:
    """Put those on an open meeting's list who were named for it since it was made."""
    meeting = _open_meeting(meeting_id, by=by, seen=seen, yours="Take in more people")
    there = set(in_stead_of(meeting.items.values_list("candidate_id", flat=True)).values())
    more = [candidate_id for candidate_id in to_discuss(by) if candidate_id not in there]
    _put_on(meeting, more, after=meeting.items.count())
    meeting.save(update_fields=["version"])
    audit.record(
        by=by, what="took more people into a meeting", details={"meeting": str(meeting.id), "people": len(more)}
    )
    return meeting


@transaction.atomic
def record_outcome(
    *,
    by: Reader,
    item_id: UUID,
    seen: int,
    outcome: str,
    surprise: str,
    on: date,
    note: str = "",
    why: str = "",
    stage: str = "not_staged",
    told: bool = False,
    recheck_on: date | None = None,
    task: str = "",
    task_due_on: date | None = None,
) -> MeetingItem:
    """Say what the meeting came to about somebody; the candidate's answer and a task are made in the same act.

    `seen` is the version of the candidate. A task about somebody who joined the register goes to those who coordinate care in the practice's
    place once the person knows; before that, and about whoever did not join, it stays with the practice and names nobody.
    """
    by.must("decide_candidates")
    found = (
        MeetingItem.objects.select_for_update(of=("self",))
        .select_related("meeting")
        .filter(pk=item_id, meeting__practice_id=by.organisation_id)
        .first()
    )
    if found is None:
        raise NotAllowed("This is not on a list of your practice's meetings.")
    if found.meeting.closed_at is not None:
        raise Refused("This meeting is closed. Answer on the person's own page.")
    candidate_id = in_stead_of([found.candidate_id])[found.candidate_id]
    given: dict[str, Any] = {"by": by, "candidate_id": candidate_id, "seen": seen, "reason": note, "on": on}
    person_id = None
    if outcome == answers.ACCEPTED:
        person_id = casefinding.accept_candidate(surprise=surprise, stage=stage, told=told, **given).person_id
    elif outcome == answers.NOT_NOW:
        casefinding.not_now(surprise=surprise, recheck_on=recheck_on, why=why, **given)
    elif outcome == answers.NO:
        casefinding.say_no(surprise=surprise, why=why, **given)
    elif outcome == answers.DISCUSS:
        casefinding.discuss(**given)
    else:
        raise Refused({"answer": "Choose what the meeting came to."})
    if task.strip():
        found.task = _task(found, by=by, what=task, person_id=person_id, told=told, due_on=task_due_on)
    found.outcome, found.note, found.said_at, found.said_by = outcome, note, timezone.now(), by.name
    found.save(update_fields=["outcome", "note", "said_at", "said_by", "task"])
    audit.record(
        by=by,
        what="recorded what a meeting came to",
        about=person_id,
        details={"meeting": str(found.meeting_id), "item": found.number, "outcome": outcome},
    )
    return found


@transaction.atomic
def close_meeting(*, by: Reader, meeting_id: UUID, seen: int, present: Sequence[str]) -> Meeting:
    """Close a meeting, with who was there; those nothing was said about stay on the list for the next."""
    meeting = _open_meeting(meeting_id, by=by, seen=seen, yours="Close the meeting")
    there = list(dict.fromkeys(name.strip() for name in present if name.strip()))
    if not there:
        raise Refused({"present": "Say who was there."})
    meeting.present, meeting.closed_at, meeting.closed_by = there, timezone.now(), by.name
    meeting.save(update_fields=["present", "closed_at", "closed_by", "version"])
    people = meeting.items.exclude(outcome="").count()
    audit.record(by=by, what="closed a meeting", details={"meeting": str(meeting.id), "people": people})
    announce(MeetingClosed(meeting_id=meeting.id, practice_id=meeting.practice_id, people=people))
    return meeting


@transaction.atomic
def print_meeting(*, by: Reader, meeting_id: UUID) -> None:
    """Keep in the trail that a meeting's list was put on paper."""
    by.must("see_candidates")
    audit.record(by=by, what="made a meeting's list for paper", details={"meeting": str(meeting_id)})


def _put_on(meeting: Meeting, people: Sequence[UUID], *, after: int) -> None:
    MeetingItem.objects.bulk_create(
        MeetingItem(meeting=meeting, number=number, candidate_id=candidate_id)
        for number, candidate_id in enumerate(people, start=after + 1)
    )


def _open_meeting(meeting_id: UUID, *, by: Reader, seen: int, yours: str) -> Meeting:
    """The practice's open meeting, locked, its version moved on by one; an older version is refused."""
    by.must("decide_candidates")
    meeting = Meeting.objects.select_for_update().filter(pk=meeting_id, practice_id=by.organisation_id).first()
    if meeting is None:
        raise NotAllowed("This is not a meeting of your practice.")
    if meeting.version != seen:
        saved = f"Closed by {meeting.closed_by}" if meeting.closed_at else "Somebody took more people in"
        raise Stale(what="The meeting", seen=seen, current=meeting.version, saved=saved, yours=yours)
    if meeting.closed_at is not None:
        raise Refused("This meeting is closed.")
    meeting.version += 1
    return meeting


def _task(
    found: MeetingItem, *, by: Reader, what: str, person_id: UUID | None, told: bool, due_on: date | None
) -> Task:
    asked = coordinating_organisation(found.meeting.practice_id) if person_id and told else None
    practice = found.meeting.practice
    owner = (
        Owner(name=asked.name, organisation_id=asked.id)
        if asked
        else Owner(name=practice.name, organisation_id=practice.id)
    )
    note = f"From the meeting of {found.meeting.held_on:%-d %B %Y}, item {found.number}."
    return raise_task(by=by, what=what, owner=owner, person_id=person_id, due_on=due_on, note=note)
