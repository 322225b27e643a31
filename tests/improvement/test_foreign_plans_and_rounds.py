"""Workbooks of another make into a plan and a self-assessment: the same mapping, and no cell lost."""

import io
from datetime import date

import pytest
from openpyxl import Workbook
from openpyxl.styles import PatternFill

from ambit.access.queries import NotAllowed
from ambit.design.refusals import Refused
from ambit.improvement import actions, queries, workbook
from ambit.improvement.models import Answer, Milestone, PlanAction
from ambit.improvement.queries.foreign import LEAVE, NEW_MILESTONE
from ambit.improvement.rules.foreign import heading_of, rating_of_words
from ambit.improvement.rules.plans import ActionSaid
from ambit.improvement.rules.shapes import ACTIONS, ANSWERS
from tests.improvement.conftest import keep

PLAN_ROWS = (
    ("1. Second night car", "Ruth Tannahill", "end of Q4", "Three of four nurses in post", "AMBER", ""),
    ("2. Name a carers’ lead", "", "tbc", "", "", "FF0000"),
    ("Post advertised", "HR", "March 2099", "", "", "92D050"),
)


def as_file(sheet_name, headings, rows, *, colours=()):
    book = Workbook()
    sheet = book.active
    sheet.title = sheet_name
    sheet["B1"] = "Draft 3, not for circulation"
    sheet.merge_cells("B1:G1")
    for column, words in enumerate(headings, 2):
        sheet.cell(3, column).value = words
    for row, cells in enumerate(rows, 4):
        for column, words in enumerate(cells, 2):
            sheet.cell(row, column).value = words or None
    for row, column, colour in colours:
        sheet.cell(row, column).fill = PatternFill("solid", fgColor=f"FF{colour}")
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def plan_file():
    return as_file(
        "Tracker",
        ("Action", "Lead", "Timescale", "Update", "RAG", "Officer"),
        [row[:5] for row in PLAN_ROWS],
        colours=[(row, 6, told[5]) for row, told in enumerate(PLAN_ROWS, 4) if told[5]],
    )


def mapped(by, kind, of, received, **chosen):
    found = queries.foreign_workbook(by, kind, of.pk, received.pk, **chosen)
    assert queries.problems_of_placing(found) == {}
    taken, left = queries.cells_taken(found)
    everything = "\n".join([*(one.value for one in taken), *(one.value for one in left)]).casefold()
    for sheet in received.grid:
        for _row, _column, words, _colour, _formula in sheet["cells"]:
            said = words.strip().casefold()
            # a rating is kept as what it means here
            assert said in everything or rating_of_words(said, found.shape) in everything or said in LEVELS
    actions.map_workbook(
        by=by, kind=kind, of_id=of.pk, received_id=received.pk, mapping=queries.mapping_of(found), cells=taken, left=left
    )  # fmt: skip
    return queries.merge_preview(by, kind, of.pk, received.pk)


LEVELS = {"met", "partly met", "not met"}


def take(by, kind, of, received, preview, choices=None):
    return actions.merge_workbook(
        by=by, kind=kind, of_id=of.pk, received_id=received.pk, seen=preview.seen, choices=choices or {}
    )


@pytest.mark.parametrize(
    ("words", "shape", "field"),
    [
        ("Action", ACTIONS, "what"), ("Lead", ACTIONS, "owner"), ("BRAG status", ACTIONS, "delivery"), ("By when", ACTIONS, "due"),
        ("Latest update", ACTIONS, "progress_note"), ("Telephone", ACTIONS, ""), ("Statement", ANSWERS, "statement"),
        ("Self-assessed level", ANSWERS, "level"), ("Evidence", ANSWERS, "position"),
    ],
)  # fmt: skip
def test_what_a_heading_says(words, shape, field):
    assert heading_of(words, shape) == field


@pytest.fixture
def plan(lead):
    return actions.start_plan(by=lead, title="Our plan", from_on=date(2026, 4, 1), until_on=date(2028, 3, 31))


