"""What people ask of outcomes: how somebody is now, how that changed, and which instruments may be used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import BooleanField, ExpressionWrapper, F, IntegerField, QuerySet, Value
from django.http import Http404
from django.utils.translation import get_language

from ambit.access.queries import Person, Reader, anything_kept_back, kept_back_from, must_see
from ambit.organisations.models import Role
from ambit.outcomes import registry
from ambit.outcomes.models import SETTINGS, STANDING, Measure, PhaseStart
from ambit.outcomes.rules.instruments import (
    RESPONDENTS,
    Comparison,
    Instrument,
    Use,
    compare,
    may_be_used,
    score,
)
from ambit.outcomes.rules.phases import Ends, Period, Reading, Start, assessments_at_ends, periods
from ambit.packs.queries import permissions
from ambit.statements import Prepared

PART, PART_TITLE = "outcomes", "How the person is, measured"
"""What is kept back, or sealed, as one part of the record, like a section of the plan."""
ROLES = {str(role.value): str(role.label) for role in Role}


# --- instruments ---


@dataclass(frozen=True, slots=True)
class Here:
    """An instrument, whether it may be used here, and whether a clinician has reviewed its pack."""

    instrument: Instrument
    use: Use
    is_reviewed: bool


def instruments(reader: Reader) -> dict[str, Here]:
    """Every instrument of this site by its id, with whether it may be used: one statement."""
    reader.must("see_plan")
    return instruments_here()


def instruments_here() -> dict[str, Here]:
    """As `instruments`, for whoever has already been let in."""
    packs = registry.packs()
    may = permissions(packs.values())
    licensed = {one.strip() for one in settings.CONFIG.licensed_instruments.split(",") if one.strip()}
    language = get_language() or settings.LANGUAGE_CODE
    here = {}
    for pack_id, pack in packs.items():
        instrument = registry.instrument(pack_id, language)
        if instrument is None:
            continue
        use = may_be_used(
            instrument,
            pack_allowed=may[pack_id].allowed,
            pack_why=may[pack_id].why,
            licensed=licensed,
            demonstration=settings.DEMONSTRATION,
        )
        here[pack_id] = Here(instrument, use, pack.reviewed)
    return here


# --- what was measured ---


@dataclass(frozen=True, slots=True)
class Assessment:
    """One assessment as it stands: what was answered, what it came to, who recorded it."""

    id: UUID
    instrument: str
    version: str
    respondent: str
    assessed_on: date
    phase: str
    setting: str
    answers: Mapping[str, int]
    missing: Sequence[str]
    total: int | None
    subscales: Mapping[str, int | None]
    extras: Sequence[Mapping[str, Any]]
    problems: Sequence[str]
    recorded_at: datetime
    recorded_by: str
    recorded_by_role: str
    recorded_by_organisation: str
    corrects_id: UUID | None
    reason: str
    is_withdrawn: bool

    @property
    def author(self) -> str:
        parts = (self.recorded_by, ROLES.get(self.recorded_by_role, ""), self.recorded_by_organisation)
        return ", ".join(part for part in parts if part)

    @property
    def answered_by(self) -> str:
        return RESPONDENTS[self.respondent]

    @property
    def where(self) -> str:
        return SETTINGS.get(self.setting, "")


_COLUMNS = tuple(Assessment.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class Line:
    """One instrument's assessments of somebody, the oldest first; only those of its version of today are compared."""

    instrument: Instrument
    assessments: tuple[Assessment, ...]

    @property
    def latest(self) -> Assessment:
        return self.assessments[-1]

    @property
    def before(self) -> Assessment | None:
        """The assessment before the latest by the same version and kind of respondent; others are not compared with it."""
        alike = [
            one
            for one in self.assessments[:-1]
            if (one.version, one.respondent) == (self.latest.version, self.latest.respondent)
        ]
        return alike[-1] if alike else None

    @property
    def change(self) -> Comparison | None:
        before = self.before
        return compare(self.instrument, before.answers, self.latest.answers) if before else None

    @property
    def why_no_total(self) -> str:
        return score(self.instrument, self.latest.answers).why

    @property
    def moved_by(self) -> int | None:
        before = self.before
        if before is None or before.total is None or self.latest.total is None:
            return None
        return self.latest.total - before.total


