"""What has happened in coordination. Carries ids, never free text."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class CoordinatorNamed:
    """Somebody has a named coordinator, or another one than before."""

    person_id: UUID
    coordinator_id: UUID
    organisation_id: UUID
