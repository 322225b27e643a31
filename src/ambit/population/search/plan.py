"""What must be counted to answer the criteria of several packs: each shared feature once (reference/case-finding-engine.md)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from ambit.population.search.criteria import (
    EVER,
    After,
    Change,
    Codes,
    Counted,
    EncounterKind,
    Encounters,
    Increase,
    Latest,
    Leaf,
    Medicines,
    Points,
    Recorded,
    SearchPack,
    Twice,
    Window,
    codes_of,
    every_criterion,
    leaves,
)


@dataclass(frozen=True, slots=True)
class Present:
    """Is there a row of these codes in the window?"""

    codes: Codes
    within: Window
    ended: str


@dataclass(frozen=True, slots=True)
class Count:
    """How many resources, days or lists of these codes are in the window?"""

    codes: Codes
    within: Window
    of: Counted
    ended: str


@dataclass(frozen=True, slots=True)
class LatestValue:
    codes: Codes
    unit: str
    within: Window
    ties: str


@dataclass(frozen=True, slots=True)
class LatestAndBest:
    codes: Codes
    unit: str
    direction: Literal["fall", "rise"]
    within: Window
    latest_within: Window
    from_latest: bool


@dataclass(frozen=True, slots=True)
class LastDay:
    codes: Codes
    within: Window


@dataclass(frozen=True, slots=True)
class EncounterCount:
    """How many encounters count for certain, and how many at most?"""

    counted: tuple[EncounterKind, ...]
    possibly: tuple[EncounterKind, ...]
    within: Window
    of: Literal["records", "days"]


@dataclass(frozen=True, slots=True)
class Spread:
    """How many days lie between the first and the last value that compares so? None does: -1."""

    codes: Codes
    unit: str
    compare: str
    value: int
    within: Window


@dataclass(frozen=True, slots=True)
class Sum:
    """How many points have the codes in the window, each code of the list once?"""

    codes: Codes
    within: Window
    weights: tuple[tuple[str, str, int], ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Prescribed:
    """How many different medicines were prescribed in the window?"""

    within: Window


Feature = Present | Count | LatestValue | LatestAndBest | LastDay | EncounterCount | Spread | Sum | Prescribed


def features_of(leaf: Leaf) -> tuple[Feature, ...]:
    """The features a question needs; thresholds are not part of them, so that two thresholds share one count."""
    if isinstance(leaf, Recorded):
        if leaf.at_least == 1:
            return (Present(leaf.codes, leaf.within, leaf.ended),)
        return (Count(leaf.codes, leaf.within, leaf.of, leaf.ended),)
    if isinstance(leaf, Latest):
        return (LatestValue(leaf.codes, leaf.unit, leaf.within, leaf.ties),)
    if isinstance(leaf, Change):
        return (
            LatestAndBest(leaf.codes, leaf.unit, leaf.direction, leaf.within, leaf.latest_within, leaf.from_latest),
        )
    if isinstance(leaf, Increase):
        return tuple(Count(leaf.codes, within, "lists", "counts") for within in (EVER, leaf.then))
    if isinstance(leaf, After):
        return (LastDay(leaf.codes, leaf.within), LastDay(leaf.than, leaf.within))
    if isinstance(leaf, Encounters):
        return (EncounterCount(leaf.counted, leaf.possibly, leaf.within, leaf.of),)
    if isinstance(leaf, Twice):
        return (Spread(leaf.codes, leaf.unit, leaf.compare, leaf.value, leaf.within),)
    if isinstance(leaf, Points):
        return (Sum(leaf.codes, leaf.within, leaf.weights),)
    if isinstance(leaf, Medicines):
        return (Prescribed(leaf.within),)
    return ()


@dataclass(frozen=True)
class Plan:
    """One search of several packs on one day."""

    on: date
    packs: tuple[SearchPack, ...]
    features: dict[Feature, str]  # feature: the name of its column
    lists: dict[tuple[str, str], int]  # code list and polarity: its number in the tagged store

    def numbers(self, codes: Codes) -> list[int]:
        return [self.lists[name, codes.polarity] for name in codes.lists]


def plan(packs: Iterable[SearchPack], on: date) -> Plan:
    packs = tuple(packs)
    features: dict[Feature, str] = {}
    lists: dict[tuple[str, str], int] = {}
    for pack in packs:
        for criterion in every_criterion(pack):
            for leaf in leaves(criterion):
                for feature in features_of(leaf):
                    features.setdefault(feature, f"f{len(features)}")
                for codes in codes_of(leaf):
                    for name in codes.lists:
                        lists.setdefault((name, codes.polarity), len(lists))
    return Plan(on, packs, features, lists)
