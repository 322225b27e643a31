"""Announcing what has happened."""

import json
from dataclasses import asdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
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
    payload = json.loads(json.dumps(asdict(event), cls=DjangoJSONEncoder))
    OutboxEvent.objects.create(name=name_of(type(event)), payload=payload, announced_at=timezone.now())
