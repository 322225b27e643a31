"""What has happened in self-assessment. Carries ids, never words."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessorAsked:
    """Somebody was asked, or reminded, to answer a round."""

    reminder_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersHandedIn:
    """An assessor has handed in, or is no longer asked: nothing waits for them."""

    assessor_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundSigned:
    """A round was signed: its answers and figures are what they are."""

    round_id: UUID
