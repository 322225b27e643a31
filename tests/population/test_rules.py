"""Days, NHS numbers and measurements as sources write them; windows as clinicians mean them."""

from datetime import date
from decimal import Decimal

import pytest

from ambit.population.rules import NotADay, days_of, in_millionths, in_ucum, nhs_number
from ambit.population.search.criteria import EVER, Age, Change, Codes, EncounterKind, Encounters, Latest, Window
from ambit.population.search.interpret import EncounterRow, EventRow, Record, answer
from ambit.population.search.words import in_words


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2020-02-29", date(2020, 2, 29), date(2020, 2, 29)),
        ("2020-02", date(2020, 2, 1), date(2020, 2, 29)),
        ("2020", date(2020, 1, 1), date(2020, 12, 31)),
        ("2020-02-29T23:59:59+14:00", date(2020, 2, 29), date(2020, 2, 29)),
    ],
)
def test_days_of(written, first, last):
    assert days_of(written) == (first, last)


@pytest.mark.parametrize(
    "written", ["2021-02-29", "2020-13-01", "2020-00", "0000", "20200101", "29/02/2020", "", "2020-1-1"]
)
def test_what_is_no_day(written):
    with pytest.raises(NotADay):
        days_of(written)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("999 717 0326", "9997170326"), ("999-717-0326", "9997170326"), ("9997170327", ""), ("1111111111", ""),
        ("９９９７１７０３２６", ""), ("999717032", ""), ("", ""),
    ],
)  # fmt: skip
def test_nhs_number(written, number):
    assert nhs_number(written) == number


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("54.0000005", 54_000_000),
        ("54.0000015", 54_000_002),
        ("-1.5", -1_500_000),
        ("1e9", None),
        ("NaN", None),
        ("1e6", 10**12),
    ],
)
def test_in_millionths(written, whole):
    assert in_millionths(Decimal(written)) == whole


def test_a_unit_nobody_listed_stays_as_written():
    assert in_ucum(Decimal(1), " mmol/L ") == (Decimal(1), "mmol/L", False)
    assert in_ucum(Decimal(1), "G/DL") == (Decimal(10), "g/L", True)


@pytest.mark.parametrize(
    ("window", "on", "opens"),
    [
        (Window(6, "months"), date(2026, 8, 31), date(2026, 2, 28)),
        (Window(6, "months"), date(2024, 8, 31), date(2024, 2, 29)),
        (Window(12, "months"), date(2024, 2, 29), date(2023, 2, 28)),
        (Window(1, "months"), date(2026, 1, 31), date(2025, 12, 31)),
        (Window(183, "days"), date(2026, 8, 31), date(2026, 3, 1)),
        (EVER, date(2026, 8, 31), None),
    ],
)
def test_a_window_opens(window, on, opens):
    assert window.opens(on) == opens


def row(day: date, value: int | None = None, unit: str = "kg") -> EventRow:
    return EventRow(frozenset({("w", "has")}), 1, "", "", "", "", day, None, value, unit, "", "", True)


def record(*rows: EventRow, born: date | None = date(1960, 2, 29), until: date | None = None, met=()) -> Record:
    return Record(
        born,
        until or born,
        min((r.day for r in rows), default=None),
        min((m.day for m in met), default=None),
        rows,
        met,
    )


@pytest.mark.parametrize(
    ("on", "expected"),
    [(date(2025, 2, 28), False), (date(2025, 3, 1), True), (date(2024, 2, 29), False), (date(2026, 1, 1), True)],
)
def test_born_on_a_leap_day_a_year_is_completed_on_1_march(on, expected):
    assert answer(Age(65), record(), on, {}).value is expected


def test_an_age_known_to_the_year_only_is_unknown_at_the_limit():
    vague = record(born=date(1960, 1, 1), until=date(1960, 12, 31))
    values = [answer(Age(65), vague, on, {}).value for on in (date(2024, 12, 31), date(2025, 6, 1), date(2025, 12, 31))]
    assert values == [False, None, True]


def test_exactly_a_tenth_does_not_depend_on_floating_point():
    fall = Change(Codes(("w",)), "kg", "fall", 1000, True, EVER, EVER)
    on = date(2026, 11, 3)
    for tenths in range(400, 1200):
        best = tenths * 100_000
        exactly = record(row(date(2026, 1, 1), best), row(date(2026, 2, 1), best * 9 // 10))
        less = record(row(date(2026, 1, 1), best), row(date(2026, 2, 1), best * 9 // 10 + 1))
        assert answer(fall, exactly, on, {}).value is True
        assert answer(fall, less, on, {}).value is False


def test_ties_on_the_latest_day_take_the_one_the_pack_says():
    rows = record(row(date(2026, 1, 1), 24), row(date(2026, 1, 1), 26), row(date(2025, 1, 1), 1))
    for ties, expected in (("lowest", True), ("highest", False)):
        assert (
            answer(Latest(Codes(("w",)), "kg", "below", 25, EVER, ties), rows, date(2026, 11, 3), {}).value is expected
        )


def test_two_on_one_day_are_two_records_and_one_day():
    day = date(2026, 11, 1)
    met = tuple(EncounterRow(n, "", "", "", "", day, "EMER", "unknown", True) for n in (1, 2))
    asked = {of: Encounters((EncounterKind(("EMER",)),), (), Window(6, "months"), 2, of) for of in ("records", "days")}
    values = {of: answer(c, record(met=met), date(2026, 11, 3), {}).value for of, c in asked.items()}
    assert values == {"records": True, "days": False}


def test_a_criterion_says_itself_in_words():
    asked = Encounters(
        (EncounterKind(("EMER",)), EncounterKind(("IMP",), ("emergency",))), (), Window(6, "months"), 2, "days"
    )
    assert in_words(asked, lists={}, says={}, on=date(2026, 11, 3)) == (
        "at least 2 days with emergency attendance or hospital stay (emergency) in the 6 months to 3 November 2026"
    )
    fall = Change(Codes(("w",)), "kg", "fall", 1000, True, Window(12, "months"), Window(6, "months"))
    assert in_words(fall, lists={"w": "body weight"}, says={}) == (
        "body weight: a fall of 10% or more from the highest value in the 12 months to the day of the search "
        "to the latest in the 6 months to the day of the search"
    )
