"""Sheets as an Excel file: drop-down lists, colours by what is chosen, a header that stays, cells to fill in and all others locked.

What a workbook is of, and which row is what, stands in it hidden: in a column and a row of each sheet, on a sheet of its own, and
among the properties of the document, since some programs take out one or the other. Text is always written as text.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import xlsxwriter

from ambit.improvement.rules.sheets import CHOICE, DAY, YES, Choice, Column, Row, Sheet, shown

KEYS_ROW, TITLE_ROW, ABOUT_ROW, HEADER_ROW = 0, 1, 2, 3
"""Counted from 0: keys (hidden), what the sheet is, for whom, the headings."""
ID_KEY: Final = "_id"
MARK_SHEET, LISTS_SHEET, GUIDE_SHEET = "_ambit", "_lists", "Guidance"
MARK: Final = "ambit-workbook"
SENT_PROPERTY: Final = "AmbitWorkbook"
_COLOURS: Final = {
    "rating-red": ("#b10e1e", "#ffffff"),
    "rating-orange": ("#b45309", "#ffffff"),
    "rating-amber": ("#ffb81c", "#212b32"),
    "rating-green": ("#00703c", "#ffffff"),
    "rating-blue": ("#005eb8", "#ffffff"),
    "rating-grey": ("#4c6272", "#ffffff"),
    "rating-white": ("#ffffff", "#212b32"),
}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins so is marked as text, so that it stays text when somebody edits it."""
_FONT: Final = {
    "font_name": "Arial",
    "font_size": 10,
    "valign": "top",
    "text_wrap": True,
    "border": 1,
    "border_color": "#aeb7bd",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """The first sheet: what this is, what to do, and what the lists mean; each part a heading with its lines."""

    title: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass
class _Making:
    """One workbook while it is made, with its formats and the lists that its drop-downs read."""

    book: Any
    lists: Any
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(default_factory=dict)
    placed: dict[tuple[Choice, ...], str] = field(default_factory=dict)

    def format(self, **wanted: Any) -> Any:
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format(wanted)
        return self.formats[key]

    def text(self, sheet: Any, row: int, column: int, words: str, **wanted: Any) -> None:
        if words.startswith(_FORMULA):
            wanted["quote_prefix"] = True
        form = self.format(**wanted)
        if words:
            sheet.write_string(row, column, words, form)
        else:
            sheet.write_blank(row, column, None, form)

    def list_of(self, choices: tuple[Choice, ...]) -> str:
        """Where the entries of a drop-down stand; entries too many or too long for the cell's own list."""
        if choices not in self.placed:
            column = len(self.placed)
            for row, one in enumerate(choices):
                self.lists.write_string(row, column, one.shown)
            letter = xlsxwriter.utility.xl_col_to_name(column)
            self.placed[choices] = f"={LISTS_SHEET}!${letter}$1:${letter}${max(1, len(choices))}"
        return self.placed[choices]


def written(sheets: Sequence[Sheet], guide: Guide, *, mark: Mapping[str, str], at: datetime) -> bytes:
    """The file. `mark` says what the workbook is of: written hidden, and read when it comes back."""
    kept = io.BytesIO()
    book = xlsxwriter.Workbook(
        kept,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False},
    )
    book.set_properties({"title": guide.title, "author": "Ambit", "created": at.replace(tzinfo=None)})
    book.set_custom_property(SENT_PROPERTY, mark["sent"])
    guidance = book.add_worksheet(GUIDE_SHEET)
    shown_sheets = [book.add_worksheet(one.name) for one in sheets]
    lists, marks = book.add_worksheet(LISTS_SHEET), book.add_worksheet(MARK_SHEET)
    making = _Making(book, lists)
    _guide(making, guidance, guide)
    for one, sheet in zip(sheets, shown_sheets, strict=True):
        _sheet(making, sheet, one)
    for row, (name, value) in enumerate({"": MARK, **mark}.items()):
        marks.write_string(row, 0, name or MARK)
        marks.write_string(row, 1, value)
    for hidden in (lists, marks):
        hidden.very_hidden()
        hidden.protect()
    (shown_sheets[0] if shown_sheets else guidance).activate()
    book.close()
    return kept.getvalue()


def _guide(making: _Making, sheet: Any, guide: Guide) -> None:
    sheet.set_column(0, 0, 110)
    sheet.hide_gridlines(2)
    plain = {"font_name": "Arial", "font_size": 11, "text_wrap": True, "valign": "top"}
    making.text(sheet, 0, 0, guide.title, **{**plain, "bold": True, "font_size": 16})
    row = 2
    for heading, lines in guide.parts:
        making.text(sheet, row, 0, heading, **plain, bold=True)
        for words in lines:
            row += 1
            making.text(sheet, row, 0, words, **plain)
        row += 2
    sheet.protect()
    sheet.set_portrait()
    sheet.fit_to_pages(1, 0)


