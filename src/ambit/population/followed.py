"""Somebody's people on a day, what a search says of them, and what became of them. Plain Python."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Listed = Sequence[tuple[str, Sequence[str]]]
"""A group, and the code lists that show it."""

Strength = tuple[int, int]
"""How strongly a pack finds somebody: its tiers counted from the last (1) to the first, and how many of its reasons hold."""

NOT_FOUND: Strength = (0, 0)


@dataclass(frozen=True, slots=True)
class Asked:
    """By what people are told apart, beside age and sex; what the record of care adds is keyed by NHS number."""

    conditions: Listed  # the first that fits is somebody's main one
    ethnicities: Listed
    learning_disability: Sequence[str]
    known: Mapping[str, tuple[str, str]]  # NHS number: ethnic group, fifth of deprivation; "" where not known


@dataclass(frozen=True, slots=True)
class Followed:
    """So many people who share all of this. Empty is "not recorded"; `days` is from the day asked to death, None for survivors."""

    practice: str
    age: int | None
    sex: str
    ethnicity: str
    fifth: str
    learning_disability: bool
    condition: str
    found: tuple[Strength, ...]  # one for each pack, in order
    days: int | None
    people: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """People of the store who could not be followed, and why."""

    dead_without_a_day: int
    left: int  # not registered now, alive: on which day they left is not known
    not_seen_to_the_end: int  # alive when their source was last taken in, before the end
    died_twice: int  # two sources disagree whether they were alive on the day


@dataclass(frozen=True)
class Cohort:
    on: date
    until: date
    rows: list[Followed]
    left_out: LeftOut
    seen_until: date | None  # the day up to which every source was taken in
