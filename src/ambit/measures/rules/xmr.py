"""Control charts of single values (XmR), by the rules of NHS England's Making Data Count. Plain Python, no Django, no clock.

Limits are the mean of a baseline and 2.66 times its mean moving range. The baseline is fixed: its first twelve values, or a later
start that somebody decided with a reason. Four rules, in this order: outside the limits; seven rising or falling; two of three in the
outer third of one side; seven on one side of the mean. A signal is something to look into, never a verdict, and fewer than
twelve values have no limits (pure chance gives a signal in one of seven charts of two years).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Final

BASELINE: Final = 12
RUN: Final = 7
LIMIT: Final = 2.66
SCREEN: Final = 3.267
"""Moving ranges above this many times their mean are left out of the mean, where that is asked for."""


class Signal(StrEnum):
    OUTSIDE = "outside"
    TREND = "trend"
    NEAR_LIMIT = "near_limit"
    SHIFT = "shift"


WORDS: Final = {
    Signal.OUTSIDE: "outside the limits",
    Signal.TREND: "7 or more rising or falling",
    Signal.NEAR_LIMIT: "2 of 3 close to a limit",
    Signal.SHIFT: "7 or more on one side of the average",
}


class Change(StrEnum):
    USUAL = "usual"
    IMPROVEMENT = "improvement"
    CONCERN = "concern"
    NEITHER = "neither"


class Assurance(StrEnum):
    """Whether the process by itself meets a target."""

    PASSES = "passes"
    FAILS = "fails"
    HIT_AND_MISS = "hit_and_miss"


@dataclass(frozen=True, slots=True)
class Point:
    """One value: its first signal, on which side of the mean (1 above, -1 below), and what that means here."""

    value: float | None
    signal: Signal | None = None
    side: int = 0
    change: Change = Change.USUAL


@dataclass(frozen=True, slots=True)
class Limits:
    mean: float
    lower: float
    upper: float

    @property
    def reach(self) -> float:
        return self.upper - self.mean


@dataclass(frozen=True, slots=True)
class Chart:
    """The values as points, with limits where there are values enough for them."""

    points: tuple[Point, ...]
    limits: Limits | None

    @property
    def last(self) -> Point | None:
        return next((point for point in reversed(self.points) if point.value is not None), None)


def limits_of(values: Sequence[float], *, screened: bool = False) -> Limits:
    """The mean, and 2.66 times the mean moving range on both sides of it; `screened` leaves out moving ranges that are far too large."""
    mean = sum(values) / len(values)
    ranges = [abs(after - before) for before, after in pairwise(values)]
    moving = sum(ranges) / len(ranges) if ranges else 0.0
    if screened:
        kept = [one for one in ranges if one <= SCREEN * moving]
        moving = sum(kept) / len(kept) if kept else 0.0
    return Limits(mean, mean - LIMIT * moving, mean + LIMIT * moving)


def chart(
    values: Sequence[float | None], *, better: str, baseline: int = BASELINE, since: int = 0, screened: bool = False
) -> Chart:
    """The values with their signals; `better` is higher, lower or neutral; `since` is where the baseline begins."""
    known = [(place, value) for place, value in enumerate(values) if value is not None]
    base = [value for place, value in known if place >= since][:baseline]
    if len(base) < baseline:
        return Chart(tuple(Point(value) for value in values), None)
    limits = limits_of(base, screened=screened)
    signals = signals_of([value for _, value in known], limits)
    points = [Point(value) for value in values]
    for (place, value), signal in zip(known, signals, strict=True):
        points[place] = _point(value, signal, limits, better)
    return Chart(tuple(points), limits)


def _point(value: float, found: tuple[Signal, int] | None, limits: Limits, better: str) -> Point:
    if found is None:
        return Point(value, None, _side(value, limits.mean))
    signal, side = found
    if better == "neutral":
        change = Change.NEITHER
    else:
        change = Change.IMPROVEMENT if (side > 0) == (better == "higher") else Change.CONCERN
    return Point(value, signal, side, change)


def signals_of(values: Sequence[float], limits: Limits) -> list[tuple[Signal, int] | None]:
    """For each value the first rule that it meets, and whether it points up (1) or down (-1)."""
    sides = [_side(value, limits.mean) for value in values]
    moves = [0, *(_side(after, before) for before, after in pairwise(values))]
    third = limits.reach * 2 / 3
    far = [third < abs(value - limits.mean) <= limits.reach for value in values]
    trends, shifts, near = _trends(moves), _runs(sides), _two_of_three(far, sides)
    found: list[tuple[Signal, int] | None] = []
    for place, value in enumerate(values):
        if not limits.lower <= value <= limits.upper:
            found.append((Signal.OUTSIDE, sides[place]))
        elif trends[place]:
            found.append((Signal.TREND, trends[place]))
        elif near[place]:
            found.append((Signal.NEAR_LIMIT, near[place]))
        elif shifts[place]:
            found.append((Signal.SHIFT, shifts[place]))
        else:
            found.append(None)
    return found


def _side(value: float, of: float) -> int:
    return (value > of) - (value < of)


def _runs(sides: Sequence[int], length: int = RUN) -> list[int]:
    """The side of each value that is part of so many in a row on one side; a value on the mean breaks the run."""
    found = [0] * len(sides)
    for end in range(length, len(sides) + 1):
        if abs(sum(sides[end - length : end])) == length:
            found[end - length : end] = sides[end - length : end]
    return found


def _trends(moves: Sequence[int]) -> list[int]:
    """Seven values that rise or fall each time are six moves; all seven values are part of it."""
    found = [0] * len(moves)
    for end in range(RUN, len(moves) + 1):
        way = sum(moves[end - RUN + 1 : end])
        if abs(way) == RUN - 1:
            found[end - RUN : end] = [_side(way, 0)] * RUN
    return found


def _two_of_three(far: Sequence[bool], sides: Sequence[int]) -> list[int]:
    """Of three in a row on one side of the mean, those in the outer third when at least two are there."""
    found = [0] * len(far)
    for start in range(len(far) - 2):
        three = range(start, start + 3)
        side = sides[start]
        if side and all(sides[place] == side for place in three) and sum(far[place] for place in three) >= 2:
            for place in three:
                if far[place]:
                    found[place] = side
    return found


def assurance(limits: Limits | None, target: float | None, *, better: str) -> Assurance | None:
    """Whether limits that lie wholly on one side of a target say that it will be met, or missed, unless something changes."""
    if limits is None or target is None or better == "neutral":
        return None
    above, below = limits.lower > target, limits.upper < target
    if not above and not below:
        return Assurance.HIT_AND_MISS
    return Assurance.PASSES if above == (better == "higher") else Assurance.FAILS
