"""Excel workbooks of a round: written to go out, read when they come back. Nothing is worked out in a cell."""

from uuid import UUID

from django.db import transaction

from ambit.access.queries import Reader
from ambit.design.refusals import Refused
from ambit.improvement import actions
from ambit.improvement.models import WorkbookReceived
from ambit.improvement.queries.scope import Opened, open_round
from ambit.improvement.rules.answer_columns import ANSWERS
from ambit.improvement.workbook.answers import answer_guide, answer_sheet
from ambit.improvement.workbook.book import read_book
from ambit.improvement.workbook.coming_back import came_back, locked_digests, sent_id
from ambit.improvement.workbook.guarding import NotAWorkbook
from ambit.improvement.workbook.writing import written

SHOWN_AT_MOST = 200
"""Problems of a workbook that are said at once."""


@transaction.atomic
def send_out(by: Reader, round_id: UUID, *, agreed: bool) -> tuple[str, bytes]:
    """The workbook of a round with the agreed answers, or with one's own, and its file name."""
    opened = open_round(by, round_id)
    sheet = answer_sheet(by, opened, agreed=agreed)
    sent = actions.send_workbook(by=by, round_id=round_id, agreed=agreed, shown={ANSWERS: locked_digests(sheet)})
    mark = {"sent": str(sent.pk), "round": str(round_id)}
    # what went out is what was noted, also when somebody saves at this moment
    filled = sheet.filled(sent.cells[ANSWERS])
    return _name(opened), written([filled], answer_guide(opened, agreed=agreed), mark=mark, at=sent.sent_at)


def bring_back(by: Reader, round_id: UUID, *, name: str, content: bytes) -> WorkbookReceived:
    """Read a workbook that came back and keep it, to be looked at; refused with sheet and cell where it cannot be read."""
    try:
        book = read_book(content)
    except NotAWorkbook as problem:
        raise Refused({"file": str(problem)}) from problem
    opened, sent = actions.of_this_round(by, round_id, sent_id(book))
    sheet = answer_sheet(by, opened, agreed=sent.assessor_id is None)
    read = came_back(book, [sheet], sent.shown)
    if read.problems:
        raise Refused({"file": _said(read.problems)})
    return actions.receive_workbook(
        by=by,
        round_id=round_id,
        sent_id=str(sent.pk),
        file=actions.File(name=name, content=content, edited_by=book.edited_by),
        cells=read.cells,
        left=read.left,
    )


def _said(problems: dict[str, str]) -> list[str]:
    told = [f"{where}: {words}" for where, words in problems.items()]
    more = len(told) - SHOWN_AT_MOST
    return [*told[:SHOWN_AT_MOST], f"And {more:,} more."] if more > 0 else told


def _name(opened: Opened) -> str:
    """Letters and digits of the round's title; an organisation's name is not put into a file's name."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in opened.round.title)
    return f"self-assessment-{'-'.join(part for part in plain.split('-') if part).lower() or 'round'}.xlsx"
