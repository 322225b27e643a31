"""How right a search was, counted over people who were followed: the figures of a validation report. Plain Python, no clock.

Somebody found who died in time is a true positive, somebody found who lived a false one, and so on. A search for people who may be in their last
year of life is not a test for death: many it finds rightly, for a conversation, live on; many deaths are sudden. The figures say how
it behaves, not how good the care is.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ambit.casefinding.groups import BREAKDOWNS, groups_of
from ambit.figures.rules.intervals import Interval, of_quantile, quantile, wilson
from ambit.population.followed import NOT_FOUND, Followed, Strength

MILESTONES = (90, 182, 365)
"""Days before death by which being found leaves time: three, six and twelve months."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with Wilson's 95% interval; no interval where there is nobody to count among."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.count, self.of) if self.of else None


@dataclass(frozen=True, slots=True)
class Table:
    """The four counts, and what follows from them."""

    tp: int = 0
    fp: int = 0
    fn: int = 0
    tn: int = 0

    @property
    def people(self) -> int:
        return self.tp + self.fp + self.fn + self.tn

    @property
    def found(self) -> int:
        return self.tp + self.fp

    @property
    def died(self) -> int:
        return self.tp + self.fn

    @property
    def shares(self) -> dict[str, Share]:
        return {
            "found": Share(self.found, self.people),
            "died": Share(self.died, self.people),
            "sensitivity": Share(self.tp, self.died),
            "specificity": Share(self.tn, self.tn + self.fp),
            "ppv": Share(self.tp, self.found),
            "npv": Share(self.tn, self.tn + self.fn),
        }


@dataclass(frozen=True, slots=True)
class Step:
    """People found with this strength, in the order of review: how many, and how many of them died in time."""

    strength: Strength
    people: int
    died: int


@dataclass(frozen=True)
class Result:
    """One pack, or all together, on one day."""

    whole: Table
    groups: Mapping[str, Mapping[str, Table]]
    steps: tuple[Step, ...]  # the strongest first

    @cached_property
    def capacity(self) -> list[tuple[int, int]]:
        """If so many people are reviewed, the strongest found first, how many of those who died are among them; from (0, 0)."""
        points = [(0, 0)]
        for step in self.steps:
            reviewed, died = points[-1]
            points.append((reviewed + step.people, died + step.died))
        return points


def found_among(points: Sequence[tuple[int, int]], reviewed: int) -> float:
    """How many deaths are expected among so many reviewed; between two strengths people come in no order, so in proportion."""
    for (before, died_before), (after, died_after) in itertools.pairwise(points):
        if reviewed <= after:
            return died_before + (died_after - died_before) * (reviewed - before) / (after - before)
    return float(points[-1][1])


def strength_of(found: Sequence[Strength], pack: int | None) -> Strength:
    """Of one pack its own; of all together by how many packs somebody is found, then how many reasons hold."""
    if pack is not None:
        return found[pack]
    finding = [one for one in found if one != NOT_FOUND]
    return (len(finding), sum(reasons for _, reasons in finding)) if finding else NOT_FOUND


def counted(rows: Iterable[Followed], pack: int | None = None) -> Result:
    """The four counts of everybody and of each group, and the order of review, for a pack by its place or for any of them."""
    whole: Counter[str] = Counter()
    groups: dict[tuple[str, str], Counter[str]] = {}
    by_strength: dict[Strength, list[int]] = {}
    for row in rows:
        strength = strength_of(row.found, pack)
        died = row.days is not None
        cell = ("tp" if died else "fp") if strength != NOT_FOUND else ("fn" if died else "tn")
        whole[cell] += row.people
        for group in groups_of(row).items():
            groups.setdefault(group, Counter())[cell] += row.people
        if strength != NOT_FOUND:
            step = by_strength.setdefault(strength, [0, 0])
            step[0] += row.people
            step[1] += row.people if died else 0
    return Result(
        Table(**whole),
        {
            breakdown: {name: Table(**groups[breakdown, name]) for name in names if (breakdown, name) in groups}
            for breakdown, (_, names) in BREAKDOWNS.items()
        },
        tuple(Step(strength, *by_strength[strength]) for strength in sorted(by_strength, reverse=True)),
    )


@dataclass(frozen=True, slots=True)
class Calibration:
    """Of people with the same finding, how many died in time; the findings of one pack from the strongest to none."""

    tier: str  # "" for those not found
    died: Share


def calibrated(rows: Iterable[Followed], pack: int, tiers: Sequence[str]) -> list[Calibration]:
    """Whether a stronger finding goes with more deaths; `tiers` are the pack's, the strongest first."""
    counts: dict[int, list[int]] = {rank: [0, 0] for rank in range(len(tiers) + 1)}
    for row in rows:
        count = counts[row.found[pack][0]]
        count[0] += row.people if row.days is not None else 0
        count[1] += row.people
    named = [(len(tiers) - place, tier) for place, tier in enumerate(tiers)] + [(0, "")]
    return [Calibration(tier, Share(*counts[rank])) for rank, tier in named]


def is_in_order(calibration: Sequence[Calibration]) -> bool | None:
    """Whether deaths fall from each finding to the next weaker; None where fewer than two findings have anybody."""
    values = [one.died.value for one in calibration if one.died.value is not None]
    return None if len(values) < 2 else all(a >= b for a, b in itertools.pairwise(values))


@dataclass(frozen=True, slots=True)
class LeadTime:
    """How long before death somebody would first have been found, among everybody who died."""

    deaths: int
    days: tuple[int, ...]  # of those ever found, in order

    @property
    def ever(self) -> Share:
        return Share(len(self.days), self.deaths)

    def at_least(self, days: int) -> Share:
        return Share(sum(one >= days for one in self.days), self.deaths)

    def quantile(self, share: float) -> tuple[float, Interval | None] | None:
        """The days within which so large a share of those ever found lies, with its interval by order statistics."""
        return (quantile(self.days, share), of_quantile(self.days, share)) if self.days else None


def lead_time(found: Sequence[tuple[int | None, ...]], pack: int | None = None) -> LeadTime:
    """Of one pack, or of whichever finds somebody first."""
    days = []
    for one in found:
        told = [d for d in (one if pack is None else one[pack : pack + 1]) if d is not None]
        if told:
            days.append(max(told))
    return LeadTime(len(found), tuple(sorted(days)))


def ratio(count: int, of: int, whole_count: int, whole_of: int) -> tuple[float, Interval] | None:
    """A group's rate over everybody's, with a 95% interval on the log scale (Katz); None where either rate is nothing.

    The group is part of the whole, so the interval is a little too wide: it errs towards saying nothing.
    """
    from math import exp, log, sqrt

    if not count or not whole_count or not of or not whole_of:
        return None
    value = (count / of) / (whole_count / whole_of)
    spread = 1.959963984540054 * sqrt(max(1 / count - 1 / of + 1 / whole_count - 1 / whole_of, 0.0))
    return value, Interval(exp(log(value) - spread), exp(log(value) + spread))
