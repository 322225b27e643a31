"""Each value gives its one symbol, word and colour."""

from datetime import date

import pytest

from ambit.design import rules

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("value", "words", "colour"),
    [
        ("days", "Days", "red"),
        ("weeks", "Weeks", "amber"),
        ("months", "Months", "green"),
        ("a_year_or_more", "A year or more", "blue"),
        ("", "Not staged", "hollow"),
    ],
)
def test_stage_is_a_block_and_a_word(value, words, colour):
    assert rules.stage(value) == rules.Mark("", words, colour)


@pytest.mark.parametrize(
    ("value", "symbol", "words", "colour"),
    [
        ("red", "◆", "Red: no plan", "red"),
        ("amber", "▲", "Amber: plan", "amber"),
        ("green", "●", "Green: no gap", "green"),
        ("unrated", "–", "Unrated", "grey"),
        ("unknown", "?", "Unknown", "white"),
    ],
)
def test_gap(value, symbol, words, colour):
    assert rules.gap(value) == rules.Mark(symbol, words, colour)


@pytest.mark.parametrize(
    ("value", "symbol", "words", "colour"),
    [
        ("complete", "■", "Complete", "blue"),
        ("on_track", "●", "On track", "green"),
        ("at_risk", "▲", "At risk", "amber"),
        ("off_track", "◆", "Off track", "red"),
        ("not_due", "–", "Not due", "grey"),
    ],
)
def test_delivery(value, symbol, words, colour):
    assert rules.delivery(value) == rules.Mark(symbol, words, colour)


def test_maturity_climbs_in_quarters_with_a_colour_each():
    assert [rules.maturity(level).colour for level in range(5)] == ["red", "orange", "amber", "green", "blue"]
    assert [rules.maturity(level).symbol for level in range(5)] == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize(
    ("reading", "frame", "is_decision"),
    [
        ("do_not_attempt", "filled", True),
        ("attempt", "outlined", True),
        ("modified", "bar", True),
        ("not_decided", "dashed", False),
        ("not_recorded", "dashed", False),
    ],
)
def test_five_cpr_readings_have_four_frames_and_five_wordings(reading, frame, is_decision):
    assert rules.cpr(reading).colour == frame
    assert rules.is_cpr_decision(reading) is is_decision
    assert len({mark.words for mark in rules.CPR_READINGS.values()}) == 5


def test_every_rating_has_a_word_and_no_two_on_a_scale_look_alike():
    for scale in (rules.GAPS, rules.DELIVERIES, rules.TREATMENT_ANSWERS):
        assert all(mark.words for mark in scale.values())
        assert len({mark.symbol for mark in scale.values()}) == len(scale)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: rules.stage("soon"),
        lambda: rules.gap("blue"),
        lambda: rules.delivery("red"),
        lambda: rules.maturity(5),
        lambda: rules.maturity(-1),
        lambda: rules.legal_force("maybe"),
        lambda: rules.cpr(""),
        lambda: rules.missing(""),
        lambda: rules.alert("green"),
        lambda: rules.due("late", "x"),
        lambda: rules.verdict("maybe", "x"),
        lambda: rules.status(""),
        lambda: rules.treatment_answer(""),
    ],
)
def test_a_value_that_is_not_on_the_scale_is_never_shown_as_a_blank(wrong):
    with pytest.raises(rules.UnknownValue):
        wrong()


@pytest.mark.parametrize(
    ("known_on", "state", "days"),
    [
        (date(2026, 11, 21), "plain", 0),
        (date(2026, 8, 23), "plain", 90),
        (date(2026, 8, 22), "review_due", 91),
        (date(2026, 5, 25), "review_due", 180),
        (date(2026, 5, 24), "ask_again", 181),
    ],
)
def test_freshness_counts_days_and_says_what_to_do(known_on, state, days):
    fresh = rules.freshness(known_on, today=DAY)
    assert (fresh.state, fresh.days) == (state, days)


def test_limits_of_freshness_belong_to_the_kind_of_fact():
    assert rules.freshness(date(2026, 11, 10), today=DAY, review_after=7, ask_again_after=30).state == "review_due"


def test_a_fact_from_the_future_is_refused():
    with pytest.raises(ValueError, match="future"):
        rules.freshness(date(2026, 11, 22), today=DAY)


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(1943, 3, 14), date(2026, 3, 13), 82),
        (date(1943, 3, 14), date(2026, 3, 14), 83),
        (date(2024, 2, 29), date(2025, 2, 28), 0),
        (date(2024, 2, 29), date(2025, 3, 1), 1),
    ],
)
def test_age_is_in_whole_years(born, day, years):
    assert rules.age_on(born, day) == years


def test_numbers_are_grouped_and_never_break_over_lines():
    assert rules.spaced_number("9997170326") == "999\xa0717\xa00326"
    assert rules.spaced_number("12345") == "12345"


def test_chips_stand_in_the_order_of_danger():
    banner = rules.Banner(
        family_name="Ashworth",
        chips=tuple(rules.Chip(kind=kind, words="x") for kind in reversed(rules.CHIPS)),
    )
    assert [chip.kind for chip, _label, _look in banner.chips_in_order()] == list(rules.CHIPS)


def test_a_cpr_chip_has_the_frame_of_its_reading_and_none_looks_like_a_decision_by_default():
    looks = {reading: rules.Chip(kind="cpr", words="x", reading=reading).look for reading in rules.CPR_READINGS}
    assert looks == {
        "do_not_attempt": "cpr-filled",
        "attempt": "cpr-outlined",
        "modified": "cpr-bar",
        "not_decided": "cpr-dashed",
        "not_recorded": "cpr-dashed",
    }
    assert rules.Chip(kind="cpr", words="x").look == "cpr-dashed"