@dataclass(frozen=True, slots=True)
class Outcomes:
    """How somebody is and was: each instrument's line, the one assessed last first, and the phases of illness."""

    lines: tuple[Line, ...]
    phases: tuple[Period, ...]

    @property
    def phase(self) -> Period | None:
        return self.phases[-1] if self.phases else None

    def line(self, instrument_id: str) -> Line | None:
        return next((line for line in self.lines if line.instrument.id == instrument_id), None)

    def ends(self, line: Line) -> tuple[Ends[Period], ...]:
        """The assessments of one line at the ends of each finished phase."""
        readings = [Reading(one.assessed_on, (one.version, one.respondent), one) for one in line.assessments]
        return assessments_at_ends(self.phases, readings)


def outcomes_of(reader: Reader, person: Person) -> Outcomes:
    """Everything measured of somebody the reader has opened, as it stands: two statements."""
    reader.must("see_plan")
    rows = Measure.objects.filter(STANDING, person=person).order_by("assessed_on", "recorded_at")
    by_instrument: dict[str, list[Assessment]] = {}
    for row in _shown(reader, person, rows, _COLUMNS):
        assessment = Assessment(*row)
        by_instrument.setdefault(assessment.instrument, []).append(assessment)
    language = get_language() or settings.LANGUAGE_CODE
    lines = [
        Line(instrument, tuple(several))
        for name, several in by_instrument.items()
        if (instrument := registry.instrument(name, language))
    ]
    lines.sort(key=lambda line: (line.latest.assessed_on, line.latest.recorded_at), reverse=True)
    return Outcomes(tuple(lines), _periods(person, _shown(reader, person, _starts(person), _START)))


