"""Who listens, and how announced events reach them."""

import traceback
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import structlog
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from ambit.events.actions import name_of
from ambit.events.models import WAITING, Delivery, OutboxEvent

log = structlog.get_logger()

# a listener that fails is tried again after 1, 4, 16, 64, 256 seconds, then every ten minutes; then the event is parked
ATTEMPTS = 8
LONGEST_PAUSE = timedelta(minutes=10)

_listeners: dict[str, list[Callable[[Any], None]]] = defaultdict(list)
_types: dict[str, type] = {}


def when(event: type, listener: Callable[[Any], None]) -> None:
    """Let `listener` hear of every `event`. Called from `site/reactions.py` only."""
    _types[name_of(event)] = event
    if listener not in _listeners[name_of(event)]:
        _listeners[name_of(event)].append(listener)


def listener_name(listener: Callable[[Any], None]) -> str:
    return f"{listener.__module__}.{listener.__qualname__}"


def deliver_due(*, at_most: int = 1_000) -> int:
    """Deliver what is due, oldest first; how many events were taken up."""
    taken = 0
    # asked outside the transaction first: an idle worker must not take SQLite's write lock
    while taken < at_most and _due().exists() and _deliver_one():
        taken += 1
    return taken


def _due() -> QuerySet[OutboxEvent]:
    """What may be delivered now: nothing that an earlier event of its stream still holds back."""
    earlier = OutboxEvent.objects.filter(WAITING, stream=OuterRef("stream"), id__lt=OuterRef("id"))
    return OutboxEvent.objects.filter(WAITING, ~Exists(earlier), next_at__lte=timezone.now()).order_by("id")


@transaction.atomic
def _deliver_one() -> bool:
    """Take the oldest due event to each of its listeners.

    One transaction holds the event, what its listeners write, and the notes that they heard of it. Killed halfway,
    all of it is undone and the event waits again; two workers never hold the same event.
    """
    event = _due().select_for_update(skip_locked=True, of=("self",)).first()
    if event is None:
        return False
    heard = set(event.deliveries.values_list("listener", flat=True))
    problems = []
    for listener in _listeners.get(event.name, []):
        name = listener_name(listener)
        if name not in heard and (problem := _tell(event, name, listener)):
            problems.append(problem)
    if problems:
        _try_again_later(event, problems)
    else:
        event.delivered_at = timezone.now()
    event.save(update_fields=["attempts", "next_at", "problem", "delivered_at", "parked_at"])
    return True


def _tell(event: OutboxEvent, name: str, listener: Callable[[Any], None]) -> str:
    """Let one listener hear of it; gives back what went wrong, if anything did, with all its writes undone."""
    try:
        with transaction.atomic():
            listener(msgspec.convert(event.payload, _types[event.name]))
            Delivery.objects.create(event=event, listener=name, delivered_at=timezone.now())
    except Exception as problem:
        where = traceback.extract_tb(problem.__traceback__)[-1]
        return f"{name}: {type(problem).__name__} at {where.name}:{where.lineno}"
    return ""


def _try_again_later(event: OutboxEvent, problems: list[str]) -> None:
    now = timezone.now()
    event.attempts += 1
    event.problem = "; ".join(problems)
    event.next_at = now + min(timedelta(seconds=4 ** (event.attempts - 1)), LONGEST_PAUSE)
    if event.attempts >= ATTEMPTS:
        event.parked_at = now
    log.warning(
        "event.failed", event_id=event.id, event_name=event.name, attempts=event.attempts,
        parked=event.parked_at is not None, problem=event.problem,
    )  # fmt: skip


def retry_parked() -> int:
    """Let every parked event be tried again from the start; how many there were."""
    return OutboxEvent.objects.exclude(parked_at=None).update(parked_at=None, attempts=0, next_at=timezone.now())


def forget_delivered(*, older_than: timedelta = timedelta(days=30)) -> int:
    """Take delivered events of long ago out of the outbox; what they led to is in the slices and in the audit trail."""
    count, _ = OutboxEvent.objects.filter(delivered_at__lt=timezone.now() - older_than).delete()
    return count
