"""What a plan says first of a child: who decides, and whether the move to adult care is under way."""

from dataclasses import dataclass
from datetime import date

from ambit.access.queries import Person, Reader, details_of
from ambit.careplan.queries.plan import CurrentPlan, has_childs_plan
from ambit.careplan.queries.siblings import Sibling, siblings_of
from ambit.careplan.rules import parents, transition


@dataclass(frozen=True, slots=True)
class Childhood:
    """Who holds parental responsibility, what to ask the child first, brothers and sisters with records, the move to adult care."""

    is_child: bool
    is_unborn: bool
    holders: tuple[parents.Holder, ...]
    first: str
    moves_to_adult_care: bool
    siblings: tuple[Sibling, ...] = ()


def childhood_of(reader: Reader, person: Person, plan: CurrentPlan, *, on: date) -> Childhood | None:
    """The childhood of somebody the reader has opened; None for an adult whom it does not concern: then no statement is asked."""
    reader.must("see_plan")
    unborn = person.birth_precision == "unborn"
    until = person.died_on or on
    moves = not unborn and is_moving(person, plan, on=until)
    if not parents.is_child(person.born_on, unborn=unborn, on=until):
        return (
            Childhood(is_child=False, is_unborn=False, holders=(), first="", moves_to_adult_care=True)
            if moves
            else None
        )
    return Childhood(
        is_child=True,
        is_unborn=unborn,
        holders=parents.holders(details_of(person)),
        first=parents.who_may_decide(person.born_on, unborn=unborn, on=until),
        moves_to_adult_care=moves,
        siblings=siblings_of(reader, person.id),
    )


def is_moving(person: Person, plan: CurrentPlan, *, on: date) -> bool:
    """From 14, and from 18 until 25 only whoever has a plan made as a child."""
    if person.born_on is None or not transition.in_transition(person.born_on, on=on):
        return False
    if transition.age_at(person.born_on, on) < transition.GROWN_UP_AT:
        return True
    return has_childs_plan(plan)
