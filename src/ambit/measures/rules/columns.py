"""The tables that indicators may ask, and the columns of each. Plain Python, no Django, no clock.

`gathering` makes the rows; a pack that names another table or column is refused with its line.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

from ambit.measures.rules.periods import months_before

# the columns that say who somebody is, by which figures are broken down
WHO: Final = frozenset(
    {"place", "practice", "age", "age_band", "sex", "ethnicity", "deprivation", "condition_group", "inclusion_group"}
)
TABLES: Final[Mapping[str, frozenset[str]]] = {
    # people on the register at the end of the month
    "on_register": WHO
    | {
        "basis", "has_cancer", "offered", "accepted", "has_plan", "plan_age_in_months", "opened_by_person", "has_respect",
        "places_recorded", "has_coordinator", "details_recorded", "has_health_budget", "is_shared", "agreed_to_share",
    },
    # people who died in the month, as far as the record of care knows them
    "deaths": WHO
    | {
        "was_expected", "on_register_before", "days_on_register", "place_of_death", "at_home_or_care_home",
        "preference_stated", "preference_met", "reason_recorded", "medicines_at_hand",
    },
    "suggestions": WHO | {"answer_is_due", "answered_after_days", "is_superseded"},
    # people registered with a practice at the end of the month, from the coded records
    "registered": WHO | {"on_register", "was_screened", "has_condition"},
    # people at the middle of the twelve months to the end of the month, and those who died in them
    "year": WHO | {"was_there", "died", "standard_age"},
    # emergency attendances and admissions in the month of people on the register
    "emergencies": WHO | {"is_shared", "was_opened"},
    "organisations": frozenset({"place", "organisation", "kind", "is_provider", "sees_and_sets_flag"}),
}  # fmt: skip

AGE_BANDS: Final = ((0, "0-17"), (18, "18-44"), (45, "45-54"), (55, "55-64"), (65, "65-74"), (75, "75-84"), (85, "85+"))
"""The bands of Public Health Scotland's end of life statistics (`population-and-measures`, 3.1)."""

ETHNIC_GROUPS: Final[Mapping[str, str]] = (
    dict.fromkeys("ABC", "white")
    | dict.fromkeys("DEFG", "mixed")
    | dict.fromkeys("HJKL", "asian")
    | dict.fromkeys("MNP", "black")
    | dict.fromkeys("RS", "other")
    | {"Z": "not_stated"}
)
"""The sixteen categories of the NHS data dictionary in five groups; who was asked and did not say is counted apart."""


def age_on(born_on: date, day: date) -> int:
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def age_band(age: int | None) -> str | None:
    if age is None or age < 0:
        return None
    return [words for first, words in AGE_BANDS if first <= age][-1]


def standard_age(age: int | None) -> str | None:
    """Five-year bands up to 90 and over, as the European Standard Population has them."""
    if age is None or age < 0:
        return None
    first = min(age // 5 * 5, 90)
    return "90+" if first == 90 else f"{first}-{first + 4}"


def months_since(day: date, *, on: date) -> int:
    """In how many of the months before a day something of an earlier day lies: 6 is within the last six."""
    months = 1
    while months_before(on, months) >= day:
        months += 1
    return months


PLACES_OF_DEATH: Final[Mapping[str, str]] = (
    dict.fromkeys(("20", "21", "22"), "home")
    | {"40": "care_home", "30": "hospice", "12": "community_hospital", "50": "elsewhere"}
    | dict.fromkeys(("10", "11", "13"), "hospital")
)
