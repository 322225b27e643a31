"""What has happened about access."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyOpened:
    """Somebody opened a record in an emergency: the privacy officer reviews it, and the person can be told."""

    opening_id: UUID
    person_id: UUID
    account_id: int
    reason: str
    opened_at: datetime
    until_at: datetime
