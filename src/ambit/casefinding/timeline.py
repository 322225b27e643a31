"""Evidence on one time line: where each record stands between two years ago and the day of the search. Plain Python."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

YEARS = 2
LABELS, WIDTH, LANE, TOP = 200, 700, 30, 16
"""Pixels: room for the lanes' names, the whole width, the height of a lane, room above the first."""


class Row(Protocol):
    @property
    def on(self) -> date: ...
    @property
    def words(self) -> str: ...


class Reason(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def evidence(self) -> Sequence[Row]: ...


@dataclass(frozen=True, slots=True)
class Mark:
    x: int
    on: date
    words: str
    before: bool


@dataclass(frozen=True, slots=True)
class Lane:
    name: str
    y: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    x: int
    on: date


@dataclass(frozen=True, slots=True)
class Timeline:
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]
    recent_x: int
    width: int
    height: int


def timeline(reasons: Sequence[Reason], *, until: date) -> Timeline:
    """One lane for each reason; what is older than two years stands at the left edge and says so; the last six months are marked."""
    start = _years_before(until, YEARS)
    span = (until - start).days

    def x(day: date) -> int:
        share = min(max((day - start).days, 0), span) / span
        return LABELS + 10 + round(share * (WIDTH - LABELS - 30))

    lanes = tuple(
        Lane(
            reason.text,
            TOP + number * LANE + LANE // 2,
            tuple(
                Mark(x(row.on), row.on, row.words, row.on < start)
                for row in sorted(reason.evidence, key=lambda r: r.on)
            ),
        )
        for number, reason in enumerate(reasons)
    )
    quarters = [date.fromordinal(start.toordinal() + round(span * part / 4)) for part in range(5)]
    recent = date.fromordinal(until.toordinal() - 183)
    height = TOP + len(lanes) * LANE + 28
    return Timeline(lanes, tuple(Tick(x(day), day) for day in quarters), x(recent), WIDTH, height)


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
