"""What has happened to a plan. Carries ids, never what the plan says."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionSaved:
    """A section has a new version."""

    person_id: UUID
    section: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CPRRecorded:
    """A CPR decision was made here or transcribed; `disagree` says that the recorded ones now contradict each other."""

    person_id: UUID
    decision_id: UUID
    disagree: bool
