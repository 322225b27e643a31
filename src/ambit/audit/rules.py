"""Who acts, what they may do, and how lines of the audit trail are chained. Plain Python, no clock."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID


class NotAllowed(Exception):
    """The reader may not do this; says what, who may, and what to do instead. `ability` is the word of `access.rules`
    that their role lacks, if that is why."""

    def __init__(self, what: str, *, who_may: str = "", what_to_do: str = "", ability: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.ability = ability
        self.who_may = who_may
        self.what_to_do = what_to_do


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The one in whose name something is read or done: a person signed in with an acting role, or an operator.

    `abilities` are the words of `access.rules` that the acting role carries; nothing is allowed that is not named there.
    """

    name: str
    role: str
    account_id: int | None = None
    staff_id: UUID | None = None
    membership_id: UUID | None = None
    organisation_id: UUID | None = None
    organisation_name: str = ""
    team_ids: tuple[UUID, ...] = ()
    person_id: UUID | None = None
    abilities: frozenset[str] = field(default_factory=frozenset)
    through: str = "web"
    address: str = ""

    def may(self, ability: str) -> bool:
        return ability in self.abilities

    def must(self, ability: str, or_else: str = "") -> None:
        """Refuse, in words, unless the acting role carries this ability (or the other one named)."""
        if ability not in self.abilities and or_else not in self.abilities:
            raise NotAllowed(
                f"Your role ({self.role.replace('_', ' ') or 'none'}) may not {ability.replace('_', ' ')}.",
                what_to_do="Choose another of your roles, or ask a colleague who may.",
                ability=ability,
            )


# What the first seal follows.
GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the trail, as it is sealed."""

    id: int
    at: datetime
    account_id: int | None
    name: str
    role: str
    organisation: str
    through: str
    address: str
    what: str
    about: UUID | None
    details: dict[str, Any]
    spool_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of the chain: the hash of its line, and a hash over that and the link before."""

    seq: int
    line_id: int
    line_hash: str
    previous_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """What was written outside the database: at this moment the chain was this long and ended in this hash."""

    seq: int
    hash: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the trail is not what was sealed."""

    kind: str
    words: str
    seq: int | None = None
    line: int | None = None


def canonical(line: Line) -> bytes:
    """One spelling of a line, the same whichever database holds it.

    Moments are UTC with microseconds; JSON has sorted keys and ASCII only. PostgreSQL rewrites numbers
    (1e22 comes back as an integer), so whole numbers are always written as integers.
    """
    return json.dumps(
        {
            "id": line.id,
            "at": line.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "account_id": line.account_id,
            "name": line.name,
            "role": line.role,
            "organisation": line.organisation,
            "through": line.through,
            "address": line.address,
            "what": line.what,
            "about": str(line.about) if line.about else None,
            "details": _whole(line.details),
            "spool_id": str(line.spool_id) if line.spool_id else None,
        },
        sort_keys=True,
        separators=(",", ":"),
        allow_nan=False,
    ).encode("ascii")


def _whole(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _whole(below) for key, below in value.items()}
    if isinstance(value, list | tuple):
        return [_whole(below) for below in value]
    return value


def line_hash(line: Line) -> str:
    return hashlib.sha256(canonical(line)).hexdigest()


def link_hash(*, seq: int, previous_hash: str, line_hash: str) -> str:
    return hashlib.sha256(f"{seq}:{previous_hash}:{line_hash}".encode("ascii")).hexdigest()


def chain(lines: Iterable[Line], *, after_seq: int, after_hash: str) -> Iterator[Seal]:
    """The seals of these lines, in this order, following the chain that ends in `after_hash`."""
    seq, previous = after_seq, after_hash
    for line in lines:
        seq += 1
        of_line = line_hash(line)
        link = link_hash(seq=seq, previous_hash=previous, line_hash=of_line)
        yield Seal(seq=seq, line_id=line.id, line_hash=of_line, previous_hash=previous, hash=link)
        previous = link


def first_break(links: Iterable[tuple[Seal, Line | None]], anchors: Iterable[Anchor]) -> Break | None:
    """Walk the chain beside its anchors and name the first thing that is wrong; None when all is as sealed.

    `links` are the seals in order, each with the line it seals, or None where that line is gone.
    """
    waiting = iter(anchors)
    anchor = next(waiting, None)
    anchored = False
    seq, previous = 0, GENESIS
    for seal, line in links:
        if seal.seq != seq + 1:
            words = f"Seals from {seq + 1} to {seal.seq - 1} are missing: lines were taken out together with them."
            return Break("missing seal", words, seq + 1)
        seq = seal.seq
        if line is None:
            words = f"Line {seal.line_id} is gone; seal {seq} shows that it was there."
            return Break("removed line", words, seq, seal.line_id)
        if line_hash(line) != seal.line_hash:
            words = f"Line {line.id} was changed after it was sealed (seal {seq})."
            return Break("changed line", words, seq, line.id)
        right = link_hash(seq=seq, previous_hash=previous, line_hash=seal.line_hash)
        if seal.previous_hash != previous or seal.hash != right:
            return Break("changed seal", f"Seal {seq} does not follow from the one before it.", seq, line.id)
        previous = seal.hash
        while anchor is not None and anchor.seq <= seq:
            if (anchor.seq, anchor.hash) != (seq, seal.hash):
                words = f"Seal {seq} is not the one anchored outside the database: the chain was written anew."
                return Break("rewritten chain", words, seq, line.id)
            anchored = True
            anchor = next(waiting, None)
    if anchor is not None:
        words = (
            f"The trail ends at seal {seq}, but was anchored outside the database at seal {anchor.seq} or later: "
            "its tail was cut off."
        )
        return Break("truncated tail", words, seq + 1)
    if seq and not anchored:
        return Break("missing anchor", "Lines were sealed, but the file of anchors is gone or empty.", seq)
    return None
