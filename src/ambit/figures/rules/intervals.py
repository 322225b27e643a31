"""How sure a figure is: 95% intervals of shares, rates, medians and directly standardised rates. Plain Python, no Django, no clock.

Shares: Wilson. Counts and rates: Byar, and exact below ten events. Standardised rates: Dobson (`population-and-measures`, section 4:
the formulas that the English public health profiles use). Quantiles come from scipy, which is loaded only when something is computed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import sqrt
from typing import Final

LEVEL: Final = 0.95
EXACT_BELOW: Final = 10
"""Byar's approximation is poor for few events; below this the exact Poisson limits stand."""


@dataclass(frozen=True, slots=True)
class Interval:
    lower: float
    upper: float

    def times(self, factor: float) -> "Interval":
        return Interval(self.lower * factor, self.upper * factor)


@lru_cache(maxsize=1)
def _z() -> float:
    from scipy.special import ndtri

    return float(ndtri(1 - (1 - LEVEL) / 2))


@lru_cache(maxsize=8192)
def wilson(count: int, of: int) -> Interval:
    """The share `count` of `of`, between 0 and 1."""
    if not 0 <= count <= of or of == 0:
        raise ValueError(f"{count} of {of} is no share.")
    from scipy.stats import binomtest

    found = binomtest(count, of).proportion_ci(confidence_level=LEVEL, method="wilson")
    return Interval(float(found.low), float(found.high))


@lru_cache(maxsize=8192)
def poisson(count: int) -> Interval:
    """A count of events: exact below ten, Byar's approximation from there."""
    return _exact(count) if count < EXACT_BELOW else byar(count)


def byar(count: int) -> Interval:
    """Byar's approximation to the limits of a count."""
    if count < 0:
        raise ValueError("Nothing happens less than never.")
    z, above = _z(), count + 1
    lower = count * (1 - 1 / (9 * count) - z / (3 * sqrt(count))) ** 3 if count else 0.0
    return Interval(lower, above * (1 - 1 / (9 * above) + z / (3 * sqrt(above))) ** 3)


def _exact(count: int) -> Interval:
    from scipy.special import gammaincinv

    tail = (1 - LEVEL) / 2
    lower = float(gammaincinv(count, tail)) if count else 0.0
    return Interval(lower, float(gammaincinv(count + 1, 1 - tail)))


@dataclass(frozen=True, slots=True)
class Band:
    """One age band: events, people, and how many the standard population has there."""

    events: int
    people: int
    standard: int


def standardised(bands: Sequence[Band]) -> tuple[float, Interval] | None:
    """A directly standardised rate for one person, with Dobson's interval; None below ten events, where it means nothing."""
    events = sum(band.events for band in bands)
    if events < EXACT_BELOW or any(band.people <= 0 for band in bands):
        return None
    whole = sum(band.standard for band in bands)
    rate = sum(band.standard * band.events / band.people for band in bands) / whole
    variance = sum(band.standard**2 * band.events / band.people**2 for band in bands) / whole**2
    limits, stretch = byar(events), sqrt(variance / events)
    return rate, Interval(rate + stretch * (limits.lower - events), rate + stretch * (limits.upper - events))


def median(values: Sequence[float]) -> float:
    """The middle value; between the two middle ones where there are two."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def of_median(values: Sequence[float]) -> Interval | None:
    """The interval of a median by its order statistics, which asks nothing of how the values are spread; None below six."""
    ordered = sorted(values)
    many = len(ordered)
    below = -1
    if many >= 6:  # with five, even the widest pair covers less than 95 in 100
        from scipy.stats import binom

        below = int(binom.ppf((1 - LEVEL) / 2, many, 0.5)) - 1
    return Interval(ordered[below], ordered[many - 1 - below]) if below >= 0 else None


def of_mean(values: Sequence[float]) -> Interval | None:
    """The interval of a mean of counts, from how they are spread; None for fewer than two."""
    many = len(values)
    if many < 2:
        return None
    from scipy.special import stdtrit

    mean = sum(values) / many
    spread = sqrt(sum((value - mean) ** 2 for value in values) / (many - 1) / many)
    reach = float(stdtrit(many - 1, 1 - (1 - LEVEL) / 2)) * spread
    return Interval(max(mean - reach, 0.0), mean + reach)


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share lies; between two neighbours in proportion, as most software has it (Hyndman's type 7)."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def of_quantile(values: Sequence[float], share: float) -> Interval | None:
    """The interval of a quantile by its order statistics: the narrowest ranks with at most 2.5% outside on each side; None where there are too few."""
    ordered = sorted(values)
    many = len(ordered)
    tail = (1 - LEVEL) / 2
    if not many or share**many > tail or (1 - share) ** many > tail:
        return None
    from scipy.stats import binom

    below = int(binom.ppf(tail, many, share))
    if binom.cdf(below, many, share) > tail:
        below -= 1
    above = int(binom.ppf(1 - tail, many, share))
    return Interval(ordered[max(below, 0)], ordered[min(above, many - 1)]) if below >= 0 and above < many else None
