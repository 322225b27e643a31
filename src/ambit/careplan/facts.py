"""What the plan publishes for measuring: when it was written and answered, its emergency recommendations, and each death with the
preference that stood, what became of it, and the plan before it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Exists, Max, OuterRef
from django.utils.timezone import localdate

from ambit.access.queries import Person
from ambit.careplan.models import Closure, CPRDecision, Directive, SectionVersion
from ambit.careplan.rules.closing import Preference, propose
from ambit.people.rules.values import RETRACTED_DEATH
from ambit.register.facts import times_on_register


@dataclass(frozen=True, slots=True)
class DeathFact:
    """One death. `outcome` is None until somebody has answered, `proposed` is what the rule of closing says of it; the
    preferences are the plan's own answers, as they stood.

    `days_on_register` counts from joining to death; None for somebody who never joined.
    """

    person_id: UUID
    practice_id: UUID | None
    died_on: date
    place: str
    preferred: str
    preferred_second: str
    outcome: str | None
    proposed: str
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
        .values_list("id", "practice_id", "died_on", "deaths__place", "deaths__was_usual_residence", "had_plan")
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
    for person_id, practice_id, died_on, place, at_home, had_plan in rows:
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
                proposed=propose(Preference(first, second), place=place, was_usual_residence=at_home).outcome,
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


# the answers that measures ask for, by section; nothing else of what a plan says leaves it this way
PUBLISHED: Final[Mapping[str, tuple[str, ...]]] = {
    "talks": ("talks.answer",),
    "place_of_care": ("place_of_care.care_first", "place_of_care.death_first"),
    "care_package": ("care_package.funding",),
    "medicines_at_home": ("medicines_at_home.box",),
}


@dataclass(frozen=True, slots=True)
class Saved:
    """One save of a section of somebody's plan: by which role, and the answers that are published, as lists of ids."""

    person_id: UUID
    section: str
    at: datetime
    role: str
    answers: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Form:
    """A CPR decision, or emergency recommendations, from the moment of recording until it no longer counted."""

    person_id: UUID
    kind: str
    from_at: datetime
    until_at: datetime | None


def saves() -> list[Saved]:
    """Every save of every section, the earliest first."""
    rows = SectionVersion.objects.filter(beside=None).order_by("saved_at", "number")
    columns = ("person_id", "section", "saved_at", "author_role")
    asked = rows.filter(section__in=PUBLISHED).values_list(*columns, "content")
    others = rows.exclude(section__in=PUBLISHED).values_list(*columns)
    found = [Saved(person_id, section, at, role, {}) for person_id, section, at, role in others]
    for person_id, section, at, role, content in asked:
        said = {item: content.get(item) for item in PUBLISHED[section]}
        answers = {
            item: tuple(value) if isinstance(value, list) else (str(value),) for item, value in said.items() if value
        }
        found.append(Saved(person_id, section, at, role, answers))
    return sorted(found, key=lambda one: one.at)


def forms() -> list[Form]:
    """Every CPR decision and every set of emergency recommendations, ended or not."""
    columns = ("person_id", "recorded_at", "ending__ended_at")
    cpr = CPRDecision.objects.order_by("recorded_at", "id").values_list(*columns)
    emergency = Directive.objects.filter(kind="emergency").order_by("recorded_at", "id").values_list(*columns)
    return [Form(row[0], kind, *row[1:]) for kind, rows in (("cpr", cpr), ("emergency", emergency)) for row in rows]
