"""What the last run over everybody found, kept beside the store that it read: tonight only those are searched who may be answered otherwise.

Of no use once packs, code lists or the program are others: then everybody is searched anew. It holds nothing that the store's own
earlier snapshots do not, and is replaced by every run.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import msgspec

from ambit.casefinding.found import Found
from ambit.packs.rules import Pack
from ambit.population.codelists.rules import CodeList
from ambit.population.search.again import Again
from ambit.population.store import Snapshot

NAME = "last-run.json"

type Texts = Mapping[tuple[str, str], str]
"""By pack and criterion, what a reason says."""


@dataclass(frozen=True, slots=True)
class FoundNumber:
    """Somebody found, with their number in the store."""

    person: int
    found: Found


@dataclass(frozen=True, slots=True)
class LastRun:
    """A run over everybody: of which question, snapshot and day, and whom it found."""

    asked: str
    on: date
    snapshot: int
    files: dict[str, dict[str, str]]
    flagged: tuple[FoundNumber, ...]

    @property
    def read(self) -> Snapshot:
        """The snapshot that it read."""
        return Snapshot(self.snapshot, self.files)

    def stay_found(self, again: Again, texts: Texts) -> list[FoundNumber]:
        """Those who are found as before, since nobody searches them again; with the reasons in the words of today."""
        return [replace(one, found=_retold(one.found, texts)) for one in self.flagged if one.person not in again]


def asked(packs: Sequence[Pack], lists: Mapping[str, CodeList]) -> str:
    """A digest of all that decides who is found, beside the day and what the store holds."""
    told = blake2b(digest_size=16)
    told.update(version("ambit").encode())
    for pack in packs:
        told.update(repr((pack.id, pack.version, pack.sha256)).encode())
    for name in sorted(lists):
        told.update(repr((name, lists[name].codes)).encode())
    return told.hexdigest()


def read(folder: Path, question: str, *, on: date) -> LastRun | None:
    """The last run of the same question, not after this day; None when there is none that can be read."""
    try:
        last = msgspec.json.decode((folder / NAME).read_bytes(), type=LastRun)
    except (FileNotFoundError, msgspec.DecodeError):
        return None
    return last if last.asked == question and last.on <= on else None


def keep(folder: Path, run: LastRun) -> None:
    """Put this run in the place of the last one, whole or not at all."""
    beside = folder / f"{NAME}.{os.getpid()}.new"
    with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(msgspec.json.encode(run))
    beside.replace(folder / NAME)


def _retold(found: Found, texts: Texts) -> Found:
    return replace(found, reasons=tuple(replace(r, text=texts[r.pack, r.criterion]) for r in found.reasons))
