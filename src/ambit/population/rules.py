"""How what a source sends is understood: days, NHS numbers, measurements. Plain Python, no clock."""

import calendar
import re
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import lru_cache

MILLIONTHS = 1_000_000  # measurements are kept as whole millionths, so that a boundary compares the same everywhere
LARGEST = 9_000_000_000_000  # beyond it a value does not fit the store's whole number and is kept as text only
LONGEST_ID = 64  # FHIR R4, "id": up to 64 characters
FAR_AHEAD = timedelta(days=366)  # booked appointments lie ahead; more than a year ahead is a slip of the keyboard
EARLIEST = date(1870, 1, 1)

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2})(?:T.*)?)?)?")


class NotADay(ValueError):
    """A date that cannot be: says why."""


@lru_cache(maxsize=200_000)
def days_of(written: str) -> tuple[date, date]:
    """First and last day a FHIR date or date-time can mean: "2019-02" is 1 to 28 February 2019.

    The day is the one the source wrote, in the source's own time zone: an admission at 23:30 belongs to that day there.
    """
    match = _DAY.fullmatch(written)
    if match is None:
        raise NotADay(f"“{written[:40]}” is not a date (write 2019-02-28)")
    year, month, day = match.groups()
    try:
        if month is None:
            return date(int(year), 1, 1), date(int(year), 12, 31)
        if day is None:
            return date(int(year), int(month), 1), date(
                int(year), int(month), calendar.monthrange(int(year), int(month))[1]
            )
        found = date(int(year), int(month), int(day))
    except (ValueError, calendar.IllegalMonthError) as error:
        raise NotADay(f"“{written[:40]}” is not a day of the calendar") from error
    return found, found


def nhs_number(written: str) -> str:
    """Ten digits when `written` is an NHS number whose check digit is right; otherwise ""."""
    digits = re.sub(r"[ -]", "", written)
    if not re.fullmatch(r"[0-9]{10}", digits) or len(set(digits)) == 1:
        return ""
    check = 11 - sum(int(d) * weight for d, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return digits if check % 11 == int(digits[9]) and check != 10 else ""


def in_millionths(number: Decimal) -> int | None:
    """A measurement as whole millionths, half to even; None when it does not fit."""
    if not number.is_finite() or abs(number) >= LARGEST // MILLIONTHS:
        return None
    return int((number * MILLIONTHS).to_integral_value(rounding=ROUND_HALF_EVEN))


# what systems write for a unit: (UCUM, factor); only exact factors
UNITS: dict[str, tuple[str, Decimal]] = {
    written: (ucum, Decimal(factor))
    for ucum, factor, several in [
        ("kg", "1", ("kg", "kgs", "kilogram", "kilograms")),
        ("kg", "0.45359237", ("[lb_av]", "lb", "lbs", "pound", "pounds")),
        ("kg", "6.35029318", ("[stone_av]", "st", "stone")),
        ("cm", "1", ("cm", "centimetre", "centimeter")),
        ("cm", "2.54", ("[in_i]", "in", "inch", "inches")),
        ("cm", "100", ("m", "metre", "meter")),
        ("kg/m2", "1", ("kg/m2", "kg/m^2", "kg/m²", "kg/m*2")),
        ("g/L", "1", ("g/l",)),
        ("g/L", "10", ("g/dl",)),
        ("mL/min/{1.73_m2}", "1", ("ml/min/{1.73_m2}", "ml/min/1.73m2", "ml/min/1.73 m2", "ml/min/1.73m^2")),
        ("{score}", "1", ("{score}", "(score)", "score")),
        ("ng/L", "1", ("ng/l", "pg/ml")),
        ("%", "1", ("%", "percent")),
        ("mm[Hg]", "1", ("mm[hg]", "mmhg")),
        ("mmol/L", "1", ("mmol/l",)),
        ("/min", "1", ("/min", "{beats}/min", "{breaths}/min", "beats/min", "breaths/min", "bpm")),
    ]
    for written in several
}  # fmt: skip


def in_ucum(number: Decimal, unit: str) -> tuple[Decimal, str, bool]:
    """The measurement in the unit that rules compare, and whether it had to be converted (pounds to kilograms).

    A unit not listed stays as the source wrote it: a rule in another unit then answers “unknown”, never a guess.
    """
    known = UNITS.get(unit.strip().lower())
    if known is None:
        return number, unit.strip(), False
    ucum, factor = known
    return number * factor, ucum, factor != 1


EXPECTED_BEFORE_SILENCE = 5


def seems_silent(people: int, with_a_code: int, share_elsewhere: float) -> bool:
    """Nobody of so many people has any code of a list, though at the share of all practices five or more would.

    By chance alone that is rarer than one in a hundred (a Poisson count of 5 is 0 in 0.7%): more likely the codes do not arrive.
    """
    return with_a_code == 0 and people * share_elsewhere >= EXPECTED_BEFORE_SILENCE
