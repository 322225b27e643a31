"""A workbook in a person's hands: find a cell by the statement and the column, write, copy, spoil, save."""

import io
from typing import Any, Self

from openpyxl import load_workbook

KEYS_ROW = 1


class Filled:
    """A workbook that went out, open in front of somebody."""

    def __init__(self, content: bytes, sheet: str = "Self-assessment") -> None:
        self.content, self.name = content, sheet
        self.book = load_workbook(io.BytesIO(content))
        self.sheet = self.book[sheet]

    def copy(self) -> "Filled":
        return Filled(self.saved(), self.name)

    def column(self, key: str) -> int | None:
        return next((cell.column for cell in self.sheet[KEYS_ROW] if cell.value == key), None)

    def row(self, name: str) -> int:
        return next(
            row
            for row in range(1, self.sheet.max_row + 1)
            if self.sheet.cell(row, self.column("_id") or 1).value == name
        )

    def cell(self, name: str, key: str) -> Any:
        return self.sheet.cell(self.row(name), self.column(key))

    def says(self, name: str, key: str) -> Any:
        return self.cell(name, key).value

    def put(self, name: str, key: str, words: Any, *, formula: bool = False) -> Self:
        cell = self.cell(name, key)
        cell.value = words
        if not formula and isinstance(words, str):
            cell.data_type = "s"
        return self

    def copy_row(self, name: str) -> Self:
        last, row = self.sheet.max_row + 1, self.row(name)
        for column in range(1, self.sheet.max_column + 1):
            self.sheet.cell(last, column).value = self.sheet.cell(row, column).value
        return self

    def without_column(self, key: str) -> Self:
        self.sheet.delete_cols(self.column(key))
        return self

    def without_sheet(self) -> Self:
        self.book.create_sheet("Something else")
        del self.book[self.name]
        return self

    def saved(self) -> bytes:
        kept = io.BytesIO()
        self.book.save(kept)
        return kept.getvalue()
