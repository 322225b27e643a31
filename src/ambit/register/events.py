"""What has happened on the register. Carries ids and codes, never free text."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonJoined:
    """Somebody joined the register. `told` says that they know, or will before anything leaves their practice."""

    entry_id: UUID
    person_id: UUID
    practice_id: UUID | None
    joined_on: date
    found_by: str
    told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTold:
    """Somebody on the register has been told that they are, so that care outside their practice can be asked for."""

    entry_id: UUID
    person_id: UUID
    practice_id: UUID | None
    told_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft:
    """Somebody left the register, for a reason other than a wrong entry's repair."""

    entry_id: UUID
    person_id: UUID
    left_on: date
    reason: str
