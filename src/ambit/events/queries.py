"""How the outbox fares: for health checks and for those who look after the site. No event's content."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q
from django.utils import timezone

from ambit.events.models import WAITING, OutboxEvent


@dataclass(frozen=True, slots=True)
class OutboxState:
    """What waits, since when, what is being tried again, and what was given up for now."""

    waiting: int
    failing: int
    parked: int
    oldest_due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Parked:
    """One event that no attempt could deliver."""

    id: int
    name: str
    announced_at: datetime
    attempts: int
    problem: str


def outbox_state() -> OutboxState:
    """One look at what is not yet delivered."""
    counts = OutboxEvent.objects.filter(delivered_at=None).aggregate(
        waiting=Count("id", filter=WAITING),
        failing=Count("id", filter=WAITING & Q(attempts__gt=0)),
        parked=Count("id", filter=~Q(parked_at=None)),
        oldest=Min("announced_at", filter=WAITING & Q(attempts=0, next_at__lte=timezone.now())),
    )
    return OutboxState(counts["waiting"], counts["failing"], counts["parked"], counts["oldest"])


def parked_events() -> tuple[Parked, ...]:
    """The newest hundred parked events."""
    rows = OutboxEvent.objects.exclude(parked_at=None).order_by("-id")[:100]
    return tuple(Parked(row.id, row.name, row.announced_at, row.attempts, row.problem) for row in rows)
