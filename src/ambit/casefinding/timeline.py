"""Evidence on one time line: where each record stands between two years ago and the day of the search. Plain Python."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import wrap
from typing import Protocol

ADMISSION, MEASURED, MEDICINE, RECORDED = "admission", "measured", "medicine", "recorded"
"""What a record is about; admissions share a lane, measurements have one for each thing measured."""

YEARS = 2
LABELS, WIDTH, TOP = 190, 700, 22
LANE = {ADMISSION: 46, MEASURED: 46, MEDICINE: 30, RECORDED: 30}
"""Pixels: room for the lanes' names, the whole width, room above the first lane, the height of a lane."""
ROOM = 46
"""Pixels that a mark's own words need; where the next mark is nearer, only the table below says them."""
BELOW = 8
"""Pixels by which an admission stands above the middle of its lane, so that its words have room under it."""
LETTERS = 25


class Row(Protocol):
    @property
    def on(self) -> date: ...
    @property
    def words(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def display(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def unit(self) -> str: ...


class Reason(Protocol):
    @property
    def title(self) -> str: ...
    @property
    def evidence(self) -> Sequence[Row]: ...


@dataclass(frozen=True, slots=True)
class Mark:
    x: int
    y: int
    on: date
    words: str
    label: str
    before: bool


@dataclass(frozen=True, slots=True)
class Lane:
    kind: str
    name: tuple[str, ...]
    y: int
    bottom: int
    marks: tuple[Mark, ...]

    @property
    def line(self) -> str:
        """The points that a line through the marks goes through."""
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)


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


def timeline(reasons: Sequence[Reason], *, until: date, admissions: str = "Hospital, not planned") -> Timeline:
    """Each record once; what is older than two years stands at the left edge and says so; the last six months are marked.

    Admissions of every reason stand in one lane, whose name is `admissions`, and each thing measured in one, as a line.
    """
    start = _years_before(until, YEARS)
    span = (until - start).days

    def x(day: date) -> int:
        share = min(max((day - start).days, 0), span) / span
        return LABELS + 10 + round(share * (WIDTH - LABELS - 30))

    lanes, top = [], TOP
    for kind, name, rows in _in_lanes(reasons, admissions):
        bottom = top + LANE[kind]
        lanes.append(_lane(kind, name, rows, top=top, bottom=bottom, start=start, x=x))
        top = bottom
    quarters = [date.fromordinal(start.toordinal() + round(span * part / 4)) for part in range(5)]
    recent = date.fromordinal(until.toordinal() - 183)
    return Timeline(tuple(lanes), tuple(Tick(x(day), day) for day in quarters), x(recent), WIDTH, top + 28)


def _in_lanes(reasons: Sequence[Reason], admissions: str) -> list[tuple[str, str, list[Row]]]:
    """Lanes in the order of harm: hospital, then what is measured, then what is recorded."""
    lanes: dict[tuple[str, str], dict[tuple[date, str], Row]] = {}
    for reason in reasons:
        for row in reason.evidence:
            name = {ADMISSION: admissions, MEASURED: row.display, MEDICINE: row.display}.get(row.kind, reason.title)
            lanes.setdefault((row.kind, name), {})[row.on, row.words] = row
    order = (ADMISSION, MEASURED, MEDICINE, RECORDED)
    return [
        (kind, name, sorted(rows.values(), key=lambda row: row.on))
        for (kind, name), rows in sorted(lanes.items(), key=lambda lane: order.index(lane[0][0]))
    ]


def _lane(
    kind: str, name: str, rows: Sequence[Row], *, top: int, bottom: int, start: date, x: Callable[[date], int]
) -> Lane:
    middle = (top + bottom) // 2
    values = [float(row.value) for row in rows] if kind == MEASURED else []
    low, high = (min(values), max(values)) if values else (0.0, 0.0)
    marks = []
    for number, row in enumerate(rows):
        here = x(row.on)
        following = x(rows[number + 1].on) if number + 1 < len(rows) else WIDTH
        y = middle - BELOW if kind == ADMISSION else middle
        if kind == MEASURED:
            y = bottom - 8 - (round((values[number] - low) / (high - low) * 14) if high > low else 7)
        label = ""
        if following - here >= ROOM or kind == MEASURED or number + 1 == len(rows):
            label = _label(row, before=row.on < start)
        marks.append(Mark(here, y, row.on, row.words, label, row.on < start))
    return Lane(kind, _two_lines(name), middle, bottom, tuple(marks))


def _label(row: Row, *, before: bool) -> str:
    if row.kind == MEASURED:
        return f"{row.value}{row.unit}" if len(row.unit) <= 3 else row.value
    return f"since {row.on:%b %Y}" if before else f"{row.on:%-d %b}"


def _two_lines(name: str) -> tuple[str, ...]:
    lines = wrap(name, LETTERS)
    return tuple(lines) if len(lines) <= 2 else (lines[0], lines[1][: LETTERS - 1] + "…")


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
