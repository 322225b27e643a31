"""Codes, postcodes and telephone numbers, case by case."""

from datetime import date

import pytest

from ambit.organisations.rules import (
    code_problem,
    dates_problem,
    postcode_problem,
    telephone_problem,
    tidy_code,
    tidy_postcode,
)


@pytest.mark.parametrize("code", ["QZZ", "ZZ01", "Z90001", "ZCH1", "ABCD1234"])
def test_codes_accepted(code):
    assert code_problem(code) is None


@pytest.mark.parametrize(
    ("code", "because"),
    [
        ("", "Enter"),
        ("QZ", "3 to 8"),
        ("ABCDE12345", "3 to 8"),
        ("Z9000-1", "letters A to Z"),
        ("Z９0001", "letters A to Z"),
        ("ÉCOLE1", "letters A to Z"),
    ],
)
def test_codes_refused_say_why(code, because):
    assert because in (code_problem(code) or "")


def test_codes_are_tidied():
    assert tidy_code(" z90 001 ") == "Z90001"


@pytest.mark.parametrize(
    ("typed", "stored"), [("qz14ab", "QZ1 4AB"), ("QZ1 4AB", "QZ1 4AB"), (" w1a 1aa", "W1A 1AA"), ("", "")]
)
def test_postcodes(typed, stored):
    assert tidy_postcode(typed) == stored
    assert postcode_problem(stored) is None


@pytest.mark.parametrize("wrong", ["QZ1", "12345", "QZ1 4A", "QQQ1 4AB"])
def test_postcodes_refused(wrong):
    assert "QZ1 4AB" in (postcode_problem(tidy_postcode(wrong)) or "")


@pytest.mark.parametrize("number", ["", "01632 960 123", "+44 (0)1632 960123", "01632 960123 ext 12", "111"])
def test_telephones(number):
    assert telephone_problem(number) is None


@pytest.mark.parametrize("number", ["ring the bell", "12", "01632 ９60 123", "0" * 31])
def test_telephones_refused(number):
    assert telephone_problem(number)


def test_nothing_closes_before_it_opens():
    assert dates_problem(date(2026, 4, 1), date(2026, 3, 31))
    assert dates_problem(date(2026, 4, 1), date(2026, 4, 1)) is None
    assert dates_problem(None, date(2026, 4, 1)) is None
