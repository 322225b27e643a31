"""What was done on the way to adult care is recorded."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Person, Reader
from ambit.audit import actions as audit
from ambit.careplan import queries
from ambit.careplan.actions.living import refuse_after_death
from ambit.careplan.events import TransitionStepRecorded
from ambit.careplan.models import TransitionStep
from ambit.careplan.rules import transition
from ambit.careplan.transitions import steps
from ambit.design.refusals import Refused
from ambit.events.actions import announce


@transaction.atomic
def record_transition_step(
    *, by: Reader, person: Person, step: str, state: str, words: str, on: date, key: UUID
) -> TransitionStep:
    """Say how a step of the move to adult care stands. What was said before is kept.

    `key` is the page's own number, so that a form sent twice is one record.
    """
    by.must("edit_plan")
    refuse_after_death(person)
    known = TransitionStep.objects.filter(pk=key, person=person).first()
    if known:
        return known
    problems = transition.problems(steps=steps(), step=step, state=state, words=words)
    if person.born_on is None or person.birth_precision == "unborn":
        problems[""] = "The date of birth is not known. Record it under the details first."
    if problems:
        raise Refused(problems)
    recorded = TransitionStep.objects.create(
        id=key,
        person=person,
        step=step,
        state=state,
        words=words.strip(),
        recorded_at=timezone.now(),
        recorded_by=by.name,
        recorded_by_role=by.role,
        recorded_by_organisation=by.organisation_name,
    )
    audit.record(by=by, what="recorded a step to adult care", about=person.id, details={"step": step, "state": state})
    due = next(one.due for one in steps() if one.id == step)
    left = [
        one
        for one in queries.transitions_of([person], on=on)[person.id].steps
        if one.step.due == due and not one.is_settled
    ]
    announce(TransitionStepRecorded(person_id=person.id, age=due, nothing_left=not left))
    return recorded
