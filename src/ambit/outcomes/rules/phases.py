"""Phase of illness: one at a time, each change ends the phase before. Plain Python, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Protocol

DECEASED = "deceased"


@dataclass(frozen=True, slots=True)
class Start:
    """Somebody's judgement that a phase begins; corrected ones are not among them."""

    phase: str
    began_on: date
    recorded_at: datetime
    key: Any = None


@dataclass(frozen=True, slots=True)
class Period:
    """A phase from its first day to the day the next begins; `ended_on` is None while it lasts."""

    phase: str
    began_on: date
    ended_on: date | None
    key: Any = None

    def days(self, on: date) -> int:
        return ((self.ended_on or on) - self.began_on).days


def periods(starts: Iterable[Start], *, died_on: date | None = None) -> tuple[Period, ...]:
    """The phases one after another. Of two that begin on one day the later recorded counts; the same phase again goes on.

    Death ends the last phase; what would begin after it is left out.
    """
    kept: list[Start] = []
    for start in sorted(starts, key=lambda one: (one.began_on, one.recorded_at)):
        if died_on and start.began_on > died_on:
            continue
        if kept and kept[-1].began_on == start.began_on:
            kept.pop()
        if kept and kept[-1].phase == start.phase:
            continue
        kept.append(start)
    if kept and died_on:
        kept.append(Start(DECEASED, died_on, kept[-1].recorded_at))
    return tuple(
        Period(start.phase, start.began_on, kept[place + 1].began_on if place + 1 < len(kept) else None, start.key)
        for place, start in enumerate(kept)
    )


def phase_on(known: Iterable[Period], day: date) -> Period | None:
    """The phase on a day; on the day of a change, the one that begins."""
    return next((p for p in known if p.began_on <= day and (p.ended_on is None or day < p.ended_on)), None)


WITHIN: timedelta = timedelta(days=1)
"""An assessment belongs to the start (or end) of a phase on that day or the day after (before): local choice, unconfirmed."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An assessment on a day; only those that are `alike` (the same version and kind of respondent) are compared."""

    on: date
    alike: Any
    what: Any


class Lasting(Protocol):
    """Anything that lasts from one day to another."""

    @property
    def began_on(self) -> date: ...

    @property
    def ended_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Ends[P: Lasting]:
    """The assessments at the start and the end of one finished phase; None where there is none."""

    period: P
    start: Any
    end: Any


def assessments_at_ends[P: Lasting](known: Iterable[P], readings: Sequence[Reading]) -> tuple[Ends[P], ...]:
    """For each finished phase the first assessment at its start and the last at its end, never the same one for both.

    The assessment on the day of a change ends one phase and starts the next (PCOC). Readings come the oldest first.
    """
    found = []
    for period in known:
        if period.ended_on is None:
            continue
        last = period.ended_on
        start = next((r for r in readings if period.began_on <= r.on <= period.began_on + WITHIN), None)
        end = next(
            (
                r
                for r in reversed(readings)
                if last - WITHIN <= r.on <= last and r is not start and (start is None or r.alike == start.alike)
            ),
            None,
        )
        found.append(Ends(period, start and start.what, end and end.what))
    return tuple(found)
