"""Workbooks of another make: laid out without losing a cell, completed, sent out, edited by two, and back."""

import io
import shutil
import subprocess
from dataclasses import replace
from difflib import SequenceMatcher

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from ambit.design.refusals import Refused
from ambit.files.rules import XLSX
from ambit.improvement import actions, queries, workbook
from ambit.improvement.models import Gap, RowVersion, WorkbookReceived
from ambit.improvement.rules import plans
from ambit.improvement.rules.foreign import (
    CLOSE_ENOUGH,
    Layout,
    Source,
    _plain,
    closest,
    heading_of,
    lay_out,
    rating_of_colour,
    rating_of_words,
    suggest,
)
from ambit.improvement.rules.shapes import GAPS
from tests.improvement.messy import LEFT_OVER, messy, recorded
from tests.improvement.sheets import Filled

# --- laying out: no database ---

CELLS = st.builds(
    Source,
    words=st.sampled_from(("", "Leadership", "1. Leadership", "Red", "ongoing", "text", "Page 2 of 3", "Mar 2027")),
    colour=st.sampled_from(("", "FF0000", "92D050", "FFFFFF")),
    is_formula=st.booleans(),
)
GRIDS = st.dictionaries(st.tuples(st.integers(1, 9), st.integers(1, 7)), CELLS, max_size=40)
SPANS = st.lists(
    st.tuples(st.integers(1, 5), st.integers(1, 8), st.integers(1, 7), st.integers(1, 9)).map(
        lambda one: (min(one[0], one[2]), min(one[1], one[3]), max(one[0], one[2]), max(one[1], one[3]))
    ),
    max_size=4,
)
LAYOUTS = st.builds(
    Layout,
    header_row=st.integers(0, 4),
    columns=st.dictionaries(st.integers(1, 7), st.sampled_from(GAPS.fields), max_size=7),
)


@given(grid=GRIDS, spans=SPANS, layout=LAYOUTS)
def test_no_cell_is_lost_whatever_the_sheet(grid, spans, layout):
    laid = lay_out(grid, spans, layout, ["Leadership"])
    said = {place for place, cell in grid.items() if cell.words.strip()}
    taken = [part.place for record in laid.records for part in record.parts if grid[part.place].words.strip()]
    left = [one.place for one in laid.left]
    assert sorted(taken + left) == sorted(said)  # each once, in one or the other
    for record in laid.records:
        for part in record.parts:
            assert part.words in record.words(part.field)


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("Foundation", "foundation"), ("What does it mean?", "meaning"), ("LSC position", "position"), ("Action plan", "action"),
        ("RAG", "rating"), ("Completion date", "due"), ("Lead / owner", "owner"), ("By when", "due"), ("Telephone", ""), ("", ""),
    ],
)  # fmt: skip
def test_what_a_heading_says(words, field):
    assert heading_of(words) == field


@pytest.mark.parametrize(
    ("colour", "rating"),
    [
        ("FF0000", "red"), ("C00000", "red"), ("FFC000", "amber"), ("FFFF00", "amber"), ("F4B084", "amber"), ("92D050", "green"),
        ("00B050", "green"), ("FFFFFF", ""), ("000000", ""), ("BFBFBF", ""), ("5B9BD5", ""), ("", ""), ("nonsense", ""),
    ],
)  # fmt: skip
def test_what_people_mean_by_a_colour(colour, rating):
    assert rating_of_colour(colour) == rating


@pytest.mark.parametrize(
    ("words", "rating"), [("RED", "red"), ("◆ Red: no plan", "red"), ("g", "green"), ("red/amber", "")]
)
def test_what_people_write_for_a_rating(words, rating):
    assert rating_of_words(words) == rating


def test_titles_that_say_nearly_the_same():
    known = {"a": "1 Personalised care planning", "b": "8 Leadership", "c": "6 24/7 access"}
    assert closest("Leadership", known) == "b"
    assert closest("2. Personalized care planning", known) == "a"
    assert closest("24/7 Access", known) == "c"
    assert closest("Bereavement", known) == ""


titles = st.text(alphabet="abc é", max_size=14)


@given(titles, st.dictionaries(st.sampled_from("1234"), titles))
def test_pairs_that_cannot_be_alike_are_only_passed_over(title, known):
    """The likeness of each pair, compared letter by letter, gives the same answer."""
    plain, best, alike = _plain(title), "", CLOSE_ENOUGH
    exact = [name for name, other in known.items() if plain and _plain(other) == plain]
    for name, other in known.items():
        there = _plain(other)
        ratio = SequenceMatcher(None, plain, there).ratio()
        begins = there.startswith(plain) or plain.startswith(there)
        if plain and there and (ratio > alike or (begins and min(len(plain), len(there)) > 8 and not best)):
            best, alike = name, max(ratio, alike)
    assert closest(title, known) == (exact[0] if exact else best)


