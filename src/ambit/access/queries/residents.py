"""Who lives in the reader's care home."""

# ruff: noqa: S608  (the statement is put together from conditions of `ties`; every value is a parameter)

from datetime import date
from typing import cast
from uuid import UUID

from django.db import connection
from django.utils import timezone
from msgspec import Struct

from ambit.access.ties import theirs
from ambit.audit.rules import Reader
from ambit.statements import loaded_day, loaded_id, stored


class Resident(Struct, frozen=True, kw_only=True):
    """Somebody who lives in the reader's care home."""

    person_id: UUID
    family_name: str
    given_names: str
    preferred_name: str
    born_on: date | None
    nhs_number: str


def residents_of(reader: Reader) -> list[Resident]:
    """Everybody living with a current residence in the reader's organisation whose record it may open, by name."""
    reader.must("see_caseload")
    now, may_open = stored(timezone.now()), theirs(reader)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id, p.family_name, p.given_names, p.preferred_name, p.born_on, n.value FROM people_person p"
            " LEFT JOIN people_personnumber n ON n.person_id = p.id AND n.kind = 'nhs' AND n.is_current"
            " WHERE p.died_on IS NULL AND p.id IN (SELECT r.person_id FROM access_grant r WHERE r.kind = 'residence'"
            " AND r.organisation_id = %s AND r.from_at <= %s AND (r.until_at IS NULL OR r.until_at > %s))"
            f" AND {may_open.sql} ORDER BY p.name_key, p.id",
            [stored(reader.organisation_id), now, now, *may_open.values],
        )
        rows = cursor.fetchall()
    return [
        Resident(
            person_id=cast(UUID, loaded_id(person_id)),
            family_name=family_name,
            given_names=given_names,
            preferred_name=preferred_name,
            born_on=loaded_day(born_on),
            nhs_number=number or "",
        )
        for person_id, family_name, given_names, preferred_name, born_on, number in rows
    ]
