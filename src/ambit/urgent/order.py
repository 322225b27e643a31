"""Where each section stands on the urgent page: by danger, led by what a role decides by. Plain Python, no clock."""

from collections.abc import Sequence
from datetime import date

# where each section of the plan stands, most dangerous first; a section that is not named here comes last, at the
# side, so that nothing of a plan is ever left out
MAIN = ("need_to_know", "if_this_happens", "treatment_limits", "medicines_at_home", "emergency", "what_matters")
SIDE = ("who_decides", "advance_decision", "place_of_care", "illness", "getting_in")
# these are shown elsewhere: beside CPR, and in the banner
ELSEWHERE = frozenset({"cpr", "people_to_ring", "allergies"})


# what a role decides by comes first among the rest. At the front door of a hospital: how far treatment goes, who decides,
# and where the person wants to be; at home the note of the day comes first, which there is about another place
LED_BY = {"hospital_clinician": ("treatment_limits", "emergency", "who_decides", "place_of_care")}


# of a baby not born yet, or just born, what was planned for the birth is what whoever stands there needs: it leads for every role
AT_BIRTH = ("antenatal",)
NEWBORN = 28  # days


def at_birth(born_on: date | None, *, unborn: bool, on: date) -> bool:
    """Whether birth is still to come or less than 28 days ago; of a birth date not known, not."""
    return unborn or (born_on is not None and 0 <= (on - born_on).days < NEWBORN)


def in_order(
    section_ids: Sequence[str], *, role: str = "", birth: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The sections of the main column and of the side, in the order of danger, led by what this role decides by."""
    here = [name for name in section_ids if name not in ELSEWHERE]
    first = [name for name in (*(AT_BIRTH if birth else ()), *LED_BY.get(role, ())) if name in here]
    side = [name for name in SIDE if name in here and name not in first]
    return (
        (*first, *(name for name in MAIN if name in here and name not in first)),
        tuple(side + [name for name in here if name not in (*MAIN, *SIDE, *first)]),
    )
