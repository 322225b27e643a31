"""Charts are safe inline, say what they show, and are drawn once."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from ambit.design import charts

SPECIFICATION = {
    "data": {"values": [{"practice": "Moss Bank", "people": 14}, {"practice": "Kiln <Street>", "people": 19}]},
    "mark": "bar",
    "encoding": {"x": {"field": "people", "type": "quantitative"}, "y": {"field": "practice", "type": "nominal"}},
}


def drawn(**changed):
    shown = {
        "finding": "Kiln Street has found most & says so",
        "measured": "People on the register",
        "description": "Two bars <of practices>",
        "columns": [{"words": "Practice"}, {"words": "People", "numeric": True}],
        "rows": [("Moss Bank", 14), ("Kiln Street", 19)],
    }
    return charts.draw(SPECIFICATION, **{**shown, **changed})


def test_the_picture_uses_attributes_only():
    svg = drawn().svg
    assert "style=" not in svg
    assert "<style" not in svg
    assert "<script" not in svg
    assert not re.search(r"(href|src)\s*=", svg)
    assert 'font-family="Arial, sans-serif"' in svg


def test_the_picture_is_one_image_with_title_and_description():
    svg = drawn().svg
    assert 'role="img"' in svg
    assert "<title" in svg
    assert "Kiln Street has found most &amp; says so</title>" in svg
    assert "Two bars &lt;of practices&gt;</desc>" in svg
    title = re.search(r'<title id="([^"]+)"', svg)
    assert title is not None
    assert f'aria-labelledby="{title.group(1)} ' in svg
    assert svg.index('<g aria-hidden="true">') < svg.index("aria-label=")


def test_the_same_chart_is_drawn_once(monkeypatch):
    first = drawn()
    kept = list((Path(settings.HOME) / "cache" / "charts").glob("*.svg"))
    assert kept
    import vl_convert

    monkeypatch.setattr(vl_convert, "vegalite_to_svg", lambda _text: pytest.fail("drawn again"))
    assert drawn().svg == first.svg


def test_what_is_no_picture_is_refused():
    with pytest.raises(ValueError, match="SVG"):
        charts.with_words("<html></html>", "x", "y")


@pytest.mark.parametrize(
    ("cell", "written"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-1", "'-1"), (-1, -1), ("Moss Bank", "Moss Bank"), (2.5, 2.5)],
)
def test_no_cell_of_a_csv_runs_as_a_formula(cell, written):
    assert charts.as_text(cell) == written


def test_figures_go_out_as_csv(client, db):
    answer = client.get("/design/chart.csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="register-and-expected-need.csv"'
    assert lines[:2] == ["Practice,On the register,Expected", "Old Tannery Practice,0,about 55"]
