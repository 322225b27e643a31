"""Who may be somebody else, and who may be mistaken for somebody."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

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
from ambit.statements import Condition, begins, stored

LOOKED_AT = 200
A_LIFETIME = 130  # years; nobody here was born in 960 or will be in 2960
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


def _births_near(born_on: date) -> list[date]:
    """The same day, its day and month swapped, or one digit off: what a slip of the pen makes of it in a lifetime."""
    days = {born_on}
    written = born_on.strftime("%d%m%Y")
    slips = [written[2:4] + written[:2] + written[4:]]
    slips += [written[:i] + digit + written[i + 1 :] for i in range(8) for digit in "0123456789"]
    for slip in slips:
        try:
            day = date(int(slip[4:]), int(slip[2:4]), int(slip[:2]))
        except ValueError:
            continue
        if abs(day.year - born_on.year) < A_LIFETIME:
            days.add(day)
    return sorted(days)


def people_like(people: Scope, identity: Identity, *, without: UUID | None = None) -> list[Similar]:
    """Those who may already be the one described, before another record is made of them.

    Whoever has the very number is left out: admitting gives them back, or says what differs.
    """
    number = health_number(identity.nhs_number)
    held = number.value if isinstance(number, HealthNumber) else ""
    near = "p.birth_precision IN ('estimated', 'year', 'month') AND p.name_key = %s"
    values: list[Any] = [name_key(identity.family_name, identity.given_names)]
    if identity.born_on:
        births = _births_near(identity.born_on)
        near += f" OR p.born_on IN ({', '.join(['%s'] * len(births))})"
        values += map(stored, births)
    found = []
    for row in rows(Condition(f"({near})", values), people(), limit=LOOKED_AT):
        why = likeness(identity, row)
        if why and row.id != without and not (held and row.nhs_number == held):
            found.append(Similar(row, why))
    return found


def similar_people(people: Scope, person: Person) -> list[Similar]:
    """Those among the reader's people who are easily mistaken for this one (H1): for the warning in the banner.

    Looked for are family names whose first four letters agree, with the same first letter of a name or a near birth.
    """
    family = begins("p.name_key", name_key(person.family_name, "")[:4])
    called = [Condition("p.given_names = ''", [])]
    for name in (person.given_names, person.preferred_name):
        if name:
            called += begins("p.given_names", name[0]), begins("p.preferred_name", name[0])
    if person.born_on:
        week = timedelta(days=7)
        days = [stored(person.born_on - week), stored(person.born_on + week)]
        called.append(Condition("p.born_on BETWEEN %s AND %s", days))
    either = Condition(f"({' OR '.join(one.sql for one in called)})", [value for one in called for value in one.values])
    found = []
    for row in rows(family, either, people(), limit=LOOKED_AT):
        if row.id != person.pk and (why := similar_names(person, row)):
            found.append(Similar(row, why))
    return found


def likely_duplicates(people: Scope, limit: int = 100) -> list[Pair]:
    """Pairs among the reader's people that may be of one person: same birth day and like names, or same full name.

    Swapped days and slips show when a name is the same; a person decides about each.
    """
    born = dict[date, list[PersonRow]]()
    named = dict[str, list[PersonRow]]()
    for row in rows(people(among_few=False), limit=AT_MOST):
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
