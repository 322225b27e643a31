"""The workbook of a round goes out, is filled in, and comes back: by three sides, whole or not at all."""

import io
from dataclasses import replace

import pytest
from django.http import Http404
from openpyxl import load_workbook

from ambit.access.queries import NotAllowed
from ambit.audit.models import AuditLine
from ambit.design.refusals import Refused, Stale
from ambit.improvement import actions, queries, workbook
from ambit.improvement.models import Answer, AnswerVersion, WorkbookReceived, WorkbookSent
from ambit.improvement.rules.rounds import Said
from tests.improvement.conftest import MET
from tests.improvement.sheets import Filled

GP, NURSE = "Amina Rahman", "Ruth Tannahill"


@pytest.fixture
def one(start):
    return start("ambitions-2015", whole=False)


@pytest.fixture
def out(lead, one):
    def send(by=lead, *, agreed=True, of=None):
        return Filled(workbook.send_out(by, "round", (of or one).pk, agreed=agreed)[1])

    return send


@pytest.fixture
def back(lead, one):
    def bring(filled, by=lead, *, of=None):
        return workbook.bring_back(by, "round", (of or one).pk, name="from Sam.xlsx", content=filled.saved())

    return bring


def taken(lead, one, received, **choices):
    found = queries.merge_preview(lead, "round", one.pk, received.pk)
    return actions.merge_workbook(
        by=lead,
        kind="round",
        of_id=one.pk,
        received_id=received.pk,
        seen=found.seen,
        choices=choices.get("choices", {}),
    )


def first(one, lead):
    return queries.positions(lead, one.pk)[0].node.id


def test_it_goes_out_as_people_like_it(out, one, lead):
    book = load_workbook(io.BytesIO(out().content))
    assert book.sheetnames[:2] == ["Guidance", "Self-assessment"]
    assert [sheet.sheet_state for sheet in book.worksheets] == ["visible", "visible", "veryHidden", "veryHidden"]
    sheet = book["Self-assessment"]
    assert sheet.freeze_panes
    assert sheet.protection.sheet
    assert sheet.row_dimensions[1].hidden
    assert sheet.column_dimensions["A"].hidden
    keys = {cell.value: cell.column for cell in sheet[1]}
    ids = [sheet.cell(row, 1).value for row in range(5, sheet.max_row + 1) if sheet.cell(row, 1).value]
    assert len(ids) == len(queries.positions(lead, one.pk)) == 38
    level = sheet.cell(6, keys["level"])
    assert not level.protection.locked
    assert sheet.cell(6, keys["statement"]).protection.locked
    lists = [rule for rule in sheet.data_validations.dataValidation if rule.type == "list"]
    assert any(level.coordinate in rule.sqref for rule in lists)
    coloured = [rule for several in sheet.conditional_formatting for rule in several.rules]
    assert {rule.formula[0] for rule in coloured} >= {'"◑ Partly in place"', '"◆ Red: no plan"'}
    guidance = " ".join(str(cell.value) for row in book["Guidance"].iter_rows() for cell in row if cell.value)
    assert "Running for some places, providers or groups of people." in guidance
    assert WorkbookSent.objects.get().sent_by == "Leila Garside"
    assert AuditLine.objects.filter(what="sent out a workbook").count() == 1


def test_untouched_it_changes_nothing(out, back, one, lead, agree):
    agree(one, MET_HERE, [first(one, lead)])
    received = back(out())
    found = queries.merge_preview(lead, "round", one.pk, received.pk)
    assert (found.takes, found.conflicts, found.stays, found.absent, found.received.left) == ((), (), (), (), [])
    assert taken(lead, one, received).outcome == {"taken": 0, "conflicts": {}}
    assert AnswerVersion.objects.count() == 1


MET_HERE = Said(level="in_place", position="=SUM(1) is what we say\nin two lines", confidence="high", gap="amber")


def test_what_was_typed_comes_back_as_it_was(out, back, one, lead, agree):
    node = first(one, lead)
    agree(one, MET_HERE, [node])
    filled = out()
    assert filled.says(node, "position") == MET_HERE.position
    assert filled.cell(node, "position").quotePrefix
    filled.put(node, "level", "Embedded and improving").put(node, "comment", "+1 from Carers")
    received = back(filled)
    taken(lead, one, received)
    row = Answer.objects.get(node=node)
    assert (row.level, row.comment, row.position, row.revision) == (
        "embedded", "+1 from Carers", MET_HERE.position, 2,
    )  # fmt: skip
    assert AnswerVersion.objects.get(answer=row, revision=2).how == "workbook"
    assert AuditLine.objects.get(what="took over a workbook").details["rows"] == [node]


