"""One person's answers in plain Python, written for clarity: the oracle of the compiler, and the rows that say why."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any as Anything

from ambit.population.codelists.rules import counts_as
from ambit.population.search.criteria import (
    EVER,
    MEDICINE_TYPES,
    After,
    Age,
    All,
    Any,
    AtLeast,
    Change,
    Codes,
    Criterion,
    Encounters,
    FoundBy,
    Increase,
    Latest,
    Medicines,
    Not,
    NotInRecords,
    Points,
    Recorded,
    Ref,
    SearchPack,
    Twice,
    Window,
)


@dataclass(frozen=True, slots=True)
class EventRow:
    """One coded row; `lists` names the code lists (and polarities) its code is on."""

    lists: frozenset[tuple[str, str]]
    record: int
    source: str  # "Condition/<id>"
    system: str
    code: str
    display: str
    day: date | None
    ended: date | None
    value: int | None
    unit: str
    original: str
    original_unit: str
    usable: bool
    part: int = 0  # which coding of its resource


@dataclass(frozen=True, slots=True)
class EncounterRow:
    record: int
    source: str
    system: str
    code: str
    display: str
    day: date | None
    class_: str
    method: str
    usable: bool


Row = EventRow | EncounterRow


@dataclass(frozen=True, slots=True)
class Record:
    """What the store holds of one person, as far as a search needs it."""

    born_on: date | None
    born_until: date | None
    first_event: date | None
    first_encounter: date | None
    events: tuple[EventRow, ...]
    encounters: tuple[EncounterRow, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """True, false or unknown, and when true the rows that make it so."""

    value: bool | None
    rows: tuple[Row, ...] = ()


UNKNOWN = Answer(None)
FALSE = Answer(False)


@dataclass(frozen=True)
class Answered:
    """Every answer of one pack for one person: criteria by id, then the tier that holds, or ""."""

    criteria: dict[str, Answer]
    tiers: dict[str, Answer]

    @property
    def tier(self) -> str:
        return next((name for name, answer in self.tiers.items() if answer.value), "")


def interpret(pack: SearchPack, record: Record, on: date) -> Answered:
    """Answer the pack's criteria in order, then its tiers."""
    known: dict[str, Answer] = {}
    for named in pack.criteria:
        known[named.id] = answer(named.criterion, record, on, known)
    return Answered(known, {tier.name: answer(tier.criterion, record, on, known) for tier in pack.tiers})


def answer(criterion: Criterion, record: Record, on: date, known: dict[str, Answer]) -> Answer:
    return _READERS[type(criterion)](criterion, record, on, known)


def _in_window(when: date | None, window: Window, on: date) -> bool:
    if when is None or when > on:
        return False
    opens = window.opens(on)
    return when <= window.closes(on) and (opens is None or when > opens)


@lru_cache(maxsize=10_000)
def _wanted(codes: Codes) -> frozenset[tuple[str, str]]:
    """The lists, each in the sense that is asked of it."""
    return frozenset((name, codes.polarity) for name in codes.lists)


def _rows(codes: Codes, within: Window, record: Record, on: date) -> list[EventRow]:
    wanted = _wanted(codes)
    opens, closes = within.opens(on), min(within.closes(on), on)
    return [
        row
        for row in record.events
        if row.usable and not wanted.isdisjoint(row.lists)
        and row.day is not None and row.day <= closes and (opens is None or row.day > opens)
    ]  # fmt: skip


def _day(row: EventRow) -> date:
    assert row.day is not None
    return row.day


def _absent(absence: str, record: Record, on: date) -> Answer:
    sent_something = record.first_event is not None and record.first_event <= on
    return FALSE if absence == "false" and sent_something else UNKNOWN


def _age(criterion: Age, record: Record, on: date, known: Anything) -> Answer:
    if record.born_on is None or record.born_until is None:
        return UNKNOWN
    oldest, youngest = (
        on.year - born.year - ((on.month, on.day) < (born.month, born.day))
        for born in (record.born_on, record.born_until)
    )
    below = criterion.below
    for limit in (criterion.at_least, below):
        if limit and youngest < limit <= oldest:
            return UNKNOWN
    return Answer(oldest >= criterion.at_least and (below is None or oldest < below))


