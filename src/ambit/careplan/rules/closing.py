"""Closing a record after death: was the preferred place met, and what is still to be done. Plain Python, no clock.

Systems lose this when nobody asks: in one large EPaCCS more than a quarter of deaths had no place. So the record stays on a
list until a person has answered. What was never asked, not recorded, undecided, declined or could not be said is each counted
apart and never pooled with "not met" (SCCI1580 items 36, 40 and 60).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

MET, MET_SECOND, NOT_MET, CANNOT_TELL = "met", "met_second", "not_met", "cannot_tell"
NO_RECORD, NOT_ASKED, UNDECIDED, DECLINED = "no_record", "not_asked", "undecided", "declined"
UNABLE, NOT_APPROPRIATE = "unable", "not_appropriate"

ANSWERED: Final[Mapping[str, str]] = MappingProxyType(
    {
        MET: "Yes: where they most wanted to be",
        MET_SECOND: "Their second choice",
        NOT_MET: "No: somewhere else",
        CANNOT_TELL: "Cannot be told from what is known",
    }
)
"""What a person answers where a preference was stated."""

NOT_STATED: Final[Mapping[str, str]] = MappingProxyType(
    {
        NO_RECORD: "No record: nothing was written about it",
        NOT_ASKED: "They had not been asked",
        UNDECIDED: "Asked, and undecided",
        DECLINED: "Asked, and did not want to say",
        UNABLE: "They could not say",
        NOT_APPROPRIATE: "It was not right to ask then",
    }
)
"""Why there was no preference to meet. Each is a fact of its own."""

OUTCOMES: Final[Mapping[str, str]] = MappingProxyType({**ANSWERED, **NOT_STATED})

VARIANCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "symptoms": "Symptoms could not be eased there",
        "sudden": "It came sooner or otherwise than expected",
        "needed": "An injury or illness had to be treated elsewhere",
        "no_care": "Care or equipment could not be had in time",
        "no_bed": "No bed or place was free",
        "family": "Those at home could not go on, or asked for it",
        "changed": "The person changed their mind, and it was not recorded",
        "not_seen": "Whoever came did not see the plan",
        "not_known": "Why is not known",
        "other": "Another reason, written below",
    }
)
"""Why somebody died elsewhere, in our own words."""

# which places of the register of deaths (SCCI1580 item 60) meet which preference of the plan
_MEETS: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        "own_home": frozenset({"21"}),
        "other_home": frozenset({"22"}),
        "care_home": frozenset({"40"}),
        "hospice": frozenset({"30"}),
        "hospital": frozenset({"10", "11", "13"}),
        "community_hospital": frozenset({"12"}),
    }
)
# codes that do not say enough: whose home, which hospital, which other place
_TOO_WIDE: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {"20": frozenset({"own_home", "other_home"}), "10": frozenset({"community_hospital"})}
)


@dataclass(frozen=True, slots=True)
class Preference:
    """Where somebody wanted to die, as the plan said on the day: ids of the plan's own answers; empty where nothing was said."""

    first: str = ""
    second: str = ""

    @property
    def is_stated(self) -> bool:
        return bool(self.first) and self.first not in NOT_STATED


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the rule proposes, and why; a person confirms or says otherwise."""

    outcome: str
    because: str

    @property
    def words(self) -> str:
        return OUTCOMES[self.outcome]


def propose(preference: Preference, *, place: str, was_usual_residence: bool | None = None) -> Proposal:
    """Compare the preference that stood at death with the place of death; where the words leave it open, say so."""
    if not preference.first:
        return Proposal(NO_RECORD, "The plan says nothing about where they wanted to die.")
    if not preference.is_stated:
        return Proposal(preference.first, "So the plan says. No preference was there to be met.")
    if place in ("", "not_known"):
        return Proposal(CANNOT_TELL, "Where they died is not known.")
    if (preference.first == "own_home" and place == "40" and was_usual_residence) or (
        preference.first == "care_home" and place == "21"
    ):
        return Proposal(CANNOT_TELL, "A care home can be somebody’s own home. Say which it was for them.")
    for chosen, outcome in ((preference.first, MET), (preference.second, MET_SECOND)):
        if place in _MEETS.get(chosen, ()):
            return Proposal(outcome, "The place of death is the one that the plan names.")
        if chosen == "other" or chosen in _TOO_WIDE.get(place, ()):
            return Proposal(CANNOT_TELL, "The recorded place does not say enough to compare.")
    return Proposal(NOT_MET, "The place of death is another than the plan names.")


def may_answer(preference: Preference) -> Mapping[str, str]:
    """The answers that can be true: met or not where a preference was stated, else why there was none."""
    return ANSWERED if preference.is_stated else {**NOT_STATED, CANNOT_TELL: ANSWERED[CANNOT_TELL]}


NOT_YET: Final = "not_yet"
MEDICINES: Final = MappingProxyType(
    {"returned": "Returned or destroyed", "none": "None were there", NOT_YET: "Not yet"}
)
DOCUMENTS: Final = MappingProxyType(
    {"retired": "Taken back, or marked as no longer in use", "none": "None were there", NOT_YET: "Not yet"}
)
TEAM: Final = MappingProxyType({"told": "Everybody involved was told", NOT_YET: "Not everybody yet"})
BEREAVED: Final = MappingProxyType(
    {
        "offered": "Support offered, to whom is written below",
        "declined": "Offered, and not wanted now",
        "nobody": "Nobody is left behind that we know of",
        NOT_YET: "Not yet",
    }
)
CHILD_REVIEW: Final = MappingProxyType({"told": "Child death review told (CDOP)", NOT_YET: "Not told yet"})
JOINT_RESPONSE: Final = MappingProxyType(
    {"asked": "Asked for: the death was not expected", "not_needed": "Not needed: the death was expected"}
)

ASKED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"medicines": MEDICINES, "documents": DOCUMENTS, "team": TEAM, "bereaved": BEREAVED}
)
ASKED_OF_A_CHILD: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {"child_review": CHILD_REVIEW, "joint_response": JOINT_RESPONSE}
)
LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "place": "Place of death",
        "verification": "Verification of death",
        "outcome": "Preferred place",
        "medicines": "Medicines and controlled drugs",
        "documents": "Documents in the home",
        "team": "Everybody told",
        "bereaved": "Those left behind",
        "child_review": "Child death review",
        "joint_response": "Joint agency response",
    }
)


def asked(*, is_child: bool) -> Mapping[str, Mapping[str, str]]:
    """What the closing asks, with its answers; of a child also the reviews that the law asks for."""
    return {**ASKED, **(ASKED_OF_A_CHILD if is_child else {})}


def problems_of_closing(
    *,
    outcome: str,
    variance: str,
    words: str,
    answers: Mapping[str, str],
    counts: Mapping[str, int | None],
    preference: Preference,
    is_child: bool,
) -> dict[str, str]:
    """What stops the answers being saved, by field. "Not yet" is an answer: the record then stays on the list."""
    problems = {}
    if outcome not in may_answer(preference):
        problems["outcome"] = "Choose the answer that is true."
    if outcome == NOT_MET and variance not in VARIANCES:
        problems["variance"] = "Choose why they died elsewhere."
    if outcome != NOT_MET and variance:
        problems["variance"] = "A reason belongs to a place that was not met. Take it out, or change the answer."
    if variance == "other" and not words.strip():
        problems["words"] = "Write the reason in a few words."
    for name, known in asked(is_child=is_child).items():
        if answers.get(name, "") not in known:
            problems[name] = "Choose an answer."
    if answers.get("bereaved") == "offered" and not answers.get("bereaved_words", "").strip():
        problems["bereaved_words"] = "Write to whom support was offered, and by whom."
    for name, count in counts.items():
        if count is not None and not 0 <= count <= 90:
            problems[name] = "Write a number from 0 to 90, or leave it empty when it is not known."
    return problems


def still_missing(
    *, place: str, is_verified: bool, outcome: str, answers: Mapping[str, str], is_child: bool
) -> tuple[str, ...]:
    """What a death still lacks before its record is closed, in words; nothing when it is whole."""
    missing = []
    if place in ("", "not_known"):
        missing.append("place")
    if not is_verified:
        missing.append("verification")
    if not outcome:
        missing.append("outcome")
    missing += [name for name in asked(is_child=is_child) if answers.get(name, "") in ("", NOT_YET)]
    return tuple(LABELS[name] for name in missing)


def how_many_asked(*, is_child: bool) -> int:
    """How many things a closing asks in all."""
    return 3 + len(asked(is_child=is_child))
