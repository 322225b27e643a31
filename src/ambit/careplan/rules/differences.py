"""What differs between two versions of a section, item by item, in words. Plain Python, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from ambit.careplan.rules.items import ROWS, Item, Section

SAME, ADDED, REMOVED = "same", "added", "removed"
WORDS: Final = {"filled": "was empty", "emptied": "is empty now", "changed": "changed"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One item that is not the same in two versions; `pieces` mark what came and what went."""

    item: Item
    how: str
    pieces: tuple[tuple[str, str], ...]


def differences(section: Section, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every item that says something else, in the order of the section. Rows are compared whole: one that changed goes and comes."""
    found = []
    for item in section.items:
        old, new = before.get(item.id), after.get(item.id)
        if old == new:
            continue
        how = "filled" if old in (None, "", []) else "emptied" if new in (None, "", []) else "changed"
        found.append(Difference(item, how, _pieces(_parts(item, old), _parts(item, new))))
    return tuple(found)


def _parts(item: Item, value: Any) -> list[str]:
    """What is compared: the rows of a list, the answers of several, else the words."""
    if item.type == ROWS:
        return [item.words([row]) for row in value or ()]
    if isinstance(value, list):
        return [item.answer(one) for one in value]
    return item.words(value).split()


def _pieces(old: list[str], new: list[str]) -> tuple[tuple[str, str], ...]:
    cut: list[tuple[str, str]] = []
    several = len(old) > 1 and any(" " in part for part in (*old, *new))
    join = "; " if several else " "
    for kind, old_start, old_end, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind in {"delete", "replace"}:
            cut.append((REMOVED, join.join(old[old_start:old_end])))
        if start < end:
            cut.append((SAME if kind == "equal" else ADDED, join.join(new[start:end])))
    return tuple(cut)
