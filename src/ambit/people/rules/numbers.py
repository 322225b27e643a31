"""NHS, CHI and H&C numbers: how they are written, checked, and told apart.

Source: NHS Data Dictionary (NHS number, mod 11); ranges as collated by the `nhs-number` package, which the tests
cross-check and which itself accepts repeated digits, full-width digits and Scottish numbers.
"""

from dataclasses import dataclass
from datetime import date
from enum import Enum

# spaces (also those that cannot break) and dashes, as people write and paste them
SEPARATORS = dict.fromkeys(map(ord, " \t\u00a0\u2009\u202f-\u2010\u2011\u2012\u2013\u2014\u2212"))


class Issuer(Enum):
    """Who issues numbers of this range."""

    ENGLAND_WALES = "England, Wales and the Isle of Man"
    SCOTLAND = "Scotland (CHI number)"
    NORTHERN_IRELAND = "Northern Ireland (H&C number)"
    SYNTHETIC = "nobody: it is fictional"
    TEST = "nobody: it is kept for examples and tests"
    NOBODY = "nobody: the range is not in use"


# kind as stored, whose range it is, and what people call it
KINDS = {
    "nhs": (frozenset({Issuer.ENGLAND_WALES, Issuer.SYNTHETIC, Issuer.TEST}), "NHS number"),
    "chi": (frozenset({Issuer.SCOTLAND}), "CHI number"),
    "hc": (frozenset({Issuer.NORTHERN_IRELAND}), "H&C number"),
}


@dataclass(frozen=True, slots=True)
class HealthNumber:
    """A number that passed every rule: ten digits, and who issues it."""

    value: str
    issuer: Issuer


@dataclass(frozen=True, slots=True)
class NumberRefused:
    """Why a number is refused, and what to do."""

    reason: str


def check_digit(first_nine: str) -> int:
    """The mod-11 check digit of nine digits; 10 means that no number may begin so."""
    rest = sum(int(digit) * weight for digit, weight in zip(first_nine, range(10, 1, -1), strict=True)) % 11
    return (11 - rest) % 11


def issuer_of(digits: str) -> Issuer:
    """Whose range ten digits lie in."""
    head = int(digits[:3])
    if head == 999:
        return Issuer.SYNTHETIC
    if 900 <= head < 999:
        return Issuer.TEST
    if 400 <= head < 500 or 600 <= head < 800:
        return Issuer.ENGLAND_WALES
    if 320 <= head < 400:
        return Issuer.NORTHERN_IRELAND
    if head >= 10 and int(digits[:4]) <= 3112:
        return Issuer.SCOTLAND
    return Issuer.NOBODY


def health_number(text: str) -> HealthNumber | NumberRefused:
    """Ten digits with spaces and dashes removed, refused with the reason when no health number can be so."""
    digits = text.strip().translate(SEPARATORS)
    if not digits:
        return NumberRefused("Enter the number.")
    if not digits.isascii() and any(c.isdigit() and not c.isascii() for c in digits):
        return NumberRefused("Type the digits 0 to 9: some of these are look-alike characters.")
    if not (digits.isascii() and digits.isdigit()):
        return NumberRefused("Use digits only, with or without spaces, like 999 123 4560.")
    if len(digits) != 10:
        return NumberRefused(f"The number has 10 digits; this has {len(digits)}.")
    if len(set(digits)) == 1:
        return NumberRefused("No number has ten equal digits. Check it, or say why there is none.")
    expected = check_digit(digits[:9])
    if expected == 10:
        return NumberRefused("No number begins with these nine digits. Check them with the person or the letter.")
    if expected != int(digits[9]):
        return NumberRefused("The last digit does not fit the others. Check each digit.")
    issuer = issuer_of(digits)
    if issuer is Issuer.SCOTLAND and not _begins_with_a_day(digits):
        return NumberRefused("A CHI number begins with the day of birth (DDMMYY); this does not. Check it.")
    if issuer is Issuer.NOBODY:
        return NumberRefused("Numbers of this range have never been given to anybody. Check each digit.")
    return HealthNumber(digits, issuer)


def _begins_with_a_day(digits: str) -> bool:
    day, month, year = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    try:
        # 2000 and 1900 differ in 29 February; the century is not known
        date(2000 + year, month, day)
    except ValueError:
        return False
    return True


def number_of_kind(kind: str, text: str, *, demonstration: bool) -> HealthNumber | NumberRefused:
    """A number typed as NHS, CHI or H&C number: of that range, and fictional where the place is fictional."""
    number = health_number(text)
    if isinstance(number, NumberRefused):
        return number
    issuers, name = KINDS[kind]
    if number.issuer not in issuers:
        right = next(words for allowed, words in KINDS.values() if number.issuer in allowed)
        return NumberRefused(f"This has the form of another number. Enter it as {right}, not as {name}.")
    if demonstration and number.issuer is not Issuer.SYNTHETIC:
        return NumberRefused(
            "This place is fictional and takes fictional numbers only: those that begin 999. "
            "Never enter somebody’s own number here."
        )
    return number


def nhs_number(text: str, *, demonstration: bool) -> HealthNumber | NumberRefused:
    """An NHS number of England, Wales or the Isle of Man."""
    return number_of_kind("nhs", text, demonstration=demonstration)


def chi_number(text: str, *, demonstration: bool) -> HealthNumber | NumberRefused:
    """A Community Health Index number of Scotland."""
    return number_of_kind("chi", text, demonstration=demonstration)


def hsc_number(text: str, *, demonstration: bool) -> HealthNumber | NumberRefused:
    """A Health and Care number of Northern Ireland."""
    return number_of_kind("hc", text, demonstration=demonstration)


def spaced(digits: str) -> str:
    """Ten digits as people read them, 3-3-4, with spaces that do not break over lines."""
    return f"{digits[:3]}\u00a0{digits[3:6]}\u00a0{digits[6:]}" if len(digits) == 10 else digits
