"""NHS, CHI and H&C numbers by the cases of the reference, properties, and another library as a cross-check."""

import nhs_number as other
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.people.rules import (
    HealthNumber,
    Issuer,
    NumberRefused,
    chi_number,
    health_number,
    hsc_number,
    nhs_number,
    spaced,
)
from ambit.people.rules.numbers import check_digit, issuer_of


@pytest.mark.parametrize("text", ["9434765919", "943 476 5919", "943-476-5919", " 943\u00a0476\u20115919\t"])
def test_accepted(text):
    assert nhs_number(text, demonstration=False) == HealthNumber("9434765919", Issuer.TEST)


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("", "Enter"),
        ("9434765918", "last digit"),
        ("123456788", "10 digits; this has 9"),
        ("94347659190", "10 digits; this has 11"),
        ("010190 1234", "last digit"),
        ("0000000000", "ten equal"),
        ("1111111111", "ten equal"),
        ("９４３４７６５９１９", "look-alike"),
        ("943476591９", "look-alike"),
        ("९४३४७६५९१९", "look-alike"),
        ("943476591²", "digits"),
        ("94347659l9", "digits only"),
        ("+943476591", "digits only"),
        ("5990128088", "never been given"),
        ("8000000008", "never been given"),
    ],
)
def test_refused_with_the_reason(text, because):
    number = health_number(text)
    assert isinstance(number, NumberRefused)
    assert because in number.reason


def test_a_check_digit_of_ten_is_refused():
    head = next(f"4{n:08}" for n in range(100) if check_digit(f"4{n:08}") == 10)
    assert all("nine digits" in health_number(head + last).reason for last in "0123456789")


@pytest.mark.parametrize(
    ("head", "issuer"),
    [
        ("400000000", Issuer.ENGLAND_WALES),
        ("499999999", Issuer.ENGLAND_WALES),
        ("600000000", Issuer.ENGLAND_WALES),
        ("799999999", Issuer.ENGLAND_WALES),
        ("320000000", Issuer.NORTHERN_IRELAND),
        ("399999999", Issuer.NORTHERN_IRELAND),
        ("010100000", Issuer.SCOTLAND),
        ("311299999", Issuer.SCOTLAND),
        ("999000000", Issuer.SYNTHETIC),
        ("999999999", Issuer.SYNTHETIC),
        ("998999999", Issuer.TEST),
        ("900000000", Issuer.TEST),
        ("009999999", Issuer.NOBODY),
        ("311300000", Issuer.NOBODY),
        ("319999999", Issuer.NOBODY),
        ("500000000", Issuer.NOBODY),
        ("899999999", Issuer.NOBODY),
    ],
)
def test_ranges_are_told_apart(head, issuer):
    assert issuer_of(head + "0") == issuer


def numbers_of(head, count=40):
    """Valid numbers that begin so."""
    width = 9 - len(head)
    for n in range(count):
        first = f"{head}{n:0{width}}"
        if check_digit(first) != 10:
            yield first + str(check_digit(first))


def test_each_kind_takes_its_own_range_only():
    chi, hc, english = next(numbers_of("010190")), next(numbers_of("320")), next(numbers_of("450", 7))
    assert chi_number(chi, demonstration=False).issuer is Issuer.SCOTLAND
    assert hsc_number(hc, demonstration=False).issuer is Issuer.NORTHERN_IRELAND
    assert "Enter it as CHI number" in nhs_number(chi, demonstration=False).reason
    assert "Enter it as H&C number" in nhs_number(hc, demonstration=False).reason
    assert "Enter it as NHS number" in chi_number(english, demonstration=False).reason


def test_a_chi_number_begins_with_a_day():
    assert all("day of birth" in health_number(number).reason for number in numbers_of("300290", 10))


def test_the_demonstration_takes_fictional_numbers_only():
    assert isinstance(nhs_number("999 717 0326", demonstration=True), HealthNumber)
    for real in (next(numbers_of("450")), "9434765919"):
        assert "fictional" in nhs_number(real, demonstration=True).reason
    assert "fictional" in chi_number(next(numbers_of("010190")), demonstration=True).reason


@given(st.text(alphabet=st.characters(), max_size=14))
def test_no_text_is_ever_more_than_refused(text):
    number = health_number(text)
    if isinstance(number, HealthNumber):
        assert number.value.isascii()
        assert len(number.value) == 10


@given(st.integers(0, 999_999_999).map(lambda n: f"{n:09}"), st.integers(0, 9))
def test_agrees_with_the_other_library_on_the_check_digit(head, last):
    text = f"{head}{last}"
    number = health_number(text)
    if isinstance(number, HealthNumber):
        assert other.is_valid(text)
    elif other.is_valid(text):
        assert any(words in number.reason for words in ("ten equal", "never been given", "day of birth"))


@given(st.integers(0, 999_999_999).map(lambda n: f"{n:09}"), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(head, place, by):
    if check_digit(head) == 10:
        return
    number = head + str(check_digit(head))
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert isinstance(health_number(wrong), NumberRefused)


def test_spaced():
    assert spaced("9997170326") == "999\u00a0717\u00a00326"
