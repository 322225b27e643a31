"""What has happened to people. Carries ids and dates, never names."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathRecorded:
    """Somebody's death was recorded, or its date corrected."""

    person_id: UUID
    died_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathRetracted:
    """A death was recorded in error, of the wrong person; they live."""

    person_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleMerged:
    """Two records were of one person; what hung on `other_id` now hangs on `kept_id`."""

    merge_id: UUID
    kept_id: UUID
    other_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleUnmerged:
    """Two records were not of one person after all; what had moved went back."""

    merge_id: UUID
    kept_id: UUID
    other_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonMoved:
    """Somebody lives or stays elsewhere than before; `version` is that of the record which says so."""

    person_id: UUID
    version: int
