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


# what becomes of a referral: the practice answers, and the referrer may add what it asked for
ACCEPTED: Final = "accepted"
ALREADY_ON: Final = "already_on"
DECLINED: Final = "declined"
ASKED: Final = "asked"
TOLD_MORE: Final = "told_more"

ANSWERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ACCEPTED: "Added to the register",
        ALREADY_ON: "On the register already",
        DECLINED: "Not added",
        ASKED: "More was asked",
        TOLD_MORE: "More was told",
    }
)
KNOWS: Final[Mapping[str, str]] = MappingProxyType(
    {"yes": "Yes, and agrees", "no": "No", "could_not": "Could not be asked"}
)


def waits_for(answer: str) -> str:
    """Who has to act next on a referral whose last answer is this: the `practice`, the `referrer`, or nobody."""
    return {"": "practice", TOLD_MORE: "practice", ASKED: "referrer"}.get(answer, "")


def problems_of_referring(*, reason: str, knows: str) -> dict[str, str]:
    """A referral says why, and whether the person knows of it."""
    problems = {}
    if not reason.strip():
        problems["reason"] = "Write why this person may benefit from being on the register."
    if knows not in KNOWS:
        problems["knows"] = "Say whether the person knows about this referral."
    return problems


def problems_of_answering(*, answer: str, words: str) -> dict[str, str]:
    """Whoever is refused, or asked for more, is told why or what."""
    if answer not in ANSWERS or answer == TOLD_MORE:
        return {"answer": "Choose an answer."}
    if answer in (DECLINED, ASKED) and not words.strip():
        return {"words": "Write why not." if answer == DECLINED else "Write what you need to know."}
    return {}


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
