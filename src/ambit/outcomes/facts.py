"""What outcomes publish for measuring: assessments, phases, and what was answered at both ends of each finished phase."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ambit.outcomes.models import STANDING, Measure, PhaseStart
from ambit.outcomes.rules.phases import Reading, Start, assessments_at_ends, periods


@dataclass(frozen=True, slots=True)
class Assessed:
    """One assessment that stands. `total` is None where an item is missing or the instrument has none."""

    person_id: UUID
    practice_id: UUID | None
    instrument: str
    version: str
    respondent: str
    assessed_on: date
    phase: str
    setting: str
    answers: Mapping[str, int]
    missing: Sequence[str]
    total: int | None


@dataclass(frozen=True, slots=True)
class Phase:
    """One phase of illness; `ended_on` is None while it lasts."""

    person_id: UUID
    practice_id: UUID | None
    phase: str
    began_on: date
    ended_on: date | None


@dataclass(frozen=True, slots=True)
class PhaseAssessed:
    """A finished phase with what was answered at its start and its end; None where nobody assessed. For `rules.change`."""

    phase: Phase
    start: Mapping[str, int] | None
    end: Mapping[str, int] | None


def assessments() -> list[Assessed]:
    """Every assessment that stands, the earliest first."""
    rows = Measure.objects.filter(STANDING).order_by("assessed_on", "recorded_at")
    columns = (
        "person_id", "person__practice_id", "instrument", "version", "respondent", "assessed_on", "phase", "setting",
        "answers", "missing", "total",
    )  # fmt: skip
    return [Assessed(*row) for row in rows.values_list(*columns)]


def phases() -> list[Phase]:
    """Everybody's phases of illness; death ends the last."""
    starts: dict[UUID, list[Start]] = {}
    about: dict[UUID, tuple[UUID | None, date | None]] = {}
    rows = PhaseStart.objects.filter(STANDING).order_by("person_id", "began_on")
    columns = ("person_id", "person__practice_id", "person__died_on", "phase", "began_on", "recorded_at")
    for person_id, practice_id, died_on, *start in rows.values_list(*columns):
        starts.setdefault(person_id, []).append(Start(*start))
        about[person_id] = (practice_id, died_on)
    return [
        Phase(person_id, about[person_id][0], period.phase, period.began_on, period.ended_on)
        for person_id, several in starts.items()
        for period in periods(several, died_on=about[person_id][1])
    ]


def finished_phases(instrument: str) -> list[PhaseAssessed]:
    """Each finished phase of everybody with this instrument's answers at its start and end; nothing is filled in."""
    readings: dict[UUID, list[Reading]] = {}
    for one in assessments():
        if one.instrument == instrument:
            reading = Reading(one.assessed_on, (one.version, one.respondent), one.answers)
            readings.setdefault(one.person_id, []).append(reading)
    return [
        PhaseAssessed(phase, ends.start, ends.end)
        for phase in phases()
        for ends in assessments_at_ends([phase], readings.get(phase.person_id, []))
    ]
