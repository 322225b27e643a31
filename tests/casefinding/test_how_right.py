"""The figures of a validation report: known answers, what always holds, and what may be told."""

import itertools
from math import sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from ambit.casefinding import may_tell
from ambit.casefinding.groups import BREAKDOWNS, groups_of
from ambit.casefinding.how_right import (
    LeadTime,
    Share,
    Table,
    calibrated,
    counted,
    found_among,
    is_in_order,
    lead_time,
    ratio,
)
from ambit.figures.rules.disclosure import HIDDEN_UP_TO, is_small
from ambit.figures.rules.intervals import of_median, of_quantile, quantile
from ambit.population.followed import NOT_FOUND, Followed

FOUND = (1, 2)


def some(people=1, *, found=NOT_FOUND, days=None, age=80, sex="female", ethnicity="A", fifth="1", condition="cancer"):
    return Followed("P1", age, sex, ethnicity, fifth, False, condition, (found,), days, people)


def test_a_perfect_search_and_useless_ones_have_known_answers():
    dead, alive = some(20, days=90), some(80)
    perfect = counted([some(20, found=FOUND, days=90), alive], 0).whole
    assert (perfect.tp, perfect.fp, perfect.fn, perfect.tn) == (20, 0, 0, 80)
    assert [perfect.shares[name].value for name in ("sensitivity", "specificity", "ppv", "npv")] == [1, 1, 1, 1]
    everybody = counted([some(20, found=FOUND, days=90), some(80, found=FOUND)], 0).whole
    assert everybody.shares["sensitivity"].value == 1
    assert everybody.shares["specificity"].value == 0
    assert everybody.shares["ppv"].value == 0.2
    assert everybody.shares["npv"].value is None
    nobody = counted([dead, alive], 0)
    assert nobody.whole.shares["sensitivity"].value == 0
    assert nobody.whole.shares["ppv"].value is None
    assert nobody.capacity == [(0, 0)]


@pytest.mark.parametrize(
    ("table", "percent"),
    [  # counts rebuilt from NECPAL's published rates (Gomez-Batiste 2016): surprise question, then the tool
        (Table(373, 464, 35, 187), {"sensitivity": 91.4, "specificity": 28.7, "ppv": 44.6, "npv": 84.2}),
        (Table(357, 423, 51, 228), {"sensitivity": 87.5, "specificity": 35.0, "ppv": 45.8, "npv": 81.7}),
    ],
)
def test_published_counts_give_published_figures(table, percent):
    assert {name: round(table.shares[name].value * 100, 1) for name in percent} == percent


def test_intervals_are_wilsons():
    """Against the formula written out (Wilson 1927)."""
    for count, of in ((0, 10), (3, 10), (11, 69), (2823, 2896)):
        z, p = 1.959963984540054, count / of
        middle, reach = (
            (p + z * z / (2 * of)) / (1 + z * z / of),
            z * sqrt(p * (1 - p) / of + z * z / (4 * of * of)) / (1 + z * z / of),
        )
        interval = Share(count, of).interval
        assert (interval.lower, interval.upper) == pytest.approx((middle - reach, middle + reach), abs=1e-9)
    assert Share(0, 0).interval is None


GROUPS = st.builds(
    Followed,
    st.just("P1"), st.one_of(st.none(), st.integers(0, 105)), st.sampled_from(["female", "male", "", "other"]),
    st.sampled_from(["A", "N", "", "Z"]), st.sampled_from(["1", "5", ""]), st.booleans(),
    st.sampled_from(["cancer", "organ_failure", ""]),
    st.tuples(st.sampled_from([NOT_FOUND, (1, 1), (2, 3)]), st.sampled_from([NOT_FOUND, (1, 4)])),
    st.one_of(st.none(), st.integers(1, 365)), st.integers(1, 40),
)  # fmt: skip


@given(st.lists(GROUPS, max_size=30), st.sampled_from([0, 1, None]))
@settings(deadline=None)
def test_groups_add_up_to_everybody_and_shares_are_shares(rows, pack):
    result = counted(rows, pack)
    whole = result.whole
    assert whole.people == sum(row.people for row in rows)
    for breakdown in BREAKDOWNS:
        tables = result.groups[breakdown].values()
        for cell in ("tp", "fp", "fn", "tn"):
            assert sum(getattr(table, cell) for table in tables) == getattr(whole, cell)
    for one in whole.shares.values():
        if one.value is not None:
            assert 0 <= one.interval.lower <= one.value + 1e-12
            assert one.value - 1e-12 <= one.interval.upper <= 1
    points = result.capacity
    assert points[-1] == (whole.found, whole.tp)
    assert points == sorted(points)
    assert found_among(points, whole.found) == whole.tp


@given(st.lists(GROUPS, max_size=30))
@settings(deadline=None)
def test_any_search_finds_at_least_what_each_finds(rows):
    both = counted(rows).whole
    for pack in (0, 1):
        one = counted(rows, pack).whole
        assert both.tp >= one.tp
        assert both.found >= one.found
        assert both.died == one.died


def test_every_group_is_one_that_is_shown():
    for row in (
        some(age=None, sex="", ethnicity="", fifth="", condition=""),
        some(ethnicity="Z", sex="unknown", age=-1),
    ):
        for breakdown, group in groups_of(row).items():
            assert group in BREAKDOWNS[breakdown][1]


