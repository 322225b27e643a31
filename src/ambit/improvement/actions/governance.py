"""Boards, their meetings, decisions and minutes; and who leads for a subject. Minutes are versions: a signed one is followed, never changed."""

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from ambit.access.queries import NotAllowed, Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused, Stale
from ambit.improvement.models import Board, Decision, Meeting, Minutes, NamedLead, PlanAction
from ambit.improvement.rules.due import read_due


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardSaid:
    """What a board is: its name, what it is for, who chairs it, when it meets, and to whom it reports."""

    name: str
    purpose: str = ""
    chair: str = ""
    meets: str = ""
    reports_to: str = ""


@transaction.atomic
def make_board(*, by: Reader, said: BoardSaid) -> Board:
    """Set up a board of the reader's own organisation."""
    organisation = _own(by)
    if not said.name.strip():
        raise Refused({"name": "Name the board."})
    if Board.objects.filter(organisation=organisation, name=said.name.strip(), closed_at=None).exists():
        raise Refused({"name": "There is a board of this name already."})
    made = Board.objects.create(
        organisation_id=organisation,
        **{name: getattr(said, name).strip() for name in BoardSaid.__dataclass_fields__},
        made_at=timezone.now(),
        made_by=by.name,
    )
    audit.record(by=by, what="set up a board", details={"board": str(made.pk)})
    return made


@transaction.atomic
def call_meeting(*, by: Reader, board_id: UUID, held_on: date, where: str = "", agenda: str = "") -> Meeting:
    """Put a meeting of a board down, past or to come."""
    board = Board.objects.select_for_update().filter(pk=board_id, organisation=_own(by)).first()
    if board is None:
        raise Refused("There is no such board of your organisation.")
    if Meeting.objects.filter(board=board, held_on=held_on).exists():
        raise Refused({"held_on": "There is a meeting on this day already."})
    made = Meeting.objects.create(
        board=board,
        held_on=held_on,
        where=where.strip(),
        agenda=agenda.strip(),
        made_at=timezone.now(),
        made_by=by.name,
    )
    audit.record(by=by, what="called a meeting", details={"board": str(board_id), "meeting": str(made.pk)})
    return made


@transaction.atomic
def change_meeting(*, by: Reader, meeting_id: UUID, seen: int, where: str, agenda: str, present: str) -> Meeting:
    """Change where a meeting is, what it is about, and who was there."""
    meeting = _meeting(by, meeting_id)
    yours = {"where": where.strip(), "agenda": agenda.strip(), "present": present.strip()}
    if meeting.revision != seen:
        saved = {name: getattr(meeting, name) for name in yours}
        raise Stale(what="the meeting", seen=seen, current=meeting.revision, saved=saved, yours=yours)
    for name, value in yours.items():
        setattr(meeting, name, value)
    meeting.revision += 1
    meeting.save(update_fields=[*yours, "revision"])
    audit.record(by=by, what="changed a meeting", details={"meeting": str(meeting_id), "revision": meeting.revision})
    return meeting


@transaction.atomic
def record_decision(
    *, by: Reader, meeting_id: UUID, what: str, owner: str = "", due: str = "", action_id: UUID | None = None
) -> Decision:
    """Write down what a meeting decided, about an action of a plan if that is what it is about."""
    meeting = _meeting(by, meeting_id)
    problems = {}
    if not what.strip():
        problems["what"] = "Write what was decided."
    own = PlanAction.objects.filter(plan__organisation=meeting.board.organisation_id)
    action = own.filter(pk=action_id).first() if action_id else None
    if action_id and action is None:
        problems["action_id"] = "Choose an action from the list."
    if problems:
        raise Refused(problems)
    told = read_due(due, on=meeting.held_on)
    last = Decision.objects.filter(meeting=meeting).aggregate(last=Max("number"))["last"] or 0
    made = Decision.objects.create(
        meeting=meeting,
        number=last + 1,
        what=what.strip(),
        owner=owner.strip(),
        due=told.words,
        due_until=told.latest,
        action=action,
        recorded_at=timezone.now(),
        recorded_by=by.name,
    )
    audit.record(by=by, what="recorded a decision", details={"meeting": str(meeting_id), "decision": str(made.pk)})
    return made


