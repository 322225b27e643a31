"""A list of levers and measures as a site keeps it: a CSV, read whole or refused line by line. Plain Python."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ambit.improvement.rules.plans import AUDIENCES, LEVER, LeverSaid, columns, problems_of

MOST_LINES: Final = 500
_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "audience": ("audience", "whose lever", "whose", "for whom"),
    "foundation": ("foundation", "gap", "for", "statement", "ambition"),
    "lever": ("lever", "what can be done", "what"),
    "measure": ("measure", "how one sees that it was", "how measured"),
    "source": ("source", "where it comes from"),
}
NEEDED: Final = ("audience", "foundation", "lever")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverList:
    """What a list says: its rows by the line on which they begin, those that stand here already, and what is wrong, by line."""

    rows: Mapping[int, LeverSaid]
    standing: Mapping[int, LeverSaid]
    problems: Mapping[int, str]


def read_levers(text: str, *, standing: frozenset[LeverSaid] = frozenset()) -> LeverList:
    """Read a CSV with a line of headings; commas, semicolons or tabs between its cells.

    A line that says what stands already, here or further up, is told apart and not taken twice.
    """
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = csv.reader(io.StringIO(text), delimiter=_between(text))
    try:
        told = [(lines.line_num, cells) for cells in lines]
    except csv.Error as problem:
        return LeverList(rows={}, standing={}, problems={lines.line_num: f"cannot be read: {problem}"})
    told = [(number, cells) for number, cells in told if any(cell.strip() for cell in cells)]
    if not told:
        return LeverList(rows={}, standing={}, problems={1: "The list is empty."})
    places = _places(told[0][1])
    if missing := [name for name in NEEDED if name not in places]:
        words = ", ".join(f"“{name}”" for name in missing)
        return LeverList(rows={}, standing={}, problems={told[0][0]: f"The first line has no heading {words}."})
    if len(told) - 1 > MOST_LINES:
        return LeverList(rows={}, standing={}, problems={told[0][0]: f"Bring at most {MOST_LINES} lines at once."})
    rows: dict[int, LeverSaid] = {}
    there: dict[int, LeverSaid] = {}
    problems: dict[int, str] = {}
    for number, cells in told[1:]:
        said = _row(cells, places)
        wrong = problems_of(LEVER, said)
        if wrong:
            problems[number] = "; ".join(f"{name}: {words}" for name, words in wrong.items())
        elif said in standing or said in rows.values():
            there[number] = said
        else:
            rows[number] = said
    return LeverList(rows=rows, standing=there, problems=problems)


def _between(text: str) -> str:
    first = text.partition("\n")[0]
    return max(",;\t", key=first.count)


def _places(headings: list[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for place, words in enumerate(headings):
        plain = " ".join(words.casefold().split())
        name = next((name for name, several in _HEADINGS.items() if plain in several), "")
        if name:
            found.setdefault(name, place)
    return found


def _row(cells: list[str], places: Mapping[str, int]) -> LeverSaid:
    told = {
        name: cells[places[name]].strip() if name in places and places[name] < len(cells) else ""
        for name in columns(LEVER)
    }
    audience = told["audience"].casefold()
    return LeverSaid(**{**told, "audience": audience if audience in AUDIENCES else told["audience"]})
