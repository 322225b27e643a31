"""Who listens, and how announced events reach them."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any

from ambit.events.actions import name_of

_listeners: dict[str, list[Callable[[Any], None]]] = defaultdict(list)
_types: dict[str, type] = {}


def when(event: type, listener: Callable[[Any], None]) -> None:
    """Let `listener` hear of every `event`. Called from `site/reactions.py` only."""
    _types[name_of(event)] = event
    if listener not in _listeners[name_of(event)]:
        _listeners[name_of(event)].append(listener)
