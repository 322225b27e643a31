"""Emergency recommendations and treatment limits: what must agree before they are made here (L19, L20, L23). No clock.

ReSPECT v3, sections 2 to 9 (neutral headings of our own); SCCI1580 requirement 19 for the review.
"""

from datetime import date, timedelta
from typing import Final

from ambit.careplan.rules import cpr
from ambit.careplan.rules.document import MADE_HERE, NO, SCOTLAND, YES, years
from ambit.careplan.rules.documents import (
    CHILD_INVOLVEMENT,
    INVOLVEMENT,
    PRIORITIES,
    EmergencyRecommendations,
    Escalation,
)

REVIEW_WITHIN: Final = timedelta(days=91)
RECOMMENDED: Final = (cpr.ATTEMPT, cpr.DO_NOT_ATTEMPT, cpr.MODIFIED)


def child_until(jurisdiction: str) -> int:
    """ReSPECT treats those under 16 as children in Scotland, under 18 elsewhere (L19)."""
    return 16 if jurisdiction == SCOTLAND else 18


def review_by(made_on: date) -> date:
    """L20: a review is set when a plan is made, by default within three months (SCCI1580 requirement 19)."""
    return made_on + REVIEW_WITHIN


def problems(plan: EmergencyRecommendations, *, role: str, on: date) -> dict[str, str]:
    """L19: exactly one priority and one recommendation about CPR; how the person took part agrees with capacity and age.

    L23: only those who make CPR decisions make them here. A form on paper is transcribed as it stands.
    """
    found: dict[str, str] = {}
    if plan.comfort_scale is not None and not 0 <= plan.comfort_scale <= 10:
        found["comfort_scale"] = "Write a whole number from 0 (living as long as possible) to 10 (comfort)."
    if plan.source != MADE_HERE:
        return found
    if role not in cpr.MAKERS:
        found[""] = (
            "Only a GP, palliative care specialist or hospital clinician makes emergency recommendations here. "
            "If there is a form on paper, record it as it stands."
        )
    if plan.priority not in PRIORITIES:
        found["priority"] = "Choose one priority."
    found |= _about_cpr(plan, on=on) | _taking_part(plan, on=on)
    if not plan.clinician.strip():
        found["clinician"] = "Write the name of the clinician who recommends this."
    return found


def _about_cpr(plan: EmergencyRecommendations, *, on: date) -> dict[str, str]:
    if plan.cpr not in RECOMMENDED:
        return {"cpr": "Choose one recommendation about CPR."}
    age = years(plan.born_on, plan.made_on or on)
    if plan.cpr == cpr.MODIFIED and (age is None or age >= child_until(plan.jurisdiction)):
        return {"cpr": "Modified CPR is for a child. Choose another answer."}
    if plan.cpr != cpr.ATTEMPT and not plan.cpr_reason.strip():
        return {"cpr_reason": "Write why, in words that the person and those close to them could read."}
    return {}


def _taking_part(plan: EmergencyRecommendations, *, on: date) -> dict[str, str]:
    """Section 6 must fit section 5 and the age: A with capacity, B without, C for a child, D with its reason."""
    age = years(plan.born_on, plan.made_on or on)
    until = child_until(plan.jurisdiction)
    is_child = age is not None and age < until
    if plan.involvement not in INVOLVEMENT:
        return {"involvement": "Choose how the person took part."}
    if plan.involvement == "C":
        if not is_child:
            return {"involvement": f"C is for a child under {until}. Choose A, B or D."}
        if plan.child_involvement not in CHILD_INVOLVEMENT:
            return {"child_involvement": "Choose whether the child was mature enough to take part."}
        return {}
    if plan.involvement == "D":
        return {} if plan.why_not_involved.strip() else {"why_not_involved": "Write why none of the others applies."}
    if is_child:
        return {"involvement": f"For a child under {until}, choose C, or D with the reason."}
    if plan.involvement == "A" and plan.has_capacity != YES:
        return {
            "involvement": "A says that the person could take part; above it is not recorded that they could. Make both agree."
        }
    if plan.involvement == "B" and plan.has_capacity != NO:
        return {
            "involvement": "B says that the person could not take part; above it is not recorded that they could not. Make both agree."
        }
    if plan.involvement == "B" and not plan.in_what_way.strip():
        return {"in_what_way": "Write in what way the person cannot take part."}
    return {}


def escalation_problems(plan: Escalation, *, role: str) -> dict[str, str]:
    """What stops treatment limits being made here: nothing said, nobody responsible, no word of a talk (L17, L23)."""
    found: dict[str, str] = {}
    if plan.source != MADE_HERE:
        return found
    if role not in cpr.MAKERS:
        found[""] = (
            "Only a GP, palliative care specialist or hospital clinician sets treatment limits here. "
            "If they are on paper, record them as they stand."
        )
    if not plan.limits:
        found["limit__hospital__answer"] = "Answer for at least one treatment."
    if not plan.decided_by.strip():
        found["decided_by"] = "Write the name of the senior clinician responsible."
    if plan.talked not in cpr.TALKED:
        found["talked"] = "Choose with whom it was talked about."
    elif plan.talked in ("harm", "nobody") and not plan.why_not_talked.strip():
        found["why_not_talked"] = "Write why it was not talked about. Distress alone is not a reason."
    return found
