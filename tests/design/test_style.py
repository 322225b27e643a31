"""Colours of the style sheets: the table of the design, each pair readable."""

import re
from pathlib import Path

import pytest

from ambit.design import assets, charts, rules

STATIC = Path(assets.__file__).parent / "static" / "design"
TOKENS = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{3,6});", (STATIC / "ambit.css").read_text()))
PARTS = (STATIC / "parts.css").read_text()


def luminance(colour: str) -> float:
    colour = colour.lstrip("#")
    colour = "".join(2 * one for one in colour) if len(colour) == 3 else colour
    parts = [int(colour[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "#fff"), ("ink-2", "#fff"), ("ink-2", "wash"), ("edge", "#fff"), ("#fff", "navy"), ("blue", "#fff"),
        ("#fff", "green"), ("ink", "amber"), ("orange", "#fff"), ("red", "#fff"), ("error-text", "#fff"), ("due", "#fff"),
        ("due", "cream"), ("brown", "cream"), ("#fff", "dead"), ("ink", "focus"),
    ],
)  # fmt: skip
def test_every_pair_is_readable(text, ground):
    assert contrast(TOKENS.get(text, text), TOKENS.get(ground, ground)) >= 4.5


def test_ratings_have_the_colours_of_the_scales():
    expected = {"red": "#b10e1e", "orange": "#b45309", "amber": "#ffb81c", "green": "#00703c", "blue": "#005eb8"}
    assert {name: TOKENS[name] for name in expected} == expected
    assert TOKENS["edge"] == "#4c6272"
    assert (TOKENS["ink"], TOKENS["navy"], TOKENS["blue"]) == (charts.INK, charts.NAVY, charts.BLUE)


def test_every_look_that_a_rule_gives_has_a_style():
    scales = {
        "a-tag": [*rules.GAPS.values(), *rules.DELIVERIES.values(), *rules.STATUSES.values(), *rules.DUES.values()],
        "a-stage__block": rules.STAGES.values(),
        "a-maturity__circle": rules.MATURITIES,
        "a-cpr": [mark for mark in rules.CPR_READINGS.values() if mark.colour != "outlined"],
    }
    for block, marks in scales.items():
        for mark in marks:
            assert f".{block}--{mark.colour}" in PARTS, f"{block}--{mark.colour}"
    for colour in rules.ALERTS.values():
        assert f".a-alert--{colour}" in PARTS


def test_nothing_on_screen_is_under_14_pixels_but_the_symbol_in_its_circle():
    small = re.findall(r"font-size: (0\.\d+)rem", PARTS + (STATIC / "ambit.css").read_text())
    assert [size for size in small if float(size) * 16 < 14] == ["0.8125"]


def test_no_style_sheet_asks_another_host_for_anything():
    for path in STATIC.rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?(https?:)?//", path.read_text()), path.name
