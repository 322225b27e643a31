"""Treatments that people refuse, limit or ask for, under one set of names, so that documents can be compared."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

CPR: Final = "cpr"

LIMITED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "hospital": "Go to hospital",
        "antibiotics": "Antibiotics",
        "mask_ventilation": "Mask ventilation",
        "intensive_care": "Intensive care, tube ventilation",
        "feeding_tube": "Feeding tube",
        "fluids": "Fluids by vein or under skin",
        "dialysis": "Dialysis",
        "blood": "Blood transfusion",
        "defibrillator": "Implanted defibrillator",
        "operation": "Operation",
    }
)
"""What a plan sets limits to, in the order of the page; CPR has a decision of its own."""

REFUSED: Final[Mapping[str, str]] = MappingProxyType({CPR: "CPR", **LIMITED})
"""What an advance decision may refuse by name; anything else is written in the person's words."""

LIFE_SUSTAINING: Final = frozenset(
    {CPR, "mask_ventilation", "intensive_care", "feeding_tube", "fluids", "dialysis", "blood"}
)
"""Treatments that those who provide care would regard as needed to sustain life (Mental Capacity Act 2005, s.4(10)).

Any other may be so for this person, which whoever records the decision says.
"""

YES, NO, ONLY_IF, ASK = "yes", "no", "only_if", "ask"
ANSWERS: Final[Mapping[str, str]] = MappingProxyType({YES: "Yes", NO: "No", ONLY_IF: "Only if", ASK: "Ask"})
GIVEN: Final = frozenset({YES, ONLY_IF})
"""Answers by which a treatment would be given, at least in some case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """The answer for one treatment, and one sentence about it."""

    treatment: str
    answer: str
    words: str = ""

    @property
    def name(self) -> str:
        return LIMITED.get(self.treatment, self.treatment)

    @property
    def in_words(self) -> str:
        return " ".join(part for part in (f"{ANSWERS.get(self.answer, self.answer)}.", self.words) if part)


def named(treatments: tuple[str, ...]) -> str:
    """Several treatments as they are said: "CPR, mask ventilation"."""
    words = [REFUSED.get(code, code) for code in treatments]
    return ", ".join(words[:1] + [word if word.isupper() else word[:1].lower() + word[1:] for word in words[1:]])
