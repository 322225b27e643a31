"""What the plan publishes for measuring: each death with the preference that stood, what became of it, and the plan before it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, Max, OuterRef
from django.utils.timezone import localdate

from ambit.access.queries import Person
from ambit.careplan.models import Closure, CPRDecision, SectionVersion
from ambit.people.rules.values import RETRACTED_DEATH
from ambit.register.facts import times_on_register


@dataclass(frozen=True, slots=True)
class DeathFact:
    """One death. `outcome` is None until somebody has answered; the preferences are the plan's own answers, as they stood.

    `days_on_register` counts from joining to death; None for somebody who never joined.
    """

    person_id: UUID
    practice_id: UUID | None
    died_on: date
    place: str
    preferred: str
    preferred_second: str
    outcome: str | None
    variance: str
    emergency_visits: int | None
    unplanned_admissions: int | None
    days_in_hospital: int | None
    closed_on: date | None
    had_plan: bool
    joined_on: date | None
    days_on_register: int | None


def deaths() -> list[DeathFact]:
    """Every death that stands, the earliest first, whether or not its record was closed: what is missing stays countable."""
    rows = (
        Person.objects.filter(died_on__isnull=False, deaths__ended_at=None, deaths__isnull=False)
        .annotate(
            had_plan=Exists(SectionVersion.objects.filter(person=OuterRef("pk")))
            | Exists(CPRDecision.objects.filter(person=OuterRef("pk")))
        )
        .order_by("died_on", "id")
        .values_list("id", "practice_id", "died_on", "deaths__place", "had_plan")
    )
    retracted = dict(
        Person.objects.filter(died_on__isnull=False, versions__what=RETRACTED_DEATH)
        .annotate(at=Max("versions__at"))
        .values_list("pk", "at")
    )
    closures: dict[UUID, Closure] = {}
    for closure in Closure.objects.order_by("closed_at"):
        since = retracted.get(closure.person_id)
        if since is None or closure.closed_at > since:
            closures[closure.person_id] = closure
    stated = _preferences()
    joined: dict[UUID, date] = {}
    for time in times_on_register():
        joined[time.person_id] = min(time.joined_on, joined.get(time.person_id, time.joined_on))
    found = []
    for person_id, practice_id, died_on, place, had_plan in rows:
        if died_on is None:
            continue
        own = closures.get(person_id)
        said = [row for row in stated.get(person_id, ()) if row[0] <= died_on]
        _on, first, second = said[-1] if said else (died_on, "", "")
        joined_on = joined.get(person_id)
        found.append(
            DeathFact(
                person_id=person_id,
                practice_id=practice_id,
                died_on=died_on,
                place=place,
                preferred=first,
                preferred_second=second,
                outcome=own.outcome if own else None,
                variance=own.variance if own else "",
                emergency_visits=own.emergency_visits if own else None,
                unplanned_admissions=own.unplanned_admissions if own else None,
                days_in_hospital=own.days_in_hospital if own else None,
                closed_on=localdate(own.closed_at) if own else None,
                had_plan=had_plan,
                joined_on=joined_on,
                days_on_register=(died_on - joined_on).days if joined_on and joined_on <= died_on else None,
            )
        )
    return found


def _preferences() -> dict[UUID, list[tuple[date, str, str]]]:
    """What the plans of those who died said about the place of death, with its day, in the order written."""
    rows = SectionVersion.objects.filter(section="place_of_care", person__died_on__isnull=False).order_by("number")
    found: dict[UUID, list[tuple[date, str, str]]] = {}
    for person_id, content, saved_at in rows.values_list("person_id", "content", "saved_at"):
        said = (
            localdate(saved_at),
            content.get("place_of_care.death_first", ""),
            content.get("place_of_care.death_second", ""),
        )
        found.setdefault(person_id, []).append(said)
    return found
