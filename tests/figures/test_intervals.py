"""Intervals against published values, and what has to be true of every interval."""

import csv
import os
from math import isclose
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.figures.rules import intervals
from ambit.figures.rules.intervals import Band

OUTSIDE = Path(os.environ.get("AMBIT_TEST_DATA", Path(__file__).resolve().parents[3] / "shared" / "data"))
REFERENCE = OUTSIDE / "reference-statistics"


def reference(name):
    path = REFERENCE / name
    if not path.exists():
        pytest.skip(f"{path} is not here; AMBIT_TEST_DATA names the folder.")
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_wilson_is_the_reference():
    for row in reference("wilson_proportion_reference.csv"):
        found = intervals.wilson(int(row["num"]), int(row["den"]))
        assert found.lower == pytest.approx(float(row["lower_95_ci"]), abs=1e-6)
        assert found.upper == pytest.approx(float(row["upper_95_ci"]), abs=1e-6)


def test_byar_is_the_reference():
    for row in reference("byars_rate_reference.csv"):
        found = intervals.poisson(int(row["num"])).times(100_000 / int(row["den"]))
        assert found.lower == pytest.approx(float(row["lower_95_ci"]), abs=1e-6)
        assert found.upper == pytest.approx(float(row["upper_95_ci"]), abs=1e-6)


def test_dobson_is_the_reference():
    bands = [Band(int(r["events"]), int(r["pop"]), int(r["esp"])) for r in reference("dsr_input.csv")]
    (row,) = reference("dsr_dobson_reference.csv")
    found = intervals.standardised(bands)
    assert found is not None
    rate, limits = found
    assert rate * 100_000 == pytest.approx(float(row["Value"]), abs=1e-6)
    assert limits.lower * 100_000 == pytest.approx(float(row["lower_95_ci"]), abs=1e-6)
    assert limits.upper * 100_000 == pytest.approx(float(row["upper_95_ci"]), abs=1e-6)


@pytest.mark.parametrize(
    ("count", "lower", "upper"),
    # exact Poisson limits as printed in Garwood's tables
    [(0, 0.0, 3.6889), (1, 0.0253, 5.5716), (5, 1.6235, 11.6683), (9, 4.1154, 17.0848)],
)
def test_few_events_have_exact_limits(count, lower, upper):
    found = intervals.poisson(count)
    assert found.lower == pytest.approx(lower, abs=1e-4)
    assert found.upper == pytest.approx(upper, abs=1e-4)


def test_nothing_is_standardised_below_ten_events_or_without_people():
    assert intervals.standardised([Band(9, 1000, 5000)]) is None
    assert intervals.standardised([Band(20, 0, 5000)]) is None


def test_a_share_of_nobody_is_refused():
    with pytest.raises(ValueError, match="no share"):
        intervals.wilson(0, 0)


@pytest.mark.parametrize(("values", "middle"), [([3], 3), ([1, 9], 5), ([5, 1, 9], 5), ([4, 1, 9, 6], 5)])
def test_the_middle(values, middle):
    assert intervals.median(values) == middle


def test_the_interval_of_a_median_needs_six_and_follows_the_binomial():
    assert intervals.of_median([1, 2, 3, 4, 5]) is None
    six = intervals.of_median([1, 2, 3, 4, 5, 6])
    assert six is not None
    assert (six.lower, six.upper) == (1, 6)  # covers 1 - 2/64
    ten = intervals.of_median(list(range(1, 11)))
    assert ten is not None
    assert (ten.lower, ten.upper) == (2, 9)


@given(st.integers(1, 2000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_lies_in_its_interval(pair):
    count, of = pair
    found = intervals.wilson(count, of)
    share = count / of
    assert -1e-9 <= found.lower <= share + 1e-9
    assert share - 1e-9 <= found.upper <= 1 + 1e-9


@given(st.integers(0, 5000))
def test_a_count_lies_in_its_interval(count):
    found = intervals.poisson(count)
    assert 0 <= found.lower <= count < found.upper or isclose(found.lower, count)
