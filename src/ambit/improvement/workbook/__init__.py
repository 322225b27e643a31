"""Excel workbooks: written to go out, read when they come back, and those of another make laid out. Nothing is worked out in a cell."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db import transaction

from ambit.access.queries import Reader
from ambit.design.refusals import Refused
from ambit.improvement import actions
from ambit.improvement.models import WorkbookReceived
from ambit.improvement.queries.workbook_subjects import ROUND, Subject, headed, standing, subject
from ambit.improvement.rules.sheets import Sheet
from ambit.improvement.workbook.answers import answer_guide, answer_sheet
from ambit.improvement.workbook.book import Book, Watch, read_book
from ambit.improvement.workbook.coming_back import came_back, locked_digests, sent_id
from ambit.improvement.workbook.guarding import LARGEST, NotAWorkbook, is_large
from ambit.improvement.workbook.rows import row_guide, row_sheets
from ambit.improvement.workbook.writing import Guide, written

__all__ = ["LARGEST", "bring_back", "is_large", "keep_book", "opened", "send_out"]

SHOWN_AT_MOST = 200
"""Problems of a workbook that are said at once."""


@transaction.atomic
def send_out(by: Reader, kind: str, of_id: UUID, *, agreed: bool) -> tuple[str, bytes]:
    """The workbook of a round, gap analysis or plan, and its file name."""
    one = subject(by, kind, of_id)
    if one.opened is not None:
        sheets, guide = _of_round(by, one, agreed=agreed)
    else:
        rows = standing(one, agreed=True).cells
        sheets, guide = _of_rows(one, {sheet: list(rows[sheet]) for sheet in one.sheets}), row_guide(one)
    shown = {sheet.key: locked_digests(sheet) for sheet in sheets}
    sent = actions.send_workbook(by=by, kind=kind, of_id=of_id, agreed=agreed, shown=shown)
    if one.opened is None:
        sheets = _of_rows(one, {sheet: list(sent.cells[sheet]) for sheet in one.sheets})
    # what goes out is what was noted, also when somebody saves at this moment
    filled = [sheet.filled(sent.cells[sheet.key]) for sheet in sheets]
    mark = {"sent": str(sent.pk), kind: str(of_id)}
    return _name(one), written(filled, guide, mark=mark, at=sent.sent_at)


def _of_round(by: Reader, one: Subject, *, agreed: bool) -> tuple[tuple[Sheet, ...], Guide]:
    assert one.opened is not None
    return (answer_sheet(by, one.opened, agreed=agreed),), answer_guide(one.opened, agreed=agreed)


def _of_rows(one: Subject, rows: dict[str, list[str]]) -> tuple[Sheet, ...]:
    return row_sheets(one, headed(one, standing(one, agreed=True), agreed=True), rows)


def bring_back(by: Reader, kind: str, of_id: UUID, *, name: str, content: bytes) -> WorkbookReceived:
    """Read a workbook that came in and keep it, to be looked at; refused with sheet and cell where it cannot be read.

    One that did not go out from here is laid out by people first.
    """
    return keep_book(by, kind, of_id, name=name, content=content, book=opened(content))


def opened(content: bytes, watch: Watch | None = None) -> Book:
    """What a workbook says, row by row; refused with what to do where it cannot be read."""
    try:
        return read_book(content, watch)
    except NotAWorkbook as problem:
        raise Refused({"file": str(problem)}) from problem


def keep_book(by: Reader, kind: str, of_id: UUID, *, name: str, content: bytes, book: Book) -> WorkbookReceived:
    """Put what a workbook says beside what it is of, and keep both; nothing is changed by it."""
    number = sent_id(book)
    file = actions.File(name=name, content=content, edited_by=book.edited_by)
    if not number:
        grid = _grid(book)
        if not any(sheet["cells"] for sheet in grid):
            raise Refused({"file": "The workbook is empty."})
        return actions.receive_workbook(by=by, kind=kind, of_id=of_id, sent_id="", file=file, grid=grid)
    # a round is held from here on, so that what is read is of the round as it stands
    with transaction.atomic():
        one, sent = actions.of_this(by, kind, of_id, number)
        if kind == ROUND:
            sheets, _guide = _of_round(by, one, agreed=sent.assessor_id is None)
        else:
            sheets = _of_rows(one, {sheet: list(sent.cells[sheet]) for sheet in one.sheets})
        read = came_back(book, sheets, sent.shown)
        if read.problems:
            raise Refused({"file": _said(read.problems)})
        return actions.receive_workbook(
            by=by, kind=kind, of_id=of_id, sent_id=str(sent.pk), file=file, cells=read.cells, left=read.left
        )


def _grid(book: Book) -> list[dict[str, object]]:
    """Every cell of a workbook of another make, as it is kept: sheet by sheet, with merged cells, colours and formulas."""
    return [
        {
            "name": sheet.name,
            "is_visible": sheet.is_visible,
            "merged": [list(span) for span in sheet.merged],
            "cells": [
                [row, column, cell.words, cell.colour, cell.is_formula]
                for (row, column), cell in sorted(sheet.cells.items())
            ],
        }
        for sheet in book.sheets
    ]


def _said(problems: Mapping[str, str]) -> Sequence[str]:
    told = [f"{where}: {words}" for where, words in problems.items()]
    more = len(told) - SHOWN_AT_MOST
    return [*told[:SHOWN_AT_MOST], f"And {more:,} more."] if more > 0 else told


def _name(one: Subject) -> str:
    """Letters and digits of the title; an organisation's name is not put into a file's name."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in one.title)
    what = {"round": "self-assessment", "analysis": "gap-analysis"}.get(one.kind, "plan")
    return f"{what}-{'-'.join(part for part in plain.split('-') if part).lower()[:60] or 'workbook'}.xlsx"
