"""Brothers and sisters with records of their own: only those whose record the reader may open."""

# ruff: noqa: S608  (the statement is put together from conditions of `ties`; every value is a parameter)

from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.db import connection

from ambit.access.queries import FoundPerson, Reader, find_among, theirs
from ambit.statements import loaded_day, loaded_id, stored


@dataclass(frozen=True, slots=True)
class Sibling:
    """A brother or sister of the reader's own people, told apart by name and birth date, and the tie that says so."""

    tie_id: UUID
    person_id: UUID
    name: str
    born_on: date | None
    is_unborn: bool
    died_on: date | None


def siblings_of(reader: Reader, person_id: UUID) -> tuple[Sibling, ...]:
    """The brothers and sisters of somebody the reader has opened, in one statement.

    One who is not among the reader's own people is not there at all, also when only that record objects: that they have a
    record is theirs to keep.
    """
    reader.must("see_plan")
    may_open, whose = theirs(reader), stored(person_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.id, p.id, p.family_name, p.given_names, p.born_on, p.birth_precision, p.died_on"
            " FROM careplan_siblingtie t JOIN people_person p ON p.id IN (t.person_id, t.sibling_id) AND p.id <> %s"
            " WHERE (t.person_id = %s OR t.sibling_id = %s)"
            " AND NOT EXISTS (SELECT 1 FROM careplan_siblingtieending e WHERE e.tie_id = t.id)"
            f" AND {may_open.sql} ORDER BY t.recorded_at, t.id",
            [whose, whose, whose, *may_open.values],
        )
        rows = cursor.fetchall()
    found = {}
    for tie_id, other_id, family_name, given_names, born_on, precision, died_on in rows:
        name = ", ".join(part for part in (family_name.upper(), given_names) if part)
        other = cast(UUID, loaded_id(other_id))
        found[other] = Sibling(
            cast(UUID, loaded_id(tie_id)), other, name, loaded_day(born_on), precision == "unborn", loaded_day(died_on)
        )
    return tuple(found.values())


def who_may_be_a_sibling(reader: Reader, person_id: UUID, text: str) -> tuple[tuple[FoundPerson, ...], str]:
    """Those of the reader's own people whom a search means, but for the person themselves; or what could not be understood."""
    reader.must("edit_plan")
    found = find_among(reader, text)
    return tuple(one for one in found.people if one.id != person_id), found.understood