def test_two_people_edit_copies_two_merge_cleanly_one_conflict_is_shown(out, back, one, lead):
    nodes = [row.node.id for row in queries.positions(lead, one.pk)][:3]
    filled = out()
    hers, his = filled.copy(), filled.copy()
    hers.put(nodes[0], "position", "From her").put(nodes[2], "position", "Her words")
    his.put(nodes[1], "position", "From him").put(nodes[2], "position", "His words")
    taken(lead, one, back(hers))
    received = back(his)
    found = queries.merge_preview(lead, "round", one.pk, received.pk)
    assert [(line.theirs, line.where) for line in found.takes] == [("From him", found.takes[0].where)]
    (conflict,) = found.conflicts
    assert (conflict.base, conflict.ours, conflict.theirs, conflict.who) == (
        "", "Her words", "His words", "Leila Garside",
    )  # fmt: skip
    assert conflict.where.startswith("Self-assessment!")
    with pytest.raises(Refused, match="Choose which"):
        taken(lead, one, received)
    assert not Answer.objects.filter(node=nodes[1]).exists()  # nothing by halves
    taken(lead, one, received, choices={(nodes[2], "position"): "theirs"})
    assert [Answer.objects.get(node=node).position for node in nodes] == ["From her", "From him", "His words"]
    kept = AnswerVersion.objects.filter(answer__node=nodes[2]).order_by("revision")
    assert [version.said["position"] for version in kept] == ["Her words", "His words"]


def test_a_preview_that_is_stale_takes_nothing(out, back, one, lead, agree):
    node, other, *_ = [row.node.id for row in queries.positions(lead, one.pk)]
    received = back(out().put(node, "position", "From the workbook"))
    seen = queries.merge_preview(lead, "round", one.pk, received.pk).seen
    agree(one, MET_HERE, [other])
    with pytest.raises(Stale):
        actions.merge_workbook(by=lead, kind="round", of_id=one.pk, received_id=received.pk, seen=seen, choices={})
    assert not Answer.objects.filter(node=node).exists()
    assert WorkbookReceived.objects.get().state == "waits"


def test_one_cell_that_cannot_be_kept_keeps_all_out(out, back, one, lead):
    node, other, *_ = [row.node.id for row in queries.positions(lead, one.pk)]
    received = back(out().put(node, "position", "Good").put(other, "not_applicable", "Yes"))
    found = queries.merge_preview(lead, "round", one.pk, received.pk)
    ((where, words),) = found.problems.items()
    assert where.startswith("Self-assessment!")
    assert "Say why" in words
    with pytest.raises(Refused, match="Say why"):
        taken(lead, one, received)
    assert not Answer.objects.exists()


