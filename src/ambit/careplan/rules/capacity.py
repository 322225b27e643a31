"""Capacity and competence: one decision at one time (L14), and children under 16 (Gillick). Plain Python, no clock.

Mental Capacity Act 2005, sections 1 to 3; Gillick v West Norfolk and Wisbech AHA [1986] AC 112.
"""

import re
from datetime import date
from typing import Final

from ambit.careplan.rules.document import MADE_HERE, NO, years
from ambit.careplan.rules.documents import COMPETENT, LACKS, NOT_COMPETENT, CapacityAssessment, GillickAssessment

ABILITIES: Final = {
    "understand": "Understand what bears on the decision",
    "retain": "Keep it in mind long enough to decide",
    "weigh": "Weigh it up",
    "communicate": "Say what they decide, by any means",
}
_GLOBAL: Final = re.compile(
    r"^\W*(all|any|every|everything|anything|general(ly)?|global|no capacity|lacks capacity|capacity|all (medical )?(decisions?|treatments?|care))"
    r"( (decisions?|treatments?|matters|things))?\W*$",
    re.IGNORECASE,
)


def is_global(decision: str) -> bool:
    """L14: whether words name no one decision, as "all decisions": capacity is never assessed so (s.2(1))."""
    return bool(_GLOBAL.match(decision.strip()))


def problems(assessment: CapacityAssessment, *, on: date) -> dict[str, str]:
    """L14: what an assessment made here must say: one decision; for "could not", which ability, why, and what was tried.

    No one is to be treated as unable unless all practicable steps to help have been taken (s.1(3)); the inability is because
    of an impairment (s.2(1)); it means not understanding, retaining, weighing or communicating (s.3(1)). From 16.
    """
    found: dict[str, str] = {}
    age = years(assessment.born_on, assessment.made_on or on)
    if age is not None and age < 16:
        found["decision"] = (
            "Somebody under 16 is not assessed under this law. Record Gillick competence for this decision."
        )
    if is_global(assessment.decision):
        found["decision"] = (
            "Name one decision, such as “to go to hospital for the chest infection”. Nobody lacks capacity for everything."
        )
    if assessment.source != MADE_HERE:
        return found
    if not assessment.decision.strip():
        found["decision"] = "Write which decision this is about."
    if assessment.outcome not in ("has", "lacks"):
        found["outcome"] = "Choose whether the person could decide."
    if not assessment.assessor.strip():
        found["assessor"] = "Write who assessed it."
    if assessment.outcome != LACKS:
        return found
    answers = {name: getattr(assessment, name) for name in ABILITIES}
    if NO not in answers.values():
        found["understand"] = "Say which of the four the person could not do. Who can do all four can decide."
    if not assessment.impairment.strip():
        found["impairment"] = "Write what affects the mind or brain, such as delirium or dementia."
    if not assessment.link.strip():
        found["link"] = "Write how it keeps the person from making this decision. A diagnosis alone is not enough."
    if not assessment.support.strip():
        found["support"] = (
            "Write what was tried to help the person decide, such as another time of day, pictures, hearing aids."
        )
    return found


def gillick_problems(assessment: GillickAssessment, *, on: date) -> dict[str, str]:
    """What an assessment of a child's competence must say; from 16 the Mental Capacity Act applies instead."""
    found: dict[str, str] = {}
    age = years(assessment.born_on, assessment.made_on or on)
    if age is not None and age >= 16:
        found["decision"] = "Gillick competence is about children under 16. From 16, record a capacity assessment."
    if is_global(assessment.decision):
        found["decision"] = "Name one decision. A child may be competent for one and not for another."
    if assessment.source != MADE_HERE:
        return found
    if not assessment.decision.strip():
        found["decision"] = "Write which decision this is about."
    if assessment.outcome not in (COMPETENT, NOT_COMPETENT):
        found["outcome"] = "Choose whether the child was competent for this decision."
    if not assessment.understanding.strip():
        found["understanding"] = "Write what the child understood, and how you know."
    if not assessment.assessor.strip():
        found["assessor"] = "Write who assessed it."
    return found


def unable(assessment: CapacityAssessment) -> tuple[str, ...]:
    """Which of the four abilities were missing (s.3(1))."""
    return tuple(words for name, words in ABILITIES.items() if getattr(assessment, name) == NO)
