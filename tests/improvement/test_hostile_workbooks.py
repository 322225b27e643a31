"""Workbooks made to harm, or simply wrong: each is refused with what to do, and costs little. No database is needed to look at one."""

import io
import tracemalloc
import zipfile

import pytest
import xlsxwriter

from ambit.improvement.workbook.book import read_book
from ambit.improvement.workbook.guarding import LARGEST_UNPACKED, NotAWorkbook, look_at


def made(write=lambda sheet: sheet.write(0, 0, "Foundation")):
    kept = io.BytesIO()
    with xlsxwriter.Workbook(kept, {"in_memory": True}) as book:
        write(book.add_worksheet("Gaps"))
    return kept.getvalue()


def with_parts(content, **changes):
    """The same workbook with parts put in or in the place of others; `_` stands for `/` and `.` is kept."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in changes:
                new.writestr(part, old.read(part))
        for name, words in changes.items():
            new.writestr(name, words)
    return kept.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
HEAD = '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


def sheet_of(inside):
    return with_parts(made(), **{SHEET: f"{HEAD}{inside}</worksheet>"})


def entities():
    words = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;">]><worksheet>&y;</worksheet>'
    return with_parts(made(), **{SHEET: words})


def fetching():
    words = (
        '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><worksheet><v>&x;</v></worksheet>'
    )
    return with_parts(made(), **{SHEET: words})


def in_utf_16():
    words = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "ha">]><worksheet>&x;</worksheet>'
    return with_parts(made(), **{SHEET: words.encode("utf-16")})


def bomb():
    return with_parts(made(), **{"xl/media/image1.png": b"\0" * (LARGEST_UNPACKED + 1)})


def lying_bomb():
    """Says that it is small: the size that a part declares is not believed."""
    content = bytearray(with_parts(made(), **{"xl/media/a.bin": b"\0" * (LARGEST_UNPACKED + 1)}))
    at = content.rfind(b"xl/media/a.bin") - 46 + 24
    content[at : at + 4] = (100).to_bytes(4, "little")
    return bytes(content)


def rows(many):
    cells = "".join(f'<c t="inlineStr"><is><t>{words}</t></is></c>' for words in ("Leadership", "Here", "March 2027"))
    return sheet_of(f"<sheetData>{f'<row>{cells}</row>' * many}</sheetData>")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(lambda: b"", "The file is empty", id="empty"),
        pytest.param(lambda: b"%PDF-1.7", "no Excel workbook", id="a PDF"),
        pytest.param(lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old format", id="xls or locked"),
        pytest.param(lambda: made()[:-40], "damaged", id="cut off"),
        pytest.param(lambda: made()[:200] + b"\xff" * 90 + made()[290:], "damaged", id="scrambled"),
        pytest.param(lambda: with_parts(made(), **{SHEET: "<worksheet><row>"}), "damaged", id="XML that breaks off"),
        pytest.param(lambda: with_parts(made(), **{"xl/vbaProject.bin": b"x"}), "macros", id="macros"),
        pytest.param(lambda: with_parts(made(), **{"xl/embeddings/a.bin": b"x"}), "inside it", id="a file inside"),
        pytest.param(entities, "declares entities", id="entities"),
        pytest.param(fetching, "declares entities", id="an entity that fetches"),
        pytest.param(in_utf_16, "UTF-8", id="another encoding"),
        pytest.param(bomb, "Unpacked", id="zip bomb"),
        pytest.param(lying_bomb, "Unpacked|damaged", id="zip bomb that lies"),
        pytest.param(lambda: with_parts(made(), **{f"a{n}.xml": "<a/>" for n in range(600)}), "parts", id="many parts"),
        pytest.param(lambda: rows(2_001), "beyond 2,000 rows", id="too many rows"),
        pytest.param(
            lambda: sheet_of('<sheetData><row r="1048576"><c r="A1048576"><v>1</v></c></row></sheetData>'),
            "beyond 2,000 rows",
            id="one cell at the end of the world",
        ),
        pytest.param(
            lambda: sheet_of('<sheetData><row r="1"><c r="XFD1"><v>1</v></c></row></sheetData>'),
            "500 columns",
            id="one cell at the far right",
        ),
        pytest.param(lambda: sheet_of("<sheetData><row>" + "<c/>" * 400_001 + "</row></sheetData>"), "cells", id="cells"),
        pytest.param(
            lambda: with_parts(made(), **{"xl/styles.xml": "<styleSheet>" + "<a/>" * 200_001 + "</styleSheet>"}),
            "beyond",
            id="many styles",
        ),
        pytest.param(
            lambda: sheet_of('<sheetData/><mergeCells><mergeCell ref="A0:?"/></mergeCells>'), "merges", id="no merge"
        ),
    ],
)  # fmt: skip
def test_what_is_not_read(content, says):
    with pytest.raises(NotAWorkbook, match=says):
        read_book(content())


def test_the_same_part_twice():
    kept = io.BytesIO(made())
    with zipfile.ZipFile(kept, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, "<worksheet/>")
    with pytest.raises(NotAWorkbook, match="same part twice"):
        look_at(kept.getvalue())


def test_cells_merged_over_the_whole_sheet_unfold_nothing():
    book = read_book(
        sheet_of(
            '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>All</t></is></c></row></sheetData>'
            '<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        )
    )
    (sheet,) = book.sheets
    assert (len(sheet.cells), sheet.merged) == (1, [(1, 1, 16384, 1048576)])


def test_links_to_other_workbooks_are_not_followed_and_said():
    content = with_parts(made(), **{"xl/externalLinks/externalLink1.xml": "<externalLink/>"})
    assert read_book(content).notes == [
        "It links to other workbooks. They are not opened, and nothing is taken from them."
    ]


def test_a_formula_is_told_from_words_that_look_like_one():
    def write(sheet):
        sheet.write_formula(0, 0, '=HYPERLINK("http://x.example")')
        sheet.write_string(0, 1, '=HYPERLINK("http://x.example")')

    (sheet,) = read_book(made(write)).sheets
    assert [sheet.cells[1, column].is_formula for column in (1, 2)] == [True, False]


def test_a_hundred_thousand_rows_are_refused_in_little_memory():
    content = rows(100_000)
    tracemalloc.start()
    with pytest.raises(NotAWorkbook, match="beyond 2,000 rows"):
        read_book(content)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100_000_000
