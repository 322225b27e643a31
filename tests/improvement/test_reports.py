"""Reports say what the page says, on every paper; what a program would run goes out as text."""

import csv
import io
import json
from datetime import date

import pytest
from docx import Document
from pptx import Presentation
from pypdf import PdfReader

from ambit.design.documents import can_make_pdf
from ambit.improvement import actions, documents, queries, workbook
from ambit.improvement.rules import plans
from tests.improvement.conftest import MET
from tests.improvement.sheets import Filled


@pytest.fixture
def plan(lead):
    made = actions.start_plan(
        by=lead,
        title="Plan 2026 to 2028",
        from_on=date(2026, 4, 1),
        until_on=date(2028, 3, 31),
        aim="Everybody has a plan.",
    )

    def add(kind, said):
        return actions.keep_row(by=lead, kind=kind, of=made.pk, row_id=None, seen=0, said=said)

    first = add(
        plans.ACTION,
        plans.ActionSaid(what="=cmd|x hold a monthly meeting", owner="Ruth", due="March 2020", progress="started"),
    )
    for number in range(11):
        add(plans.ACTION, plans.ActionSaid(what=f"Action {number}", due="Financial year 27-28", progress="started"))
    add(plans.MILESTONE, plans.MilestoneSaid(what="First meeting", action=str(first.pk), due="Q3 26/27"))
    add(plans.MILESTONE, plans.MilestoneSaid(what="Some day", due="ongoing"))
    return made


@pytest.fixture
def told(lead, plan):
    return queries.report(lead, "plan", plan.pk)


def test_word(told):
    document = Document(io.BytesIO(documents.as_word(told)))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert words[0] == "Plan 2026 to 2028"
    assert "Everybody has a plan." in words
    assert any(text.startswith("12 rows: 11 ● On track, 1 ◆ Off track") for text in words)
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert {"Ruth", "March 2020", "◆ Off track"} <= set(cells)
    assert "Not signed yet: a draft." in words


def test_one_slide(told):
    (slide,) = Presentation(io.BytesIO(documents.as_slide(told))).slides
    words = "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    assert "And 3 more in the report." in words
    assert "Q3 2026/27" in words
    assert "No day yet" in words
    (table,) = [shape.table for shape in slide.shapes if shape.has_table]
    assert table.cell(1, 0).text.startswith("=cmd|x hold")


def test_csv_and_json(told):
    rows = list(csv.reader(io.StringIO(documents.as_csv(told.tables[0]).lstrip("\ufeff"))))
    assert rows[1][1] == "'=cmd|x hold a monthly meeting"
    kept = json.loads(documents.as_json(told))
    assert kept["tables"]["action"][0]["what"] == "=cmd|x hold a monthly meeting"
    assert kept["tables"]["milestone"][0]["due_until"] == "2026-12-31"


@pytest.mark.skipif(not can_make_pdf(), reason="This machine has no Pango.")
def test_pdf(told):
    # with some versions of Pango's libraries pypdf gives each letter as two bytes
    pages = PdfReader(io.BytesIO(documents.as_pdf(told))).pages
    words = "\n".join(page.extract_text() for page in pages).replace("\0", "")
    assert "Plan 2026 to 2028" in words
    assert "Off track" in words


def test_a_round_is_reported_by_its_lead_and_by_readers_once_it_is_signed(start, agree, lead):
    one = start()
    agree(one, MET)
    told = queries.report(lead, "round", one.pk)
    assert told.tables[0].entries[0].words["level"] == "✓ Met"
    actions.sign_round(by=lead, round_id=one.pk, seen=queries.state_of(one.pk), words="Agreed in March.")
    assert queries.report(lead, "round", one.pk).versions[0].words == "Agreed in March."


def test_a_plan_goes_out_as_a_workbook_and_back(lead, plan):
    _name, content = workbook.send_out(lead, "plan", plan.pk, agreed=True)
    rows = queries.plan_rows(lead, plan.pk)
    filled = Filled(content, "Actions")
    assert filled.says(str(rows[0].id), "what") == "=cmd|x hold a monthly meeting"
    filled.put(str(rows[1].id), "starts_on", date(2026, 5, 1)).put(str(rows[1].id), "indicator", "")
    steps = filled.book["Milestones"]
    empty = next(row for row in range(5, 20) if not steps.cell(row, 3).value)
    steps.cell(empty, 3).value, steps.cell(empty, 4).value = "A new step", "Action 3"
    received = workbook.bring_back(lead, "plan", plan.pk, name="plan.xlsx", content=filled.saved())
    preview = queries.merge_preview(lead, "plan", plan.pk, received.pk)
    assert {(line.label, line.theirs) for line in preview.takes} == {
        ("Starts", "01/05/2026"), ("Milestone", "A new step"), ("Step of", "Action 3"),
    }  # fmt: skip
    actions.merge_workbook(by=lead, kind="plan", of_id=plan.pk, received_id=received.pk, seen=preview.seen, choices={})
    assert queries.plan_rows(lead, plan.pk)[1].said.starts_on == date(2026, 5, 1)
    step = queries.plan_rows(lead, plan.pk, plans.MILESTONE)[-1].said
    assert (step.what, step.action) == ("A new step", str(rows[4].id))