def test_words_in_the_column_of_ratings_are_when_it_is_due():
    """Seven of nine rows of the document that this comes from had one column less: the colour was gone, and the date slid over."""
    grid = {(1, 1): Source("Foundation"), (1, 2): Source("RAG"), (1, 3): Source("Completion date")}
    grid |= {(2, 1): Source("Leadership"), (2, 2): Source("Financial year 24-25")}
    layout = suggest(grid)
    assert layout is not None
    (record,) = lay_out(grid, [], layout).records
    assert record.fields == {"foundation": "Leadership", "due": "Financial year 24-25"}
    assert record.notes == ["Words in the column of ratings are taken as when it is due."]


# --- in, completed, out, edited by two, and back ---


@pytest.fixture
def analysis(lead):
    return actions.start_gap_analysis(by=lead, title="Children and young people", framework_id="lsc-cyp-gap")


@pytest.fixture
def brought(lead, analysis):
    """The messy workbook, kept and laid out as it is understood."""
    received = workbook.bring_back(lead, "analysis", analysis.pk, name="v7 FINAL.xlsx", content=messy())
    return received, queries.foreign_workbook(lead, "analysis", analysis.pk, received.pk)


def take(lead, analysis, received, found=None, choices=None):
    if found is not None:
        taken, left = queries.cells_taken(found)
        actions.map_workbook(
            by=lead, kind="analysis", of_id=analysis.pk, received_id=received.pk,
            mapping=queries.mapping_of(found), cells=taken, left=left,
        )  # fmt: skip
    seen = queries.merge_preview(lead, "analysis", analysis.pk, received.pk).seen
    return actions.merge_workbook(
        by=lead, kind="analysis", of_id=analysis.pk, received_id=received.pk, seen=seen, choices=choices or {}
    )


def test_it_is_understood_and_no_cell_is_lost(brought):
    received, found = brought
    assert found.layout.header_row == 4
    assert {one.letters: one.field for one in found.headings if one.field} == {
        "C": "foundation", "D": "meaning", "E": "position", "F": "action", "G": "rating", "H": "due",
    }  # fmt: skip
    assert len(found.placed) == 9
    assert all(one.goes_to in found.rows for one in found.placed)
    for one, was in zip(found.placed, recorded(), strict=True):
        assert one.record.fields["position"] == "\n".join(was["position"])
        assert one.record.fields["action"] == "\n".join(was["actions"])
        assert (one.record.fields["rating"], one.record.fields["due"]) == (was["colour"], was["due"])
    taken, left = queries.cells_taken(found)
    assert {one.value for one in left} >= LEFT_OVER
    everything = "\n".join([*(one.value for one in taken), *(one.value for one in left)]).casefold()
    for sheet in received.grid:
        for _row, _column, words, _colour, _formula in sheet["cells"]:
            assert words.strip().casefold() in everything


def test_a_messy_workbook_goes_in_is_completed_goes_out_and_comes_back_from_two(lead, analysis, brought):
    received, found = brought
    take(lead, analysis, received, found)
    rows = queries.gap_rows(lead, analysis.pk)
    assert len(rows) == 9
    for row, was in zip(rows, recorded(), strict=True):
        assert (row.said.due, row.said.rating) == (was["due"], was["colour"])
        assert row.said.position == "\n".join(was["position"])
    assert queries.workbook_bytes(received) == messy_as_kept(received)

    for row in rows:
        actions.change_cells(
            by=lead,
            kind=plans.GAP,
            of=analysis.pk,
            row_id=row.id,
            seen=row.revision,
            cells={"owner": "Children’s lead"},
        )
    one, two, three = (str(row.id) for row in rows[:3])
    name, content = workbook.send_out(lead, "analysis", analysis.pk, agreed=True)
    assert name == "gap-analysis-children-and-young-people.xlsx"
    hers, his = Filled(content, "Gap analysis"), Filled(content, "Gap analysis")
    assert hers.says(one, "due") == recorded()[0]["due"]
    hers.put(one, "rating", "Green: no gap").put(three, "action", "Her plan")
    his.put(two, "due", "Financial year 26-27").put(three, "action", "His plan")
    his.sheet.cell(15, his.column("foundation")).value = "Transition"
    his.sheet.cell(15, his.column("due")).value = "tbc"
    back = [
        workbook.bring_back(lead, "analysis", analysis.pk, name="back.xlsx", content=copy.saved())
        for copy in (hers, his)
    ]
    take(lead, analysis, back[0])
    preview = queries.merge_preview(lead, "analysis", analysis.pk, back[1].pk)
    (conflict,) = preview.conflicts
    assert (conflict.ours, conflict.theirs, conflict.label) == ("Her plan", "His plan", "Action plan")
    assert {line.theirs for line in preview.takes} >= {"Financial year 26-27", "Transition", "tbc"}
    with pytest.raises(Refused, match="Choose which"):
        take(lead, analysis, back[1])
    assert Gap.objects.get(pk=two).due == recorded()[1]["due"]
    take(lead, analysis, back[1], choices={(three, "action"): "ours"})
    assert Gap.objects.get(pk=one).rating == "green"
    assert (Gap.objects.get(pk=two).due, Gap.objects.get(pk=two).due_until.isoformat()) == (
        "Financial year 26-27",
        "2027-03-31",
    )
    assert Gap.objects.get(pk=three).action == "Her plan"
    assert Gap.objects.get(foundation="Transition").due == "tbc"
    assert RowVersion.objects.filter(row=one).order_by("-revision").first().how == "workbook"

    again = workbook.bring_back(lead, "analysis", analysis.pk, name="back.xlsx", content=his.saved())
    take(lead, analysis, again, choices={(three, "action"): "ours"})
    assert Gap.objects.filter(foundation="Transition").count() == 1


