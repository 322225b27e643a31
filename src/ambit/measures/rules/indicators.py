"""What an indicator asks, and how it is computed from rows. Plain Python, no Django, no clock.

Three-valued throughout: a column that is not known meets no condition, is counted in "completeness" where it has to be known,
and forms a group of its own ("") in breakdowns. A denominator of nobody gives no value, never 0 or 100.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ambit.figures.rules import intervals
from ambit.figures.rules.intervals import Band, Interval

SHARE, MEDIAN, MEAN, COUNT, RATE, STANDARDISED, GAP = (
    "share", "median", "mean", "count", "rate", "standardised", "gap",
)  # fmt: skip
VALUES: Final = (SHARE, MEDIAN, MEAN, COUNT, RATE, STANDARDISED, GAP)
DIRECTIONS: Final = ("higher", "lower", "neutral")
NOT_RECORDED: Final = ""
MANY: Final = "many"
"""The column that says for how many people a row stands; one, where it is missing."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Condition:
    """What a column must say: one of some words, or a number within limits."""

    column: str
    any_of: frozenset[str] = frozenset()
    at_least: float | None = None
    at_most: float | None = None

    def holds(self, row: Row) -> bool:
        value = row.get(self.column)
        if value is None:
            return False
        if self.any_of:
            words = ("yes" if value else "no") if isinstance(value, bool) else str(value)
            return words in self.any_of
        return (self.at_least is None or value >= self.at_least) and (self.at_most is None or value <= self.at_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """How an indicator is counted: of which rows, whom among them, whom not, and what counts."""

    table: str
    value: str
    among: tuple[Condition, ...] = ()
    left_out: tuple[Condition, ...] = ()
    known: tuple[str, ...] = ()
    counted: tuple[Condition, ...] = ()
    column: str = ""  # of which a median or mean is taken
    per: float = 1
    of_indicator: str = ""  # whose groups a gap compares
    smallest_group: int = 0
    method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One indicator as a pack says it; without a formula its figures are not collected yet."""

    id: str
    name: str
    question: str
    numerator: str
    denominator: str
    calculation: str
    unit: str
    direction: str
    breakdowns: tuple[str, ...]
    source: str
    serves: tuple[str, ...]
    chart: str
    note: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    formula: Formula | None = None
    # breakdowns that no slice publishes yet, each with the reason
    not_broken_down: Mapping[str, str] = field(default_factory=dict)
    target: float | None = None

    @property
    def is_collected(self) -> bool:
        return self.formula is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value with what it was made of. `denominator` is None for a count; `value` is None where there is nobody to count."""

    numerator: float
    denominator: float | None
    value: float | None
    interval: Interval | None
    completeness: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """An indicator's figure for a whole area, and for each group of each breakdown."""

    whole: Figure
    groups: Mapping[str, Mapping[str, Figure]]


def compute(indicator: Indicator, rows: Sequence[Row], *, standard: Mapping[str, int]) -> Computed:
    """The figure of these rows and of each group of them; `standard` is the standard population by age band."""
    formula = indicator.formula
    if formula is None or formula.value == GAP:
        raise ValueError(f"{indicator.id} is not counted from rows.")
    kept = [row for row in rows if not any(left_out.holds(row) for left_out in formula.left_out)]
    groups: dict[str, dict[str, Figure]] = {}
    for breakdown in indicator.breakdowns:
        if breakdown in indicator.not_broken_down:
            continue
        split: dict[str, list[Row]] = {}
        for row in kept:
            split.setdefault(_group(row.get(breakdown)), []).append(row)
        figures = {group: _figure(formula, some, standard) for group, some in sorted(split.items())}
        groups[breakdown] = {group: made for group, made in figures.items() if made.denominator or made.numerator}
    return Computed(whole=_figure(formula, kept, standard), groups=groups)


def _group(value: Any) -> str:
    return NOT_RECORDED if value is None else str(value)


def behind(indicator: Indicator, rows: Iterable[Row]) -> list[tuple[Row, bool]]:
    """The rows that stand in the denominator, each with whether it counts in the numerator."""
    formula = indicator.formula
    if formula is None:
        return []
    found = []
    for row in rows:
        if _in_denominator(formula, row):
            found.append((row, _counts(formula, row)))
    return found


def _in_denominator(formula: Formula, row: Row) -> bool:
    return (
        not any(one.holds(row) for one in formula.left_out)
        and all(one.holds(row) for one in formula.among)
        and all(row.get(column) is not None for column in formula.known)
    )


def _counts(formula: Formula, row: Row) -> bool:
    return all(one.holds(row) for one in formula.counted)


def _many(rows: Iterable[Row]) -> int:
    return sum(int(row.get(MANY, 1)) for row in rows)


def _figure(formula: Formula, rows: Sequence[Row], standard: Mapping[str, int]) -> Figure:
    among = [row for row in rows if all(one.holds(row) for one in formula.among)]
    of = [row for row in among if all(row.get(column) is not None for column in formula.known)]
    eligible, whole = _many(among), _many(of)
    completeness = whole / eligible if eligible else None
    if formula.value == MEDIAN:
        return _median(formula, of, completeness)
    if formula.value == MEAN:
        return _mean(formula, of, completeness)
    # events need not be people of the denominator: somebody who died in the year was not there at its end
    events = [row for row in (rows if formula.value in (RATE, STANDARDISED) else of) if _counts(formula, row)]
    count = _many(events)
    if formula.value == COUNT:
        limits = intervals.poisson(count).times(formula.per)
        made = count * formula.per
        return Figure(
            numerator=made, denominator=None, value=made, interval=limits, completeness=1.0 if rows else completeness
        )
    if not whole:
        return Figure(numerator=count, denominator=0, value=None, interval=None, completeness=completeness)
    if formula.value == SHARE:
        value, limits = count / whole, intervals.wilson(count, whole)
    elif formula.value == RATE:
        value, limits = count / whole, intervals.poisson(count).times(1 / whole)
    else:
        found = intervals.standardised(_bands(events, of, standard))
        if found is None:
            return Figure(numerator=count, denominator=whole, value=None, interval=None, completeness=completeness)
        value, limits = found
    return Figure(
        numerator=count,
        denominator=whole,
        value=value * formula.per,
        interval=limits.times(formula.per),
        completeness=completeness,
    )


def _bands(events: Sequence[Row], people: Sequence[Row], standard: Mapping[str, int]) -> list[Band]:
    return [
        Band(
            events=_many(row for row in events if row.get("standard_age") == band),
            people=_many(row for row in people if row.get("standard_age") == band),
            standard=weight,
        )
        for band, weight in standard.items()
    ]


def _median(formula: Formula, rows: Sequence[Row], completeness: float | None) -> Figure:
    values = [float(row[formula.column]) for row in rows if row.get(formula.column) is not None]
    if not values:
        return Figure(numerator=0, denominator=0, value=None, interval=None, completeness=completeness)
    middle = intervals.median(values)
    return Figure(
        numerator=sum(values),
        denominator=len(values),
        value=middle,
        interval=intervals.of_median(values),
        completeness=completeness,
    )


def _mean(formula: Formula, rows: Sequence[Row], completeness: float | None) -> Figure:
    values = [float(row[formula.column]) for row in rows if row.get(formula.column) is not None]
    if not values:
        return Figure(numerator=0, denominator=0, value=None, interval=None, completeness=completeness)
    return Figure(
        numerator=sum(values),
        denominator=len(values),
        value=sum(values) / len(values),
        interval=intervals.of_mean(values),
        completeness=completeness,
    )


def gap(indicator: Indicator, of: Computed) -> Computed:
    """How far apart the groups of another indicator are, breakdown by breakdown; the whole is the widest of them.

    Only recorded groups with at least so many people are compared: with fewer, chance alone makes wide gaps.
    """
    formula = indicator.formula
    if formula is None or formula.value != GAP:
        raise ValueError(f"{indicator.id} is not a gap.")
    found: dict[str, Figure] = {}
    for breakdown in indicator.breakdowns:
        large = [
            figure
            for group, figure in of.groups.get(breakdown, {}).items()
            if group != NOT_RECORDED
            and figure.value is not None
            and (figure.denominator or 0) >= formula.smallest_group
        ]
        values = [figure.value for figure in large if figure.value is not None]
        if len(values) < 2:
            continue
        compared = sum(figure.denominator or 0 for figure in large)
        everybody = of.whole.denominator or 0
        found[breakdown] = Figure(
            numerator=max(values),
            denominator=min(values),
            value=max(values) - min(values),
            interval=None,
            completeness=compared / everybody if everybody else None,
        )
    widest = max(found.values(), key=lambda figure: figure.value or 0, default=None)
    none = Figure(numerator=0, denominator=0, value=None, interval=None, completeness=None)
    return Computed(whole=widest or none, groups={name: {name: figure} for name, figure in found.items()})
