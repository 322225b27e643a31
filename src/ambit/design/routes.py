"""Every route says who may use it. `access.middleware` refuses a route that says nothing.

@needs("see_plan", person="person_id")   # the ability, and the door: the person is opened and audited first
@needs("see_tasks")                      # the ability
@signed_in                               # anybody who is signed in
@everyone                                # also those who are not
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may use a route: an ability, whether to be signed in, and which part of the address names a person."""

    ability: str = ""
    signed_in: bool = True
    person: str = ""


def _with(rule: Rule) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.rule = rule  # type: ignore[attr-defined]
        return view

    return mark


def needs(ability: str, *, person: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The reader's acting role must carry `ability`; `person` names the URL part whose person is opened first.

    An opened person is at `request.person`.
    """
    return _with(Rule(ability=ability, person=person))


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    return _with(Rule())(view)


def everyone(view: Callable[..., Any]) -> Callable[..., Any]:
    return _with(Rule(signed_in=False))(view)
