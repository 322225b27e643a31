"""A concern is raised, received by somebody with a name, and answered."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Person, Reader, operator
from ambit.access.rules import due_after
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed
from ambit.coordination import actions as coordination
from ambit.coordination.queries import who_answers_for
from ambit.design.refusals import Refused
from ambit.events.actions import announce
from ambit.mycare.events import ConcernAnswered
from ambit.mycare.models import Concern
from ambit.mycare.queries import concerns_to_answer
from ambit.mycare.rules import READ_A_CONCERN, RECEIVED_WITHIN_WORKING_DAYS

LONGEST = 4000


@transaction.atomic
def raise_concern(
    *, by: Reader, person: Person, kind: str, words: str, about: str = "", on: date, key: UUID
) -> Concern:
    """Say what one is worried about. Who reads it is told in the same act; a form sent twice is one concern."""
    by.must("see_own_record")
    if by.account_id is None:
        raise NotAllowed("Only somebody who signs in raises a concern.")
    known = Concern.objects.filter(pk=key, account_id=by.account_id).first()
    if known:
        return known
    problems = {}
    if kind not in Concern.Kind.values:
        problems["kind"] = "Choose what it is about."
    if kind == Concern.Kind.WHO_OPENED:
        by.must("see_who_opened")
        if not about.strip():
            problems["about"] = "Choose whom you do not know."
    elif not words.strip():
        problems["words"] = "Write what you are worried about."
    if len(words.strip()) > LONGEST:
        problems["words"] = f"Write at most {LONGEST} characters ({len(words.strip())} now)."
    if problems:
        raise Refused(problems)
    concern = Concern.objects.create(
        id=key,
        person=person,
        kind=kind,
        words=words.strip(),
        about=about.strip(),
        account_id=by.account_id,
        by_name=by.name,
        by_role=by.role,
        raised_at=timezone.now(),
        receive_by_on=due_after(on, RECEIVED_WITHIN_WORKING_DAYS),
    )
    owner = who_answers_for(person) if kind == Concern.Kind.CARE else None
    if owner is not None:
        coordination.raise_task(
            by=operator("Ambit"),
            what=READ_A_CONCERN,
            owner=owner,
            person_id=person.id,
            due_on=concern.receive_by_on,
            source_event=_source(concern),
        )
    audit.record(by=by, what="raised a concern", about=person.id, details={"concern": str(key), "kind": kind})
    return concern


@transaction.atomic
def receive_concern(*, by: Reader, concern_id: UUID) -> Concern:
    """Say that one has read it and sees to it; the person is told who."""
    concern = _open(by, concern_id)
    if concern.received_at is None:
        _receive(concern, by)
        concern.save(update_fields=["received_by", "received_by_role", "received_at"])
        audit.record(by=by, what="received a concern", about=concern.person_id, details={"concern": str(concern.id)})
    return concern


@transaction.atomic
def answer_concern(*, by: Reader, concern_id: UUID, answer: str) -> Concern:
    """Answer a concern, in words that the person reads."""
    concern = _open(by, concern_id)
    if not answer.strip():
        raise Refused({"answer": "Write what was found and what is done about it, in words for the person."})
    if concern.received_at is None:
        _receive(concern, by)
    concern.answer = answer.strip()
    concern.answered_by = by.name
    concern.answered_by_role = by.role
    concern.answered_at = timezone.now()
    concern.save()
    coordination.finish_asked(by=operator("Ambit"), source_event=_source(concern), note=f"Answered by {by.name}.")
    audit.record(by=by, what="answered a concern", about=concern.person_id, details={"concern": str(concern.id)})
    announce(ConcernAnswered(person_id=concern.person_id, concern_id=concern.id, account_id=concern.account_id))
    return concern


def _open(by: Reader, concern_id: UUID) -> Concern:
    by.must("answer_concerns")
    concern = concerns_to_answer(by).select_for_update(of=("self",)).filter(pk=concern_id).first()
    if concern is None:
        raise NotAllowed("This concern is not yours to answer.")
    if concern.answered_at is not None:
        raise Refused(f"This was answered already by {concern.answered_by}.")
    return concern


def _receive(concern: Concern, by: Reader) -> None:
    concern.received_by = by.name
    concern.received_by_role = by.role
    concern.received_at = timezone.now()


def _source(concern: Concern) -> str:
    return f"mycare.Concern/{concern.id}"
