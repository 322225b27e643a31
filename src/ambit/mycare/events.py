"""What has happened on the person's side. Carries ids, never words."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernAnswered:
    """A concern has its answer."""

    person_id: UUID
    concern_id: UUID
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedToSeeAnswered:
    """Whoever asked to see another person's plan has an answer."""

    person_id: UUID
    asked_id: UUID
    account_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeMade:
    """There is something new for an account; a mail may say so, without saying what."""

    person_id: UUID
    notice_id: int
