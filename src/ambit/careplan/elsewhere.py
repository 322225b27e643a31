"""What standards ask for and other slices hold: how each is known to be there. A slice above says so once, when it starts.

holds("outcomes.akps", lambda reader, person: …, page="outcomes")
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ambit.access.queries import Person, Reader

Told = Callable[[Reader, Person], Any]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """How to tell whether something is recorded, and the page on which it is written."""

    is_there: Told
    page: str


HELD: dict[str, Elsewhere] = {}


def holds(name: str, is_there: Told, *, page: str) -> None:
    HELD[name] = Elsewhere(is_there, page)
