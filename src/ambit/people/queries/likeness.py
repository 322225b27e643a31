"""Who may be somebody else, and who may be mistaken for somebody."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from ambit.people.models import Person
from ambit.people.queries.finding import PersonRow, Scope, rows
from ambit.people.rules import (
    HealthNumber,
    Identity,
    Likeness,
    health_number,
    likeness,
    name_key,
    similar_names,
)

LOOKED_AT = 200
AT_MOST = 20_000  # people on one list; the largest practices of England have about 100,000, and are told so


@dataclass(frozen=True, slots=True)
class Similar:
    """Somebody who is easily mistaken for another, and why."""

    person: PersonRow
    why: Likeness


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be of one person, and why."""

    one: PersonRow
    other: PersonRow
    why: Likeness


def _births_near(born_on: date | None) -> Q:
    """The same day, its day and month swapped, or one digit off: what a slip of the pen makes of it."""
    if born_on is None:
        return Q(pk__in=[])
    days = {born_on}
    written = born_on.strftime("%d%m%Y")
    slips = [written[2:4] + written[:2] + written[4:]]
    slips += [written[:i] + digit + written[i + 1 :] for i in range(8) for digit in "0123456789"]
    for slip in slips:
        try:
            days.add(date(int(slip[4:]), int(slip[2:4]), int(slip[:2])))
        except ValueError:
            continue
    return Q(born_on__in=days)


def people_like(people: Scope, identity: Identity, *, without: UUID | None = None) -> list[Similar]:
    """Those who may already be the one described, before another record is made of them.

    Whoever has the very number is left out: admitting gives them back, or says what differs.
    """
    number = health_number(identity.nhs_number)
    held = number.value if isinstance(number, HealthNumber) else ""
    coarse = Q(
        birth_precision__in=["estimated", "year", "month"],
        name_key=name_key(identity.family_name, identity.given_names),
    )
    near = Person.objects.filter(_births_near(identity.born_on) | coarse).values("pk")
    found = []
    for row in rows(people(near), LOOKED_AT):
        why = likeness(identity, row)
        if why and row.id != without and not (held and row.nhs_number == held):
            found.append(Similar(row, why))
    return found


def similar_people(people: Scope, person: Person) -> list[Similar]:
    """Those among the reader's people who are easily mistaken for this one (H1): for the warning in the banner.

    Looked for are family names whose first four letters agree, with the same first letter of a name or a near birth.
    """
    called = Q(given_names="")
    for name in (person.given_names, person.preferred_name):
        if name:
            called |= Q(given_names__begins=name[0]) | Q(preferred_name__begins=name[0])
    if person.born_on:
        week = timedelta(days=7)
        called |= Q(born_on__gte=person.born_on - week, born_on__lte=person.born_on + week)
    family = Q(name_key__begins=name_key(person.family_name, "")[:4])
    found = []
    for row in rows(people(Person.objects.filter(family, called).values("pk")), LOOKED_AT):
        if row.id != person.pk and (why := similar_names(person, row)):
            found.append(Similar(row, why))
    return found


def likely_duplicates(people: Scope, limit: int = 100) -> list[Pair]:
    """Pairs among the reader's people that may be of one person: same birth day and like names, or same full name.

    Swapped days and slips show when a name is the same; a person decides about each.
    """
    born = dict[date, list[PersonRow]]()
    named = dict[str, list[PersonRow]]()
    for row in rows(people(), AT_MOST):
        if row.born_on:
            born.setdefault(row.born_on, []).append(row)
        named.setdefault(name_key(row.family_name, row.given_names.split(" ")[0]), []).append(row)
    pairs: dict[frozenset[object], Pair] = {}
    for group in (*born.values(), *named.values()):
        for place, one in enumerate(group):
            for other in group[place + 1 :]:
                why = likeness(one, other)
                if why:
                    pairs.setdefault(frozenset((one.id, other.id)), Pair(one, other, why))
                if len(pairs) >= limit:
                    return list(pairs.values())
    return list(pairs.values())
