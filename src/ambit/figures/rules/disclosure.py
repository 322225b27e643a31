"""What tables may tell outside the organisation that owns their figures (hazard H21). Plain Python, no Django, no clock.

A count of 1 to 7 is hidden. So is whatever would give it away. All tables of a month are settled together, as a system of sums: each
breakdown adds up to its area, the places of a system add up to it. In a sum with one hidden part a second is hidden as well; the hidden
parts of a sum together are more than seven; and no hidden count follows from all sums together, which is found by solving them.
What is hidden is kept with the snapshot, so that no two readers, and no two days, are shown different holes of one table.

Numerators and denominators are settled each by themselves: many indicators share a denominator, and what is hidden of it must not
depend on the numerator beside it. The value is hidden where either is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

HIDDEN_UP_TO: Final = 7

Cell = tuple[str, str, str]
"""An area, a breakdown and a group of it; `(area, "", "")` is the area as a whole."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell, and the cells that add up to it."""

    total: Cell
    parts: tuple[Cell, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        return (self.total, *self.parts)


def is_small(count: float | None) -> bool:
    return count is not None and 0 < count <= HIDDEN_UP_TO


def sums_of(counts: Mapping[Cell, float], within: Mapping[str, str]) -> list[Sum]:
    """Every sum that holds among these cells; `within` says of a place in which system it is."""
    found: list[Sum] = []
    parts: dict[tuple[str, str], list[Cell]] = {}
    below: dict[Cell, list[Cell]] = {}
    for cell in counts:
        area, breakdown, group = cell
        if breakdown:
            parts.setdefault((area, breakdown), []).append(cell)
        if area in within:
            # a practice is the same in both tables; a place is a group of its system
            below.setdefault((within[area], breakdown, group), []).append(cell)
            if not breakdown:
                below.setdefault((within[area], "place", area), []).append(cell)
    found += [Sum((area, "", ""), tuple(some)) for (area, _), some in parts.items()]
    found += [Sum(total, tuple(some)) for total, some in below.items()]
    # people without a place, or an indicator whose groups overlap: then there is no sum to subtract from
    return [one for one in found if one.total in counts and sum(counts[c] for c in one.parts) == counts[one.total]]


def hidden(
    counts: Mapping[Cell, float], sums: Sequence[Sum], already: frozenset[Cell] = frozenset()
) -> frozenset[Cell]:
    """The cells whose count may not be shown, `already` among them."""
    found = {cell for cell, count in counts.items() if is_small(count)} | (set(already) & set(counts))
    while True:
        more = _beside(counts, sums, found) or _against_solving(counts, sums, found)
        if more is None:
            return frozenset(found)
        found.add(more)


def _beside(counts: Mapping[Cell, float], sums: Sequence[Sum], found: set[Cell]) -> Cell | None:
    """A cell to hide beside a hidden one that the rest of its sum would give away."""
    for one in sums:
        inside = [cell for cell in one.cells if cell in found]
        enough = len(inside) >= 2 and (len(one.parts) == 1 or sum(counts[cell] for cell in inside) > HIDDEN_UP_TO)
        if inside and not enough:
            chosen = _least_missed(one, counts, found)
            if chosen is not None:
                return chosen
    return None


def _least_missed(one: Sum, counts: Mapping[Cell, float], found: set[Cell]) -> Cell | None:
    """The smallest part that is not nobody costs a reader least; nobody only where nothing else is left; the total last."""
    left = [cell for cell in one.parts if cell not in found]
    somebody = [cell for cell in left if counts[cell] > 0]
    for candidates in (somebody, left, [one.total] if one.total not in found else []):
        if candidates:
            return min(candidates, key=lambda cell: (counts[cell], cell))
    return None


def _against_solving(counts: Mapping[Cell, float], sums: Sequence[Sum], found: set[Cell]) -> Cell | None:
    """A cell to hide where all sums together would tell a hidden count."""
    for cell in sorted(told_by(sums, found)):
        for one in sums:
            if cell in one.cells:
                chosen = _least_missed(one, counts, found)
                if chosen is not None:
                    return chosen
    return None


def told_by(sums: Sequence[Sum], unknown: set[Cell]) -> set[Cell]:
    """Which of the unknown cells have exactly one solution when everything else is known (elimination in fractions)."""
    rows: list[dict[Cell, Fraction]] = []
    for one in sums:
        row = {cell: Fraction(1) for cell in one.parts if cell in unknown}
        if one.total in unknown:
            row[one.total] = row.get(one.total, Fraction(0)) - 1
        if row:
            rows.append(row)
    solved: list[dict[Cell, Fraction]] = []
    for row in rows:
        for pivot_row in solved:
            _take_away(row, pivot_row)
        if not row:
            continue
        pivot = next(iter(row))
        row = {cell: value / row[pivot] for cell, value in row.items()}
        for other in solved:
            if pivot in other:
                _take_away_at(other, row, pivot)
        solved.append(row)
    return {next(iter(row)) for row in solved if len(row) == 1}


def _take_away(row: dict[Cell, Fraction], pivot_row: Mapping[Cell, Fraction]) -> None:
    """Pivots come first in their rows, in the order in which they were found."""
    _take_away_at(row, pivot_row, next(iter(pivot_row)))


def _take_away_at(row: dict[Cell, Fraction], pivot_row: Mapping[Cell, Fraction], pivot: Cell) -> None:
    times = row.get(pivot)
    if times is None:
        return
    for cell, value in pivot_row.items():
        left = row.get(cell, Fraction(0)) - times * value
        if left:
            row[cell] = left
        else:
            row.pop(cell, None)
