"""Joining the register, changing the stage, leaving."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from ambit.access.queries import Person, Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused, Stale
from ambit.events.actions import announce
from ambit.register import rules
from ambit.register.events import PersonJoined, PersonLeft, PersonTold
from ambit.register.models import RegisterEntry, StageGiven

ALREADY = "This person is on the register already. Open their entry to change it."


@transaction.atomic
def add_to_register(
    *,
    by: Reader,
    person: Person,
    on: date,
    found_by: str,
    stage: str = rules.NOT_STAGED,
    reason: str = "",
    referred_by: str = "",
    told: bool = False,
    review_due_on: date | None = None,
) -> RegisterEntry:
    """Put somebody on the register; the database refuses a second open entry for one person.

    `referred_by` says who referred them, in words. `told` says that the person knows, or will before anything leaves their practice.
    """
    by.must("add_to_register")
    problems = rules.problems_of_joining(stage=stage, on=on, review_due_on=review_due_on, died_on=person.died_on)
    if problems:
        raise Refused(problems)
    try:
        with transaction.atomic():
            entry = RegisterEntry.objects.create(
                person=person,
                basis=rules.basis_for(person.born_on, on=on),
                stage=stage,
                found_by=found_by,
                referred_by=referred_by.strip() if found_by == rules.REFERRAL else "",
                told=told,
                joined_on=on,
                review_due_on=review_due_on or rules.review_due(stage, on=on),
            )
    except IntegrityError as error:
        raise Refused(ALREADY) from error
    _keep_stage(entry, by=by, on=on, reason=reason)
    audit.record(by=by, what="added to the register", about=person.id, details={"found_by": found_by, "stage": stage})
    announce(
        PersonJoined(
            entry_id=entry.id,
            person_id=person.id,
            practice_id=person.practice_id or by.organisation_id,
            joined_on=on,
            found_by=found_by,
            told=told,
        )
    )
    return entry


@transaction.atomic
def change_stage(
    *, by: Reader, person_id: UUID, seen: int, stage: str, reason: str, on: date, review_due_on: date | None = None
) -> RegisterEntry:
    """Give another stage, with the reason; `seen` is the version the reader decided on."""
    by.must("add_to_register")
    if stage not in rules.STAGES:
        raise Refused({"stage": "Choose a stage: " + ", ".join(rules.STAGES.values()) + "."})
    if review_due_on is not None and review_due_on < on:
        raise Refused({"review_due_on": f"The review must be on or after {on:%-d %B %Y}."})
    entry = _open_entry(person_id, seen=seen, yours=rules.STAGES[stage])
    entry.stage = stage
    entry.review_due_on = review_due_on or rules.review_due(stage, on=on)
    entry.save(update_fields=["stage", "review_due_on", "version"])
    _keep_stage(entry, by=by, on=on, reason=reason)
    audit.record(by=by, what="changed the stage", about=person_id, details={"stage": stage})
    return entry


@transaction.atomic
def say_told(*, by: Reader, person_id: UUID, seen: int, on: date) -> RegisterEntry:
    """Say that the person now knows they are on the register; care outside their practice may then be asked for."""
    by.must("add_to_register")
    entry = _open_entry(person_id, seen=seen, yours="Has been told")
    if entry.told:
        raise Refused("It is recorded already that this person has been told.")
    entry.told = True
    entry.save(update_fields=["told", "version"])
    audit.record(by=by, what="said that the person was told", about=person_id)
    practice_id = entry.person.practice_id or by.organisation_id
    announce(PersonTold(entry_id=entry.id, person_id=person_id, practice_id=practice_id, told_on=on))
    return entry


@transaction.atomic
def leave(*, by: Reader, person_id: UUID, seen: int, reason: str, on: date) -> RegisterEntry:
    """Take somebody off the register, with the reason; the entry and its stages are kept."""
    by.must("add_to_register")
    if reason not in RegisterEntry.Reason.values:
        raise Refused({"reason": "Choose why the person leaves the register."})
    entry = _open_entry(person_id, seen=seen, yours=RegisterEntry.Reason(reason).label)
    if on < entry.joined_on:
        raise Refused({"on": f"They joined on {entry.joined_on:%-d %B %Y}. Give that day or a later one."})
    entry.left_on, entry.reason = on, reason
    entry.save(update_fields=["left_on", "reason", "version"])
    audit.record(by=by, what="took off the register", about=person_id, details={"reason": reason})
    announce(PersonLeft(entry_id=entry.id, person_id=person_id, left_on=on, reason=reason))
    return entry


def _open_entry(person_id: UUID, *, seen: int, yours: str) -> RegisterEntry:
    """The open entry, locked, its version moved on by one; a decision on an older version is refused."""
    entry = RegisterEntry.objects.select_for_update().filter(person_id=person_id, left_on=None).first()
    if entry is None:
        raise Refused("This person is not on the register.")
    if entry.version != seen:
        raise Stale(
            what="The register entry",
            seen=seen,
            current=entry.version,
            saved=rules.STAGES[entry.stage],
            yours=yours,
        )
    entry.version += 1
    return entry


def _keep_stage(entry: RegisterEntry, *, by: Reader, on: date, reason: str) -> None:
    StageGiven.objects.create(
        entry=entry,
        number=entry.version,
        stage=entry.stage,
        reason=reason,
        given_on=on,
        by_name=by.name,
        by_role=by.role,
        by_organisation=by.organisation_name,
    )
