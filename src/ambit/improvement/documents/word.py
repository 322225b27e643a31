"""A Word report, as a board paper: what stands how first, then the tables, then who signed which version."""

import io
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from ambit.improvement.documents.words import BOARD, COLOURS, KINDS, finding, made, words_of
from ambit.improvement.queries.reports import RATED, Entry, Report, Table
from ambit.improvement.rules.due import as_words
from ambit.improvement.rules.sheets import Column


def as_word(report: Report) -> bytes:
    """The report as a .docx."""
    document: Any = Document()
    _page(document)
    document.core_properties.title = report.title
    document.core_properties.author = "Ambit"
    document.add_heading(report.title, level=0)
    document.add_paragraph(f"{KINDS[report.kind]}. {report.organisation}. {report.about}".strip())
    for name, words in (("What it is for", report.aim), ("What is asked of the board", report.asks)):
        if words:
            document.add_heading(name, level=1)
            for line in filter(None, map(str.strip, words.splitlines())):
                document.add_paragraph(line, style="List Number" if words == report.asks else None)
    for table in report.tables:
        document.add_heading(table.name, level=1)
        document.add_paragraph(finding(table))
        _table(document, table)
    _versions(document, report)
    document.sections[0].footer.paragraphs[0].text = made(report)
    kept = io.BytesIO()
    document.save(kept)
    return kept.getvalue()


def _page(document: Any) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(15)
    section.top_margin = section.bottom_margin = Mm(15)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Arial", Pt(10)
    for level in range(4):
        name = f"Heading {level}" if level else "Title"
        heading = document.styles[name]
        heading.font.name, heading.font.color.rgb = "Arial", RGBColor(0x21, 0x2B, 0x32)
        # the theme's own letters would go before ours
        fonts = heading.element.get_or_add_rPr().get_or_add_rFonts()
        for at in ("w:asciiTheme", "w:hAnsiTheme"):
            fonts.attrib.pop(qn(at), None)


def _table(document: Any, table: Table) -> None:
    columns = table.filled(*BOARD[table.key])
    if not columns or not table.entries:
        return
    drawn = document.add_table(rows=1, cols=len(columns))
    drawn.style = "Table Grid"
    drawn.autofit = False
    widths = _widths(columns)
    for cell, column in zip(drawn.rows[0].cells, columns, strict=True):
        _write(cell, column.title, bold=True)
        _fill(cell, "D8DDE0")
    _repeat(drawn.rows[0])
    for row in table.entries:
        _row(drawn.add_row(), row, columns, RATED[table.key])
    for column, width in zip(drawn.columns, widths, strict=True):
        column.width = Mm(width)
        for cell in column.cells:
            cell.width = Mm(width)


def _widths(columns: tuple[Column, ...]) -> list[float]:
    """The width of the page shared out as the columns ask for."""
    whole = sum(max(column.width, 14) for column in columns)
    return [267 * max(column.width, 14) / whole for column in columns]


def _row(drawn: Any, row: Entry, columns: tuple[Column, ...], rated: str) -> None:
    for cell, column in zip(drawn.cells, columns, strict=True):
        colours = COLOURS.get(row.colour) if column.key == rated else None
        _write(cell, words_of(row, column.key), bold=bool(colours), colour=colours[1] if colours else "")
        if colours:
            _fill(cell, colours[0])
    # a row is not cut by the end of a page
    drawn._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _write(cell: Any, words: str, *, bold: bool = False, colour: str = "") -> None:
    run = cell.paragraphs[0].add_run(_plain(words))
    run.font.size, run.font.bold = Pt(9), bold
    if colour:
        run.font.color.rgb = RGBColor.from_string(colour)


def _plain(words: str) -> str:
    """Without characters that XML cannot hold."""
    return "".join(letter for letter in words if letter in "\n\t" or letter.isprintable())


def _fill(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    for name, value in (("w:val", "clear"), ("w:color", "auto"), ("w:fill", colour)):
        shade.set(qn(name), value)
    cell._tc.get_or_add_tcPr().append(shade)


def _repeat(row: Any) -> None:
    """The headings stand on every page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _versions(document: Any, report: Report) -> None:
    document.add_heading("Versions", level=1)
    if not report.versions:
        document.add_paragraph("Not signed yet: a draft.")
        return
    drawn = document.add_table(rows=1, cols=4)
    drawn.style = "Table Grid"
    for cell, words in zip(drawn.rows[0].cells, ("Version", "Signed on", "By", "With the words"), strict=True):
        _write(cell, words, bold=True)
        _fill(cell, "D8DDE0")
    for one in report.versions:
        told = (str(one.number), as_words(one.signed_at.date()), one.signed_by, one.words)
        for cell, words in zip(drawn.add_row().cells, told, strict=True):
            _write(cell, words)
