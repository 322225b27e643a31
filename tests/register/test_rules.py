"""Stages, reviews and the basis on which somebody is on the register."""

from datetime import date

import pytest

from ambit.register import rules

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("born", "basis"),
    [
        (date(1942, 8, 3), rules.ADULT),
        (date(2019, 4, 17), rules.CHILD),
        (date(2008, 11, 22), rules.CHILD),
        (date(2008, 11, 21), rules.ADULT),
        (None, rules.ADULT),
    ],
)
def test_children_join_for_life(born, basis):
    assert rules.basis_for(born, on=DAY) == basis


@pytest.mark.parametrize("stage", rules.STAGES)
def test_every_stage_has_a_review_within_three_months(stage):
    due = rules.review_due(stage, on=DAY)
    assert 0 < (due - DAY).days <= 92


def test_the_nearer_death_is_expected_the_sooner_the_review():
    days = [(rules.review_due(stage, on=DAY) - DAY).days for stage in ("days", "weeks", "months", "a_year_or_more")]
    assert days == sorted(days)


@pytest.mark.parametrize(
    ("stage", "review", "died", "fields"),
    [
        ("months", None, None, set()),
        ("red", None, None, {"stage"}),
        ("months", date(2026, 11, 20), None, {"review_due_on"}),
        ("months", None, date(2026, 11, 1), {""}),
    ],
)
def test_problems_of_joining(stage, review, died, fields):
    assert set(rules.problems_of_joining(stage=stage, on=DAY, review_due_on=review, died_on=died)) == fields
