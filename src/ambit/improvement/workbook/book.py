"""A workbook as it is read: its sheets with their cells as plain words, which of them are formulas, their colours and merged cells."""

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.styles.colors import COLOR_INDEX
from openpyxl.utils import get_column_letter

from ambit.improvement.workbook.guarding import NotAWorkbook, Part, Span, look_at

LONGEST: Final = 32_767
"""Characters of a cell, as Excel has it."""


@dataclass(frozen=True, slots=True)
class Read:
    """One cell: what it says, whether that is worked out by a formula, and the colour behind it as RRGGBB."""

    words: str
    is_formula: bool = False
    colour: str = ""
    on: date | None = None


@dataclass
class ReadSheet:
    """One sheet: cells by row and column from 1, merged cells, and whether people see it."""

    name: str
    is_visible: bool
    cells: dict[tuple[int, int], Read] = field(default_factory=dict)
    merged: list[Span] = field(default_factory=list)

    def words(self, row: int, column: int) -> str:
        cell = self.cells.get((row, column))
        return cell.words if cell else ""

    @property
    def last_row(self) -> int:
        return max((row for row, _ in self.cells), default=0)

    @cached_property
    def by_row(self) -> dict[int, list[tuple[int, Read]]]:
        """The cells of each row, from left to right."""
        found: dict[int, list[tuple[int, Read]]] = {}
        for (row, column), cell in sorted(self.cells.items()):
            found.setdefault(row, []).append((column, cell))
        return found

    def where(self, row: int, column: int) -> str:
        """“Self-assessment!H12”."""
        return f"{self.name}!{get_column_letter(column)}{row}"


@dataclass
class Book:
    """A workbook that was looked at and read."""

    sheets: list[ReadSheet]
    edited_by: str = ""
    properties: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def sheet(self, name: str) -> ReadSheet | None:
        return next((one for one in self.sheets if one.name == name), None)


Watch = Callable[[int, int], None]
"""Told how many rows were read, and of how many."""


def read_book(content: bytes, watch: Watch | None = None) -> Book:
    """Read a workbook; raises NotAWorkbook with what to do. Formulas are not worked out, and nothing is fetched."""
    looked = look_at(content)
    step = _Steps(watch, sum(part.last_row for part in looked.sheets)) if watch else None
    try:
        with warnings.catch_warnings():
            # the library says what it leaves out of a file when it writes one; nothing is written
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
            try:
                sheets = [_sheet(one, looked.parts.get(_part_of(one)), step) for one in book.worksheets]
                return Book(
                    sheets=sheets,
                    edited_by=str(book.properties.lastModifiedBy or "")[:120],
                    properties={one.name: str(one.value) for one in book.custom_doc_props.props},
                    notes=looked.notes,
                )
            finally:
                book.close()
    except Exception as broken:  # the library raises whatever its innards do on a file that is not as it should be
        raise NotAWorkbook(
            "The workbook is damaged and cannot be read. Open it in Excel or LibreOffice, save it again, and bring that file."
        ) from broken


class _Steps:
    """Counts rows, and tells of every twentieth part of them."""

    def __init__(self, watch: Watch, total: int) -> None:
        self.watch, self.total, self.done = watch, total, 0
        self.every = max(total // 20, 1)
        watch(0, total)

    def __call__(self) -> None:
        self.done += 1
        if self.done % self.every == 0 or self.done == self.total:
            self.watch(self.done, self.total)


def _part_of(sheet: Any) -> str:
    return str(getattr(sheet, "_worksheet_path", ""))


def _sheet(sheet: Any, part: Part | None, step: _Steps | None) -> ReadSheet:
    found = ReadSheet(
        name=sheet.title, is_visible=sheet.sheet_state == "visible", merged=list(part.merged) if part else []
    )
    if part is None or not part.last_row:
        return found
    for row in sheet.iter_rows(max_row=part.last_row, max_col=part.last_column):
        for cell in row:
            if cell.value is not None or _has_colour(cell):
                found.cells[cell.row, cell.column] = _read(cell)
        if step:
            step()
    return found


def _has_colour(cell: Any) -> bool:
    return bool(getattr(cell, "has_style", False)) and cell.fill is not None and cell.fill.fill_type == "solid"


def _read(cell: Any) -> Read:
    value = cell.value
    return Read(
        words=_words(value),
        is_formula=cell.data_type == "f",
        colour=_colour(cell),
        on=value.date() if isinstance(value, datetime) else value if isinstance(value, date) else None,
    )


def _words(value: Any) -> str:
    """What a cell says, as a person reads it in the bar above the sheet."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        at_midnight = value.time() == time()
        return value.strftime("%d/%m/%Y") if at_midnight else value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = getattr(value, "text", None)  # an array formula says its text
    return str(text if text is not None else value)[:LONGEST]


def _colour(cell: Any) -> str:
    if not _has_colour(cell):
        return ""
    colour = cell.fill.fgColor
    if colour is None:
        return ""
    if colour.type == "rgb":
        return str(colour.rgb)[-6:].upper()
    if colour.type == "indexed":
        return _indexed(int(colour.indexed))
    # a colour of the theme: which one is told by its number, its shade by the tint
    return _THEME.get(int(colour.theme), "") if colour.type == "theme" else ""


def _indexed(number: int) -> str:
    return COLOR_INDEX[number][-6:].upper() if 0 <= number < len(COLOR_INDEX) else ""


# the colours of Office's own theme, as far as somebody would mean a rating by them
_THEME: Final = {4: "4472C4", 5: "ED7D31", 6: "A5A5A5", 7: "FFC000", 8: "5B9BD5", 9: "70AD47"}
