"""A plan on one slide: what it is for, what is done by whom and when and how it goes, the milestones by quarter, what is asked."""

import io
from collections.abc import Sequence
from typing import Any, Final

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from ambit.improvement.documents.words import BOARD, COLOURS, finding, made, words_of
from ambit.improvement.queries.reports import RATED, Entry, Report, Table
from ambit.improvement.rules.plans import Quarter
from ambit.improvement.rules.sheets import Column

MOST_ROWS: Final = 9
"""Rows that can still be read from the back of a room; the rest are counted."""
_INK: Final = "212B32"


def as_slide(report: Report) -> bytes:
    """One slide of 13.33 by 7.5 inches, as a .pptx."""
    show: Any = Presentation()
    show.slide_width, show.slide_height = Inches(13.333), Inches(7.5)
    show.core_properties.title, show.core_properties.author = report.title, "Ambit"
    slide = show.slides.add_slide(show.slide_layouts[5])
    title = slide.shapes.title
    title.left, title.top, title.width, title.height = Inches(0.4), Inches(0.2), Inches(12.5), Inches(0.6)
    _text(title.text_frame, report.title, size=26, bold=True)
    title.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
    title.text_frame.margin_left = Inches(0.02)
    _box(
        slide,
        (0.4, 0.8, 12.5, 0.6),
        f"{report.organisation}. {report.about}" + (f"\n{report.aim}" if report.aim else ""),
        size=12,
    )
    main = report.tables[0]
    has_steps = len(report.tables) > 1 and bool(report.tables[1].entries)
    _box(slide, (0.4, 1.45, 12.5, 0.3), f"{main.name}: {finding(main)}", size=12, bold=True)
    _table(slide, main, top=1.8)
    if has_steps:
        _quarters(slide, report.tables[1], top=min(5.1, 2.1 + 0.36 * (1 + min(len(main.entries), MOST_ROWS))))
    if report.asks:
        _box(slide, (0.4, 6.45, 12.5, 0.5), f"Asked of the board: {' '.join(report.asks.split())}", size=12, bold=True)
    _box(slide, (0.4, 7.05, 12.5, 0.3), made(report), size=9)
    kept = io.BytesIO()
    show.save(kept)
    return kept.getvalue()


def _table(slide: Any, table: Table, *, top: float) -> None:
    wanted = [name for name in BOARD[table.key] if name not in ("progress_note", "forecast", "position")]
    columns = table.filled(*wanted)
    if not columns:
        return
    rows = _most_pressing(table)
    more = len(table.entries) - len(rows)
    drawn = slide.shapes.add_table(
        len(rows) + 1, len(columns), Inches(0.4), Inches(top), Inches(12.5), Inches(0.3)
    ).table
    whole = sum(max(column.width, 14) for column in columns)
    for place, column in enumerate(columns):
        drawn.columns[place].width = Inches(12.5 * max(column.width, 14) / whole)
        _cell(drawn.cell(0, place), column.title, bold=True, colours=("425563", "FFFFFF"))
    for number, row in enumerate(rows, 1):
        drawn.rows[number].height = Inches(0.3)
        for place, column in enumerate(columns):
            _cell_of(drawn.cell(number, place), row, column, RATED[table.key])
    if more > 0:
        _box(slide, (0.4, top + 0.34 * (len(rows) + 1) + 0.25, 12.5, 0.25), f"And {more} more in the report.", size=10)


def _most_pressing(table: Table) -> Sequence[Entry]:
    """Red before amber before the others, each in the order of the plan."""
    order = {"rating-red": 0, "rating-orange": 1, "rating-amber": 2}
    ranked = sorted(table.entries, key=lambda row: order.get(row.colour, 3))
    chosen = {row.id for row in ranked[:MOST_ROWS]}
    return [row for row in table.entries if row.id in chosen]


def _cell_of(cell: Any, row: Entry, column: Column, rated: str) -> None:
    colours = COLOURS.get(row.colour) if column.key == rated else None
    words = " ".join(words_of(row, column.key).split())
    longest = int(max(column.width, 14) * 2.4)
    _cell(
        cell,
        words if len(words) <= longest else words[: longest - 1].rstrip() + "…",
        bold=bool(colours),
        colours=colours,
    )


def _cell(cell: Any, words: str, *, bold: bool, colours: tuple[str, str] | None = None) -> None:
    background, ink = colours or ("FFFFFF", _INK)
    cell.fill.solid()
    cell.fill.fore_color.rgb = RGBColor.from_string(background)
    cell.margin_top = cell.margin_bottom = Inches(0.02)
    cell.vertical_anchor = MSO_ANCHOR.MIDDLE
    _text(cell.text_frame, words, size=10, bold=bold, colour=ink)


def _quarters(slide: Any, table: Table, *, top: float) -> None:
    """Milestones under the quarter of the financial year in which they are due; those without a day under their own words."""
    _box(slide, (0.4, top, 12.5, 0.3), f"{table.name}: {finding(table)}", size=12, bold=True)
    by_quarter: dict[tuple[int, int], list[Entry]] = {}
    later: list[Entry] = []
    for row in table.entries:
        if row.due_until is None:
            later.append(row)
        else:
            quarter = Quarter.of(row.due_until)
            by_quarter.setdefault((quarter.year, quarter.number), []).append(row)
    columns = [(Quarter(*key).name, rows) for key, rows in sorted(by_quarter.items())][: 5 if later else 6]
    if later:
        columns.append(("No day yet", later))
    width = 12.5 / max(len(columns), 1)
    for place, (name, rows) in enumerate(columns):
        lines = [_milestone(row) for row in rows[:3]] + ([f"and {len(rows) - 3} more"] if len(rows) > 3 else [])
        _box(
            slide,
            (0.4 + place * width, top + 0.3, width - 0.1, 1.0),
            "\n".join([name, *lines]),
            size=9,
            first_bold=True,
        )


def _milestone(row: Entry) -> str:
    words = " ".join(row.words["what"].split())
    mark = row.words["delivery"].partition(" ")[0]
    return f"{mark} {words[:60]}{'…' if len(words) > 60 else ''}"


def _box(
    slide: Any,
    at: tuple[float, float, float, float],
    words: str,
    *,
    size: int,
    bold: bool = False,
    first_bold: bool = False,
) -> None:
    frame = slide.shapes.add_textbox(*(Inches(one) for one in at)).text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = Inches(0.02)
    frame.margin_top = frame.margin_bottom = Inches(0.01)
    _text(frame, words, size=size, bold=bold, first_bold=first_bold)


def _text(
    frame: Any, words: str, *, size: int, bold: bool = False, colour: str = _INK, first_bold: bool = False
) -> None:
    frame.word_wrap = True
    lines = "".join(letter for letter in words if letter == "\n" or letter.isprintable()).split("\n")
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = line
        run.font.size, run.font.bold, run.font.name = Pt(size), bold or (first_bold and number == 0), "Arial"
        run.font.color.rgb = RGBColor.from_string(colour)
