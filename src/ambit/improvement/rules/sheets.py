"""What a column of a workbook holds, and what a cell of it says: plain text, a choice from a list, yes or nothing. Plain Python.

Text is compared and kept in one form, so that a workbook that nobody edited says what went out: line ends of any kind are one,
spaces around are none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

TEXT, CHOICE, YES, DAY = "text", "choice", "yes", "day"
YES_WORDS: Final = frozenset({"yes", "y", "true", "1", "x", "✓", "ie"})
NO_WORDS: Final = frozenset({"no", "n", "false", "0", "na", "nage", "-", "–"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of a drop-down list: what is stored, what is shown, and other words by which people say it."""

    id: str
    shown: str
    also: tuple[str, ...] = ()
    colour: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its key in the hidden row, its heading, and what is typed into it. A column that is not open is read only."""

    key: str
    title: str
    width: int = 14
    kind: str = TEXT
    is_open: bool = False
    choices: tuple[Choice, ...] = ()
    longest: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row as it goes out: its id, what stands in it by key, and the lists that only this row offers. `heading` spans a part."""

    id: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)
    choices: Mapping[str, tuple[Choice, ...]] = field(default_factory=dict)
    heading: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One sheet of a workbook of ours: columns and rows, and what is written above them."""

    key: str
    name: str
    title: str
    about: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    takes_new_rows: int = 0

    def filled(self, cells: Mapping[str, Mapping[str, str]]) -> "Sheet":
        """The same with these values in the cells of its rows."""
        rows = tuple(replace(row, cells={**row.cells, **cells.get(row.id, {})}) for row in self.rows)
        return replace(self, rows=rows)

    def choices(self, row: Row, column: Column) -> tuple[Choice, ...]:
        """What a cell's list offers."""
        return row.choices.get(column.key, column.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadCell:
    """What a cell to fill in says, by what it is of and where it stands."""

    sheet: str
    row: str
    field: str
    value: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftCell:
    """Something in the workbook that is not taken, and why; it stays in the file, which is kept."""

    where: str
    value: str
    why: str


class NotRead(ValueError):
    """A cell says what its column cannot hold; the message says what to do."""


def tidy(words: object) -> str:
    """Text in the one form in which it is compared and kept."""
    return str(words).replace("\r\n", "\n").replace("\r", "\n").strip()


def shown(column: Column, value: str, choices: tuple[Choice, ...]) -> str:
    """What a stored value looks like in the workbook."""
    if column.kind == CHOICE:
        return next((one.shown for one in choices if one.id == value), value)
    if column.kind == YES:
        return "Yes" if value else ""
    if column.kind == DAY and value:
        return date.fromisoformat(value).strftime("%d/%m/%Y")
    return value


def read(column: Column, words: str, choices: tuple[Choice, ...]) -> str:
    """The value that a cell says; raises NotRead where it says none that the column can hold."""
    said = tidy(words)
    if column.kind == CHOICE:
        return _chosen(said, choices)
    if column.kind == YES:
        return _yes(said)
    if column.kind == DAY:
        return _day(said)
    if column.longest and len(said) > column.longest:
        raise NotRead(f"has {len(said):,} characters; at most {column.longest:,} are kept. Shorten it.")
    return said


def _chosen(said: str, choices: tuple[Choice, ...]) -> str:
    if not said:
        return ""
    wanted = _plain(said)
    for one in choices:
        if wanted in {_plain(word) for word in (one.id, one.shown, *one.also) if word}:
            return one.id
    offered = "”, “".join(one.shown for one in choices)
    raise NotRead(f"says “{said[:60]}”, which is not in its list. Choose “{offered}”, or leave it empty.")


def _yes(said: str) -> str:
    if not said or _plain(said) in NO_WORDS:
        return ""
    if _plain(said) in YES_WORDS:
        return "yes"
    raise NotRead(f"says “{said[:60]}”. Write “Yes”, or leave it empty.")


def _day(said: str) -> str:
    if not said:
        return ""
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y", "%d/%m/%y", "%d %B %Y", "%d %b %Y"):
        try:
            return datetime.strptime(said, form).date().isoformat()  # noqa: DTZ007  (a day has no zone)
        except ValueError:
            continue
    raise NotRead(f"says “{said[:60]}”, which is no day. Write it as 31/03/2027, or leave it empty.")


def _plain(words: str) -> str:
    """Words without the symbol before them, spaces and capitals."""
    return " ".join(words.casefold().split()).lstrip("○◔◑◕●◆▲■✗✓–?□ ").strip() or words.strip()