def _recorded(criterion: Recorded, record: Record, on: date, known: Anything) -> Answer:
    rows = _rows(criterion.codes, criterion.within, record, on)
    if criterion.ended == "excluded":
        rows = [row for row in rows if row.ended is None or row.ended > on]
    if not rows:
        return _absent(criterion.absence, record, on)
    things: set[Anything]
    if criterion.of == "records":
        things = {row.record for row in rows}
    elif criterion.of == "days":
        things = {row.day for row in rows}
    else:
        wanted = _wanted(criterion.codes)
        things = {told for row in rows for told in row.lists & wanted}
    return Answer(True, tuple(rows)) if len(things) >= criterion.at_least else FALSE


def _measured(codes: Codes, unit: str, within: Window, record: Record, on: date) -> list[tuple[date, int, EventRow]]:
    return [
        (_day(row), row.value, row)
        for row in _rows(codes, within, record, on)
        if row.value is not None and row.unit == unit
    ]


COMPARE: dict[str, Callable[[int, int], bool]] = {
    "below": lambda a, b: a < b,
    "at_most": lambda a, b: a <= b,
    "at_least": lambda a, b: a >= b,
    "above": lambda a, b: a > b,
}


def _latest(criterion: Latest, record: Record, on: date, known: Anything) -> Answer:
    measured = _measured(criterion.codes, criterion.unit, criterion.within, record, on)
    if not measured:
        return UNKNOWN
    last = max(when for when, _, _ in measured)
    pick = min if criterion.ties == "lowest" else max
    value = pick(v for when, v, _ in measured if when == last)
    if not COMPARE[criterion.compare](value, criterion.value):
        return FALSE
    return Answer(True, tuple(row for when, v, row in measured if when == last and v == value))


def _change(criterion: Change, record: Record, on: date, known: Anything) -> Answer:
    latest = _measured(criterion.codes, criterion.unit, criterion.latest_within, record, on)
    if not latest:
        return UNKNOWN
    last = max(when for when, _, _ in latest)
    until = last if criterion.from_latest else on
    earlier = [
        told for told in _measured(criterion.codes, criterion.unit, criterion.within, record, until) if told[0] < last
    ]
    if not earlier:
        return UNKNOWN
    falls = criterion.direction == "fall"
    now = (min if falls else max)(v for when, v, _ in latest if when == last)
    best = (max if falls else min)(v for _, v, _ in earlier)
    moved = best - now if falls else now - best
    if criterion.percent:
        if best <= 0:
            return UNKNOWN
        moved, needed = moved * 10_000, criterion.by * best
    else:
        needed = criterion.by
    enough = moved > needed if criterion.more else moved >= needed
    if not enough:
        return FALSE
    rows = [row for _, v, row in earlier if v == best] + [row for when, v, row in latest if when == last and v == now]
    return Answer(True, tuple(rows))


def _increase(criterion: Increase, record: Record, on: date, known: Anything) -> Answer:
    now = _rows(criterion.codes, EVER, record, on)
    if not now:
        return _absent(criterion.absence, record, on)
    wanted = _wanted(criterion.codes)
    then = {told for row in now if _in_window(row.day, criterion.then, on) for told in row.lists & wanted}
    new = tuple(row for row in now if (row.lists & wanted) - then)
    more = len({told for row in now for told in row.lists & wanted}) - len(then)
    return Answer(True, new) if more >= criterion.at_least else FALSE


def _after(criterion: After, record: Record, on: date, known: Anything) -> Answer:
    these = _rows(criterion.codes, criterion.within, record, on)
    those = _rows(criterion.than, criterion.within, record, on)
    if not these:
        return _absent(criterion.absence, record, on)
    last = max(_day(row) for row in these)
    if criterion.not_before and last < criterion.not_before:
        return FALSE
    ended = max((_day(row) for row in those), default=None)
    true = ended is None or last > ended or (last == ended and criterion.same_day)
    return Answer(True, tuple(row for row in these if row.day == last)) if true else FALSE


def _twice(criterion: Twice, record: Record, on: date, known: Anything) -> Answer:
    measured = _measured(criterion.codes, criterion.unit, criterion.within, record, on)
    if not measured:
        return UNKNOWN
    fits = sorted((when, v, row.record) for when, v, row in measured if COMPARE[criterion.compare](v, criterion.value))
    if not fits or (fits[-1][0] - fits[0][0]).days < criterion.apart:
        return FALSE
    first, last = fits[0][0], fits[-1][0]
    return Answer(
        True,
        tuple(
            row for when, v, row in measured if when in (first, last) and COMPARE[criterion.compare](v, criterion.value)
        ),
    )


