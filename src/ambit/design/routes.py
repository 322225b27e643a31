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
    """Who may use a route: an ability, whether to be signed in, which part of the address names a person."""

    ability: str = ""
    signed_in: bool = True
    person: str = ""
    urgent: bool = False


def _with(rule: Rule) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def mark(view: Callable[..., Any]) -> Callable[..., Any]:
        view.rule = rule  # type: ignore[attr-defined]
        return view

    return mark


def needs(
    ability: str, *, person: str = "", urgent: bool = False
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The reader's acting role must carry `ability`; `person` names the URL part whose person is opened first.

    An opened person is at `request.person`. An `urgent` page opens even when its audit line cannot be written: the
    line waits on the disk, `request.audit_spooled` is true, and the page says so.
    """
    return _with(Rule(ability=ability, person=person, urgent=urgent))


def signed_in(view: Callable[..., Any]) -> Callable[..., Any]:
    return _with(Rule())(view)


def everyone(view: Callable[..., Any]) -> Callable[..., Any]:
    return _with(Rule(signed_in=False))(view)