def messy_as_kept(received):
    from ambit.files.queries import kept_bytes
    from ambit.files.rules import XLSX

    content = kept_bytes("workbooks", received.sha256, XLSX.content_type)
    assert content is not None
    assert load_workbook(io.BytesIO(content)).sheetnames == ["Gap analysis v7 FINAL", "People"]
    return content


def test_a_long_workbook_is_placed_on_one_page(client_as, analysis, lead, django_assert_max_num_queries):
    """Of three hundred rows those are chosen one by one whose place is in doubt; the form stays as small as a form may be.

    Each row taken over is written, with its version and its line of the trail, and nothing is asked again for it.
    """
    book = Workbook()
    book.active.append(["Foundation", "LSC position", "RAG", "Completion date", "Lead"])
    for number in range(300):
        book.active.append(
            [f"Foundation {number} of our own", f"So it is in ward {number}", "Amber", "ongoing", "A. Lead"]
        )
    book.active.append(["Leadership", "One lead in each place", "Red", "March 2027", "A. Lead"])
    content = io.BytesIO()
    book.save(content)
    client = client_as("place_lead")
    sent = SimpleUploadedFile("long.xlsx", content.getvalue(), XLSX.content_type)
    answer = client.post(reverse("receive_workbook", args=["analysis", analysis.pk]), {"file": sent}, follow=True)
    page = answer.content.decode()
    assert "201 more rows go where they are understood to belong" in page
    assert page.count("<select") < 120
    received = WorkbookReceived.objects.get()
    found = queries.foreign_workbook(answer.wsgi_request.reader, "analysis", analysis.pk, received.pk)
    assert [one for one in found.asked if one.record.title == "Leadership"]
    posted = {"sheet": "0", "shown": "0", "header_row": "1", "take": "yes"}
    posted |= {f"column-{one.column}": one.field for one in found.headings}
    posted |= {f"row-{one.record.first_row}": one.goes_to for one in found.asked}
    taken = client.post(answer.redirect_chain[-1][0], posted)
    assert taken.status_code == 302, taken.content.decode()
    received.refresh_from_db()
    assert len({cell["row"] for cell in received.cells}) == 301
    with django_assert_max_num_queries(301 * 3 + 60):
        take(lead, analysis, received)
    rows = queries.gap_rows(lead, analysis.pk)
    assert [row.said.owner for row in rows].count("A. Lead") == 301
    assert len({row.number for row in rows}) == len(rows)


def test_two_records_for_one_row_are_refused(lead, analysis, brought):
    _received, found = brought
    first = found.placed[0]
    both = replace(found, placed=(first, replace(found.placed[1], goes_to=first.goes_to), *found.placed[2:]))
    ((row, words),) = queries.problems_of_placing(both).items()
    assert row == found.placed[1].record.first_row
    assert "go into one row" in words


def test_what_stands_here_already_is_never_overwritten_by_a_workbook_of_another_make(lead, analysis, brought):
    received, found = brought
    row = queries.gap_rows(lead, analysis.pk)[0]
    actions.change_cells(
        by=lead, kind=plans.GAP, of=analysis.pk, row_id=row.id, seen=row.revision, cells={"position": "Ours"}
    )
    taken, left = queries.cells_taken(found)
    actions.map_workbook(
        by=lead, kind="analysis", of_id=analysis.pk, received_id=received.pk, mapping=queries.mapping_of(found), cells=taken, left=left
    )  # fmt: skip
    conflicts = queries.merge_preview(lead, "analysis", analysis.pk, received.pk).conflicts
    assert [(line.ours, line.label) for line in conflicts] == [("Ours", "Our position")]
    assert WorkbookReceived.objects.get().state == "waits"


@pytest.mark.long
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice (soffice) is not on this machine.")
def test_through_libreoffice_and_back(lead, analysis, tmp_path):
    row = queries.gap_rows(lead, analysis.pk)[0]
    _name, content = workbook.send_out(lead, "analysis", analysis.pk, agreed=True)
    filled = Filled(content, "Gap analysis").put(str(row.id), "due", "Q3 26/27")
    (tmp_path / "out.xlsx").write_bytes(filled.saved())
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", "xlsx:Calc MS Excel 2007 XML",
         "--outdir", str(tmp_path / "saved"), str(tmp_path / "out.xlsx")],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    content = (tmp_path / "saved" / "out.xlsx").read_bytes()
    received = workbook.bring_back(lead, "analysis", analysis.pk, name="libre.xlsx", content=content)
    preview = queries.merge_preview(lead, "analysis", analysis.pk, received.pk)
    assert [(line.label, line.theirs) for line in preview.takes] == [("Completion", "Q3 26/27")]
    assert (preview.conflicts, preview.absent, received.left) == ((), (), [])
