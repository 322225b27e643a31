"""What coordination publishes for measuring: who had a named coordinator, from when to when."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ambit.coordination.models import Coordinator


@dataclass(frozen=True, slots=True)
class Coordinated:
    person_id: UUID
    from_at: datetime
    until_at: datetime | None


def coordinated() -> list[Coordinated]:
    """Every time that somebody coordinated a person's care, ended or not."""
    rows = Coordinator.objects.order_by("from_at", "id")
    return [Coordinated(*row) for row in rows.values_list("person_id", "from_at", "until_at")]
