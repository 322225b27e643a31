"""Answers to candidates: each against the version that was seen, each kept."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.access.models import Account
from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed
from ambit.casefinding import rules
from ambit.casefinding.models import Candidate, CandidateAnswer
from ambit.design.refusals import Refused, Stale
from ambit.people import actions as people
from ambit.people.rules import Identity
from ambit.register import actions as register
from ambit.register.models import RegisterEntry

NO_NUMBER = "source_has_none"


@transaction.atomic
def accept_candidate(
    *, by: Reader, candidate_id: UUID, seen: int, surprise: str, stage: str, reason: str, told: bool, on: date
) -> RegisterEntry:
    """Add the person behind a candidate to the register; `seen` is the version the reader decided on.

    `told` says that the person knows, or will before anything leaves the practice.
    """
    candidate = _to_answer(candidate_id, by=by, seen=seen, yours=f"Add to the register: {reason}")
    problems = rules.problems_of_answer(surprise=surprise)
    if problems:
        raise Refused(problems)
    person = people.admit(
        by=by,
        identity=Identity(
            family_name=candidate.family_name,
            given_names=candidate.given_names,
            title=candidate.title,
            born_on=candidate.born_on,
            birth_precision="exact" if candidate.born_on else "",
            sex=candidate.sex,
            nhs_number=candidate.nhs_number,
            no_number_reason="" if candidate.nhs_number else NO_NUMBER,
            practice_id=candidate.practice_id,
        ),
    )
    if person.practice_id != candidate.practice_id:
        raise Refused(
            "Somebody with this NHS number is on another practice's list. "
            "Settle with that practice where they are registered, then answer again."
        )
    entry = register.add_to_register(
        by=by, person=person, on=on, found_by="case_finding", stage=stage, reason=reason, told=told
    )
    candidate.person = person
    _keep_answer(
        candidate, by=by, answer=rules.ACCEPTED, on=on, surprise=surprise, stage=stage, reason=reason, told=told
    )
    audit.record(by=by, what="accepted a candidate", about=person.id, details={"candidate": str(candidate.id)})
    return entry


@transaction.atomic
def not_now(
    *,
    by: Reader,
    candidate_id: UUID,
    seen: int,
    surprise: str,
    recheck_on: date | None,
    reason: str,
    on: date,
    why: str = "",
) -> Candidate:
    """Leave somebody for now, to be looked at again from the day given."""
    candidate = _to_answer(candidate_id, by=by, seen=seen, yours=f"Not now: {reason}")
    problems = rules.problems_of_answer(surprise=surprise) | rules.problems_of_waiting(recheck_on, on=on)
    if problems:
        raise Refused(problems)
    candidate.recheck_on = recheck_on
    _keep_answer(
        candidate,
        by=by,
        answer=rules.NOT_NOW,
        on=on,
        surprise=surprise,
        why=why if why in rules.WHY_WAIT else "",
        reason=reason,
        recheck_on=recheck_on,
    )
    audit.record(by=by, what="left a candidate for now", details={"candidate": str(candidate.id)})
    return candidate


@transaction.atomic
def say_no(
    *, by: Reader, candidate_id: UUID, seen: int, surprise: str, reason: str, on: date, why: str = ""
) -> Candidate:
    """Say that the register is not right for somebody, and why, in words or as one of `rules.WHY_NO`; it holds for a year."""
    candidate = _to_answer(candidate_id, by=by, seen=seen, yours=f"Not right: {reason}")
    problems = rules.problems_of_answer(surprise=surprise)
    if not reason.strip() and why not in rules.WHY_NO:
        problems["reason"] = "Choose or write why the register is not right for this person."
    if problems:
        raise Refused(problems)
    _keep_answer(
        candidate,
        by=by,
        answer=rules.NO,
        on=on,
        surprise=surprise,
        why=why if why in rules.WHY_NO else "",
        reason=reason,
    )
    audit.record(by=by, what="said no to a candidate", details={"candidate": str(candidate.id)})
    return candidate


@transaction.atomic
def pass_on(*, by: Reader, candidate_id: UUID, seen: int, to: int | None, reason: str, on: date) -> Candidate:
    """Pass a candidate to a colleague in the practice who knows the person better, with a note."""
    candidate = _to_answer(candidate_id, by=by, seen=seen, yours=f"Pass on: {reason}")
    colleague = Account.objects.filter(
        pk=to or 0, is_active=True, staff__memberships__organisation_id=candidate.practice_id
    ).first()
    if colleague is None:
        raise Refused({"passed_to": "Choose a colleague of the practice."})
    candidate.passed_to = colleague
    _keep_answer(
        candidate, by=by, answer=rules.PASSED, on=on, reason=reason, passed_to=str(colleague.staff or colleague.name)
    )
    audit.record(by=by, what="passed a candidate on", details={"candidate": str(candidate.id)})
    return candidate


@transaction.atomic
def discuss(*, by: Reader, candidate_id: UUID, seen: int, reason: str, on: date) -> Candidate:
    """Put a candidate on the list of the practice's next meeting, with a note; they wait for the answer given there."""
    candidate = _to_answer(candidate_id, by=by, seen=seen, yours=f"For the next meeting: {reason}")
    _keep_answer(candidate, by=by, answer=rules.DISCUSS, on=on, reason=reason)
    audit.record(by=by, what="put a candidate on a meeting's list", details={"candidate": str(candidate.id)})
    return candidate


