"""A hidden count follows from no set of published tables: solved as a system, not by eye (hazard H21)."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from ambit.figures.rules.disclosure import HIDDEN_UP_TO, Sum, hidden, is_small, sums_of, told_by

WITHIN = {"P1": "S", "P2": "S"}


def tables(practices, ages):
    """Counts of two places in one system: by practice, and by age band in each place."""
    counts = {}
    whole = 0
    for place, some in practices.items():
        total = sum(some)
        whole += total
        counts[place, "", ""] = total
        counts["S", "place", place] = total
        for number, count in enumerate(some):
            counts[place, "practice", f"{place}{number}"] = count
            counts["S", "practice", f"{place}{number}"] = count
        left = total
        for band, share in enumerate(ages[place]):
            count = min(left, share) if band < len(ages[place]) - 1 else left
            left -= count
            counts[place, "age", str(band)] = count
            counts["S", "age", str(band)] = counts.get(("S", "age", str(band)), 0) + count
    counts["S", "", ""] = whole
    return counts


def ranges(counts, sums, closed):
    """The smallest and largest that each hidden count can be, when every shown count and every sum is known."""
    cells = sorted(closed)
    place = {cell: number for number, cell in enumerate(cells)}
    left, right = [], []
    for one in sums:
        row = [0.0] * len(cells)
        rest = 0.0
        for cell, sign in [*((part, 1) for part in one.parts), (one.total, -1)]:
            if cell in place:
                row[place[cell]] += sign
            else:
                rest -= sign * counts[cell]
        if any(row):
            left.append(row)
            right.append(rest)
    for cell in cells:
        aim = [0.0] * len(cells)
        aim[place[cell]] = 1
        low = linprog(aim, A_eq=left or None, b_eq=right or None, bounds=(0, None))
        high = linprog([-one for one in aim], A_eq=left or None, b_eq=right or None, bounds=(0, 10_000))
        yield cell, low.fun, -high.fun


counts_of_a_place = st.lists(st.integers(0, 60), min_size=1, max_size=5)
bands_of_a_place = st.lists(st.integers(0, 40), min_size=2, max_size=4)


@settings(max_examples=60)
@given(
    st.fixed_dictionaries({"P1": counts_of_a_place, "P2": counts_of_a_place}),
    st.fixed_dictionaries({"P1": bands_of_a_place, "P2": bands_of_a_place}),
)
def test_no_hidden_count_can_be_solved_for(practices, ages):
    counts = tables(practices, ages)
    sums = sums_of(counts, WITHIN)
    closed = hidden(counts, sums)
    assert {cell for cell, count in counts.items() if is_small(count)} <= closed
    assert not told_by(sums, set(closed))
    for cell, low, high in ranges(counts, sums, closed):
        assert high - low > 0.999, (cell, counts[cell], low, high)


def test_one_small_count_takes_a_second_with_it():
    counts = {("A", "", ""): 60, ("A", "sex", "f"): 40, ("A", "sex", "m"): 17, ("A", "sex", "x"): 3}
    assert hidden(counts, sums_of(counts, {})) == {("A", "sex", "x"), ("A", "sex", "m")}


def test_two_small_counts_that_tell_each_other_take_a_third():
    counts = {("A", "", ""): 50, ("A", "sex", "f"): 48, ("A", "sex", "m"): 1, ("A", "sex", "x"): 1}
    assert hidden(counts, sums_of(counts, {})) == {("A", "sex", sex) for sex in "fmx"}


def test_a_place_that_is_small_is_hidden_with_what_would_tell_it():
    counts = tables({"P1": [3], "P2": [20, 30]}, {"P1": [3, 0], "P2": [25, 25]})
    closed = hidden(counts, sums_of(counts, WITHIN))
    assert {("P1", "", ""), ("S", "place", "P1"), ("S", "place", "P2"), ("P2", "", "")} <= closed
    assert ("S", "", "") not in closed


def test_large_counts_and_nobody_are_shown():
    counts = {("A", "", ""): 60, ("A", "sex", "f"): 50, ("A", "sex", "m"): 10, ("A", "sex", "x"): 0}
    assert hidden(counts, sums_of(counts, {})) == frozenset()
    assert [is_small(count) for count in (0, 1, HIDDEN_UP_TO, HIDDEN_UP_TO + 1, None)] == [
        False, True, True, False, False,
    ]  # fmt: skip


def test_groups_that_do_not_add_up_are_no_sum():
    counts = {("A", "", ""): 60, ("A", "group", "one"): 50, ("A", "group", "other"): 40}
    assert sums_of(counts, {}) == []


@pytest.mark.parametrize(
    ("sums", "unknown", "told"),
    [
        # a ring of three pairs has one solution although no sum has a single unknown
        ([("t", "xy"), ("u", "yz"), ("v", "xz")], "xyz", "xyz"),
        ([("t", "xy"), ("u", "xy")], "xy", ""),
        ([("t", "xy"), ("x", "ab")], "xyab", ""),
        ([("t", "xy"), ("x", "ab")], "ab", ""),
        ([("t", "xy"), ("x", "ab")], "xab", "x"),
    ],
)
def test_what_elimination_finds(sums, unknown, told):
    def cell(name):
        return ("A", name, "")

    made = [Sum(cell(total), tuple(cell(part) for part in parts)) for total, parts in sums]
    assert told_by(made, {cell(name) for name in unknown}) == {cell(name) for name in told}
