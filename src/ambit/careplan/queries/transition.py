"""How somebody's move to adult care stands, and whose is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ambit.access.queries import Person, Reader
from ambit.careplan.models import TransitionStep
from ambit.careplan.queries.authors import ROLES
from ambit.careplan.rules import transition
from ambit.careplan.transitions import steps


@dataclass(frozen=True, slots=True)
class Transition:
    """Every step as it stands on a day, and everything that was said, the latest first."""

    steps: tuple[transition.StepNow, ...]
    said: tuple[transition.Recorded, ...]

    @property
    def settled(self) -> int:
        return sum(one.is_settled for one in self.steps)

    @property
    def is_whole(self) -> bool:
        return self.settled == len(self.steps)

    def by_age(self) -> tuple[tuple[int, tuple[transition.StepNow, ...]], ...]:
        """The steps by the birthday at which they are due."""
        ages = sorted({one.step.due for one in self.steps})
        return tuple((age, tuple(one for one in self.steps if one.step.due == age)) for age in ages)

    def due(self) -> tuple[tuple[int, date], ...]:
        """The birthdays by which something is to be seen to now, with their days, the earliest first."""
        return tuple(sorted({(one.step.due, one.due_on) for one in self.steps if one.is_due}))


def transition_of(reader: Reader, person: Person, *, on: date) -> Transition:
    """How the move to adult care stands of somebody the reader has opened."""
    reader.must("see_plan")
    return transitions_of([person], on=on)[person.id]


def transitions_of(people: Sequence[Person], *, on: date) -> dict[UUID, Transition]:
    """The same of several whose day of birth is known, in one statement; for actions too, which have opened them already."""
    said: dict[UUID, list[transition.Recorded]] = {person.id: [] for person in people}
    rows: Iterable[TransitionStep] = TransitionStep.objects.filter(person_id__in=said).order_by("-recorded_at")
    for row in rows:
        who = ", ".join(
            part
            for part in (row.recorded_by, ROLES.get(row.recorded_by_role, ""), row.recorded_by_organisation)
            if part
        )
        said[row.person_id].append(transition.Recorded(row.step, row.state, row.words, who, row.recorded_at))
    return {
        person.id: Transition(
            transition.stand(steps(), said[person.id], born_on=person.born_on, on=on), tuple(said[person.id])
        )
        for person in people
        if person.born_on
    }
