"""The CPR decision: five readings, and how several forms are read together. Plain Python, no clock.

Sources: SCCI1580 items 44 to 48; ReSPECT v3 section 4; Tracey (2014) and Winspear (2015) on telling the person and those close;
`architecture.md`, "Floors that may not crack".
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final
from uuid import UUID

ATTEMPT, DO_NOT_ATTEMPT, MODIFIED, NOT_DECIDED = "attempt", "do_not_attempt", "modified", "not_decided"
NOT_RECORDED: Final = "not_recorded"
DISAGREE: Final = "disagree"

WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        ATTEMPT: "Attempt CPR",
        DO_NOT_ATTEMPT: "Do not attempt CPR",
        MODIFIED: "Modified CPR, child only",
        NOT_DECIDED: "CPR: talked about, not decided",
        NOT_RECORDED: "CPR: not recorded. This is not a decision.",
        DISAGREE: "CPR: the recorded decisions disagree",
    }
)
KEPT_BACK: Final = "CPR: not shown to you. This is not a decision."
"""What stands in place of a reading that the person keeps back from this reader; it says neither that one is there nor that none is."""
SNOMED: Final[Mapping[str, str]] = MappingProxyType({ATTEMPT: "450475007", DO_NOT_ATTEMPT: "450476008"})
DECISIONS: Final = (ATTEMPT, DO_NOT_ATTEMPT, MODIFIED)

REPLACED, WITHDRAWN, WRONG = "replaced", "withdrawn", "wrong"
MADE_HERE, TRANSCRIBED = "made_here", "transcribed"

# L23: roles that may make a CPR decision; anybody who may edit the plan may transcribe one that exists on paper.
MAKERS: Final = frozenset({"gp", "palliative_specialist", "hospital_clinician"})

TALKED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "person": "Talked about with the person",
        "close": "The person could not take part: talked about with those close to them",
        "parents": "Talked about with those with parental responsibility",
        "harm": "Not talked about: it would cause the person physical or psychological harm",
        "nobody": "The person could not take part and there is nobody to consult",
    }
)
"""L17. Distress alone is no reason not to talk (Tracey)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One CPR form as it is recorded: made here, or transcribed as it stands on paper."""

    id: UUID
    reading: str
    source: str
    made_on: date | None
    recorded_at: datetime
    reason: str = ""
    talked: str = ""
    why_not_talked: str = ""
    decided_by: str = ""
    decided_by_role: str = ""
    review_on: date | None = None
    paper_at: str = ""
    signature_seen: bool = True
    recorded_by: str = ""
    recorded_by_role: str = ""
    recorded_by_organisation: str = ""
    # what emergency recommendations say about CPR is read together with the forms of the CPR decision
    of_emergency_plan: bool = False
    ended: str = ""
    ended_at: datetime | None = None
    ended_on: date | None = None
    born_on: date | None = None

    @property
    def words(self) -> str:
        return WORDS[self.reading]

    @property
    def talked_in_words(self) -> str:
        return TALKED.get(self.talked, "Not recorded whether it was talked about")

    @property
    def who(self) -> str:
        """Who decided, in which role; of a paper form that names nobody, who reported it."""
        if self.decided_by:
            return ", ".join(part for part in (self.decided_by, self.decided_by_role) if part)
        return ", ".join(part for part in (f"Reported by {self.recorded_by}", self.recorded_by_role) if part)

    @property
    def is_current(self) -> bool:
        return not self.ended

    @property
    def incomplete(self) -> tuple[str, ...]:
        """What a transcribed form was seen to lack; it is shown all the same."""
        if self.source != TRANSCRIBED:
            return ()
        missing = []
        if not self.signature_seen:
            missing.append("no signature seen")
        if self.made_on is None:
            missing.append("no date seen")
        if not self.decided_by:
            missing.append("who decided is not known")
        return tuple(missing)

    @property
    def report(self) -> str:
        """How it came here: made here, reported, or "reported, incomplete: no signature seen"."""
        if self.of_emergency_plan and not self.incomplete:
            return "Emergency recommendations"
        if self.source == MADE_HERE:
            return "Made here"
        return "Reported, incomplete: " + ", ".join(self.incomplete) if self.incomplete else "Transcribed from a form"

    def made_as_a_child(self, on: date) -> bool:
        """Made before the eighteenth birthday of somebody who has reached it: it stays, and is to be looked at again (L19)."""
        made_on = self.made_on or self.recorded_at.date()
        return self.born_on is not None and _under_18(self.born_on, on=made_on) and not _under_18(self.born_on, on=on)

    def review_overdue(self, on: date) -> bool:
        """Age never hides or fades a decision; it says that the review is overdue."""
        return self.review_on is not None and self.review_on < on


@dataclass(frozen=True, slots=True)
class Standing:
    """How everything recorded about CPR reads together; the newest made comes first."""

    reading: str
    current: tuple[Recorded, ...]
    kept_back: bool = False

    @property
    def words(self) -> str:
        return KEPT_BACK if self.kept_back else WORDS[self.reading]

    @property
    def disagree(self) -> bool:
        return self.reading == DISAGREE

    @property
    def newest(self) -> Recorded | None:
        """The newest current form that carries this reading; None when nothing is recorded."""
        return next((form for form in self.current if form.reading == self.reading), next(iter(self.current), None))


def standing(forms: Iterable[Recorded]) -> Standing:
    """Read all forms together: order follows the day made, never the day typed; two that disagree both stay current.

    A talk without a decision neither hides nor overrides a decision. Without any form, CPR is not recorded: not a decision.
    """
    current = tuple(sorted((form for form in forms if form.is_current), key=_by_day_made, reverse=True))
    decided = {form.reading for form in current if form.reading in DECISIONS}
    if len(decided) > 1:
        return Standing(DISAGREE, current)
    if decided:
        return Standing(decided.pop(), current)
    return Standing(NOT_DECIDED if current else NOT_RECORDED, current)


def _by_day_made(form: Recorded) -> tuple[date, datetime]:
    return (form.made_on or date.min, form.recorded_at)


def problems_of_making(
    *,
    reading: str,
    role: str,
    made_on: date | None,
    on: date,
    born_on: date | None,
    reason: str,
    talked: str,
    why_not_talked: str,
    decided_by: str,
    review_on: date | None,
) -> dict[str, str]:
    """What stops a CPR decision being made here (L17, L19, L23), by field. A transcribed form is never held to this."""
    problems = {}
    if role not in MAKERS:
        problems[""] = (
            "Only a GP, palliative care specialist or hospital clinician makes a CPR decision here. "
            "If there is a form on paper, record it as it stands."
        )
    if reading not in (*DECISIONS, NOT_DECIDED):
        problems["reading"] = "Choose what was decided."
    if made_on is None:
        problems["made_on"] = "Write the day on which it was made."
    elif made_on > on:
        problems["made_on"] = f"The day must not be after today, {on:%-d %B %Y}."
    elif born_on is not None and made_on < born_on <= on:
        problems["made_on"] = f"The day is before the birth, {born_on:%-d %B %Y}."
    if reading == MODIFIED and not _under_18(born_on, on=made_on or on):
        problems["reading"] = "Modified CPR is for somebody under 18. Choose another answer."
    if reading in (DO_NOT_ATTEMPT, MODIFIED) and not reason.strip():
        problems["reason"] = "Write why, in words that the person and those close to them could read."
    if talked not in TALKED:
        problems["talked"] = "Choose with whom it was talked about."
    elif talked in ("harm", "nobody") and not why_not_talked.strip():
        problems["why_not_talked"] = "Write why it was not talked about. Distress alone is not a reason."
    if reading in DECISIONS and not decided_by.strip():
        problems["decided_by"] = "Write the name of the senior clinician responsible."
    if review_on is not None and made_on is not None and review_on <= made_on:
        problems["review_on"] = "The review must be after the day on which it was made."
    return problems


def problems_of_transcribing(*, reading: str, made_on: date | None, on: date) -> dict[str, str]:
    """What stops a form on paper being recorded: only what cannot be so. What it lacks is labelled, not refused."""
    problems = {}
    if reading not in (*DECISIONS, NOT_DECIDED):
        problems["reading"] = "Choose what the form says."
    if made_on is not None and made_on > on:
        problems["made_on"] = f"The day must not be after today, {on:%-d %B %Y}. Leave it empty if the form shows none."
    return problems


def _under_18(born_on: date | None, *, on: date) -> bool:
    if born_on is None:
        return False
    return (on.year - born_on.year, on.month, on.day) < (18, born_on.month, born_on.day)
