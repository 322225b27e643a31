"""What coordination does when it hears of something. Safe to repeat."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.models import Grant
from ambit.access.queries import kept, operator
from ambit.careplan import queries as careplan
from ambit.careplan.events import (
    ChangeProposed,
    DeathVerified,
    DisagreementFound,
    MedicinesDoNotAddUp,
    ProposalAnswered,
    TransitionStepRecorded,
)
from ambit.careplan.rules.conflicts import HOME, NIGHT
from ambit.careplan.rules.transition import OVER_AT, STARTS_AT, birthday
from ambit.coordination import rules
from ambit.coordination.actions import ASKED_TO_NAME, finish_asked, raise_task, referral_answered, told_at_last
from ambit.coordination.models import Coordinator, Task
from ambit.coordination.queries import Owner, coordinating_organisation, who_answers_for
from ambit.organisations.models import Organisation
from ambit.people.events import PersonMoved
from ambit.register.events import PersonJoined, PersonReferred, PersonTold, ReferralAnswered
from ambit.register.models import RegisterEntry
from ambit.register.queries import referral_waits_for
from ambit.register.rules import CHILD


def ask_for_a_coordinator(joined: PersonJoined) -> None:
    """Ask those who coordinate care in the person's place to name somebody; until the person is told, ask their practice.

    Being asked opens the record to those asked; so nothing leaves the practice before the person knows.
    """
    asked = coordinating_organisation(joined.practice_id)
    if asked is None:
        return
    what = rules.NAME_A_COORDINATOR
    if not joined.told and joined.practice_id and asked.id != joined.practice_id:
        asked, what = Organisation.objects.get(pk=joined.practice_id), rules.TELL_FIRST
    _ask(
        asked,
        what=what,
        person_id=joined.person_id,
        practice_id=joined.practice_id,
        due_on=rules.coordinator_due(joined.joined_on),
        source=f"register.PersonJoined/{joined.entry_id}",
    )


def ask_once_told(told: PersonTold) -> None:
    """Ask for a coordinator outside the practice as soon as the person knows that they are on the register."""
    told_at_last(by=operator("Ambit"), person_id=told.person_id)
    asked = coordinating_organisation(told.practice_id)
    if asked is None:
        return
    _ask(
        asked,
        what=rules.NAME_A_COORDINATOR,
        person_id=told.person_id,
        practice_id=told.practice_id,
        due_on=rules.coordinator_due(told.told_on),
        source=f"register.PersonTold/{told.entry_id}",
    )


def ask_to_answer(asked: PersonReferred | ReferralAnswered) -> None:
    """Ask the practice to answer a referral; what it answered, or asked back, is no longer its task.

    What the referral waits for is read now, not from the event: events may come late, and twice.
    """
    by = operator("Ambit")
    source = f"register.Referral/{asked.referral_id}"
    waits, answers = referral_waits_for(asked.referral_id)
    still_asked = f"{source}/{answers}" if waits == "practice" else ""
    referral_answered(by=by, source=f"{source}/", still_asked=still_asked, note="The referral was answered.")
    if not still_asked or (asked.person_id and kept(asked.person_id).died_on):
        return
    practice = Organisation.objects.get(pk=asked.practice_id)
    raise_task(
        by=by,
        what=rules.ANSWER_A_REFERRAL,
        owner=Owner(name=practice.name, organisation_id=practice.id),
        person_id=asked.person_id,
        due_on=rules.answer_due(timezone.localdate()),
        source_event=still_asked,
    )


def ask_to_count_again(found: MedicinesDoNotAddUp) -> None:
    """Ask the person's practice to find out why the medicines in their home do not add up."""
    person = kept(found.person_id)
    if person.practice is None or person.died_on:
        return
    raise_task(
        by=operator("Ambit"),
        what=rules.COUNT_AGAIN,
        owner=Owner(name=person.practice.name, organisation_id=person.practice.id),
        person_id=person.id,
        due_on=timezone.localdate(),
        source_event=f"careplan.MedicinesDoNotAddUp/{found.movement_id}",
    )


@transaction.atomic
def _ask(
    asked: Organisation, *, what: str, person_id: UUID, practice_id: UUID | None, due_on: date, source: str
) -> None:
    """Raise the task, unless somebody coordinates already, has left the register, or has died."""
    if Task.objects.filter(source_event=source).exists():
        return
    # locked as in naming a coordinator: whoever comes second sees what the first did
    entry = RegisterEntry.objects.select_for_update().filter(person_id=person_id, left_on=None).first()
    if entry is None or kept(person_id).died_on:
        return
    if Coordinator.objects.filter(person_id=person_id, until_at=None).exists():
        if entry.told or what != rules.TELL_FIRST:
            return
        what = rules.TELL
    by = operator("Ambit")
    if asked.id != practice_id:
        access.give_grant(
            by=by,
            person_id=person_id,
            kind=Grant.Kind.CARE_TEAM,
            organisation_id=asked.id,
            basis=ASKED_TO_NAME,
        )
    owner = Owner(name=asked.name, organisation_id=asked.id)
    raise_task(by=by, what=what, owner=owner, person_id=person_id, due_on=due_on, source_event=source)


