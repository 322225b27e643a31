"""Who coordinates when two records turn out to be of one person."""

from uuid import UUID

from django.utils import timezone

from ambit.coordination.models import Coordinator
from ambit.people.moving import Change


def keep_one_coordinator(kept_id: UUID, other_id: UUID) -> list[Change]:
    """The kept record's coordinator goes on; one of the other record ends, but stays in the care team to hand over."""
    has_one = Coordinator.objects.filter(person_id=kept_id, until_at=None).exists()
    found = []
    for row in Coordinator.objects.filter(person_id=other_id):
        before: dict[str, str | None] = {"person_id": str(other_id)}
        after: dict[str, str | None] = {"person_id": str(kept_id)}
        if has_one and row.until_at is None:
            before["until_at"] = None
            after["until_at"] = max(timezone.now(), row.from_at).isoformat()
        found.append(Change("coordination.Coordinator", [str(row.pk)], before, after))
    return found
