"""What the urgent page says besides the plan, of several slices in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ambit.access.queries import Person, Reader
from ambit.careplan import queries as careplan
from ambit.coordination import queries as coordination
from ambit.outcomes import queries as outcomes
from ambit.register import queries as register
from ambit.statements import Together


@dataclass(frozen=True, slots=True)
class Beside:
    """Rows for the queries of the slices, which say what of them this reader sees: the register, what is measured, and,
    for a role that has something to see to, who coordinates and what is open."""

    entry: Sequence[Any]
    measured: Sequence[Any]
    seen_to: Sequence[Any] = ()
    proposals: Sequence[Any] = ()


_FOR_ALL = (register.OPEN_ENTRY, outcomes.LATEST)
_FOR_A_PRACTICE = Together(*_FOR_ALL, coordination.SEEN_TO_OF_ONE, careplan.OPEN_PROPOSALS)
_FOR_A_HOSPITAL = Together(*_FOR_ALL, coordination.SEEN_TO_OF_ONE)
_FOR_OTHERS = Together(*_FOR_ALL)


def beside(reader: Reader, person: Person) -> Beside:
    """What is asked for the page of somebody the reader has opened, in one statement."""
    one = person.id
    if reader.role == "gp":
        return Beside(*_FOR_A_PRACTICE(one, [one], one, one))
    if reader.role == "hospital_clinician":
        return Beside(*_FOR_A_HOSPITAL(one, [one], one))
    return Beside(*_FOR_OTHERS(one, [one]))