@transaction.atomic
def write_minutes(*, by: Reader, meeting_id: UUID, seen: int, words: str, what_changed: str = "") -> Minutes:
    """Write the next version of a meeting's minutes; `seen` is the version it began from, 0 for the first.

    Every version is kept. After the first, what changed is said, so that the version table can be read alone.
    """
    meeting = _meeting(by, meeting_id)
    last = meeting.minutes.order_by("-version").first()
    current = last.version if last else 0
    yours: dict[str, Any] = {"words": words.strip(), "what_changed": what_changed.strip()}
    if current != seen:
        saved = {"words": last.words if last else "", "what_changed": last.what_changed if last else ""}
        raise Stale(what="the minutes", seen=seen, current=current, saved=saved, yours=yours)
    problems = {}
    if not yours["words"]:
        problems["words"] = "Write the minutes."
    if last and yours["words"] == last.words:
        problems["words"] = "Nothing is different from the version before."
    elif last and not yours["what_changed"]:
        problems["what_changed"] = "Say what changed since the version before."
    if problems:
        raise Refused(problems)
    made = Minutes.objects.create(
        meeting=meeting,
        version=current + 1,
        **yours,
        sha256=hashlib.sha256(yours["words"].encode()).hexdigest(),
        written_at=timezone.now(),
        written_by=by.name,
        written_by_role=by.role,
    )
    audit.record(by=by, what="wrote minutes", details={"meeting": str(meeting_id), "version": made.version})
    return made


@transaction.atomic
def sign_minutes(*, by: Reader, meeting_id: UUID, version: int, words: str = "") -> Minutes:
    """Sign a version as agreed: the newest, once. A later version is another one, and unsigned."""
    meeting = _meeting(by, meeting_id)
    last = meeting.minutes.select_for_update().order_by("-version").first()
    if last is None or last.version != version:
        raise Refused("A newer version has been written. Read it, then sign it.")
    if last.signed_at:
        raise Refused(f"{last.signed_by} has signed this version already.")
    last.signed_at, last.signed_by, last.signed_by_role = timezone.now(), by.name, by.role
    last.signed_words = words.strip()
    last.save(update_fields=["signed_at", "signed_by", "signed_by_role", "signed_words"])
    audit.record(
        by=by,
        what="signed minutes",
        details={"meeting": str(meeting_id), "version": version, "sha256": last.sha256},
    )
    return last


@transaction.atomic
def name_lead(*, by: Reader, subject: str, name: str, from_on: date, role: str = "", contact: str = "") -> NamedLead:
    """Name who leads for a subject in the reader's own organisation, from a day on; whoever led until then ends the day before."""
    organisation = _own(by)
    problems = {}
    if subject not in NamedLead.Subject.values:
        problems["subject"] = "Choose the subject from the list."
    if not name.strip():
        problems["name"] = "Write who leads."
    former = (
        NamedLead.objects.select_for_update().filter(organisation=organisation, subject=subject, until_on=None).first()
    )
    if former and from_on <= former.from_on:
        problems["from_on"] = f"{former.name} leads since {former.from_on:%d %B %Y}. Choose a later day."
    if problems:
        raise Refused(problems)
    if former:
        former.until_on = from_on - date.resolution
        former.save(update_fields=["until_on"])
    made = NamedLead.objects.create(
        organisation_id=organisation,
        subject=subject,
        name=name.strip(),
        role=role.strip(),
        contact=contact.strip(),
        from_on=from_on,
        named_at=timezone.now(),
        named_by=by.name,
    )
    audit.record(by=by, what="named a lead", details={"lead": str(made.pk), "subject": subject})
    return made


@transaction.atomic
def end_lead(*, by: Reader, lead_id: UUID, until_on: date) -> NamedLead:
    """Somebody no longer leads, and nobody is named after them yet."""
    row = NamedLead.objects.select_for_update().filter(pk=lead_id, organisation=_own(by), until_on=None).first()
    if row is None:
        raise Refused("There is no such lead of your organisation.")
    if until_on < row.from_on:
        raise Refused({"until_on": "It cannot end before it begins."})
    row.until_on = until_on
    row.save(update_fields=["until_on"])
    audit.record(by=by, what="ended a lead", details={"lead": str(lead_id), "subject": row.subject})
    return row


def _own(by: Reader) -> UUID:
    by.must("lead_rounds")
    if by.organisation_id is None:
        raise NotAllowed("Only who works for an organisation does this for it.")
    return by.organisation_id


def _meeting(by: Reader, meeting_id: UUID) -> Meeting:
    found = (
        Meeting.objects.select_for_update(of=("self",))
        .select_related("board")
        .filter(pk=meeting_id, board__organisation=_own(by))
        .first()
    )
    if found is None:
        raise Refused("There is no such meeting of your organisation.")
    return found
