"""The kinds of pack. `site/kinds.py` fills this list: each slice brings how its kind is read and how its examples run."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ambit.packs.reading import Place, Problem
from ambit.packs.rules import Pack

if TYPE_CHECKING:
    from ambit.packs.library import Library


@dataclass(frozen=True)
class Draft:
    """A pack being read: its own lines, its folder, its parent, and the packs already read."""

    id: str
    place: Place
    entries: dict[str, Place]
    folder: Path
    label: str
    parent: Pack | None
    library: "Library"
    problems: list[Problem]


@dataclass(frozen=True)
class Coverage:
    """How much of what its packs ask for is here: for programs, as a table, and in a few words."""

    answer: dict[str, Any]
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: str


@dataclass(frozen=True)
class Section:
    """A part of what a pack says, for whoever must read it before it is used: words, a table, or both."""

    title: str
    lead: str
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def no_sections(pack: Pack, library: "Library") -> Iterable[Section]:
    return ()


def no_uses(content: Any) -> Iterable[tuple[str, str]]:
    return ()


def nothing(content: Any) -> str:
    return ""


@dataclass(frozen=True)
class Kind:
    """A kind of pack. Kinds are read in the order they are registered, so that one may use those before it."""

    name: str  # the folder under packs/
    title: str
    read: Callable[[Draft], Any]
    keys: frozenset[str] = frozenset()  # what pack.yaml may hold beside the common lines
    needs: frozenset[str] = frozenset()  # of those, what it must hold
    run_examples: Callable[[Pack, Place, "Library"], int] | None = None  # notes what differs; answers how many ran
    uses: Callable[[Any], Iterable[tuple[str, str]]] = no_uses
    awaits: Callable[[Any], str] = nothing  # what a site must bring before the pack can be used; "" when nothing
    shows: Callable[[Pack, "Library"], Iterable[Section]] = no_sections
    blank: Callable[[str], dict[str, str]] | None = (
        None  # the files of a new pack of this id, which pass their own check
    )
    coverage: Callable[[Sequence[Pack]], Coverage] | None = None


KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    if kind.name in KINDS and KINDS[kind.name] is not kind:
        raise ValueError(f"Two slices register the kind of pack “{kind.name}”.")
    KINDS[kind.name] = kind
