"""Workbooks that people mail around: where the table begins, what its columns are, which rows belong together. Plain Python.

Nothing is thrown away: every cell that says something is either taken, as part of one record, or left with the reason why.
"""

import colorsys
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from ambit.improvement.rules.shapes import GAPS, Shape

Place = tuple[int, int]
"""Row and column, from 1."""
Span = tuple[int, int, int, int]
"""First column, first row, last column, last row of merged cells."""
CLOSE_ENOUGH: Final = 0.82
"""How alike two titles are that are taken to be the same; a person sees and can change it."""


@dataclass(frozen=True, slots=True)
class Source:
    """One cell of the workbook: what it says, the colour behind it, whether a formula worked it out."""

    words: str
    colour: str = ""
    is_formula: bool = False


Grid = Mapping[Place, Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which row has the headings, and what each column is; a column that is not named is not taken."""

    header_row: int
    columns: Mapping[int, str]

    def key_column(self, shape: Shape) -> int | None:
        return next((column for column, name in self.columns.items() if name == shape.key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A piece of a record: what one cell gives to one field."""

    field: str
    words: str
    place: Place


@dataclass
class Record:
    """One row as it was meant: its pieces from one row of the workbook or several, and what was made of colours and shifts."""

    first_row: int
    shape: Shape = GAPS
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def words(self, name: str) -> str:
        """What a field says: its pieces, one below the other."""
        return "\n".join(part.words for part in self.parts if part.field == name and part.words)

    @property
    def title(self) -> str:
        return " ".join(self.words(self.shape.key).split())

    @property
    def fields(self) -> dict[str, str]:
        return {name: said for name in self.shape.fields if (said := self.words(name))}

    def place(self, name: str) -> Place | None:
        return next((part.place for part in self.parts if part.field == name), None)


@dataclass(frozen=True, slots=True)
class Left:
    """A cell that is not taken, and why."""

    place: Place
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class Laid:
    """A sheet as it is understood: its records, and everything else that it says."""

    records: tuple[Record, ...]
    left: tuple[Left, ...]


def heading_of(words: str, shape: Shape = GAPS) -> str:
    """What a heading says its column is; "" where it says nothing that is known."""
    plain = _plain(words)
    best = ""
    for several in shape.words.values():
        for one in several:
            if one in plain and len(one) > len(best):
                best = one
    return next((name for name, several in shape.words.items() if best and best in several), "")


def suggest(grid: Grid, spans: Iterable[Span] = (), shape: Shape = GAPS) -> Layout | None:
    """The row whose cells say most that headings say, and what its columns then are; None where no row says three things."""
    banners = {(row, column) for first, row, last, _ in spans if last > first for column in range(first, first + 1)}
    by_row: dict[int, list[tuple[int, Source]]] = {}
    for (row, column), cell in sorted(grid.items()):
        if cell.words.strip():
            by_row.setdefault(row, []).append((column, cell))
    best: tuple[int, int, dict[int, str]] | None = None
    for row, cells in by_row.items():
        columns: dict[int, str] = {}
        for column, cell in cells:
            name = heading_of(cell.words, shape) if len(cell.words) < 80 and (row, column) not in banners else ""
            if name and name not in columns.values():
                columns[column] = name
        if len(columns) >= 3 and (best is None or len(columns) > best[0]):
            best = (len(columns), row, columns)
    return Layout(header_row=best[1], columns=best[2]) if best else None


def lay_out(grid: Grid, spans: Sequence[Span], layout: Layout, titles: Sequence[str] = (), shape: Shape = GAPS) -> Laid:
    """The records of a sheet. `titles` are those that rows are expected to have, by which a row that slid sideways is known.

    A row without a title goes on with the record above it, as where a page break or merged cells split one.
    """
    key = layout.key_column(shape)
    if key is None:
        return Laid((), tuple(Left(place, cell.words, "no column is the statement") for place, cell in _said(grid)))
    wanted = {_plain(title) for title in titles}
    covered = _covered(spans)
    records: list[Record] = []
    left: list[Left] = []
    by_row: dict[int, list[tuple[int, Source]]] = {}
    for (row, column), cell in sorted(grid.items()):
        by_row.setdefault(row, []).append((column, cell))
    for row, cells in by_row.items():
        if row <= layout.header_row:
            why = "a heading" if row == layout.header_row else "above the table"
            left += [Left((row, column), cell.words, why) for column, cell in cells if cell.words.strip()]
            continue
        if _is_band(row, cells, spans, layout):
            left += [
                Left((row, column), cell.words, "a band across the table")
                for column, cell in cells
                if cell.words.strip()
            ]
            continue
        shift = _shift(dict(cells), key, wanted)
        title = next((cell.words for column, cell in cells if column == key + shift), "").strip()
        goes_on = not title or (row, key) in covered
        if not goes_on or not records:
            records.append(Record(first_row=row, shape=shape))
            if shift:
                records[-1].notes.append(
                    f"The row stands {abs(shift)} column to the {'right' if shift > 0 else 'left'}."
                )
        for column, cell in cells:
            _give(records[-1], left, layout.columns.get(column - shift, ""), (row, column), cell)
    # a record that was begun by cells none of which was taken says nothing
    kept = [record for record in records if record.parts]
    for record in kept:
        _settle(record)
    return Laid(tuple(kept), tuple(left))


def _give(record: Record, left: list[Left], name: str, place: Place, cell: Source) -> None:
    """Put one cell where it belongs."""
    words = cell.words.strip()
    if cell.is_formula and words:
        left.append(Left(place, cell.words, "a formula: it is not worked out"))
    elif name == record.shape.rating and not words and (colour := rating_of_colour(cell.colour)):
        rated = rating_of_words(colour, record.shape)
        record.parts.append(Part(field=name, words=rated or colour, place=place))
        record.notes.append("Rated by colour alone.")
    elif words and name:
        record.parts.append(Part(field=name, words=words, place=place))
    elif words:
        left.append(Left(place, cell.words, "a column that is not taken"))


def _settle(record: Record) -> None:
    """Words in the column of ratings that are no rating are when it is due, where nothing else says that; else why it is rated so.

    Of a self-assessment they may be a level of its scale, which is looked up where the statement is known.
    """
    shape = record.shape
    if not shape.due:
        return
    found = [part for part in record.parts if part.field == shape.rating]
    rated = [part for part in found if rating_of_words(part.words, shape)]
    has_due = any(part.field == shape.due for part in record.parts)
    for part in found:
        said = rating_of_words(part.words, shape)
        if part in rated[:1]:
            _replace(record, part, Part(field=shape.rating, words=said, place=part.place))
            continue
        name = shape.due if not has_due and not said else shape.reason
        record.notes.append(
            "Words in the column of ratings are taken as when it is due." if name == shape.due
            else "Words in the column of ratings are kept as the reason of the rating."
        )  # fmt: skip
        _replace(record, part, Part(field=name, words=part.words, place=part.place))


def _replace(record: Record, old: Part, new: Part) -> None:
    record.parts[record.parts.index(old)] = new


def _is_band(row: int, cells: Sequence[tuple[int, Source]], spans: Sequence[Span], layout: Layout) -> bool:
    """A heading or footer in the table: merged over most of its columns, or the number of a page."""
    said = [(column, cell) for column, cell in cells if cell.words.strip()]
    if len(said) != 1:
        return False
    column, cell = said[0]
    if re.fullmatch(r"(page )?\d+( of \d+)?", _plain(cell.words)):
        return True
    wide = max(2, len(layout.columns) // 2)
    return any(
        first == column and top <= row <= bottom and last - first + 1 >= wide for first, top, last, bottom in spans
    )


def _shift(cells: Mapping[int, Source], key: int, wanted: set[str]) -> int:
    """By how many columns a row slid sideways: told by a title that is expected, beside where it should stand."""
    here = cells.get(key)
    if here is not None and _plain(here.words) in wanted:
        return 0
    for step in (1, -1, 2):
        there = cells.get(key + step)
        if there is not None and _plain(there.words) in wanted:
            return step
    return 0


def _covered(spans: Sequence[Span]) -> set[Place]:
    """Cells of one column that a cell above them was merged over; a span has a bound, since its end may be the world's."""
    found: set[Place] = set()
    for first, top, last, bottom in spans:
        if bottom > top and last - first < 50:
            found |= {
                (row, column) for row in range(top + 1, min(bottom, top + 500) + 1) for column in range(first, last + 1)
            }
    return found


def _said(grid: Grid) -> list[tuple[Place, Source]]:
    return [(place, cell) for place, cell in sorted(grid.items()) if cell.words.strip()]


def rating_of_words(words: str, shape: Shape = GAPS) -> str:
    """The rating that a cell says, as a word or as what is kept; "" for none."""
    plain = _plain(words).lstrip("◆▲●■–? ").strip()
    return shape.ratings.get(plain, plain if plain in shape.ratings.values() else "")


def rating_of_colour(colour: str) -> str:
    """The rating that people mean by a colour (RRGGBB); "" for white, grey, blue and what is none."""
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", colour):
        return ""
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, saturation, value = colorsys.rgb_to_hsv(red, green, blue)
    if saturation < 0.25 or value < 0.3:
        return ""
    degrees = hue * 360
    if degrees < 18 or degrees >= 340:
        return "red"
    if degrees < 68:
        return "amber"
    return "green" if degrees < 170 else ""


def closest(title: str, known: Mapping[str, str]) -> str:
    """The id of the row whose title says the same, or nearly; "" for none. `known` maps ids to titles."""
    plain = _plain(title)
    if not plain:
        return ""
    best, alike = "", CLOSE_ENOUGH
    titles = {name: there for name, other in known.items() if (there := _plain(other))}
    for name, there in titles.items():
        if there == plain:
            return name
    for name, there in titles.items():
        begins = there.startswith(plain) or plain.startswith(there)
        # to compare letter by letter is dear, and a long workbook asks it of each pair
        if not begins and _at_most(plain, there) <= alike:
            continue
        ratio = SequenceMatcher(None, plain, there).ratio()
        if ratio > alike or (begins and min(len(plain), len(there)) > 8 and not best):
            best, alike = name, max(ratio, alike)
    return best


def _at_most(one: str, other: str) -> float:
    """What the likeness of two titles cannot exceed, by their lengths and then by the letters they share."""
    both = len(one) + len(other)
    by_length = 2 * min(len(one), len(other)) / both
    if by_length <= CLOSE_ENOUGH:
        return by_length
    mine, theirs = _letters(one), _letters(other)
    return 2 * sum(min(many, theirs.get(letter, 0)) for letter, many in mine.items()) / both


@lru_cache(maxsize=4096)
def _letters(words: str) -> Mapping[str, int]:
    return Counter(words)


@lru_cache(maxsize=4096)
def _plain(words: str) -> str:
    """Words without capitals, line ends, and the number or bullet before them."""
    plain = " ".join(words.casefold().split())
    return re.sub(r"^[\d.()•\-–: ]+(?=\D)", "", plain).strip(" .:;")
