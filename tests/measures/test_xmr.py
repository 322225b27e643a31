"""Control charts: the cases of the NHS's own package (NHSRplotthedots, MIT), edge cases, and what chance alone does."""

from random import Random

import pytest

from ambit.measures.rules.xmr import (
    Assurance,
    Change,
    Limits,
    Signal,
    assurance,
    chart,
    limits_of,
    signals_of,
)

WIDE = Limits(0, -100, 100)


def kinds(values, limits=WIDE):
    return [found[0].value if found else "" for found in signals_of(values, limits)]


def ways(values, limits=WIDE):
    return [found[1] if found else 0 for found in signals_of(values, limits)]


@pytest.mark.parametrize(
    ("values", "part"),
    [
        ([], []),
        ([1] * 6, [0] * 6),
        ([1] * 6 + [-1], [0] * 7),
        ([1] * 8 + [-1], [1] * 8 + [0]),
        ([-1] * 8 + [1], [-1] * 8 + [0]),
        ([-1] + [1] * 8 + [-1], [0] + [1] * 8 + [0]),
        ([1] * 3 + [0] + [1] * 4, [0] * 8),  # a value on the mean is on no side
    ],
)
def test_seven_on_one_side_of_the_mean(values, part):
    assert ways(values) == part


@pytest.mark.parametrize(
    ("values", "part"),
    [
        (list(range(1, 7)), [0] * 6),
        ([-3, -2, -1, -1, 1, 2, 3], [0] * 7),
        (list(range(-3, 4)), [1] * 7),
        ([2, *range(-3, 4), 3], [0] + [1] * 7 + [0]),
        (list(range(3, -4, -1)), [-1] * 7),
        ([-2, *range(3, -4, -1), -3], [0] + [-1] * 7 + [0]),
    ],
)
def test_seven_rising_or_falling(values, part):
    assert ways(values) == part
    assert all(kind in ("", "trend") for kind in kinds(values))


@pytest.mark.parametrize(
    ("far", "part"),
    [
        ([0, 0, 0], [0, 0, 0]),
        ([1, 0, 1], [1, 0, 1]),
        ([0, 1, 1], [0, 1, 1]),
        ([1, 1, 0], [1, 1, 0]),
        ([0, 0, 1, 0, 1, 0, 0], [0, 0, 1, 0, 1, 0, 0]),
        ([1, 0, 0, 1], [0, 0, 0, 0]),
        ([1, 0, 0, 1, 1], [0, 0, 0, 1, 1]),
    ],
)
def test_two_of_three_in_the_outer_third(far, part):
    # on one side of the mean, but seven in a row are left out by a value on the other
    values = [80 if one else 10 for one in far]
    assert [kind == "near_limit" for kind in kinds(values)][: len(far)] == [bool(one) for one in part]


def test_two_of_three_are_on_the_same_side():
    assert kinds([80, -10, 80]) == ["", "", ""]
    assert kinds([-80, -80, -10]) == ["near_limit", "near_limit", ""]


def test_a_point_outside_comes_before_every_other_rule():
    found = signals_of([50, 60, 70, 80, 90, 99, 101], WIDE)
    assert found[-1] == (Signal.OUTSIDE, 1)
    assert found[0] == (Signal.TREND, 1)
    assert kinds([101, 10, 10])[0] == "outside"
    assert kinds([100, 10, 0]) == ["", "", ""]  # on the limit is inside it


def test_limits_are_the_mean_and_2_66_mean_moving_ranges():
    limits = limits_of([10, 12, 11, 13])
    assert limits.mean == 11.5
    assert limits.upper == pytest.approx(11.5 + 2.66 * 5 / 3)
    assert limits.lower == pytest.approx(11.5 - 2.66 * 5 / 3)


def test_a_wild_moving_range_is_screened_where_asked():
    values = [10, 11, 10, 11, 10, 11, 10, 60, 10, 11, 10, 11]
    assert limits_of(values, screened=True).reach < limits_of(values).reach


def test_there_are_no_limits_below_twelve_values():
    assert chart([5.0] * 11, better="higher").limits is None
    assert all(point.signal is None for point in chart([5.0] * 11, better="higher").points)


def test_the_baseline_is_fixed_whatever_comes_after():
    early = [50, 52, 49, 51, 50, 53, 48, 50, 51, 49, 52, 50]
    before = chart(early, better="higher").limits
    after = chart([*early, 80, 82, 84, 79, 81, 85], better="higher")
    assert after.limits == before
    assert [point.signal for point in after.points[-6:]] == [Signal.OUTSIDE] * 6


def test_a_constant_series_has_no_signal_until_it_moves():
    assert not any(point.signal for point in chart([7.0] * 15, better="lower").points)
    moved = chart([7.0] * 12 + [7.1], better="lower")
    assert moved.points[-1].signal is Signal.OUTSIDE
    assert moved.points[-1].change is Change.CONCERN


def test_months_without_a_value_are_gaps_and_break_no_rule():
    values = [50, None, 52, 49, 51, None, 50, 53, 48, 50, 51, 49, 52, 50, 90]
    found = chart(values, better="higher")
    assert found.limits is not None
    assert found.points[1].value is None
    assert found.points[1].signal is None
    assert found.points[-1].change is Change.IMPROVEMENT


@pytest.mark.parametrize(
    ("better", "change"),
    [("higher", Change.IMPROVEMENT), ("lower", Change.CONCERN), ("neutral", Change.NEITHER)],
)
def test_what_a_signal_means_depends_on_which_way_is_better(better, change):
    found = chart([50, 52, 49, 51, 50, 53, 48, 50, 51, 49, 52, 50, 90], better=better)
    assert found.points[-1].change is change


@pytest.mark.parametrize(
    ("target", "better", "expected"),
    [
        (30, "higher", Assurance.PASSES),
        (70, "higher", Assurance.FAILS),
        (50, "higher", Assurance.HIT_AND_MISS),
        (30, "lower", Assurance.FAILS),
        (70, "lower", Assurance.PASSES),
        (None, "higher", None),
        (30, "neutral", None),
    ],
)
def test_assurance(target, better, expected):
    assert assurance(Limits(50, 40, 60), target, better=better) is expected


def test_a_later_baseline_begins_where_it_was_decided():
    values = [20.0, 22, 21] * 4 + [50.0, 52, 49, 51, 50, 53, 48, 50, 51, 49, 52, 50]
    assert chart(values, better="higher", since=12).limits == limits_of(values[12:])


def test_chance_alone_gives_a_signal_in_about_one_chart_of_two_years_in_seven():
    """The reference says 15.1 in 100 with limits from all 24 points (4,000 runs)."""
    dice = Random(7)
    signals = sum(
        any(point.signal for point in chart([dice.gauss(0, 1) for _ in range(24)], better="higher", baseline=24).points)
        for _ in range(1500)
    )
    assert 0.11 < signals / 1500 < 0.19
