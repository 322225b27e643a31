"""A gap analysis or a plan as sheets: the table that people know, with a few empty rows to add to."""

from typing import Final

from ambit.improvement.queries.workbook_subjects import Headed, Subject
from ambit.improvement.rules.plan_columns import NAMES
from ambit.improvement.rules.plans import GAP
from ambit.improvement.rules.sheets import Column, Row, Sheet
from ambit.improvement.workbook.writing import Guide

EMPTY_ROWS: Final = 25
_NUMBER: Final = Column(key="number", title="No.", width=5)


def row_sheets(one: Subject, heads: Headed, rows: dict[str, list[str]]) -> tuple[Sheet, ...]:
    """The sheets with their cells still empty; `rows` are the ids of each."""
    return tuple(
        Sheet(
            key=sheet,
            name=NAMES[sheet],
            title=f"{NAMES[sheet]}: {one.title}",
            about=f"{one.organisation}. Fill in the white cells. Write a new row below the others.",
            columns=(_NUMBER, *heads.columns[sheet]),
            rows=tuple(Row(id=name, cells={"number": str(place)}) for place, name in enumerate(ids, 1)),
            takes_new_rows=EMPTY_ROWS,
        )
        for sheet, ids in rows.items()
    )


def row_guide(one: Subject) -> Guide:
    """The first sheet: how to fill the workbook in, and what happens when it comes back."""
    is_gaps = one.sheets == (GAP,)
    lists = (
        (
            "Ratings",
            (
                "◆ Red: no plan. There is a gap, and nothing is agreed to close it.",
                "▲ Amber: plan. There is a gap, and an agreed plan is under way.",
                "● Green: no gap.",
                "– Unrated: nobody has rated it. ? Unknown: it could not be read or told.",
            ),
        )
        if is_gaps
        else (
            "Delivery",
            (
                "Worked out from dates and progress when you leave it empty. Rate it yourself only to say otherwise, and say why.",
                "■ Complete needs something that shows it. ◆ Off track is past its day. ▲ At risk is expected late or not begun in time.",
            ),
        )
    )
    return Guide(
        title=one.title,
        parts=(
            ("What this is", (one.organisation, "Name nobody who is cared for; this is not a place for anybody’s record.")),
            (
                "How to fill it in",
                (
                    "Fill in the white cells. Cells with an arrow have a list: choose from it. Type words, no formulas.",
                    "Add rows below the last one. To take a row out, do so on the page: a row deleted here deletes nothing.",
                    "When something is due, write it as you say it: a day, “March 2027”, “Q3 26/27”, “Financial year 26-27”, “ongoing”, “to be confirmed”.",
                    "The hidden first row and column say which cell is what. Leave them where they are.",
                ),
            ),
            (
                "When it comes back",
                (
                    "Bring it to the page it came from. You see every change before anything is saved.",
                    "What only you changed is taken. What only others changed stays. What both changed differently, you decide cell by cell.",
                ),
            ),
            lists,
        ),
    )  # fmt: skip
