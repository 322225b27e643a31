"""How the features of a plan lie in the tagged rows: what only asks “is there one” is a bit; the rest picks rows by a bit.

A code carries words of bits. A word of `bits` is joined by OR over a person's rows and answers up to 62 questions in one
aggregate; a bit of `picks` says which rows a narrower aggregate reads. 62 bits, since a signed number of 64 is what every
engine has.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ambit.population.search.criteria import EVER, Codes, Criterion, Recorded, Window
from ambit.population.search.plan import (
    Count,
    EncounterCount,
    Feature,
    LatestAndBest,
    LatestValue,
    Plan,
    Prescribed,
    Present,
    Spread,
    features_of,
)

WORD = 62

Measure = LatestValue | LatestAndBest | Spread


@dataclass(frozen=True, slots=True)
class Word:
    """A column of bits that are all asked of the same window."""

    column: str
    within: Window
    ended: str


@dataclass(frozen=True, slots=True)
class Bits:
    """Where a feature's answer is: these bits of this word."""

    column: str
    mask: int


def is_bits(feature: Feature) -> bool:
    """Whether joining bits answers it: is there one, or how many of the lists have one."""
    return isinstance(feature, Present) or (isinstance(feature, Count) and feature.of == "lists")


class Layout:
    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.words: list[Word] = []
        self.bits: dict[Feature, Bits | tuple[Bits, ...]] = {}
        self.picks: dict[tuple[int, ...], Bits] = {}
        self.of_list: dict[int, dict[str, int]] = {number: {} for number in plan.lists.values()}
        self._lay_bits()
        self._lay_picks()

    def _lay_bits(self) -> None:
        laid: dict[tuple[Window, str, tuple[int, ...]], Bits] = {}
        open_words: dict[tuple[Window, str], tuple[str, int]] = {}

        def bit(within: Window, ended: str, numbers: tuple[int, ...]) -> Bits:
            known = laid.get((within, ended, numbers))
            if known is not None:
                return known
            column, used = open_words.get((within, ended), ("", WORD))
            if used == WORD:
                column, used = f"w{len(self.words)}", 0
                self.words.append(Word(column, within, ended))
            open_words[within, ended] = (column, used + 1)
            laid[within, ended, numbers] = found = Bits(column, 1 << used)
            self._mark(numbers, found)
            return found

        for feature in self.plan.features:
            if isinstance(feature, Present):
                self.bits[feature] = bit(feature.within, feature.ended, self._numbers(feature.codes))
            elif isinstance(feature, Count) and feature.of == "lists":
                several = [bit(feature.within, feature.ended, (n,)) for n in self._numbers(feature.codes)]
                columns = dict.fromkeys(one.column for one in several)
                self.bits[feature] = tuple(
                    Bits(column, sum({one.mask for one in several if one.column == column})) for column in columns
                )

    def _lay_picks(self) -> None:
        for feature in self.plan.features:
            if is_bits(feature) or isinstance(feature, EncounterCount | Prescribed):
                continue
            numbers = self._numbers(feature.codes)
            if numbers not in self.picks:
                word, place = divmod(len(self.picks), WORD)
                self.picks[numbers] = Bits(f"r{word}", 1 << place)
                self._mark(numbers, self.picks[numbers])

    def _numbers(self, codes: Codes) -> tuple[int, ...]:
        return tuple(sorted(self.plan.numbers(codes)))

    def _mark(self, numbers: Iterable[int], where: Bits) -> None:
        for number in numbers:
            words = self.of_list[number]
            words[where.column] = words.get(where.column, 0) | where.mask

    @cached_property
    def columns(self) -> list[str]:
        """Every word: those that are joined, then those that pick."""
        return [word.column for word in self.words] + self.pick_columns

    @cached_property
    def pick_columns(self) -> list[str]:
        return list(dict.fromkeys(one.column for one in self.picks.values()))

    @cached_property
    def picking(self) -> list[Feature]:
        """The features that read picked rows."""
        return [f for f in self.plan.features if not is_bits(f) and not isinstance(f, EncounterCount | Prescribed)]

    @cached_property
    def measures(self) -> list[Measure]:
        return [f for f in self.picking if isinstance(f, LatestValue | LatestAndBest | Spread)]

    @cached_property
    def units(self) -> list[str]:
        return list(dict.fromkeys(f.unit for f in self.measures))

    def bit_of(self, criterion: Criterion) -> Bits | None:
        """Where the answer of a criterion is that is one bit."""
        where = self.bits.get(features_of(criterion)[0]) if isinstance(criterion, Recorded) else None
        return where if isinstance(where, Bits) else None

    def pick(self, codes: Codes) -> Bits:
        return self.picks[self._numbers(codes)]

    def picked(self, codes: Codes) -> str:
        """The condition for rows of these codes."""
        where = self.pick(codes)
        return f"({where.column} & {where.mask}) <> 0"

    def windows(self) -> list[Window]:
        """Windows that together hold every day at which a row of an event is looked at."""
        found = [word.within for word in self.words]
        for feature in self.picking:
            found += windows_of(feature, self.plan.on)
        return found


def windows_of(feature: Feature, on: date) -> list[Window]:
    if not isinstance(feature, LatestAndBest):
        return [feature.within]
    opens = feature.latest_within.opens(on)
    if not feature.from_latest:
        return [feature.within, feature.latest_within]
    first = None if opens is None else feature.within.opens(opens)
    return [EVER if first is None else Window((on - first).days, "days")]
