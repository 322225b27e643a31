"""Assessments of the cast and of those whom nurses visit, each on its own day, by the slice's own actions."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.utils import timezone

from ambit.access.queries import Person, Reader, people_of, reader_named
from ambit.demonstration import cast
from ambit.demonstration.clock import clock_at
from ambit.demonstration.courses import PERSON, TOLD, Visit
from ambit.outcomes import actions, registry
from ambit.outcomes.actions import Said


def measure_the_cast(today: date) -> None:
    """What is told one by one; the last AKPS of Peggy was typed wrongly first."""
    gp = reader_named(cast.email_of("Amina Rahman"))
    for (family, given), (nurse, visits) in TOLD.items():
        person = people_of(gp).get(family_name=family, given_names=given)
        assess(person, by=reader_named(cast.email_of(nurse)), visits=visits, today=today)
    mistyped(people_of(gp).get(family_name="Ashworth", given_names="Margaret Jean"), today)


def assess(person: Person, *, by: Reader, visits: Sequence[Visit], today: date) -> None:
    """Record each visit: the phase, the AKPS, and IPOS where it was asked."""
    for visit in visits:
        on = today - timedelta(days=visit.days_ago)
        with clock_at(datetime.combine(on, time(11, 20), tzinfo=timezone.get_current_timezone())):
            _record(person, by, registry.AKPS, on, {"performance": str(visit.akps)}, visit)
            if visit.ipos:
                _record(person, by, visit.instrument, on, visit.ipos, visit)


def _record(person: Person, by: Reader, instrument: str, on: date, answers: Mapping[str, str], visit: Visit) -> None:
    is_ipos = instrument != registry.AKPS
    actions.record_measure(
        by=by,
        person=person,
        instrument_id=instrument,
        said=Said(
            respondent="person" if instrument == PERSON else "staff",
            answers=answers,
            assessed_on=on,
            setting="own_home",
            phase=visit.phase,
            extras=visit.extras if is_ipos else (),
            problems=visit.problems if is_ipos else (),
        ),
        on=on,
        key=uuid4(),
    )


def mistyped(person: Person, today: date) -> None:
    """An AKPS of 90 that was meant to be 50, seen the same afternoon and corrected."""
    by = reader_named(cast.email_of("Ruth Tannahill"))
    on = today - timedelta(days=24)
    said = Said(respondent="staff", answers={"performance": "90"}, assessed_on=on, setting="own_home")
    with clock_at(datetime.combine(on, time(12, 5), tzinfo=timezone.get_current_timezone())):
        wrong = actions.record_measure(by=by, person=person, instrument_id=registry.AKPS, said=said, on=on, key=uuid4())
    right = Said(respondent="staff", answers={"performance": "50"}, assessed_on=on, setting="own_home")
    with clock_at(datetime.combine(on, time(16, 40), tzinfo=timezone.get_current_timezone())):
        actions.correct_measure(
            by=by, person=person, measure_id=wrong.id, said=right, reason="Pressed 90 for 50.", on=on, key=uuid4()
        )
