"""What the register publishes for measuring: one row for each time somebody was on it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ambit.register.models import RegisterEntry


@dataclass(frozen=True, slots=True)
class TimeOnRegister:
    person_id: UUID
    practice_id: UUID | None
    basis: str
    stage: str
    found_by: str
    joined_on: date
    left_on: date | None
    reason: str


def times_on_register() -> list[TimeOnRegister]:
    """Everybody's times on the register, open and ended; entries made by mistake are left out."""
    rows = RegisterEntry.objects.exclude(reason=RegisterEntry.Reason.WRONG).order_by("joined_on", "id")
    columns = ("person_id", "person__practice_id", "basis", "stage", "found_by", "joined_on", "left_on", "reason")
    return [TimeOnRegister(*row) for row in rows.values_list(*columns)]
