"""What a search hands on: who was found, by which pack, and the rows of the record that say why.

Made by `casefinding.search.run`; whoever keeps a candidate copies these and freezes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Evidence:
    """One row of the source's record that made a criterion true, as it was sent."""

    system: str
    code: str
    display: str
    on: date
    value: str  # as the source wrote it; "" when the row carries none
    unit: str
    source: str  # the resource in the source, as "Condition/<id>"


@dataclass(frozen=True, slots=True)
class Reason:
    """A criterion that is true for this person, in words, with the rows that make it so."""

    pack: str
    criterion: str
    text: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class SourceIdentity:
    """What the source said about who this is: enough for the person's own practice to recognise them."""

    family_name: str
    given_names: str
    title: str
    born_on: date | None
    sex: str
    nhs_number: str  # ten digits, or "" when the source gave none that passes its check
    practice_code: str  # ODS code, or ""
    address: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody a pack found on a day."""

    source: str  # the name of the feed
    person_key: str  # the identifier the source gave; unique within `source`
    identity: SourceIdentity
    pack_id: str
    pack_version: str
    pack_sha256: str
    tier: str  # the pack's own word, as "both" or "condition"
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]  # criteria that could not be answered from this record


@dataclass(frozen=True, slots=True)
class AnsweredCriterion:
    """What a criterion answers for one person: true, false or None for unknown, and the rows that make it true."""

    criterion: str
    text: str
    value: bool | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """Every answer of a pack for one person; the tier is "" when the pack does not find them."""

    pack: str
    tier: str
    criteria: tuple[AnsweredCriterion, ...]


@dataclass(frozen=True, slots=True)
class PackUsed:
    id: str
    version: str
    sha256: str
    title: str
    reviewed: bool


@dataclass(frozen=True, slots=True)
class Search:
    """One run: which packs, on which day, over how many people, who was found."""

    on: date
    packs: tuple[PackUsed, ...]
    searched: int
    flagged: tuple[Found, ...]  # one for each person and pack, in order of person and pack
    seconds: float
    snapshot: str  # the version of the population store that was read
    plan: str  # the plan in words, when it was asked for
    by_practice: Mapping[str, int] = field(default_factory=dict)  # how many were searched, by ODS code; "" for none
