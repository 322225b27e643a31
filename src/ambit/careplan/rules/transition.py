"""The move from children's to adult care: what is due by which birthday, and what was done. Plain Python, no clock.

The steps are data (`packs/transitions/`). It starts at 14; a birthday closes nothing: at 18, and at 25, what is not done stays due.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

STARTS_AT: Final = 14
GROWN_UP_AT: Final = 18
OVER_AT: Final = 25
"""Until this birthday somebody stays on the list of those who move, unless every step is done before."""

DONE, NOT_NEEDED, NOT_YET = "done", "not_needed", "not_yet"
STATES: Final = {DONE: "Done", NOT_NEEDED: "Not needed", NOT_YET: "Not done yet"}
SOON: Final = 90
"""Days before its birthday from which a step is asked for."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to see to, by the birthday at which somebody becomes `due` years old."""

    id: str
    title: str
    due: int
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was said of a step: its state, in which words, by whom and when."""

    step: str
    state: str
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StepNow:
    """A step as it stands on a day."""

    step: Step
    due_on: date
    said: Recorded | None
    on: date

    @property
    def is_settled(self) -> bool:
        return self.said is not None and self.said.state != NOT_YET

    @property
    def is_overdue(self) -> bool:
        return not self.is_settled and self.due_on < self.on

    @property
    def is_due(self) -> bool:
        """Whether it is to be seen to now: overdue, or its birthday is near."""
        return not self.is_settled and (self.due_on - self.on).days <= SOON


def birthday(born_on: date, age: int) -> date:
    """The day on which somebody becomes this old; born on 29 February, in common years on 1 March, as English law has it."""
    try:
        return born_on.replace(year=born_on.year + age)
    except ValueError:
        return date(born_on.year + age, 3, 1)


def age_at(born_on: date, on: date) -> int:
    """Whole years on a day; below 0 before birth."""
    age = on.year - born_on.year
    return age if birthday(born_on, age) <= on else age - 1


def in_transition(born_on: date | None, *, on: date) -> bool:
    """Whether somebody is of the age at which the move to adult care is planned, made or followed up."""
    return born_on is not None and STARTS_AT <= age_at(born_on, on) < OVER_AT


def stand(steps: Sequence[Step], said: Iterable[Recorded], *, born_on: date, on: date) -> tuple[StepNow, ...]:
    """Every step with its day and what was said of it last; steps that nobody spoke of are not done, never left out."""
    last: dict[str, Recorded] = {}
    for one in sorted(said, key=lambda one: one.at):
        last[one.step] = one
    return tuple(StepNow(step, birthday(born_on, step.due), last.get(step.id), on) for step in steps)


def problems(*, steps: Sequence[Step], step: str, state: str, words: str) -> dict[str, str]:
    """What stops something being said of a step, by field."""
    found = {}
    if step not in {one.id for one in steps}:
        found["step"] = "Choose a step from the list."
    if state not in STATES:
        found["state"] = "Choose how it stands."
    if state in (DONE, NOT_NEEDED) and not words.strip():
        found["words"] = "Write who did what, or why it is not needed."
    return found
