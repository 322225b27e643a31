"""What a search fetched of each person, and how every answer of every pack is read from it."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any as Anything

from ambit.population.search.criteria import Leaf, Recorded, asked
from ambit.population.search.expressions import value_of
from ambit.population.search.layout import Layout


@dataclass(frozen=True)
class Answers:
    """For each person found, or for everybody when asked for, the answer to every question."""

    searched: int
    layout: Layout
    fetched: list[tuple[Anything, ...]]  # person, which tiers hold, whether anything was sent, then the words
    words: tuple[str, ...]
    tiers: tuple[tuple[str, str, int], ...]  # pack, tier, and the place of what it asks among the tiers that hold

    @property
    def people(self) -> list[int]:
        return [row[0] for row in self.fetched]

    def found(self, row: tuple[Anything, ...]) -> dict[str, str]:
        """The packs that find the person, each with its first tier that holds."""
        told: dict[str, str] = {}
        for pack, tier, place in self.tiers:
            if row[1][place] and pack not in told:
                told[pack] = tier
        return told

    @cached_property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Pack and criterion, or "tier:" and its name."""
        return tuple((pack.id, name) for pack in self.layout.plan.packs for name, _ in asked(pack))

    @cached_property
    def rows(self) -> list[tuple[Anything, ...]]:
        """Person, then true, false or None for each column."""
        return [(row[0], *self.of(row)) for row in self.fetched]

    def of(self, row: tuple[Anything, ...]) -> tuple[bool | None, ...]:
        """Every answer of one person; people of whom the same is true are answered once."""
        told = row[2:]
        found = self._answered.get(told)
        if found is None:
            found = self._answered[told] = self._answers(told)
        return found

    @cached_property
    def _answered(self) -> dict[tuple[Anything, ...], tuple[bool | None, ...]]:
        return {}

    def _answers(self, told: tuple[Anything, ...]) -> tuple[bool | None, ...]:
        words = dict(zip(self.words, told[1:], strict=True))

        def answer(leaf: Leaf) -> bool | None:
            where = self.layout.bit_of(leaf)
            if where is None:
                value: bool | None = words[f"q{self.layout.questions[leaf]}"]
                return value
            if words[where.column] & where.mask:
                return True
            return False if isinstance(leaf, Recorded) and leaf.absence == "false" and told[0] else None

        values: list[bool | None] = []
        for pack in self.layout.plan.packs:
            named = {one.id: one.criterion for one in pack.criteria}
            values += [value_of(criterion, answer, named) for _, criterion in asked(pack)]
        return tuple(values)
