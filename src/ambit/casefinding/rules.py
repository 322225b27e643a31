"""Judgement about candidates: how long an answer holds, and what an answer needs. Plain Python, no clock."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

OPEN, PASSED, ACCEPTED, NOT_NOW, NO, SUPERSEDED = "open", "passed", "accepted", "not_now", "no", "superseded"
WAITING: Final = (OPEN, PASSED)

SURPRISE: Final[Mapping[str, str]] = MappingProxyType(
    {"yes": "Yes, surprised", "no": "No, not surprised", "cannot_say": "I cannot say"}
)
TIMEFRAME: Final = "12 months"
"""The surprise question (Gold Standards Framework): would you be surprised if this person died in the next 12 months?"""

# A "no" holds for a year: somebody who was not right for the register is looked at again when a year has gone by.
NO_HOLDS: Final = timedelta(days=365)
LONGEST_WAIT: Final = timedelta(days=366)


def title_of(text: str) -> str:
    """What a reason says, without the rule behind it: "Weight down by a tenth: body weight: a fall of …" is "Weight down by a tenth"."""
    return text.partition(": ")[0]


def strongest(reasons: Sequence[Mapping[str, Any]]) -> str:
    """The reason to say when there is room for one: the one that happened last, as that is what a clinician recognises.

    A pack gives no weights. Of reasons as late as each other, the pack's own order decides; a reason without records
    (as an age) comes last.
    """
    if not reasons:
        return ""
    newest = max(reasons, key=lambda reason: max((row["on"] for row in reason["evidence"]), default=""))
    return title_of(newest["text"])


def is_number(value: str) -> bool:
    """Whether a source's value is a plain number, as "72.4"; "<5" and "1+" are not."""
    return value.replace(".", "", 1).isdecimal() and value.isascii()


def unit_in_words(unit: str) -> str:
    """A unit as people write it; UCUM, which records use, writes the body surface of a filtration rate as {1.73_m2}."""
    return unit.replace("{1.73_m2}", "1.73 m²")


def holds_back(state: str, *, answered_on: date | None, recheck_on: date | None, on: date) -> bool:
    """Whether an earlier answer still keeps somebody from being a candidate again."""
    if state == NOT_NOW:
        return recheck_on is not None and on < recheck_on
    if state == NO:
        return answered_on is not None and on < answered_on + NO_HOLDS
    return False


def problems_of_answer(*, surprise: str) -> dict[str, str]:
    """Every answer says what the clinician thinks of the surprise question, be it "I cannot say"."""
    return {} if surprise in SURPRISE else {"surprise": "Answer the surprise question, or say that you cannot."}


def problems_of_waiting(recheck_on: date | None, *, on: date) -> dict[str, str]:
    """Not now means: look again on a day within a year."""
    if recheck_on is None:
        return {"recheck_on": "Write the day on which to look again."}
    if recheck_on <= on:
        return {"recheck_on": f"The day must be after today, {on:%-d %B %Y}."}
    if recheck_on > on + LONGEST_WAIT:
        return {"recheck_on": f"Look again within a year, by {on + LONGEST_WAIT:%-d %B %Y}."}
    return {}
