"""Judgement about the register. Plain Python, no clock."""

from collections.abc import Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

ADULT: Final = "adult"
CHILD: Final = "child"

CASE_FINDING: Final = "case_finding"
REFERRAL: Final = "referral"
BY_HAND: Final = "by_hand"
IMPORTED: Final = "imported"

NOT_STAGED: Final = "not_staged"

STAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "days": "Days",
        "weeks": "Weeks",
        "months": "Months",
        "a_year_or_more": "A year or more",
        NOT_STAGED: "Not staged",
    }
)
"""Gold Standards Framework needs-based stages, in words; colours are never shown without the word."""

# as registers elsewhere write the stages: our words, and the colours of the Gold Standards Framework
STAGE_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "days": "days",
        "red": "days",
        "weeks": "weeks",
        "yellow": "weeks",
        "months": "months",
        "green": "months",
        "a year or more": "a_year_or_more",
        "blue": "a_year_or_more",
        "not staged": NOT_STAGED,
    }
)


def stage_named(words: str) -> str | None:
    """The stage that these words or this colour name; nothing written is not staged, and what is not known is None."""
    tidy = " ".join(words.lower().replace("_", " ").split())
    return STAGE_NAMES.get(tidy) if tidy else NOT_STAGED


def yes_or_no(words: str) -> bool | None:
    """Yes or no as people write them; nothing written is no, and anything else is None."""
    return {"yes": True, "y": True, "true": True, "no": False, "n": False, "false": False, "": False}.get(words.lower())


# SCCI1580 item 3: a review no later than three months after the record is made or reviewed. The nearer death is
# expected, the sooner: intervals in days of the team's meeting rhythm, to be confirmed by each place.
_REVIEW_WITHIN: Final[Mapping[str, int]] = MappingProxyType(
    {"days": 1, "weeks": 14, "months": 42, "a_year_or_more": 90, NOT_STAGED: 42}
)


def review_due(stage: str, *, on: date) -> date:
    """The latest day of the next review for somebody given this stage on this day (SCCI1580 item 3: within three months)."""
    return on + timedelta(days=_REVIEW_WITHIN[stage])


def basis_for(born_on: date | None, *, on: date) -> str:
    """Children and young people join for life (lifelong basis); adults because they may be in their last year."""
    if born_on is None:
        return ADULT
    eighteenth_birthday_reached = (on.year - born_on.year, on.month, on.day) >= (18, born_on.month, born_on.day)
    return ADULT if eighteenth_birthday_reached else CHILD


def problems_of_joining(*, stage: str, on: date, review_due_on: date | None, died_on: date | None) -> dict[str, str]:
    """What stops somebody joining, by field; empty when nothing does."""
    problems = {}
    if stage not in STAGES:
        problems["stage"] = "Choose a stage: " + ", ".join(STAGES.values()) + "."
    if died_on is not None:
        problems[""] = f"This person died on {died_on:%-d %B %Y}. Nobody joins the register after death."
    if review_due_on is not None and review_due_on < on:
        problems["review_due_on"] = f"The review must be on or after {on:%-d %B %Y}."
    return problems
