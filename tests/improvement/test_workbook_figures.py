"""Figures in a workbook are those that may be seen outside their owners."""

import pytest

from ambit.improvement.queries.figures import FigureShown
from ambit.improvement.workbook.answers import figure_words
from ambit.measures.queries import Shown


@pytest.mark.parametrize(
    ("hides", "numerator", "says"),
    [("", 30.0, "With a plan: 60 in 100 (30 of 50)"), ("both", None, "With a plan: hidden (hidden)")],
)
def test_a_small_number_is_hidden_in_a_workbook_too(hides, numerator, says):
    shown = Shown(
        numerator=numerator, denominator=None if hides else 50.0, value=None if hides else 60.0, lower=None, upper=None,
        completeness=None, hides=hides,
    )  # fmt: skip
    figure = FigureShown(
        indicator="ind.x", name="With a plan", question="Who has one?", value_kind="share", direction="higher", is_collected=True,
        month="2026-10", shown=shown,
    )  # fmt: skip
    assert figure_words(figure) == says
