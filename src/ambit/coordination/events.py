"""What has happened in coordination. Carries ids, never free text."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinatorNamed:
    """Somebody has a named coordinator, or another one than before."""

    person_id: UUID
    coordinator_id: UUID
    organisation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingClosed:
    """A practice's meeting is over; so many people were talked about."""

    meeting_id: UUID
    practice_id: UUID
    people: int
