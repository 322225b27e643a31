"""Announcing what has happened."""

from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone

from ambit.events.models import OutboxEvent


def name_of(event: type) -> str:
    """The stable name of an event: its slice and class, such as `register.PersonJoined`."""
    return f"{event.__module__.split('.')[1]}.{event.__name__}"


def announce(event: Any) -> None:
    """Put an event into the outbox, in the transaction of the action that made it true."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An event is announced inside the transaction of its action.")
    now = timezone.now()
    name = name_of(type(event))
    OutboxEvent.objects.create(
        name=name,
        stream=str(getattr(event, "person_id", "") or name),
        payload=msgspec.to_builtins(event, str_keys=True),
        announced_at=now,
        next_at=now,
    )
