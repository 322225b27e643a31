"""The recorded children's gap analysis as people mailed it around: a workbook with everything that is wrong with such workbooks."""

import io
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from ambit.site.config import CHECKOUT

PACK = CHECKOUT / "packs" / "frameworks" / "lsc-cyp-gap" / "pack.yaml"
FILLS = {"red": "FFFF0000", "amber": "FFFFC000", "green": "FF92D050"}
LEFT_OVER = {"Notes of the officer", "ask again in May", "Contacts", "Somebody, somewhere", "Page 1 of 2"}


def recorded() -> list[dict[str, Any]]:
    """The nine rows as they were recorded, each with its statement and a colour, which the document had and its text lost."""
    told = yaml.safe_load(PACK.read_text(encoding="utf-8"))
    nodes = {node["id"]: node for node in told["nodes"]}
    rows = told["assessments"][0]["rows"]
    colours = ("amber", "red", "amber", "green", "amber", "red", "green", "amber", "red")
    return [
        {
            "node": row["node"],
            "title": nodes[row["node"]]["title"],
            "meaning": nodes[row["node"]]["text"],
            "position": list(row["position"]),
            "actions": list(row["actions"]),
            "due": row["due"]["words"],
            "colour": colour,
        }
        for row, colour in zip(rows, colours, strict=True)
    ]


def messy() -> bytes:
    """Merged cells, a table that begins in column C, colour-only ratings, a split row, one that slid sideways, words for dates."""
    book = Workbook()
    sheet = book.active
    sheet.title = "Gap analysis v7 FINAL"
    sheet["A1"] = "Children and young people: gap analysis against the foundations"
    sheet.merge_cells("A1:I1")
    sheet["C2"] = "Honest conversations. Fair access. Comfort. Coordinated. Staff. Community."
    sheet.merge_cells("C2:I2")
    headings = (
        "Foundation",
        "What this means",
        "LSC position",
        "Action plan",
        "RAG",
        "Completion date",
        "Notes of the officer",
    )
    for column, words in enumerate(headings, 3):
        sheet.cell(4, column).value = words
    row = 5
    for number, one in enumerate(recorded(), 1):
        row = _one(sheet, row, number, one)
        if number == 4:
            sheet.cell(row, 3).value = "Page 1 of 2"
            sheet.merge_cells(start_row=row, start_column=3, end_row=row, end_column=8)
            row += 1
    other = book.create_sheet("People")
    other["A1"], other["A2"] = "Contacts", "Somebody, somewhere"
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def _one(sheet: Any, row: int, number: int, one: dict[str, Any]) -> int:
    """A row of the table, or two; gives back the next."""
    slid = 1 if number == 5 else 0
    first, *rest = one["position"] if number in (2, 8) and len(one["position"]) > 1 else ("\n".join(one["position"]),)
    cells = (f"{number}. {one['title']}", one["meaning"], first, "\n".join(one["actions"]), None, one["due"])
    for column, words in enumerate(cells, 3 + slid):
        sheet.cell(row, column).value = words
    rating = sheet.cell(row, 7 + slid)
    rating.fill = PatternFill("solid", fgColor=FILLS[one["colour"]])
    if number in (1, 6):
        rating.value = one["colour"].upper()
    if number == 3:
        sheet.cell(row, 9).value = "ask again in May"
    for tail in rest:
        row += 1
        sheet.cell(row, 5).value = tail
    if rest and number == 8:
        sheet.merge_cells(start_row=row - len(rest), start_column=3, end_row=row, end_column=3)
    return row + 1