def test_a_merge_that_fails_at_the_last_row_leaves_nothing(out, back, one, lead, monkeypatch):
    nodes = [row.node.id for row in queries.positions(lead, one.pk)][:2]
    received = back(out().put(nodes[0], "position", "One").put(nodes[1], "position", "Two"))
    monkeypatch.setattr("ambit.improvement.actions.workbooks._decide", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        taken(lead, one, received)
    assert not Answer.objects.exists()
    assert not AuditLine.objects.filter(what="took over a workbook").exists()


def test_decided_once(out, back, one, lead):
    received = back(out().put(first(one, lead), "position", "x"))
    actions.set_workbook_aside(by=lead, kind="round", of_id=one.pk, received_id=received.pk)
    assert not Answer.objects.exists()
    with pytest.raises(Refused, match="decided already"):
        taken(lead, one, received)
    assert queries.workbook_bytes(received) is not None


def test_deleted_rows_delete_nothing_and_own_columns_are_listed(out, back, one, lead, agree):
    node, other, third, *_ = [row.node.id for row in queries.positions(lead, one.pk)]
    agree(one, MET_HERE, [node])
    filled = out().put(other, "position", "moved")
    sheet = filled.sheet
    sheet.delete_rows(filled.row(node))
    sheet.cell(filled.row(third), sheet.max_column + 1).value = "my own note"
    sheet.cell(sheet.max_row + 2, 3).value = "below everything"
    sheet.cell(filled.row(third), filled.column("statement")).value = "Other words"
    filled.book.create_sheet("Scratch")["B2"] = "do not forget"
    received = back(filled)
    found = queries.merge_preview(lead, "round", one.pk, received.pk)
    assert len(found.absent) == 1
    assert {(cell["value"], cell["why"]) for cell in received.left} == {
        ("my own note", "a column that Ambit does not have"),
        ("below everything", "a row that Ambit does not know"),
        ("Other words", "“Statement” is not changed in a workbook"),
        ("do not forget", "a sheet that Ambit does not have"),
    }
    taken(lead, one, received)
    assert (Answer.objects.get(node=node).position, Answer.objects.get(node=other).position) == (
        MET_HERE.position,
        "moved",
    )


def test_sorted_renamed_and_moved_it_is_read_all_the_same(out, back, one, lead):
    node = first(one, lead)
    filled = out().put(node, "position", "Here")
    filled.sheet.title = "Our answers"
    filled.sheet.insert_cols(4)
    filled.sheet.move_range(f"A{filled.row(node)}:Z{filled.row(node)}", rows=200)
    received = back(filled)
    assert [line.theirs for line in queries.merge_preview(lead, "round", one.pk, received.pk).takes] == ["Here"]


def test_without_properties_it_is_known_by_the_hidden_sheet_and_the_other_way_round(out, back, one, lead):
    filled = out()
    for name in filled.book.custom_doc_props.names:
        del filled.book.custom_doc_props[name]
    assert back(filled).sent is not None
    filled = out()
    del filled.book["_ambit"]
    assert back(filled).sent is not None


# --- what is refused, with sheet and cell ---


def test_a_workbook_of_another_round(out, back, one, start, lead, agree):
    other = start()
    with pytest.raises(Refused, match="is of “Autumn 2026”, not of"):
        back(out(), of=other)
    assert not WorkbookReceived.objects.exists()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda f, n: f.put(n, "level", "Excellent"), r"Self-assessment![A-Z]+\d+: says “Excellent”, which is not in its list"),
        (lambda f, n: f.put(n, "position", "=1+1", formula=True), r"Self-assessment![A-Z]+\d+: holds a formula \(=1\+1\)"),
        (lambda f, n: f.put(n, "position", "x" * 4001), r"Self-assessment![A-Z]+\d+: has 4,001 characters"),
        (lambda f, n: f.copy_row(n), "the same row twice"),
        (lambda f, n: f.without_column("level"), "“Where does it stand\\?” or the hidden first row"),
        (lambda f, n: f.without_column("_id"), "“hidden ids” or the hidden first row"),
        (lambda f, n: f.without_sheet(), "The sheet is missing"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_with_sheet_and_cell(out, back, one, lead, spoil, says):
    with pytest.raises(Refused, match=says) as refused:
        back(spoil(out(), first(one, lead)))
    assert list(refused.value.problems) == ["file"]
    assert not WorkbookReceived.objects.exists()


def test_own_answers_are_ones_own(out, back, one, lead, ask, reader):
    ask(one, GP)
    ask(one, NURSE)
    gp, nurse = reader(GP), reader(NURSE)
    node = first(one, lead)
    actions.answer_statement(by=gp, round_id=one.pk, node_id=node, seen=0, said=replace(MET_HERE, gap=""))
    filled = out(gp, agreed=False)
    assert filled.says(node, "position") == MET_HERE.position
    assert filled.column("gap") is None
    with pytest.raises(Refused, match="bring it back themselves"):
        back(filled.copy(), nurse)
    with pytest.raises(Refused, match="bring it back themselves"):
        back(filled.copy(), lead)
    received = back(filled.put(node, "position", "Better"), gp)
    for other in (nurse, lead):
        with pytest.raises(Http404):
            queries.merge_preview(other, "round", one.pk, received.pk)
        assert queries.workbooks(other, "round", one.pk).received == ()
    taken(gp, one, received)
    assert Answer.objects.get(node=node).position == "Better"
    with pytest.raises(NotAllowed):
        out(gp, agreed=True)
    with pytest.raises(NotAllowed):
        back(out(), gp)
    actions.hand_in(by=gp, round_id=one.pk)
    with pytest.raises(Refused, match="Take them back"):
        out(gp, agreed=False)


def test_a_signed_round_takes_no_workbook(out, back, start, agree, lead):
    short = start()
    filled = out(of=short)
    agree(short, MET)
    actions.sign_round(by=lead, round_id=short.pk, seen=queries.state_of(short.pk))
    with pytest.raises(Refused, match="is signed"):
        back(filled, of=short)
    with pytest.raises(Refused, match="is signed"):
        out(of=short)
