"""What a record says at one moment, as data: the content of a `PersonVersion`. Guarded facts are never in it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Model

from ambit.people.models import (
    Address,
    Death,
    ImportantPerson,
    ParentalResponsibility,
    Person,
    PersonDetails,
    PersonNumber,
)

NAMES = ("title", "given_names", "family_name", "preferred_name")
IDENTITY = (*NAMES, "born_on", "birth_precision", "sex", "practice_id", "no_number_reason", "died_on", "merged_into_id")


def _values(row: Model, *, without: Iterable[str] = ("person_id",)) -> dict[str, Any]:
    left_out = set(without)
    return {
        field.attname: _plain(getattr(row, field.attname))
        for field in row._meta.concrete_fields
        if field.attname not in left_out
    }


def _plain(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def snapshot_of(
    person: Person,
    *,
    numbers: Iterable[PersonNumber] = (),
    details: PersonDetails | None = None,
    addresses: Iterable[Address] = (),
    important: Iterable[ImportantPerson] = (),
    parental: Iterable[ParentalResponsibility] = (),
    deaths: Iterable[Death] = (),
) -> dict[str, Any]:
    """A record as data, from rows already at hand."""
    said: dict[str, Any] = {name: _plain(getattr(person, name)) for name in IDENTITY}
    said["numbers"] = [
        {"kind": n.kind, "value": n.value, "status": n.status, "is_current": n.is_current}
        for n in numbers
        if n.withdrawn_at is None
    ]
    if details:
        said["details"] = _values(details)
    for name, rows in (
        ("addresses", addresses),
        ("important_people", important),
        ("parental_responsibilities", parental),
        ("deaths", deaths),
    ):
        if kept := [_values(row) for row in rows]:
            said[name] = kept
    return said


def snapshot(person: Person) -> dict[str, Any]:
    """A record as data, as it is stored now."""
    return snapshot_of(
        person,
        numbers=PersonNumber.objects.filter(person=person),
        details=PersonDetails.objects.filter(person=person).first(),
        addresses=Address.objects.filter(person=person).order_by("pk"),
        important=ImportantPerson.objects.filter(person=person).order_by("pk"),
        parental=ParentalResponsibility.objects.filter(person=person).order_by("pk"),
        deaths=Death.objects.filter(person=person).order_by("recorded_at"),
    )
