"""Judgement about tasks and coordinators. Plain Python, no clock."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

NAME_A_COORDINATOR: Final = "Name a coordinator"
TELL_FIRST: Final = "Tell the person they are on the register, then name a coordinator"
ANSWER_A_REFERRAL: Final = "Answer a referral to the register"
SETTLE: Final = "Settle what disagrees in the plan"
BRING_MEDICINES_HOME: Final = "Home is where they want to die: medicines are not there"
SOMEBODY_AT_NIGHT: Final = "Home is where they want to die: nobody is there at night"
NEAR_DEATH: Final = ("days", "weeks")
TELL: Final = "Tell the person they are on the register"
LOOK_AGAIN: Final = "Look at the plan again: they live or stay elsewhere now"
TO_ADULT_CARE: Final = "Move to adult care: see to what is due by %s"
RECORD_A_DEATH: Final = "Record the death: it was verified"
ANSWER_A_CHANGE: Final = "Answer a change to the plan that was asked for"

COUNT_AGAIN: Final = "Count the medicines in the home again: they do not add up"

# what Ambit itself asks for, and what of the person's record it tells
OWN_WORDS: Final = frozenset(
    {
        NAME_A_COORDINATOR, TELL_FIRST, ANSWER_A_REFERRAL, SETTLE, BRING_MEDICINES_HOME, SOMEBODY_AT_NIGHT, TELL, LOOK_AGAIN,
        RECORD_A_DEATH, ANSWER_A_CHANGE, COUNT_AGAIN,
    }
)  # fmt: skip
TELLS: Final = {
    BRING_MEDICINES_HOME: frozenset({"place_of_care", "medicines_at_home"}),
    SOMEBODY_AT_NIGHT: frozenset({"place_of_care", "care_package"}),
    COUNT_AGAIN: frozenset({"medicines_at_home"}),
    RECORD_A_DEATH: frozenset({"dying"}),
}
ASK_WHO_RAISED_IT: Final = "Ask whoever raised this task what it is about"


def shown(what: str, *, closed: Collection[str]) -> str:
    """What a task says to a reader from whom these parts of the record are kept back.

    Ambit's own words stay, unless they tell such a part. Somebody's free words may repeat anything that they could see;
    nobody can say of them which part they are about, so while anything is kept back they are not shown.
    """
    if not closed:
        return what
    is_own = what in OWN_WORDS or what.startswith(TO_ADULT_CARE.split("%", 1)[0])
    return what if is_own and TELLS.get(what, frozenset()).isdisjoint(closed) else ASK_WHO_RAISED_IT


# A working week to name somebody; the place may agree another in its operating model.
_NAME_WITHIN: Final = timedelta(days=7)
_ANSWER_WITHIN: Final = timedelta(days=7)


def coordinator_due(joined_on: date) -> date:
    """The day by which somebody who joined the register has a named coordinator."""
    return joined_on + _NAME_WITHIN


def answer_due(asked_on: date) -> date:
    """The day by which whoever referred somebody, or asked for a change to the plan, has an answer; for the place to agree."""
    return asked_on + _ANSWER_WITHIN


def lateness(due_on: date | None, *, on: date) -> str:
    """How due a task is, as a word: `overdue`, `today`, `soon` (within seven days), `later`, or `` without a day."""
    if due_on is None:
        return ""
    days = (due_on - on).days
    if days < 0:
        return "overdue"
    if days == 0:
        return "today"
    return "soon" if days <= 7 else "later"