def test_a_tracker_becomes_actions_and_milestones(lead, plan):
    there = keep(lead, "action", plan, ActionSaid(what="Second night car"))
    received = workbook.bring_back(lead, "plan", plan.pk, name="tracker.xlsx", content=plan_file())
    found = queries.foreign_workbook(lead, "plan", plan.pk, received.pk)
    assert [one.goes_to for one in found.placed] == [str(there.pk), "new", "new"]
    goes_to = {one.record.first_row: one.goes_to for one in found.placed} | {6: NEW_MILESTONE}
    columns = {one.column: one.field for one in found.headings if one.field}
    preview = mapped(lead, "plan", plan, received, sheet=0, header_row=3, columns=columns, goes_to=goes_to)
    assert preview.problems == {}
    take(lead, "plan", plan, received, preview)
    car, carers = PlanAction.objects.order_by("number")
    assert (car.what, car.delivery, car.why_delivery) == ("Second night car", "at_risk", "As rated in the workbook")
    assert (car.due, car.progress_note) == ("end of Q4", "Three of four nurses in post")
    assert (carers.delivery, carers.due, carers.due_until) == ("off_track", "tbc", None)
    step = Milestone.objects.get()
    assert (step.what, step.owner, step.due_until) == ("Post advertised", "HR", date(2099, 3, 31))


def answers_file(titles):
    return as_file(
        "Return",
        ("Statement", "Level", "Where we are now", "Notes"),
        [
            (titles[0], "Met", "Everywhere", ""),
            (titles[1], "", "Nobody knows", "ask again"),
            (titles[2], "brilliant", "", ""),
            ("Something of our own", "Met", "", ""),
        ],
        colours=[(5, 3, "FF0000")],
    )


def test_a_return_becomes_answers_and_nothing_is_invented(lead, start):
    one = start()
    nodes = queries.open_round(lead, one.pk).wording.statements("")
    received = workbook.bring_back(
        lead, "round", one.pk, name="return.xlsx", content=answers_file([node.title for node in nodes])
    )
    found = queries.foreign_workbook(lead, "round", one.pk, received.pk)
    assert [placed.goes_to for placed in found.placed] == [*(node.id for node in nodes[:3]), LEAVE]
    assert "new" not in found.also
    taken, left = queries.cells_taken(found)
    assert {cell.value: cell.why for cell in left}["brilliant"] == "no level of this statement’s scale"
    assert any("Something of our own" in cell.value for cell in left)
    preview = mapped(lead, "round", one, received)
    take(lead, "round", one, received, preview)
    said = {row.node: row for row in Answer.objects.filter(assessor=None)}
    assert (said[nodes[0].id].level, said[nodes[0].id].position) == ("met", "Everywhere")
    assert (said[nodes[1].id].level, said[nodes[1].id].comment) == ("not_met", "ask again")
    assert nodes[2].id not in said
    assert {cell.row for cell in taken} == {nodes[0].id, nodes[1].id}


def test_an_assessor_brings_their_own_answers_and_nobody_else_may(lead, start, ask, reader):
    one = start()
    ask(one, "Amina Rahman")
    gp = reader("Amina Rahman")
    titles = [node.title for node in queries.open_round(lead, one.pk).wording.statements("")]
    received = workbook.bring_back(gp, "round", one.pk, name="mine.xlsx", content=answers_file(titles))
    assert received.assessor is not None
    take(gp, "round", one, received, mapped(gp, "round", one, received))
    assert set(Answer.objects.values_list("assessor", flat=True)) == {received.assessor_id}
    plan = actions.start_plan(by=lead, title="Our plan", from_on=date(2026, 4, 1), until_on=date(2028, 3, 31))
    with pytest.raises(NotAllowed):
        workbook.bring_back(gp, "plan", plan.pk, name="tracker.xlsx", content=plan_file())


def test_an_empty_one_is_refused(lead, plan):
    with pytest.raises(Refused, match="empty"):
        workbook.bring_back(lead, "plan", plan.pk, name="empty.xlsx", content=as_empty())


def as_empty():
    kept = io.BytesIO()
    Workbook().save(kept)
    return kept.getvalue()
