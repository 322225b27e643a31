"""How the features of a plan lie in the tagged rows: what only asks “is there one” is a bit; the rest picks rows by a bit.

A code carries words of bits, which are copied to its rows. Some bits are joined by OR over a person's rows in a window, and answer
many questions in one aggregate; a bit of the others says which rows a narrower aggregate reads. 62 bits a word, since a signed
number of 64 is what every engine has; few and narrow words, since rows are written and read once more.
"""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from ambit.population.search.criteria import EVER, Codes, Leaf, Recorded, Window, every_criterion, leaves
from ambit.population.search.dialect import DUCKDB, Dialect
from ambit.population.search.plan import (
    Count,
    Feature,
    LastDay,
    LatestAndBest,
    LatestValue,
    Plan,
    Present,
    Spread,
    Sum,
    features_of,
)

WORD = 62

Measure = LatestValue | LatestAndBest | Spread
Picking = Count | LastDay | Sum | Measure


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a person: the bits of a word of codes, joined over the rows of one window."""

    column: str
    of: str
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
    def __init__(self, plan: Plan, dialect: Dialect = DUCKDB) -> None:
        self.plan = plan
        self.dialect = dialect
        self.words: list[Word] = []
        self.bits: dict[Feature, Bits | tuple[Bits, ...]] = {}
        self.picks: dict[tuple[int, ...], Bits] = {}
        self.of_list: dict[int, dict[str, int]] = {number: {} for number in plan.lists.values()}
        self._used = 0
        self._lay_bits()
        self._lay_picks()

    def _next(self, numbers: tuple[int, ...]) -> Bits:
        """A bit of the codes of these lists."""
        word, place = divmod(self._used, WORD)
        self._used += 1
        found = Bits(f"b{word}", 1 << place)
        for number in numbers:
            words = self.of_list[number]
            words[found.column] = words.get(found.column, 0) | found.mask
        return found

    def _lay_bits(self) -> None:
        laid: dict[tuple[Window, str, tuple[int, ...]], Bits] = {}
        words: dict[tuple[str, Window, str], Word] = {}

        def bit(within: Window, ended: str, numbers: tuple[int, ...]) -> Bits:
            known = laid.get((within, ended, numbers))
            if known is None:
                of = self._next(numbers)
                key = (of.column, within, ended)
                if key not in words:
                    words[key] = Word(f"w{len(words)}", *key)
                known = laid[within, ended, numbers] = Bits(words[key].column, of.mask)
            return known

        for feature in self.plan.features:
            if isinstance(feature, Present):
                self.bits[feature] = bit(feature.within, feature.ended, self._numbers(feature.codes))
            elif isinstance(feature, Count) and feature.of == "lists":
                several = [bit(feature.within, feature.ended, (n,)) for n in self._numbers(feature.codes)]
                columns = dict.fromkeys(one.column for one in several)
                self.bits[feature] = tuple(
                    Bits(column, sum({one.mask for one in several if one.column == column})) for column in columns
                )
        self.words = list(words.values())

    def _lay_picks(self) -> None:
        for feature in self.picking:
            numbers = self._numbers(feature.codes)
            if numbers not in self.picks:
                self.picks[numbers] = self._next(numbers)

    def _numbers(self, codes: Codes) -> tuple[int, ...]:
        return tuple(sorted(self.plan.numbers(codes)))

    @cached_property
    def columns(self) -> dict[str, str]:
        """The words of a code, each with the narrowest type that holds it."""
        sizes = ((7, "TINYINT"), (15, "SMALLINT"), (31, "INTEGER"))
        told = {}
        for word in range(-(-self._used // WORD)):
            used = min(self._used - word * WORD, WORD)
            told[f"b{word}"] = next((kind for bits, kind in sizes if used <= bits), "BIGINT")
        return told

    def any_bit(self) -> str:
        """The condition for rows with a bit that is joined."""
        masks: dict[str, int] = {}
        columns = {word.column: word.of for word in self.words}
        for told in self.bits.values():
            for one in (told,) if isinstance(told, Bits) else told:
                of = columns[one.column]
                masks[of] = masks.get(of, 0) | one.mask
        return " OR ".join(f"({column} & {mask}) <> 0" for column, mask in masks.items())

    @cached_property
    def picking(self) -> list[Picking]:
        """The features that read picked rows."""
        return [f for f in self.plan.features if isinstance(f, Picking) and not is_bits(f)]

    @cached_property
    def measures(self) -> list[Measure]:
        return [f for f in self.picking if isinstance(f, LatestValue | LatestAndBest | Spread)]

    @cached_property
    def units(self) -> list[str]:
        return list(dict.fromkeys(f.unit for f in self.measures))

    @cached_property
    def questions(self) -> dict[Leaf, int]:
        """Every question that is no bit of the tagged rows already, once, with its number."""
        asked: dict[Leaf, int] = {}
        for pack in self.plan.packs:
            for criterion in every_criterion(pack):
                for leaf in leaves(criterion):
                    if self.bit_of(leaf) is None:
                        asked.setdefault(leaf, len(asked))
        return asked

    def bit_of(self, leaf: Leaf) -> Bits | None:
        """Where the answer is of a question that is one bit."""
        where = self.bits.get(features_of(leaf)[0]) if isinstance(leaf, Recorded) else None
        return where if isinstance(where, Bits) else None

    def pick(self, codes: Codes) -> Bits:
        return self.picks[self._numbers(codes)]

    def picked(self, *several: Codes) -> str:
        """The condition for rows of these codes."""
        masks: dict[str, int] = {}
        for codes in several:
            where = self.pick(codes)
            masks[where.column] = masks.get(where.column, 0) | where.mask
        told = " OR ".join(f"({column} & {mask}) <> 0" for column, mask in masks.items())
        return f"({told})" if len(masks) > 1 else told

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