def _shown(reader: Reader, person: Person, rows: QuerySet[Any], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """Rows about somebody the reader has opened; refused when what is measured of them is kept back from this reader."""
    found = list(rows.annotate(anything=anything_kept_back([person.id])).values_list("anything", *columns))
    if found and found[0][0]:
        must_see(reader, person.id, PART, title=PART_TITLE)
    return [row[1:] for row in found]


_START = ("phase", "began_on", "recorded_at", "id")


def _starts(person: Person) -> QuerySet[Any]:
    return PhaseStart.objects.filter(STANDING, person=person)


def _periods(person: Person, rows: Sequence[tuple[Any, ...]]) -> tuple[Period, ...]:
    return periods([Start(*row) for row in rows], died_on=person.died_on)


def phases_shown(reader: Reader, person: Person) -> tuple[Period, ...]:
    """The phases of illness of somebody the reader has opened, the first first; death ends the last."""
    reader.must("see_plan")
    return _periods(person, _shown(reader, person, _starts(person), _START))


def phases_of(person: Person) -> tuple[Period, ...]:
    """Somebody's phases of illness, the first first; for actions, which have opened the person already."""
    return _periods(person, list(_starts(person).values_list(*_START)))


@dataclass(frozen=True, slots=True)
class Recording:
    """One assessment with what it corrected before, and what corrected it since, the newest first."""

    instrument: Instrument
    shown: Assessment
    versions: tuple[Assessment, ...]

    @property
    def is_current(self) -> bool:
        return self.shown.id == self.versions[0].id and not self.shown.is_withdrawn


def measure(reader: Reader, person: Person, measure_id: UUID) -> Recording:
    """One assessment of somebody the reader has opened, with everything it corrected and was corrected by."""
    reader.must("see_plan")
    shown = Measure.objects.filter(person=person, pk=measure_id).values_list("instrument").first()
    if shown is None:
        raise Http404("No such assessment.")
    instrument = registry.instrument(shown[0], get_language() or settings.LANGUAGE_CODE)
    if instrument is None:
        raise Http404("This site has no pack of that instrument.")
    rows = Measure.objects.filter(person=person, instrument=shown[0]).order_by("recorded_at", "pk")
    everything = {one.id: one for one in (Assessment(*row) for row in _shown(reader, person, rows, _COLUMNS))}
    follows = {one.corrects_id: one for one in everything.values() if one.corrects_id}
    first = everything[measure_id]
    while first.corrects_id:
        first = everything[first.corrects_id]
    versions = [first]
    while versions[-1].id in follows:
        versions.append(follows[versions[-1].id])
    return Recording(instrument, everything[measure_id], tuple(reversed(versions)))


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """A phase as it was recorded, by whom, and what it corrects."""

    id: UUID
    phase: str
    began_on: date
    recorded_at: datetime
    recorded_by: str
    recorded_by_role: str
    recorded_by_organisation: str
    corrects_id: UUID | None
    reason: str
    is_withdrawn: bool
    is_current: bool

    @property
    def author(self) -> str:
        parts = (self.recorded_by, ROLES.get(self.recorded_by_role, ""), self.recorded_by_organisation)
        return ", ".join(part for part in parts if part)


_PHASE_COLUMNS = tuple(PhaseRow.__dataclass_fields__)


def phase_rows(reader: Reader, person: Person) -> list[PhaseRow]:
    """Every phase that was ever recorded, corrected ones too, the latest begun first."""
    reader.must("see_plan")
    rows = PhaseStart.objects.filter(person=person).order_by("-began_on", "-recorded_at")
    rows = rows.annotate(is_current=ExpressionWrapper(STANDING, output_field=BooleanField()))
    return [PhaseRow(*row) for row in _shown(reader, person, rows, _PHASE_COLUMNS)]


# --- for lists ---


@dataclass(frozen=True, slots=True)
class Latest:
    """The phase of illness and the AKPS that somebody has now, since when, and who says so, in which role."""

    phase: str = ""
    phase_since: date | None = None
    phase_by: str = ""
    akps: int | None = None
    akps_on: date | None = None
    akps_by: str = ""

    @property
    def phase_name(self) -> str:
        return registry.phase_name(self.phase)


def has_akps(reader: Reader, person: Person) -> bool:
    """Whether the AKPS of somebody the reader has opened was ever measured."""
    latest = latest_of(reader, [person.id]).get(person.id)
    return bool(latest and latest.akps_on)


def _phases_and_akps(person_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    anything = anything_kept_back(person_ids)
    akps: QuerySet[Any] = Measure.objects.filter(
        STANDING, person_id__in=person_ids, instrument=registry.AKPS, total__isnull=False
    ).values_list(
        "person_id", Value(""), F("assessed_on"), "recorded_at", "recorded_by", "recorded_by_role", "total", anything
    )
    phases: QuerySet[Any] = PhaseStart.objects.filter(STANDING, person_id__in=person_ids).values_list(
        "person_id", "phase", F("began_on"), "recorded_at", "recorded_by", "recorded_by_role",
        Value(None, output_field=IntegerField()), anything,
    )  # fmt: skip
    return akps.union(phases, all=True)


LATEST: Prepared[tuple[Any, ...]] = Prepared(_phases_and_akps)
"""What `latest_of` reads; to be asked together with others (`statements.Together`)."""


def latest_of(
    reader: Reader, person_ids: Sequence[UUID], *, rows: Sequence[tuple[Any, ...]] | None = None
) -> dict[UUID, Latest]:
    """The latest phase and AKPS of people the reader may see: one statement, however many people there are.

    Of whoever keeps what is measured back from this reader, nothing. `rows` are those of `LATEST`, when they were asked already.
    """
    reader.must("see_plan")
    rows = LATEST(person_ids) if rows is None else rows
    closed = kept_back_from(reader, person_ids) if rows and rows[0][7] else {}
    found: dict[UUID, Latest] = {}
    starts: dict[UUID, list[Start]] = {}
    measured: dict[UUID, list[tuple[date, datetime, int, str]]] = {}
    for person_id, phase, day, at, name, role, total, _anything in rows:
        if PART in closed.get(person_id, {}):
            continue
        by = ", ".join(part for part in (name, ROLES.get(role, "")) if part)
        if phase:
            starts.setdefault(person_id, []).append(Start(phase, day, at, by))
        else:
            measured.setdefault(person_id, []).append((day, at, total, by))
    for person_id in starts.keys() | measured.keys():
        known = periods(starts.get(person_id, []))
        on, _at, total, by = max(measured.get(person_id, [(None, None, None, "")]), key=lambda one: (one[0], one[1]))
        found[person_id] = Latest(
            phase=known[-1].phase if known else "",
            phase_since=known[-1].began_on if known else None,
            phase_by=known[-1].key if known else "",
            akps=total,
            akps_on=on,
            akps_by=by,
        )
    return found
