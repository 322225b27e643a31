"""What somebody on a caseload needs, and by when. Plain Python, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from msgspec import Struct

from ambit.coordination.rules import NAME_A_COORDINATOR, TELL_FIRST

TODAY, SOON, LATER = "today", "soon", "later"
WITHIN: Final = 7
"""Days that count as soon."""

DISAGREEMENT, MISSING, CPR, BOX, PLACE, TASK, COORDINATOR, REVIEW = (
    "disagreement", "missing", "cpr", "box", "place", "task", "coordinator", "review",
)  # fmt: skip
"""What a need is about; the page says where each is seen to."""

NEAR_DEATH: Final = ("days", "weeks")


class Need(Struct, frozen=True):
    """One thing that is due or missing: by when, how it looks (a value of `design.rules.DUES`), in which words, of what kind."""

    when: str
    kind: str
    words: str
    about: str


def needs(
    *,
    stage: str,
    joined_on: date,
    review_due_on: date,
    coordinator: str,
    tasks: Iterable[tuple[str, date | None]],
    cpr: str | None,
    box: str | None,
    on: date,
    disagree: tuple[str, ...] = (),
    missing: tuple[str, ...] = (),
    place_is_blank: bool = False,
) -> tuple[Need, ...]:
    """Everything due or missing, the most dangerous first; `cpr` and `box` are None when the reader may not see the plan.

    A disagreement of documents (`disagree` says about what) comes first at any stage; what is `missing` for dying at home is
    said in the last weeks. Without a CPR decision, somebody with days or weeks is harmed
    tonight; with months there is time to talk. A box of medicines at home is asked for when days are left. That nobody
    coordinates is said once: as the task that asks for somebody, where there is one.
    """
    found: list[Need] = []
    near = stage in NEAR_DEATH
    if disagree:
        about = f": {', '.join(disagree)}" if disagree != ("CPR",) else ""
        found.append(Need(TODAY, "disagreement", f"Two documents disagree{about}", DISAGREEMENT))
    if near:
        found += [Need(TODAY, "harm", words, MISSING) for words in missing]
    if cpr in ("not_recorded", "not_decided"):
        when, kind = (TODAY, "harm") if near else (SOON, "later")
        found.append(Need(when, kind, "No CPR decision", CPR))
    if box is not None and box != "yes" and stage == "days":
        found.append(Need(TODAY, "harm", "No box in the home", BOX))
    if place_is_blank:
        when, kind = (TODAY, "today") if near else (SOON, "later")
        found.append(Need(when, kind, "Preferred place of death is blank", PLACE))
    asked_to_name = False
    for what, due_on in tasks:
        asked_to_name |= what in (NAME_A_COORDINATOR, TELL_FIRST)
        if due_on is None:
            continue
        days = (due_on - on).days
        if days < 0:
            found.append(Need(TODAY, "today", f"{what}, {_late(-days)}", TASK))
        elif days == 0:
            found.append(Need(TODAY, "today", f"{what} today", TASK))
        elif days <= WITHIN:
            found.append(Need(SOON, "later", f"{what} {due_on:%-d %b}", TASK))
    if not coordinator and not asked_to_name:
        when, kind = (TODAY, "today") if (on - joined_on).days > WITHIN else (SOON, "later")
        found.append(Need(when, kind, "Nobody coordinates", COORDINATOR))
    days = (review_due_on - on).days
    if days < 0:
        found.append(Need(TODAY, "today", f"Review {_late(-days)}", REVIEW))
    elif days <= WITHIN:
        found.append(Need(SOON, "later", f"Review {review_due_on:%-d %b}", REVIEW))
    order = (TODAY, SOON)
    return tuple(sorted(found, key=lambda need: order.index(need.when))) or (
        Need(LATER, "later", f"Review {review_due_on:%-d %b}", REVIEW),
    )


def _late(days: int) -> str:
    return "1 day late" if days == 1 else f"{days} days late"


KEPT_BACK: Final = "kept_back"
"""What the person keeps back from this reader: neither an answer nor a missing one."""

CPR_IN_SHORT: Final = {
    KEPT_BACK: "Not shown",
    "do_not_attempt": "Not for CPR",
    "attempt": "For CPR",
    "modified": "Modified CPR",
    "not_decided": "Talked about, not decided",
    "not_recorded": "Not recorded",
    "disagree": "Documents disagree",
}
BOX_IN_SHORT: Final = {
    KEPT_BACK: "Not shown",
    "yes": "In place",
    "prescribed": "Prescribed, not there",
    "no": "None",
    "not_known": "Not known",
    "": "Not asked",
}
PLACE_IN_SHORT: Final = {
    KEPT_BACK: "Not shown",
    "own_home": "At home",
    "other_home": "Another home",
    "care_home": "Care home",
    "hospice": "Hospice",
    "hospital": "Hospital",
    "community_hospital": "Community hospital",
    "other": "Elsewhere",
    "undecided": "Undecided",
    "unable": "Unable to say",
    "declined": "Did not want to say",
    "not_appropriate": "Not to ask now",
    "not_asked": "Not asked",
    "": "Not asked",
}


HIDDEN_UP_TO: Final = 7
"""Counts from 1 to this are not told apart where they leave the organisation that owns them (NHS England's rule for
hospital statistics, taken over for the register; hazard H21)."""
ROUNDED_TO: Final = 5


@dataclass(frozen=True, slots=True)
class Shown:
    """A count as it may be shown outside the practice: nobody, 1 to 7 without saying which, or rounded to five.

    All are rounded, totals too: else what is hidden could be had by taking the others from the total.
    """

    number: int | None

    @property
    def in_words(self) -> str:
        return f"1 to {HIDDEN_UP_TO}" if self.number is None else f"{self.number:,}"


def shown(count: int) -> Shown:
    """How a count is shown; see `Shown`."""
    if 0 < count <= HIDDEN_UP_TO:
        return Shown(None)
    return Shown(ROUNDED_TO * ((count + ROUNDED_TO // 2) // ROUNDED_TO))


def shown_total(parts: Sequence[int]) -> Shown:
    """How the sum of counts is shown beside them: one step further where it would say that each of them is as high, or low, as it can be.

    Four practices of which each shows 1 to 7, and 30 together, have seven each: only 28 rounds to 30.
    """
    total, told = shown(sum(parts)), [shown(part) for part in parts]
    hidden = [one for one in told if one.number is None]
    low, high = (sum(ends) for ends in zip(*map(between, told), strict=True)) if told else (0, 0)
    least, most = between(total)
    if hidden and low < high and least >= high:
        return Shown(max((total.number or 0) - ROUNDED_TO, 2 * ROUNDED_TO))
    if hidden and low < high and most <= low:
        return Shown((total.number or ROUNDED_TO) + ROUNDED_TO)
    return total


def between(told: Shown) -> tuple[int, int]:
    """The lowest and highest number that is shown like this."""
    if told.number is None:
        return 1, HIDDEN_UP_TO
    if told.number == 0:
        return 0, 0
    return max(told.number - ROUNDED_TO // 2, HIDDEN_UP_TO + 1), told.number + ROUNDED_TO // 2
