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


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeProposed:
    """The person, or somebody who acts or cares for them, wants something in the plan to be different."""

    person_id: UUID
    proposal_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAnswered:
    """A proposed change was answered, or taken back by who proposed it."""

    person_id: UUID
    proposal_id: UUID
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicinesDoNotAddUp:
    """A count of medicines in a home differs from what was recorded, or more was used than there was."""

    person_id: UUID
    movement_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectiveRecorded:
    """A document or decision with legal force was recorded, or one ended."""

    person_id: UUID
    directive_id: UUID
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisagreementFound:
    """Two or more records about somebody differ. `key` stays the same for as long as it is the same records."""

    person_id: UUID
    key: str
    kind: str
    organisation_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathVerified:
    """Somebody's death was verified; it may not be recorded yet."""

    person_id: UUID
    verification_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class TransitionStepRecorded:
    """A step of the move to adult care was recorded; `nothing_left` says that all steps due by this age are settled."""

    person_id: UUID
    age: int
    nothing_left: bool