def ask_for_an_answer(asked: ChangeProposed) -> None:
    """Ask who coordinates, or else the practice, to answer what the person wants to be different."""
    person = kept(asked.person_id)
    owner = who_answers_for(person)
    if person.died_on or owner is None:
        return
    raise_task(
        by=operator("Ambit"),
        what=rules.ANSWER_A_CHANGE,
        owner=owner,
        person_id=person.id,
        due_on=rules.answer_due(timezone.localdate()),
        source_event=f"careplan.ChangeProposed/{asked.proposal_id}",
    )


def heard_the_answer(answered: ProposalAnswered) -> None:
    """What asked for an answer is done, whoever gave it."""
    finish_asked(by=operator("Ambit"), source_event=f"careplan.ChangeProposed/{answered.proposal_id}", note="Answered.")


@transaction.atomic
def ask_to_settle(found: DisagreementFound) -> None:
    """Ask whoever coordinates, else the practice, else whoever wrote it, to settle what contradicts what in somebody's plan; once while it is open.

    That medicines, or somebody at night, are missing at home is asked for when days or weeks are left: before, there is time.
    """
    source = f"careplan.DisagreementFound/{found.person_id}/{found.key}"
    person = kept(found.person_id)
    if person.died_on or Task.objects.filter(source_event=source).exists():
        return
    missing = {HOME: rules.BRING_MEDICINES_HOME, NIGHT: rules.SOMEBODY_AT_NIGHT}
    what = missing.get(found.kind, rules.SETTLE)
    if Task.objects.filter(person_id=person.id, what=what, done_at=None).exists():
        return
    if found.kind in missing:
        entry = RegisterEntry.objects.filter(person_id=person.id, left_on=None).first()
        if entry is None or entry.stage not in rules.NEAR_DEATH:
            return
    owner = who_answers_for(person)
    if owner is None:
        wrote = found.organisation_id and Organisation.objects.filter(pk=found.organisation_id).first()
        if not wrote:
            return
        owner = Owner(name=wrote.name, organisation_id=wrote.id)
    raise_task(
        by=operator("Ambit"),
        what=what,
        owner=owner,
        person_id=person.id,
        due_on=timezone.localdate(),
        source_event=source,
    )


def ask_to_record_a_death(verified: DeathVerified) -> None:
    """Ask the practice to record a death that somebody verified and that is not recorded yet."""
    person = kept(verified.person_id)
    if person.died_on or person.practice is None:
        return
    raise_task(
        by=operator("Ambit"),
        what=rules.RECORD_A_DEATH,
        owner=Owner(name=person.practice.name, organisation_id=person.practice.id),
        person_id=person.id,
        due_on=timezone.localdate(),
        source_event=f"careplan.DeathVerified/{verified.verification_id}",
    )


def transition_step_recorded(recorded: TransitionStepRecorded) -> None:
    """What asked for the steps due by an age is done once none of them is left."""
    if recorded.nothing_left:
        source = transition_source(recorded.person_id, recorded.age)
        finish_asked(by=operator("Ambit"), source_event=source, note="Every step due by then is settled.")


def ask_to_look_again(moved: PersonMoved) -> None:
    """Ask whoever answers for somebody on the register to look at the plan again: they live or stay elsewhere now (H13)."""
    person = kept(moved.person_id)
    if person.died_on or not RegisterEntry.objects.filter(person=person, left_on=None).exists():
        return
    if Task.objects.filter(person=person, what=rules.LOOK_AGAIN, done_at=None).exists():
        return
    owner = who_answers_for(person)
    if owner is None:
        return
    raise_task(
        by=operator("Ambit"),
        what=rules.LOOK_AGAIN,
        owner=owner,
        person_id=person.id,
        due_on=rules.answer_due(timezone.localdate()),
        source_event=f"people.PersonMoved/{person.id}/{moved.version}",
    )


def ask_for_steps_to_adult_care(*, on: date) -> None:
    """Ask whoever answers for each young person on the register, once for each birthday, to see to what is due by then."""
    entries = RegisterEntry.objects.filter(
        basis=CHILD,
        left_on=None,
        person__died_on=None,
        person__born_on__isnull=False,
        person__born_on__lte=birthday(on, -STARTS_AT),
        person__born_on__gt=birthday(on, -OVER_AT),
    ).exclude(person__birth_precision="unborn")
    people = [entry.person for entry in entries.select_related("person__practice")]
    stands = careplan.transitions_of(people, on=on)
    for person in people:
        for age, due_on in stands[person.id].due():
            source = transition_source(person.id, age)
            owner = None if Task.objects.filter(source_event=source).exists() else who_answers_for(person)
            if owner is not None:
                raise_task(
                    by=operator("Ambit"),
                    what=rules.TO_ADULT_CARE % age,
                    owner=owner,
                    person_id=person.id,
                    due_on=due_on,
                    source_event=source,
                )


def transition_source(person_id: UUID, age: int) -> str:
    """By what a task about the steps due by an age is known, so that it is raised once."""
    return f"careplan.Transition/{person_id}/{age}"
