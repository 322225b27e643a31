"""Judgement about candidates: how long an answer holds, and what an answer needs. Plain Python, no clock."""

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final

OPEN, PASSED, DISCUSS = "open", "passed", "discuss"
ACCEPTED, NOT_NOW, NO, SUPERSEDED, TAKEN_BACK = "accepted", "not_now", "no", "superseded", "taken_back"
WAITING: Final = (OPEN, PASSED, DISCUSS)

NEW, GREW, CHANGED, EXPIRED, EVIDENCE, LEFT = "new", "grew", "changed", "expired", "evidence", "left"
BACK: Final = (EXPIRED, EVIDENCE, LEFT)

# said by one key; whoever has another reason writes it
WHY_NO: Final[Mapping[str, str]] = MappingProxyType(
    {
        "stable": "Well or stable: what was found is past",
        "cared_for": "Already has the care that the register would bring",
        "record_wrong": "The record is wrong or old",
        "declined": "Asked, and does not want it",
    }
)
WHY_WAIT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "treatment": "Treatment has just changed: see how it goes",
        "see_first": "To be seen first",
        "not_ready": "Not ready to talk about it",
    }
)
WAITS: Final = (1, 3, 6, 12)
"""Months after which to look again, for one key each."""

SEARCH_RESULTS: Final = "urn:x-ambit:result"
"""The code system of results that were brought in: of other searches, scores, and clinicians' lists."""

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


type Rows = Sequence[Mapping[str, Any]]


def strength(reasons: Rows) -> int:
    """How much evidence there is: reasons that rest on the same records, or on part of them, count once.

    Packs overlap: heart failure recorded once makes a criterion of four of them true. A pack gives no weights and none are learnt here.
    """
    grounds: set[frozenset[Any]] = {
        frozenset(map(_record, reason["evidence"])) or frozenset({title_of(reason["text"])}) for reason in reasons
    }
    return sum(not any(one < other for other in grounds) for one in grounds)


def newest(reasons: Rows) -> date | None:
    """The day of the latest record that makes a reason true; None when none rests on a record."""
    days = [row["on"] for reason in reasons for row in reason["evidence"]]
    return date.fromisoformat(max(days)) if days else None


def from_lists(reasons: Rows) -> list[dict[str, str]]:
    """What was brought in from other searches and lists: its name and day, the latest first."""
    rows = {
        (row["on"], row["display"] or row["code"])
        for reason in reasons
        for row in reason["evidence"]
        if row["system"] == SEARCH_RESULTS and not row["value"]
    }
    return [{"name": name, "on": on} for on, name in sorted(rows, reverse=True)]


def _record(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["system"], row["code"], row["on"], row["source"], row["value"]


def _met(reasons: Rows) -> set[tuple[str, str]]:
    return {(reason["pack"], reason["criterion"]) for reason in reasons}


def _records(reasons: Rows) -> set[tuple[Any, ...]]:
    return {_record(row) for reason in reasons for row in reason["evidence"]}


def says_the_same(before: Rows, now: Rows) -> bool:
    """Whether a search found the same again: the same criteria, on the same records.

    The words of a reason name the day of the search, and are no part of it.
    """
    return _met(before) == _met(now) and _records(before) == _records(now)


def grew(before: Rows, now: Rows) -> bool:
    """Whether more is known than before: a criterion or a record that was not there."""
    return not _met(now) <= _met(before) or not _records(now) <= _records(before)


def newly_met(now: Rows, *, before: Sequence[Rows], ran: Mapping[str, str]) -> list[str]:
    """The reasons that no clinician has answered yet, in words: criteria met now and in none of `before`.

    `ran` gives the version of each pack that ran when the answer was given. A pack that did not run then says nothing about the person:
    switching it on changes no evidence. So does a newer version whose criterion rests on nothing but records that were seen.
    """
    met = set().union(*map(_met, before)) if before else set()
    seen = set().union(*map(_records, before)) if before else set()
    new = []
    for reason in now:
        if (reason["pack"], reason["criterion"]) in met or reason["pack"] not in ran:
            continue
        rows = set(map(_record, reason["evidence"]))
        if rows - seen or (not rows and ran[reason["pack"]] == reason["version"]):
            new.append(title_of(reason["text"]))
    return list(dict.fromkeys(new))


def look_again_on(months: int, *, on: date) -> date:
    """The same day so many calendar months later; a month without that day gives its last."""
    year, month = divmod(on.year * 12 + on.month - 1 + months, 12)
    return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))


def month_of(on: date) -> date:
    """The first day of a month, by which a review is known."""
    return on.replace(day=1)


MOST: Final = 500


def problems_of_capacity(people: int, *, given: int) -> dict[str, str]:
    """A month's review takes at least one person, and those who have a place keep it."""
    if people < max(given, 1):
        least = f"{given} people have a place already, and keep it." if given else "At least one person."
        return {"people": f"Write how many people you can look at this month. {least}"}
    if people > MOST:
        return {"people": f"Write at most {MOST}: a list that nobody gets through hides those who matter."}
    return {}


def share_accepted(packs: Sequence[str], *, accepted: Mapping[str, int], answered: Mapping[str, int]) -> float:
    """The mean, over the packs that found somebody, of the share accepted here of those whom each pack found before.

    One accepted and one not are added to each pack (Laplace), so that a pack nobody has answered stands at a half. It is a prediction about
    people like this one: only a site that has signed it off may order by it (docs/safety/intended-purpose.md).
    """
    shares = [(accepted.get(pack, 0) + 1) / (answered.get(pack, 0) + 2) for pack in packs]
    return sum(shares) / len(shares) if shares else 0.0


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


ENGLAND: Final = 0.00478
"""The share of everybody registered who was on a palliative care register in England: QOF 2019/20, 288,641 of 60.44 million."""
IN_NEED: Final = 0.75
"""Of those who die, the share who would have gained from palliative care (Etkind 2017, method 1: 375,398 of 501,424)."""


def expected_register(registered: int, deaths: int) -> tuple[int, int, int, int]:
    """How large a practice's register might be: at a half and at one in a hundred of its list, at England's share, and by its deaths.

    One in a hundred die in a year (“Find Your 1%”), whatever their ages; a practice of students has fewer and one with care homes more. The
    last figure follows the practice's own ages, since it is three quarters of those of its list who died in the last year.
    """
    return round(registered * 0.005), round(registered * 0.01), round(registered * ENGLAND), round(deaths * IN_NEED)
