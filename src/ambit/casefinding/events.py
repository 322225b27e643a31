"""What has happened in case-finding. Carries ids and counts only."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidatesKept:
    """A run ended, and so many people now wait for a clinician's answer."""

    run_id: UUID
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewChosen:
    """A practice chose how many people it looks at this month, and so many have a place."""

    review_id: UUID
    practice_id: UUID
    people: int
