"""What people ask about packs: which there are, what is wrong with them, which may run here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from ambit.audit.rules import Reader
from ambit.packs.kinds import KINDS, Coverage, Section
from ambit.packs.library import Library, check_examples, library
from ambit.packs.models import PackSignOff
from ambit.packs.rules import Pack, Permission, SignedOff, may_run
from ambit.statements import Prepared

__all__ = [
    "PackPage",
    "PackRow",
    "checked_packs",
    "coverage",
    "every_pack",
    "one_pack",
    "permission",
    "permissions",
    "site_library",
]


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack in the list: what it is, whether it is right, and whether it may run here."""

    kind: str
    id: str
    version: str
    title: str
    origin: str
    ok: bool
    reviewed: bool
    review: str
    allowed: bool
    why: str
    waits: bool  # for something that this site must import
    problems: tuple[str, ...]
    sha256: str
    kind_title: str


@dataclass(frozen=True, slots=True)
class SignOffRow:
    by_name: str
    at: datetime
    version: str
    note: str
    current: bool


@dataclass(frozen=True, slots=True)
class PackPage:
    """One pack: its row, where it comes from, its sign-offs, and whether this reader may sign it off."""

    row: PackRow
    source: str
    licence: str
    reviewer: str
    review_on: date | None
    extends: str
    uses: tuple[tuple[str, str], ...]
    sign_offs: tuple[SignOffRow, ...]
    needs_sign_off: bool
    may_sign_off: bool
    sections: tuple[Section, ...]  # what it says, in words


def site_library() -> Library:
    """The packs shipped with Ambit and those of this site."""
    return library(Path(settings.HOME) / "packs")


def _sign_offs() -> list[SignedOff]:
    return [SignedOff(*row) for row in _SIGNED_OFF()]


_SIGNED_OFF = Prepared(lambda: PackSignOff.objects.values_list("kind", "pack_id", "version", "sha256").order_by("pk"))


def permission(pack: Pack) -> Permission:
    """May this pack run here, now, and why."""
    return permissions([pack])[pack.id]


def permissions(packs: Iterable[Pack]) -> dict[str, Permission]:
    """The same for several packs of one kind, by their ids: one statement."""
    sign_offs = _sign_offs()
    return {pack.id: may_run(pack, demonstration=settings.DEMONSTRATION, sign_offs=sign_offs) for pack in packs}


def _row(pack: Pack, sign_offs: list[SignedOff], problems: tuple[str, ...]) -> PackRow:
    may = may_run(pack, demonstration=settings.DEMONSTRATION, sign_offs=sign_offs)
    return PackRow(
        kind=pack.kind,
        id=pack.id,
        version=pack.version,
        title=pack.title,
        origin=pack.origin,
        ok=pack.ok and not problems,
        reviewed=pack.reviewed,
        review=pack.review_in_words,
        allowed=may.allowed,
        why=may.why,
        waits=bool(pack.awaits),
        problems=problems,
        sha256=pack.sha256,
        kind_title=KINDS[pack.kind].title if pack.kind in KINDS else pack.kind,
    )


def _problems(pack: Pack, packs: Library, *, examples: bool) -> tuple[str, ...]:
    found = list(pack.problems)
    if examples:
        found += check_examples(pack, packs)[1]
    return tuple(str(problem) for problem in found)


def every_pack(reader: Reader) -> list[PackRow]:
    """Every pack here, and whether it may run."""
    reader.must("see_packs")
    sign_offs = _sign_offs()
    return [_row(pack, sign_offs, _problems(pack, site_library(), examples=False)) for pack in site_library()]


def checked_packs(reader: Reader) -> list[PackRow]:
    """Every pack with its worked cases run. Needs no database, so that a pack can be checked before there is a site."""
    reader.must("see_packs")
    packs = site_library()
    return [_row(pack, [], _problems(pack, packs, examples=True)) for pack in packs]


def coverage(reader: Reader, kind: str) -> Coverage | None:
    """How much of what the packs of a kind ask for is here; None for a kind whose packs ask for nothing."""
    reader.must("see_packs")
    asks = KINDS[kind].coverage if kind in KINDS else None
    return asks(site_library().of_kind(kind)) if asks else None


def one_pack(reader: Reader, kind: str, pack_id: str) -> PackPage | None:
    """One pack with its sign-offs; None when there is none of that name."""
    reader.must("see_packs")
    packs = site_library()
    pack = packs.get(kind, pack_id)
    if pack is None:
        return None
    kept = list(PackSignOff.objects.filter(kind=kind, pack_id=pack_id).order_by("-at"))
    signed = [SignedOff(s.kind, s.pack_id, s.version, s.sha256) for s in kept]
    row = _row(pack, signed, _problems(pack, packs, examples=True))
    current = SignedOff(pack.kind, pack.id, pack.version, pack.sha256)
    needs = row.ok and not pack.awaits and not pack.reviewed and current not in signed
    return PackPage(
        row=row,
        source=pack.source,
        licence=pack.licence,
        reviewer=pack.reviewer,
        review_on=pack.review_on,
        extends=pack.extends,
        uses=pack.uses,
        sign_offs=tuple(
            SignOffRow(s.by_name, s.at, s.version, s.note, said == current)
            for s, said in zip(kept, signed, strict=True)
        ),
        needs_sign_off=needs,
        may_sign_off=needs and reader.may("sign_off_packs"),
        sections=tuple(KINDS[kind].shows(pack, packs)) if pack.ok else (),
    )
