"""The medicines in a home: what happened to them, and what should be left."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import F

from ambit.access.queries import Reader, must_see
from ambit.careplan.models import MedicineMovement
from ambit.careplan.queries.authors import ROLES
from ambit.careplan.rules import medicines
from ambit.careplan.rules.medicines import Left, Movement


@dataclass(frozen=True, slots=True)
class MedicinesAtHome:
    """What should be left of each medicine, and everything that happened, the latest first."""

    left: tuple[Left, ...]
    movements: tuple[Movement, ...]

    @property
    def does_not_add_up(self) -> tuple[Left, ...]:
        return tuple(one for one in self.left if one.does_not_add_up)


def medicines_at_home(reader: Reader, person_id: UUID) -> MedicinesAtHome:
    """The medicines in the home of somebody the reader has opened, in one statement."""
    reader.must("see_plan")
    movements = movements_of(person_id)
    if movements:
        must_see(reader, person_id, "medicines_at_home", title="Just-in-case medicines")
    return MedicinesAtHome(medicines.left(movements), tuple(reversed(movements)))


def movements_of(person_id: UUID) -> list[Movement]:
    """Everything that happened to a person's medicines, in its order; for actions, which have opened the person already."""
    rows = MedicineMovement.objects.filter(person_id=person_id).annotate(why_wrong=F("mistake__reason"))
    return [_movement(row) for row in rows.order_by("happened_at", "recorded_at")]


def _movement(row: Any) -> Movement:
    who = (row.recorded_by, ROLES.get(row.recorded_by_role, ""), row.recorded_by_organisation)
    return Movement(
        id=row.id,
        medicine=row.medicine,
        unit=row.unit,
        kind=row.kind,
        quantity=row.quantity,
        happened_at=row.happened_at,
        recorded_at=row.recorded_at,
        by=", ".join(part for part in who if part),
        what_for=row.what_for,
        effect=row.effect,
        witness=row.witness,
        note=row.note,
        mistake=row.why_wrong or "",
    )