@transaction.atomic
def take_back_answer(*, by: Reader, candidate_id: UUID, seen: int, reason: str, on: date) -> Candidate:
    """Take the last answer back, as after a wrong key: the candidate waits again, and both stay in the history.

    Somebody who was added to the register leaves it as added by mistake, unless the entry has been changed since.
    """
    candidate = _to_answer(candidate_id, by=by, seen=seen, yours="Take the last answer back", also_accepted=True)
    if not candidate.answers.exists() or candidate.state == rules.OPEN:
        raise Refused("There is no answer to take back.")
    if candidate.state == rules.ACCEPTED:
        _off_the_register(candidate, by=by, on=on)
    candidate.person = candidate.passed_to = candidate.recheck_on = None
    _keep_answer(candidate, by=by, answer=rules.TAKEN_BACK, state=rules.OPEN, on=None, reason=reason)
    audit.record(by=by, what="took back the answer to a candidate", details={"candidate": str(candidate.id)})
    return candidate


def _off_the_register(candidate: Candidate, *, by: Reader, on: date) -> None:
    """What the answer alone did is undone; where somebody has worked on since, only they may undo it."""
    assert candidate.person_id is not None  # the database holds an accepted candidate to it
    entry = RegisterEntry.objects.filter(person_id=candidate.person_id, left_on=None).first()
    if entry is None or entry.version != 1:
        raise Refused("The register entry has been changed since. Open it in the register, and correct it there.")
    register.leave(by=by, person_id=candidate.person_id, seen=1, reason=RegisterEntry.Reason.WRONG, on=on)


def _to_answer(candidate_id: UUID, *, by: Reader, seen: int, yours: str, also_accepted: bool = False) -> Candidate:
    """The reader's practice's candidate, locked, its version moved on by one; a stale decision is refused."""
    by.must("decide_candidates")
    candidate = (
        Candidate.objects.select_for_update(of=("self",))
        .filter(pk=candidate_id, practice_id=by.organisation_id)
        .first()
    )
    if candidate is None:
        raise NotAllowed("This candidate is not one of your practice's.")
    if candidate.version != seen:
        last = candidate.answers.order_by("-number").first()
        saved = (
            f"{last.get_answer_display()}, {last.by_name}: {last.reason or last.get_why_display()}"
            if last
            else candidate.get_state_display()
        )
        raise Stale(what="The answer", seen=seen, current=candidate.version, saved=saved, yours=yours)
    if candidate.state == rules.SUPERSEDED or (candidate.state == rules.ACCEPTED and not also_accepted):
        raise Refused(
            "This person is on the register already."
            if candidate.state == rules.ACCEPTED
            else "A later search found this person again. Answer the newer one."
        )
    candidate.version += 1
    return candidate


def _keep_answer(
    candidate: Candidate, *, by: Reader, answer: str, on: date | None, state: str = "", **said: Any
) -> CandidateAnswer:
    """Keep an answer; the candidate's state is the answer's unless given."""
    candidate.state, candidate.answered_on = state or answer, on
    try:
        with transaction.atomic():
            candidate.save(update_fields=["state", "answered_on", "recheck_on", "passed_to", "person", "version"])
    except IntegrityError as error:
        raise Refused("A later search found this person again. Answer the newer one.") from error
    return CandidateAnswer.objects.create(
        candidate=candidate,
        number=candidate.version,
        answer=answer,
        answered_at=timezone.now(),
        by_name=by.name,
        by_role=by.role,
        by_organisation=by.organisation_name,
        **said,
    )