def test_calibration_goes_by_finding():
    rows = [
        some(10, found=(2, 1), days=3),
        some(10, found=(2, 1)),
        some(1, found=(1, 1), days=9),
        some(9, found=(1, 1)),
        some(100),
    ]
    told = calibrated(rows, 0, ["strong", "weak"])
    assert [(one.tier, one.died.count, one.died.of) for one in told] == [
        ("strong", 10, 20),
        ("weak", 1, 10),
        ("", 0, 100),
    ]
    assert is_in_order(told) is True
    assert (
        is_in_order(calibrated([some(9, found=(1, 1), days=3), some(9, found=(2, 1))], 0, ["strong", "weak"])) is False
    )
    assert is_in_order(calibrated([some(9)], 0, ["strong"])) is None


def test_reviewing_half_of_equals_finds_half_of_them():
    assert found_among([(0, 0), (10, 4), (30, 6)], 5) == 2
    assert found_among([(0, 0), (10, 4), (30, 6)], 20) == 5
    assert found_among([(0, 0), (10, 4), (30, 6)], 99) == 6


def test_lead_time_counts_those_never_found():
    told = lead_time([(400, None), (100, 31), (None, None), (31, 721)], 0)
    assert told == LeadTime(4, (31, 100, 400))
    assert (told.at_least(90).count, told.at_least(365).count, told.ever.of) == (2, 1, 4)
    assert told.quantile(0.5) == (100, None)
    assert lead_time([(400, None), (31, 721)]).days == (400, 721)
    assert LeadTime(3, ()).quantile(0.5) is None


@given(st.integers(1, 300), st.sampled_from([0.25, 0.5, 0.75]))
@settings(deadline=None)
def test_the_interval_of_a_quantile_covers_as_promised(many, share):
    """By its ranks: the chance that they hold the quantile between them is at least 95%, and one rank narrower is not."""
    interval = of_quantile(range(many), share)
    if interval is None:
        return
    low, high = int(interval.lower), int(interval.upper)
    assert binom.cdf(high, many, share) - binom.cdf(low, many, share) >= 0.95 - 1e-12
    assert binom.cdf(low + 1, many, share) > 0.025
    if share == 0.5:
        assert interval == of_median(range(many))


def test_quantiles():
    assert [quantile([1, 2, 3, 4], share) for share in (0, 0.25, 0.5, 1)] == [1, 1.75, 2.5, 4]


def test_a_rate_ratio():
    value, interval = ratio(20, 100, 100, 1000)
    assert value == pytest.approx(2)
    assert interval.lower < 2 < interval.upper
    assert ratio(0, 100, 100, 1000) is None


ROWS = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.tuples(*[st.integers(0, 30)] * 4), max_size=9)


@given(ROWS)
@settings(deadline=None)
def test_what_is_hidden_is_never_one_alone_and_never_few_together(rows):
    shut = may_tell.hidden_rows(rows)
    for name, counts in rows.items():
        if any(map(is_small, counts)):
            assert name in shut
    if shut and set(shut) != set(rows):
        assert sum(any(rows[name]) for name in shut) > 1
        assert not any(is_small(sum(rows[name][place] for name in shut)) for place in range(4))


def test_nothing_is_hidden_where_nothing_is_small():
    assert may_tell.hidden_rows({"a": (8, 9, 0, 100), "b": (0, 0, 0, 20)}) == []
    assert may_tell.hidden_rows({}) == []


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), max_size=12))
def test_a_curve_that_is_told_has_no_small_step(steps):
    points = [(0, 0)]
    for died, lived in steps:
        points.append((points[-1][0] + died + lived, points[-1][1] + died))
    told = may_tell.coarser(points)
    if len(told) > 1:
        assert told[-1] == points[-1]
        for (before, died_before), (after, died) in itertools.pairwise(told):
            assert died - died_before > HIDDEN_UP_TO
            assert (after - before) - (died - died_before) > HIDDEN_UP_TO


def test_all_together_is_hidden_where_taking_one_away_would_tell():
    def result(cells):
        return {"cells": dict(zip(may_tell.CELLS, cells, strict=True)), "groups": {}}

    one = result((20, 50, 30, 900))
    assert may_tell.hidden_of(result((23, 60, 27, 890)), [one])["everything"] is True
    assert may_tell.hidden_of(result((30, 60, 20, 890)), [one])["everything"] is False
    assert may_tell.hidden_of(result((3, 60, 27, 890)))["everything"] is True


def test_shares_of_lead_time_are_told_only_when_no_step_is_small():
    assert may_tell.lead_may_be_told(100, 60, {90: 40, 182: 20, 365: 10}) == (True, {365: True, 182: True, 90: True})
    _tells_ever, tells = may_tell.lead_may_be_told(100, 60, {90: 40, 182: 12, 365: 10})
    assert tells[182] is False
    assert not may_tell.lead_may_be_told(100, 3, {90: 2, 182: 1, 365: 0})[0]


@pytest.mark.parametrize("deaths", [1, 4, 7])
def test_of_few_deaths_no_share_is_told_for_its_interval_would_tell_how_many(deaths):
    for ever in (0, deaths):
        tells_ever, tells = may_tell.lead_may_be_told(deaths, ever, {90: 0, 182: 0, 365: 0})
        assert (tells_ever, set(tells.values())) == (False, {False})