def _sheet(making: _Making, sheet: Any, one: Sheet) -> None:
    last = len(one.columns)
    sheet.set_column(0, 0, 3, None, {"hidden": True})
    sheet.write_string(KEYS_ROW, 0, ID_KEY)
    making.text(sheet, TITLE_ROW, 1, one.title, font_name="Arial", font_size=14, bold=True)
    making.text(sheet, ABOUT_ROW, 1, one.about, font_name="Arial", font_size=10, font_color="#4c6272")
    for number, column in enumerate(one.columns, 1):
        sheet.set_column(number, number, column.width)
        sheet.write_string(KEYS_ROW, number, column.key)
        head = {"bg_color": "#005eb8" if column.is_open else "#425563", "font_color": "#ffffff", "bold": True}
        making.text(sheet, HEADER_ROW, number, column.title, **{**_FONT, **head})
        if column.note:
            sheet.write_comment(HEADER_ROW, number, column.note, {"x_scale": 2})
    sheet.set_row(KEYS_ROW, None, None, {"hidden": True})
    for place, row in enumerate([*one.rows, *(Row() for _ in range(one.takes_new_rows))], HEADER_ROW + 1):
        _row(making, sheet, one, place, row)
    _rules(making, sheet, one)
    freeze = 1 + next((number for number, column in enumerate(one.columns) if column.key == "statement"), 0) + 1
    sheet.freeze_panes(HEADER_ROW + 1, freeze if freeze <= 4 else 2)
    _print(sheet, one, last)
    sheet.protect(
        "", {"format_columns": True, "format_rows": True, "format_cells": True, "autofilter": True, "sort": False}
    )


def _row(making: _Making, sheet: Any, one: Sheet, place: int, row: Row) -> None:
    if row.heading:
        for number in range(1, len(one.columns) + 1):
            making.text(
                sheet, place, number, row.heading if number == 2 else "",
                **{**_FONT, "bg_color": "#d8dde0", "bold": True, "text_wrap": False},
            )  # fmt: skip
        return
    # given, since not every program works it out when it opens a file
    sheet.set_row(place, _height(one, row))
    if row.id:
        sheet.write_string(place, 0, row.id)
    for number, column in enumerate(one.columns, 1):
        choices = one.choices(row, column)
        words = row.cells.get(column.key, "")
        if not column.is_open:
            making.text(sheet, place, number, words, **{**_FONT, "bg_color": "#f0f4f5"})
            continue
        _fill(making, sheet, place, number, column, words, choices)
        _validation(making, sheet, place, number, column, choices)


def _height(one: Sheet, row: Row) -> float:
    """Points for the most lines that a cell of the row has, as its column is wide; what is empty has room to write in."""
    lines = 2.0
    for column in one.columns:
        words = row.cells.get(column.key, "")
        wrapped = sum(1 + len(line) // max(1, column.width) for line in words.split("\n"))
        lines = max(lines, wrapped)
    return min(409.0, 13.0 * lines + 4)


def _fill(
    making: _Making, sheet: Any, place: int, number: int, column: Column, words: str, choices: tuple[Choice, ...]
) -> None:
    """A cell to fill in. Text is kept as it is typed: a program that made a date of “March 2027” would lose what was meant."""
    if column.kind != DAY:
        form = {**_FONT, "locked": False, "num_format": "@"}
        making.text(sheet, place, number, shown(column, words, choices), **form)
        return
    day = making.format(**_FONT, locked=False, num_format="dd/mm/yyyy")
    if words:
        sheet.write_datetime(place, number, datetime.fromisoformat(words), day)
    else:
        sheet.write_blank(place, number, None, day)


def _validation(
    making: _Making, sheet: Any, place: int, number: int, column: Column, choices: tuple[Choice, ...]
) -> None:
    if column.kind == CHOICE:
        source: Any = making.list_of(choices)
    elif column.kind == YES:
        source = ["Yes"]
    elif column.longest:
        told = {"validate": "length", "criteria": "<=", "value": column.longest, "error_title": "Too long"}
        sheet.data_validation(
            place, number, place, number, {**told, "error_message": f"At most {column.longest:,} characters are kept."}
        )
        return
    else:
        return
    sheet.data_validation(
        place,
        number,
        place,
        number,
        {
            "validate": "list",
            "source": source,
            "error_title": "Not in the list",
            "error_message": "Choose an entry of the list, or leave the cell empty.",
        },
    )


def _rules(making: _Making, sheet: Any, one: Sheet) -> None:
    """Colour by what is chosen. The word and the symbol stand in the cell as well, so the colour says nothing alone."""
    last = HEADER_ROW + len(one.rows) + one.takes_new_rows
    for number, column in enumerate(one.columns, 1):
        if column.kind != CHOICE or not column.is_open or last <= HEADER_ROW:
            continue
        every = dict.fromkeys([*column.choices, *(choice for row in one.rows for choice in one.choices(row, column))])
        for choice in every:
            if choice.colour not in _COLOURS:
                continue
            background, text = _COLOURS[choice.colour]
            form = making.format(bg_color=background, font_color=text, bold=True)
            quoted = choice.shown.replace('"', '""')
            sheet.conditional_format(
                HEADER_ROW + 1, number, last, number,
                {"type": "cell", "criteria": "==", "value": f'"{quoted}"', "format": form},
            )  # fmt: skip


def _print(sheet: Any, one: Sheet, last: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(TITLE_ROW, HEADER_ROW)
    sheet.print_area(TITLE_ROW, 1, HEADER_ROW + len(one.rows) + one.takes_new_rows, last)
    sheet.set_footer("&L&A&RPage &P of &N")
