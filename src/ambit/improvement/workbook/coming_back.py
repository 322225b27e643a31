"""A workbook of ours that comes back: what it is of, what its cells say, what cannot be read, and what was left where it stands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ambit.improvement.rules.editions import digest
from ambit.improvement.rules.merging import NEW
from ambit.improvement.rules.sheets import Column, LeftCell, NotRead, ReadCell, Row, Sheet, read, tidy
from ambit.improvement.workbook.book import Book, ReadSheet
from ambit.improvement.workbook.writing import (
    GUIDE_SHEET,
    HEADER_ROW,
    ID_KEY,
    KEYS_ROW,
    LISTS_SHEET,
    MARK,
    MARK_SHEET,
    SENT_PROPERTY,
)


@dataclass
class CameBack:
    """Everything that was read: cells, what was left, and what stops the workbook, by sheet and cell."""

    cells: list[ReadCell] = field(default_factory=list)
    left: list[LeftCell] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)


def sent_id(book: Book) -> str:
    """Which workbook that went out this is a copy of; "" for one that is not of our making."""
    marks = book.sheet(MARK_SHEET)
    told = {marks.words(row, 1): marks.words(row, 2) for row in range(1, 8)} if marks else {}
    if told.get(MARK) == MARK and told.get("sent"):
        return told["sent"]
    return book.properties.get(SENT_PROPERTY, "")


def locked_digests(sheet: Sheet) -> dict[str, dict[str, str]]:
    """A short digest of each cell that is read only, by row and key: an edit of one is seen when it comes back."""
    locked = [column.key for column in sheet.columns if not column.is_open]
    return {row.id: {key: short(row.cells.get(key, "")) for key in locked} for row in sheet.rows if row.id}


def short(words: str) -> str:
    return digest(tidy(words))[:10]


def came_back(book: Book, sheets: Sequence[Sheet], shown: Mapping[str, Mapping[str, Mapping[str, str]]]) -> CameBack:
    """Read each of our sheets; what stands on others, beside ours, or in cells that are read only is left and listed."""
    found = CameBack()
    by_key = {one.key: one for one in sheets}
    taken: set[str] = {MARK_SHEET, LISTS_SHEET, GUIDE_SHEET}
    for one in by_key.values():
        there = _sheet_of(book, one)
        if there is None:
            found.problems[one.name] = (
                "The sheet is missing from the workbook. Bring the whole workbook as it was sent."
            )
            continue
        taken.add(there.name)
        _read_sheet(there, one, shown.get(one.key, {}), found)
    for other in book.sheets:
        if other.name not in taken:
            _leave_all(other, found)
    return found


def _sheet_of(book: Book, one: Sheet) -> ReadSheet | None:
    """By its name, or, renamed, by the keys hidden in it."""
    named = book.sheet(one.name)
    if named is not None:
        return named
    keys = {column.key for column in one.columns}
    return next((other for other in book.sheets if keys <= set(_keys(other).values())), None)


def _keys(sheet: ReadSheet) -> dict[int, str]:
    """The key of each column, by its place: columns may have been moved, or others put between them."""
    return {column: cell.words for (row, column), cell in sheet.cells.items() if row == KEYS_ROW + 1 and cell.words}


def _read_sheet(there: ReadSheet, one: Sheet, shown: Mapping[str, Mapping[str, str]], found: CameBack) -> None:
    keys = _keys(there)
    place = {key: column for column, key in keys.items()}
    wanted = [ID_KEY, *(column.key for column in one.columns if column.is_open)]
    missing = [key for key in wanted if key not in place]
    if missing:
        titles = {column.key: column.title for column in one.columns}
        names = "”, “".join(titles.get(key, "hidden ids") for key in missing)
        found.problems[there.name] = (
            f"The columns “{names}” or the hidden first row and column were taken out, so nothing says which cell is what. "
            "Copy your words into a workbook downloaded anew, or bring this one as a workbook of another make."
        )
        return
    rows = {row.id: row for row in one.rows if row.id}
    headings = {row.heading for row in one.rows if row.heading}
    seen: dict[str, int] = {}
    columns = {column.key: column for column in one.columns}
    for number in range(HEADER_ROW + 2, there.last_row + 1):
        name = there.words(number, place[ID_KEY])
        if name in seen:
            found.problems[there.where(number, place[ID_KEY])] = (
                f"Rows {seen[name]} and {number} are the same row twice, so nothing says which counts. Delete one of them."
            )
            continue
        if name in rows:
            seen[name] = number
            _read_row(there, number, rows[name], keys, columns, one, shown.get(name, {}), found)
        elif not name and one.takes_new_rows and _says_something(there, number, place, columns):
            _read_row(there, number, Row(id=f"{NEW}{one.key}:{number}"), keys, columns, one, {}, found)
        else:
            _leave_row(there, number, name, keys, headings, found)


def _says_something(there: ReadSheet, number: int, place: Mapping[str, int], columns: Mapping[str, Column]) -> bool:
    return any(tidy(there.words(number, place[key])) for key, column in columns.items() if column.is_open)


def _read_row(
    there: ReadSheet,
    number: int,
    row: Row,
    keys: Mapping[int, str],
    columns: Mapping[str, Column],
    one: Sheet,
    shown: Mapping[str, str],
    found: CameBack,
) -> None:
    for place, key in keys.items():
        column = columns.get(key)
        if column is not None and column.is_open:
            _read_open(there, (number, place), row, column, one, found)
        elif column is not None and key in shown and shown[key] != short(there.words(number, place)):
            found.left.append(
                LeftCell(
                    where=there.where(number, place),
                    value=there.words(number, place),
                    why=f"“{column.title}” is not changed in a workbook",
                )
            )
    _leave_beside(there, number, keys, found)


def _read_open(there: ReadSheet, at: tuple[int, int], row: Row, column: Column, one: Sheet, found: CameBack) -> None:
    where = there.where(*at)
    cell = there.cells.get(at)
    if cell is not None and cell.is_formula:
        found.problems[where] = (
            f"holds a formula ({tidy(cell.words)[:40]}). Formulas are not worked out here: copy the cell and paste it as a value."
        )
        return
    try:
        value = read(column, cell.words if cell else "", one.choices(row, column))
    except NotRead as problem:
        found.problems[where] = str(problem)
        return
    found.cells.append(ReadCell(sheet=one.key, row=row.id, field=column.key, value=value, where=where))


def _leave_beside(there: ReadSheet, number: int, keys: Mapping[int, str], found: CameBack) -> None:
    """What somebody wrote in a column of their own."""
    for column, cell in there.by_row.get(number, ()):
        if column not in keys and tidy(cell.words):
            found.left.append(
                LeftCell(where=there.where(number, column), value=cell.words, why="a column that Ambit does not have")
            )


def _leave_row(
    there: ReadSheet, number: int, name: str, keys: Mapping[int, str], headings: Collection[str], found: CameBack
) -> None:
    why = "a row of another framework" if name else "a row that Ambit does not know"
    for column, cell in there.by_row.get(number, ()):
        if tidy(cell.words) and cell.words not in headings and keys.get(column) != ID_KEY:
            found.left.append(LeftCell(where=there.where(number, column), value=cell.words, why=why))


def _leave_all(other: ReadSheet, found: CameBack) -> None:
    for (row, column), cell in sorted(other.cells.items()):
        if tidy(cell.words):
            found.left.append(
                LeftCell(where=other.where(row, column), value=cell.words, why="a sheet that Ambit does not have")
            )
