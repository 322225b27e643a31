"""What somebody on a caseload needs, and by when. Plain Python, no clock."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

TODAY, SOON, LATER = "today", "soon", "later"
WITHIN: Final = 7
"""Days that count as soon."""

NEAR_DEATH: Final = ("days", "weeks")


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that is due or missing: by when, how it looks (a value of `design.rules.DUES`), in which words."""

    when: str
    kind: str
    words: str


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
) -> tuple[Need, ...]:
    """Everything due or missing, the most dangerous first; `cpr` and `box` are None when the reader may not see the plan.

    A disagreement about CPR comes first at any stage. Without a CPR decision, somebody with days or weeks is harmed
    tonight; with months there is time to talk. A box of medicines at home is asked for when days are left.
    """
    found: list[Need] = []
    near = stage in NEAR_DEATH
    if cpr == "disagree":
        found.append(Need(TODAY, "disagreement", "Two documents disagree"))
    if cpr in ("not_recorded", "not_decided"):
        found.append(Need(TODAY, "harm", "No CPR decision") if near else Need(SOON, "later", "No CPR decision"))
    if box is not None and box != "yes" and stage == "days":
        found.append(Need(TODAY, "harm", "No box in the home"))
    for what, due_on in tasks:
        if due_on is None:
            continue
        days = (due_on - on).days
        if days < 0:
            found.append(Need(TODAY, "today", f"{what}, {-days} days late" if days < -1 else f"{what}, 1 day late"))
        elif days == 0:
            found.append(Need(TODAY, "today", f"{what} today"))
        elif days <= WITHIN:
            found.append(Need(SOON, "later", f"{what} {due_on:%-d %b}"))
    if not coordinator:
        waited = (on - joined_on).days
        found.append(
            Need(TODAY, "today", "Nobody coordinates") if waited > WITHIN else Need(SOON, "later", "Nobody coordinates")
        )
    days = (review_due_on - on).days
    if days < 0:
        found.append(Need(TODAY, "today", f"Review {-days} days late" if days < -1 else "Review 1 day late"))
    elif days <= WITHIN:
        found.append(Need(SOON, "later", f"Review {review_due_on:%-d %b}"))
    order = (TODAY, SOON)
    return tuple(sorted(found, key=lambda need: order.index(need.when))) or (
        Need(LATER, "later", f"Review {review_due_on:%-d %b}"),
    )


CPR_IN_SHORT: Final = {
    "do_not_attempt": "Not for CPR",
    "attempt": "For CPR",
    "modified": "Modified CPR",
    "not_decided": "Talked about, not decided",
    "not_recorded": "Not recorded",
    "disagree": "Documents disagree",
}
BOX_IN_SHORT: Final = {
    "yes": "In place",
    "prescribed": "Prescribed, not there",
    "no": "None",
    "not_known": "Not known",
    "": "Not asked",
}
