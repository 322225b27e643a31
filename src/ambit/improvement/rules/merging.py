"""Three sides of a table that went out and came back: what was sent, what stands here now, what the workbook says. Plain Python.

A cell is named by its row (an id that never changes its meaning) and its field. Whatever one side alone changed is taken from that
side; what both changed, and not alike, a person decides. A row that was taken out of the workbook takes nothing out here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

Key = tuple[str, str]
"""The row and the field of a cell."""
Table = Mapping[Key, str]

OURS, THEIRS = "ours", "theirs"
CHOICES: Final = (OURS, THEIRS)
NEW: Final = "new:"
"""Before the place of a row that somebody added, where an id would be."""


class Verdict(StrEnum):
    """What became of one cell since it went out."""

    SAME = "same"
    """Nobody changed it."""
    OURS = "ours"
    """Changed here only: stays."""
    THEIRS = "theirs"
    """Changed in the workbook only: is taken."""
    ALIKE = "alike"
    """Changed on both sides to the same."""
    CONFLICT = "conflict"
    """Changed on both sides to different things: a person decides."""
    ABSENT = "absent"
    """The workbook no longer has it: stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell on its three sides; `theirs` is None where the workbook no longer has it."""

    row: str
    field: str
    base: str
    ours: str
    theirs: str | None
    verdict: Verdict

    @property
    def key(self) -> Key:
        return self.row, self.field


class Undecided(Exception):
    """A conflict for which nobody has chosen a side. `keys` names all of them."""

    def __init__(self, keys: Sequence[Key]) -> None:
        super().__init__(f"{len(keys)} conflicts are not decided")
        self.keys = tuple(keys)


def merge(base: Table, ours: Table, theirs: Table) -> tuple[Cell, ...]:
    """Every cell of any side, each once, in the order of what was sent, then what is only here, then what is only there."""
    order = dict.fromkeys([*base, *ours, *theirs])
    return tuple(_cell(key, base.get(key, ""), ours.get(key, ""), theirs.get(key)) for key in order)


def _cell(key: Key, base: str, ours: str, theirs: str | None) -> Cell:
    return Cell(row=key[0], field=key[1], base=base, ours=ours, theirs=theirs, verdict=_verdict(base, ours, theirs))


def _verdict(base: str, ours: str, theirs: str | None) -> Verdict:
    if theirs is None:
        return Verdict.ABSENT
    if theirs == ours:
        return Verdict.SAME if ours == base else Verdict.ALIKE
    if theirs == base:
        return Verdict.OURS
    return Verdict.THEIRS if ours == base else Verdict.CONFLICT


def merged(cells: Sequence[Cell], choices: Mapping[Key, str]) -> dict[Key, str]:
    """What each cell says in the end, `choices` deciding the conflicts; Undecided names those without a choice."""
    undecided = [
        cell.key for cell in cells if cell.verdict is Verdict.CONFLICT and choices.get(cell.key) not in CHOICES
    ]
    if undecided:
        raise Undecided(undecided)
    return {cell.key: _said(cell, choices) for cell in cells}


def _said(cell: Cell, choices: Mapping[Key, str]) -> str:
    takes = cell.verdict is Verdict.THEIRS or (cell.verdict is Verdict.CONFLICT and choices[cell.key] == THEIRS)
    return cell.theirs if takes and cell.theirs is not None else cell.ours


def to_write(cells: Sequence[Cell], choices: Mapping[Key, str]) -> dict[str, dict[str, str]]:
    """The cells that change here, by row and field; rows that stay as they are do not stand in it."""
    found: dict[str, dict[str, str]] = {}
    ours = {cell.key: cell.ours for cell in cells}
    for (row, field), value in merged(cells, choices).items():
        if value != ours[row, field]:
            found.setdefault(row, {})[field] = value
    return found
