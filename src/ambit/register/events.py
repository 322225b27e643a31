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


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReferred:
    """Somebody was referred to the register; `person_id` is None while nobody has said whose record it is about."""

    referral_id: UUID
    person_id: UUID | None
    practice_id: UUID
    referred_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralAnswered:
    """A referral was answered, or what the practice asked was told: then `waits_for` is the practice again."""

    referral_id: UUID
    number: int
    person_id: UUID | None
    practice_id: UUID
    waits_for: str
    answered_on: date