def _points(criterion: Points, record: Record, on: date, known: Anything) -> Answer:
    rows = _rows(criterion.codes, criterion.within, record, on)
    if not rows:
        return _absent(criterion.absence, record, on)
    weights = {(system, code): points for system, code, points in criterion.weights}
    listed = {key for row in rows for key in counts_as(row.system, row.code)} & weights.keys()
    points = sum(weights[key] for key in listed)
    enough = points > criterion.at_least if criterion.more else points >= criterion.at_least
    return Answer(True, tuple(rows)) if enough else FALSE


def _not_in_records(criterion: NotInRecords, record: Record, on: date, known: Anything) -> Answer:
    return UNKNOWN


def _medicines(criterion: Medicines, record: Record, on: date, known: Anything) -> Answer:
    prescribed = [
        row
        for row in record.events
        if row.usable and row.part == 0 and row.source.partition("/")[0] in MEDICINE_TYPES
        and row.day is not None and row.day <= on
    ]  # fmt: skip
    if not prescribed:
        return UNKNOWN
    here = [row for row in prescribed if _in_window(row.day, criterion.within, on)]
    different = {(row.system, row.code) if row.code else row.display for row in here}
    return Answer(True, tuple(here)) if len(different) >= criterion.at_least else FALSE


def _encounters(criterion: Encounters, record: Record, on: date, known: Anything) -> Answer:
    here = [e for e in record.encounters if e.usable and _in_window(e.day, criterion.within, on)]
    surely = [e for e in here if any(kind.fits(e.class_, e.method) for kind in criterion.counted)]
    perhaps = surely + [
        e for e in here if e not in surely and any(kind.fits(e.class_, e.method) for kind in criterion.possibly)
    ]

    def number(rows: list[EncounterRow]) -> int:
        return len({row.record if criterion.of == "records" else row.day for row in rows})

    if number(surely) >= criterion.at_least:
        return Answer(True, tuple(surely))
    if record.first_encounter is None or record.first_encounter > on or number(perhaps) >= criterion.at_least:
        return UNKNOWN
    return FALSE


def _found_by(criterion: FoundBy, record: Record, on: date, known: dict[str, Answer]) -> Answer:
    return answer(criterion.criterion, record, on, known)


def _not(criterion: Not, record: Record, on: date, known: dict[str, Answer]) -> Answer:
    value = answer(criterion.criterion, record, on, known).value
    return UNKNOWN if value is None else Answer(not value)


def _together(value: bool | None, parts: Iterable[Answer]) -> Answer:
    """A joint answer; when true, with the rows of the parts that are true."""
    rows = tuple(dict.fromkeys(row for part in parts if part.value for row in part.rows)) if value else ()
    return Answer(value, rows)


def _all(criterion: All, record: Record, on: date, known: dict[str, Answer]) -> Answer:
    parts = [answer(part, record, on, known) for part in criterion.criteria]
    values = [part.value for part in parts]
    return _together(False if False in values else None if None in values else True, parts)


def _any(criterion: Any, record: Record, on: date, known: dict[str, Answer]) -> Answer:
    parts = [answer(part, record, on, known) for part in criterion.criteria]
    values = [part.value for part in parts]
    return _together(True if True in values else None if None in values else False, parts)


def _at_least(criterion: AtLeast, record: Record, on: date, known: dict[str, Answer]) -> Answer:
    weighed = [(answer(part, record, on, known), weight) for part, weight in criterion.weighted]
    surely = sum(weight for part, weight in weighed if part.value)
    perhaps = sum(weight for part, weight in weighed if part.value is not False)
    value = True if surely >= criterion.k else False if perhaps < criterion.k else None
    return _together(value, [part for part, _ in weighed])


def _ref(criterion: Ref, record: Record, on: date, known: dict[str, Answer]) -> Answer:
    return known[criterion.id]


_READERS: dict[type, Callable[..., Answer]] = {
    Age: _age, Recorded: _recorded, Latest: _latest, Change: _change, After: _after, Encounters: _encounters, Twice: _twice,
    Medicines: _medicines,
    Increase: _increase, Points: _points, NotInRecords: _not_in_records, FoundBy: _found_by, Not: _not, All: _all, Any: _any, AtLeast: _at_least, Ref: _ref,
}  # fmt: skip
