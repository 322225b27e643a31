"""Recognising that somebody is dying, and verifying that they have died. Plain Python, no clock.

Sources: the five priorities for care of the dying person (Leadership Alliance, 2014; NICE NG31); verification as hospices and
community nurses record it. Who may verify, and how long to watch, is for local policy: Ambit asks, and sets no time.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

DYING, RECOVERING = "dying", "recovering"
PART, PART_TITLE = "dying", "When dying was recognised, and how the death was verified"
"""What is kept back, or sealed, as one part of the record, like a section of the plan."""
WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {DYING: "Thought to be dying", RECOVERING: "No longer thought to be dying"}
)

RECOGNISERS: Final = frozenset({"gp", "community_nurse", "palliative_specialist", "hospital_clinician"})
VERIFIERS: Final = RECOGNISERS | {"urgent_clinician"}

CONSIDERED, TREATED, NOT_CONSIDERED = "considered", "treated", "not_considered"
CAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        CONSIDERED: "Considered: nothing that can be reversed, or that the person would want reversed",
        TREATED: "Found, and being treated as the person would want",
        NOT_CONSIDERED: "Not considered yet",
    }
)

SIGNS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no_breathing": "No breathing movements or sounds",
        "no_heartbeat": "No heart sounds and no central pulse",
        "pupils": "Pupils fixed, do not react to light",
        "no_response": "No response to pressure above the eye",
        "unmistakable": "Changes after death that cannot be mistaken",
    }
)
IMPLANTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "none": "None",
        "pacemaker": "Pacemaker",
        "defibrillator_off": "Defibrillator, switched off",
        "defibrillator_on": "Defibrillator, not switched off yet: do not touch the chest until it is",
        "other": "Another device, named below",
        "not_known": "Not known",
    }
)
INFECTION: Final[Mapping[str, str]] = MappingProxyType(
    {"none_known": "None known", "yes": "Yes, written below", "not_known": "Not known"}
)
TOLD, NOT_NEEDED, NOT_YET = "told", "not_needed", "not_yet"
TELLING: Final[Mapping[str, str]] = MappingProxyType({TOLD: "Told", NOT_NEEDED: "Not needed", NOT_YET: "Not told yet"})
YES_NO: Final[Mapping[str, str]] = MappingProxyType({"yes": "Yes", "no": "No"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """One judgement that somebody is dying, or that they no longer are; who made it, and when."""

    id: UUID
    kind: str
    at: datetime
    judged_by: str
    judged_by_role: str
    causes: str
    words: str
    recorded_at: datetime
    recorded_by: str

    @property
    def kind_in_words(self) -> str:
        return WORDS[self.kind]

    @property
    def causes_in_words(self) -> str:
        return CAUSES.get(self.causes, "")

    @property
    def judge(self) -> str:
        return ", ".join(part for part in (self.judged_by, self.judged_by_role) if part)


def in_order(judgements: Iterable[Recognised]) -> tuple[Recognised, ...]:
    """Judgements with the one that holds first: order follows when each was made, never when it was typed."""
    return tuple(sorted(judgements, key=lambda one: (one.at, one.recorded_at), reverse=True))


def problems_of_recognising(
    *, kind: str, role: str, at: datetime | None, judged_by: str, causes: str, words: str, now: datetime
) -> dict[str, str]:
    """What stops a judgement being recorded, by field. That causes were not considered is kept and said, never refused."""
    problems = {}
    if role not in RECOGNISERS:
        problems[""] = "Only a doctor or nurse who looks after the person records this. Ring the one on duty."
    if kind not in WORDS:
        problems["kind"] = "Choose what is thought now."
    if at is None:
        problems["at"] = "Write the day and the time at which it was judged."
    elif at > now:
        problems["at"] = "The moment must not be later than now."
    if not judged_by.strip():
        problems["judged_by"] = "Write the name of the clinician who judged it."
    if kind == DYING and causes not in CAUSES:
        problems["causes"] = "Choose whether causes that can be reversed were considered."
    if kind == RECOVERING and not words.strip():
        problems["words"] = "Write what changed, so that everybody understands."
    return problems


def problems_of_verifying(
    *,
    role: str,
    verified_at: datetime | None,
    asked_at: datetime | None,
    verified_by: str,
    signs: Collection[str],
    answers: Mapping[str, str],
    now: datetime,
) -> dict[str, str]:
    """What stops a verification being recorded, by field. A sign that was not looked for is shown, never refused."""
    problems = {}
    if role not in VERIFIERS:
        problems[""] = "Only a doctor, nurse or paramedic verifies a death."
    if verified_at is None:
        problems["verified_at"] = "Write the day and the time at which the death was verified."
    elif verified_at > now:
        problems["verified_at"] = "The moment must not be later than now."
    elif asked_at and asked_at > verified_at:
        problems["asked_at"] = "It was asked for before it was done. Check both times."
    if not verified_by.strip():
        problems["verified_by"] = "Write who verified the death, with their registration number."
    if not signs or not set(signs) <= SIGNS.keys():
        problems["signs"] = "Tick each sign that was looked for."
    for name, known in ASKED.items():
        if answers.get(name, "") not in known:
            problems[name] = "Choose an answer."
    return problems


ASKED: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "was_expected": YES_NO,
        "implanted": IMPLANTED,
        "infection": INFECTION,
        "practice_told": TELLING,
        "examiner_told": TELLING,
        "coroner_told": TELLING,
    }
)
"""What is asked when a death is verified, besides when and by whom."""


def minutes(asked_at: datetime | None, verified_at: datetime) -> int | None:
    """How long those at the bedside waited; None when nobody wrote when they asked."""
    return None if asked_at is None else int((verified_at - asked_at).total_seconds() // 60)


def waited(asked_at: datetime | None, verified_at: datetime) -> str:
    """The same in words."""
    whole = minutes(asked_at, verified_at)
    if whole is None:
        return "When it was asked for is not recorded"
    hours, rest = divmod(whole, 60)
    parts = [f"{hours} hour{'' if hours == 1 else 's'}"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} minute{'' if rest == 1 else 's'}")
    return " ".join(parts) + " after it was asked for"
