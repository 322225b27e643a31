"""How indicators are counted, and that packs which say nonsense are refused with their line."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.measures import kind, registry
from ambit.measures.rules.columns import age_band, months_since, standard_age
from ambit.measures.rules.indicators import Condition, Formula, Indicator, compute, gap
from ambit.measures.rules.periods import Month, months_before
from ambit.packs.library import CHECKOUT, Library


def an_indicator(**formula):
    return Indicator(
        id="ind.test", name="Test", question="?", numerator="n", denominator="d", calculation="c", unit="percent",
        direction="higher", breakdowns=("sex", "practice"), source="register", serves=(), chart="xmr",
        formula=Formula(**({"table": "on_register", "value": "share", "per": 100} | formula)),
    )  # fmt: skip


ROWS = [
    {"sex": "female", "practice": "A", "good": True, "age": 80},
    {"sex": "female", "practice": "A", "good": False, "age": 70},
    {"sex": "male", "practice": "B", "good": True, "age": None},
    {"sex": None, "practice": "B", "good": None, "age": 60},
]
GOOD = (Condition("good", frozenset({"yes"})),)


def test_a_share_with_its_groups():
    found = compute(an_indicator(counted=GOOD), ROWS, standard={})
    assert (found.whole.numerator, found.whole.denominator, found.whole.value) == (2, 4, 50)
    assert found.whole.interval is not None
    assert found.whole.completeness == 1
    assert {group: figure.denominator for group, figure in found.groups["sex"].items()} == {
        "": 1,
        "female": 2,
        "male": 1,
    }
    assert found.groups["practice"]["B"].value == 50


def test_what_has_to_be_known_leaves_out_who_is_not_and_says_how_many():
    found = compute(an_indicator(counted=GOOD, known=("good",)), ROWS, standard={}).whole
    assert (found.numerator, found.denominator, found.completeness) == (2, 3, 0.75)


def test_nobody_gives_no_value():
    found = compute(an_indicator(among=(Condition("age", at_least=200),)), ROWS, standard={}).whole
    assert (found.numerator, found.denominator, found.value, found.interval) == (0, 0, None, None)


def test_who_is_left_out_is_in_neither():
    found = compute(an_indicator(counted=GOOD, left_out=(Condition("sex", frozenset({"male"})),)), ROWS, standard={})
    assert (found.whole.numerator, found.whole.denominator) == (1, 3)
    assert "male" not in found.groups["sex"]


@pytest.mark.parametrize(
    ("condition", "row", "holds"),
    [
        (Condition("x", frozenset({"yes"})), {"x": True}, True),
        (Condition("x", frozenset({"no"})), {"x": False}, True),
        (Condition("x", frozenset({"no"})), {"x": None}, False),
        (Condition("x", frozenset({"no"})), {}, False),
        (Condition("x", at_most=28), {"x": 28}, True),
        (Condition("x", at_most=28), {"x": 29}, False),
        (Condition("x", at_most=28), {"x": None}, False),
        (Condition("x", at_least=5), {"x": 5}, True),
        (Condition("x", at_least=5, at_most=6), {"x": 7}, False),
    ],
)
def test_conditions(condition, row, holds):
    assert condition.holds(row) is holds


def test_rows_stand_for_many():
    rows = [{"sex": "female", "good": True, "many": 300}, {"sex": "male", "good": False, "many": 700}]
    found = compute(an_indicator(counted=GOOD, per=100), rows, standard={}).whole
    assert (found.numerator, found.denominator, found.value) == (300, 1000, 30)


def test_a_rate_counts_events_of_people_who_are_not_in_its_denominator():
    rows = [{"there": True, "good": False, "many": 400}, {"there": False, "good": True, "many": 4}]
    found = compute(
        an_indicator(value="rate", among=(Condition("there", frozenset({"yes"})),), counted=GOOD, per=1000),
        rows,
        standard={},
    ).whole
    assert (found.numerator, found.denominator, found.value) == (4, 400, 10)


def test_a_gap_compares_recorded_groups_that_are_large_enough():
    rows = (
        [{"sex": "female", "practice": "A", "good": n < 9, "age": 1} for n in range(10)]
        + [{"sex": "male", "practice": "B", "good": n < 4, "age": 1} for n in range(10)]
        + [{"sex": "other", "practice": "C", "good": True, "age": 1} for n in range(9)]
        + [{"sex": None, "practice": "D", "good": False, "age": 1} for n in range(10)]
    )
    base = compute(an_indicator(counted=GOOD), rows, standard={})
    found = gap(an_indicator(value="gap", of_indicator="ind.test", smallest_group=10), base)
    sexes = found.groups["sex"]["sex"]
    assert (sexes.numerator, sexes.denominator, sexes.value) == (90, 40, 50)
    assert found.groups["practice"]["practice"].value == 90
    assert found.whole.value == 90


@given(
    st.lists(
        st.fixed_dictionaries({"sex": st.sampled_from(["f", "m", None]), "good": st.sampled_from([True, False, None])}),
        max_size=60,
    )
)
def test_groups_add_up_to_the_whole(rows):
    found = compute(an_indicator(counted=GOOD), rows, standard={})
    for groups in (found.groups["sex"], found.groups["practice"]):
        assert sum(figure.numerator for figure in groups.values()) == found.whole.numerator
        assert sum(figure.denominator or 0 for figure in groups.values()) == found.whole.denominator


@pytest.mark.parametrize(
    ("age", "band", "standard"),
    [(0, "0-17", "0-4"), (17, "0-17", "15-19"), (18, "18-44", "15-19"), (84, "75-84", "80-84"), (85, "85+", "85-89"),
     (90, "85+", "90+"), (104, "85+", "90+"), (None, None, None)],
)  # fmt: skip
def test_age_bands(age, band, standard):
    assert (age_band(age), standard_age(age)) == (band, standard)


def test_months():
    october = Month.read("2026-10")
    assert (str(october.first), str(october.last)) == ("2026-10-01", "2026-10-31")
    assert str(october.after(3)) == "2027-01"
    assert [str(month) for month in Month(2026, 11).until(Month(2027, 1))] == ["2026-11", "2026-12", "2027-01"]
    assert october.has_ended(Month(2026, 11).first)
    assert not october.has_ended(october.last)
    for wrong in ("2026-13", "2026", "October", "2026-1", "26-10"):
        with pytest.raises(ValueError, match="not a month"):
            Month.read(wrong)


def test_months_since():
    on = Month(2026, 10).last
    assert months_before(on, 1) == Month(2026, 9).last
    assert months_since(on, on=on) == 1
    assert months_since(Month(2026, 5).first, on=on) == 6
    assert months_since(Month(2026, 4).last, on=on) == 7


# --- the pack ---


def test_the_shipped_pack_has_every_indicator_and_names_what_is_not_collected():
    told = registry.indicators()
    collected = {one.id for one in told.indicators.values() if one.is_collected}
    assert len(told.indicators) == 55
    by_source = {
        one.id
        for one in told.indicators.values()
        if one.source in ("register", "careplan", "casefinding", "population")
    }
    assert by_source <= collected
    assert collected - by_source == {
        "ind.coord.named", "ind.death.hospital", "ind.prefs.place_achieved", "ind.prefs.reason_recorded",
    }  # fmt: skip
    assert len(told.success_measures) == 8
    assert all(set(one.not_broken_down) <= set(one.breakdowns) for one in told.indicators.values())


@pytest.fixture
def spoilt(tmp_path):
    """The shipped packs with one line of the indicators changed; answers the problems."""

    def change(file, old, new):
        root = tmp_path / "packs"
        if root.exists():
            shutil.rmtree(root)
        shutil.copytree(CHECKOUT / "codelists", root / "codelists")
        shutil.copytree(CHECKOUT / "indicators", root / "indicators")
        path = root / "indicators" / "ambit-indicators" / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))
        pack = Library({"shipped": root}).get(kind.KIND.name, registry.USED)
        assert pack is not None
        return [str(problem) for problem in pack.problems]

    return change


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("by-source/register.yaml", "of: deaths", "of: daeths", "Did you mean “deaths”?"),
        ("by-source/register.yaml", "column: was_expected", "column: was_expectd", "Did you mean “was_expected”?"),
        ("by-source/register.yaml", "id: ind.register.coverage", "id: ind.register.prevalence", "used twice"),
        ("by-source/register.yaml", "direction: neutral", "direction: sideways", "not known"),
        ("by-source/register.yaml", "value: median", "value: mode", "“mode” is not known"),
        ("by-source/casefinding.yaml", "at_most: review_within_days", "at_most: soon", "must be a number"),
        ("by-source/register.yaml", "is: ['yes']", "was: ['yes']", "was"),
        ("pack.yaml", "first: [ind.register.prevalence", "first: [ind.register.nothing", "There is no indicator"),
    ],
)
def test_a_wrong_line_is_refused_with_its_place(spoilt, file, old, new, words):
    problems = spoilt(file, old, new)
    assert any(words in problem and f"{file}, line " in problem for problem in problems), problems
