"""Finds packs in their folders, settles parents, and says what each means by a hash of its content."""

import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from time import monotonic
from typing import Any

from ambit.packs.kinds import KINDS, Draft, Kind
from ambit.packs.reading import NotUnderstood, Place, Problem, attempts, meant, read_yaml
from ambit.packs.rules import Pack

COMMON = frozenset({"id", "version", "title", "source", "licence", "reviewer", "review_date", "extends", "replaces"})
REQUIRED = ("id", "version", "title", "source", "licence", "reviewer", "review_date")
SHIPPED_IN_WHEEL = Path(__file__).resolve().parent / "shipped"
CHECKOUT = Path(__file__).resolve().parents[3] / "packs"


def shipped() -> Path:
    """Packs beside a checkout, or those carried by the wheel."""
    return SHIPPED_IN_WHEEL if SHIPPED_IN_WHEEL.is_dir() else CHECKOUT


class Library:
    """Every pack of the folders given, read once. `site` packs may extend shipped ones but not silently replace them."""

    def __init__(self, folders: dict[str, Path]) -> None:
        self.folders = folders
        self.packs: dict[tuple[str, str], Pack] = {}
        self._reading: list[tuple[str, str]] = []
        self._found: dict[tuple[str, str], tuple[str, Path]] = {}
        self._twice: dict[tuple[str, str], list[Path]] = {}
        self.strays: list[Pack] = []
        self._look()
        for kind in KINDS:
            for key in [key for key in self._found if key[0] == kind]:
                self.get(*key)

    def _look(self) -> None:
        for origin, root in self.folders.items():
            if not root.is_dir():
                continue
            for kind_folder in sorted(p for p in root.iterdir() if p.is_dir() and not p.name.startswith((".", "_"))):
                holders = [p for p in sorted(kind_folder.iterdir()) if p.is_dir() and not p.name.startswith((".", "_"))]
                if kind_folder.name not in KINDS:
                    for folder in holders:
                        self.strays.append(self._stray(kind_folder.name, folder, origin))
                    continue
                for folder in holders:
                    key = (kind_folder.name, folder.name)
                    if key in self._found and _says_it_replaces(folder):
                        self._found[key] = (origin, folder)
                    elif key in self._found:
                        self._twice.setdefault(key, []).append(folder)
                    else:
                        self._found[key] = (origin, folder)

    def _stray(self, kind: str, folder: Path, origin: str) -> Pack:
        words = f"“{kind}” is not a kind of pack. {meant(kind, KINDS)}".strip()
        problem = Problem(f"packs/{kind}/{folder.name}/pack.yaml", 1, words)
        return replace(_empty(kind, folder.name, origin, folder), problems=(problem,))

    def get(self, kind: str, pack_id: str) -> Pack | None:
        """The pack of this kind and id, read now if it has not been; None when there is none."""
        key = (kind, pack_id)
        if key in self.packs:
            return self.packs[key]
        if key not in self._found:
            return None
        origin, folder = self._found[key]
        self._reading.append(key)
        try:
            pack = self._read(KINDS[kind], pack_id, origin, folder)
        finally:
            self._reading.pop()
        for other in self._twice.get(key, ()):
            pack = replace(
                pack,
                problems=(
                    *pack.problems,
                    Problem(
                        f"packs/{kind}/{pack_id}/pack.yaml",
                        1,
                        f"There are two packs “{pack_id}”: one in {folder}, one in {other}. Give one another id.",
                    ),
                ),
            )
        self.packs[key] = pack
        return pack

    def being_read(self, kind: str, pack_id: str) -> bool:
        return (kind, pack_id) in self._reading

    def of_kind(self, kind: str) -> list[Pack]:
        return [pack for (k, _), pack in sorted(self.packs.items()) if k == kind]

    def names(self, kind: str) -> list[str]:
        return [pack_id for (k, pack_id) in sorted(self._found) if k == kind]

    def __iter__(self) -> Iterator[Pack]:
        yield from (self.packs[key] for key in sorted(self.packs))
        yield from self.strays

    def place_of_examples(self, pack: Pack, problems: list[Problem]) -> Place | None:
        return read_yaml(
            Path(pack.folder) / "examples.yaml",
            label=f"packs/{pack.kind}/{pack.id}/examples.yaml",
            problems=problems,
        )

    def _read(self, kind: Kind, pack_id: str, origin: str, folder: Path) -> Pack:
        label = f"packs/{kind.name}/{pack_id}/pack.yaml"
        problems: list[Problem] = []
        pack = _empty(kind.name, pack_id, origin, folder)
        place = read_yaml(folder / "pack.yaml", label=label, problems=problems)
        if place is None:
            return replace(pack, problems=tuple(problems))
        parent = None
        content = None
        try:
            entries = place.only(COMMON | kind.keys, required=(*REQUIRED, *sorted(kind.needs)), what=f"a {kind.title}")
            pack = replace(pack, **_header(entries, pack_id))
            if "extends" in entries:
                parent = self._parent(kind, entries["extends"], pack_id)
            draft = Draft(pack_id, place, entries, folder, label, parent, self, problems)
            content = kind.read(draft)
        except NotUnderstood:
            pass
        uses = tuple(kind.uses(content)) if content is not None and not problems else ()
        awaits = {told} if content is not None and (told := kind.awaits(content)) else set()
        for used_kind, used_id in uses:
            used = self.get(used_kind, used_id)
            if used is not None and not used.ok:
                place.note(f"It uses {used_kind}/{used_id}, which has problems of its own. Mend that first.")
            awaits |= set(used.awaits) if used is not None else set()
        return replace(
            pack,
            extends=parent.id if parent else "",
            content=content if not problems else None,
            problems=tuple(problems),
            uses=uses,
            awaits=tuple(sorted(awaits)),
            sha256=self._hash(folder, parent, uses),
        )

    def _parent(self, kind: Kind, place: Place, pack_id: str) -> Pack:
        name = place.text(what="extends")
        if (kind.name, name) not in self._found:
            place.refuse(
                f"It extends “{name}”, but there is no {kind.title} of that id. {meant(name, self.names(kind.name))}"
                f" Add packs/{kind.name}/{name}/ or take this line away."
            )
        if self.being_read(kind.name, name):
            place.refuse(f"“{pack_id}” and “{name}” extend each other. One of them must stand alone.")
        parent = self.get(kind.name, name)
        if parent is None or not parent.ok:
            place.refuse(f"It extends “{name}”, which has problems of its own. Mend that first.")
        return parent

    def _hash(self, folder: Path, parent: Pack | None, uses: tuple[tuple[str, str], ...]) -> str:
        """SHA-256 over what the pack means: layout, comments and examples do not change it; parent and used packs do."""
        told: dict[str, Any] = {}
        for path in sorted(folder.rglob("*")):
            if not path.is_file() or path.name.startswith((".", "README")) or path.name == "examples.yaml":
                continue
            told[path.relative_to(folder).as_posix()] = _canonical(path)
        told["extends"] = parent.sha256 if parent else ""
        told["uses"] = {f"{k}/{i}": found.sha256 for k, i in sorted(uses) if (found := self.get(k, i))}
        return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _says_it_replaces(folder: Path) -> bool:
    """Whether a site's pack says itself that it stands in the place of the shipped one of its id."""
    place = read_yaml(folder / "pack.yaml", label="pack.yaml", problems=[])
    told = place.plain() if place else None
    return isinstance(told, dict) and told.get("replaces") == folder.name


def _canonical(path: Path) -> Any:
    if path.suffix in {".yaml", ".yml"}:
        place = read_yaml(path, label=path.name, problems=[])
        return place.plain() if place else None
    if path.suffix == ".csv":
        return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8", errors="replace"), newline="")))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _header(entries: dict[str, Place], pack_id: str) -> dict[str, Any]:
    def identity(place: Place) -> str:
        written = place.text(what="id")
        if written != pack_id:
            place.refuse(f"The id “{written}” differs from the folder's name. Write “id: {pack_id}”.")
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", written):
            place.refuse(f"The id “{written}” must be small letters, digits and hyphens, as “first-signs”.")
        return written

    def version(place: Place) -> str:
        written = place.text(what="version")
        if not re.fullmatch(r"[0-9]+(\.[0-9]+){0,2}", written):
            place.refuse(f"The version “{written}” must be numbers with dots, as “1.0”.")
        return written

    readers: dict[str, Any] = {
        "id": identity,
        "version": version,
        "title": lambda p: p.text(what="title"),
        "source": lambda p: p.text(what="source"),
        "licence": lambda p: p.text(what="licence"),
        "reviewer": lambda p: p.text(what="reviewer", empty=True),
        "review_date": lambda p: p.day(what="review_date") if p.text(empty=True) else None,
    }
    read: dict[str, Any] = {}
    for key, reader in readers.items():
        for value in attempts([entries[key]], reader):
            read["review_on" if key == "review_date" else key] = value
    return read


def _empty(kind: str, pack_id: str, origin: str, folder: Path) -> Pack:
    return Pack(kind, pack_id, "", "", "", "", "", None, "", origin, str(folder), "")


type Signature = tuple[tuple[str, int, int], ...]


def _signature(root: Path) -> Signature:
    """Every file and folder with its time and size: pages ask this on each request, so the tree is walked without objects of paths."""
    return tuple(sorted(_entries(str(root)))) if root.is_dir() else ()


@lru_cache(maxsize=2)
def _signature_in(root: Path, _second: int) -> Signature:
    return _signature(root)


def _entries(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as found:
        for entry in found:
            stat = entry.stat()
            yield entry.path, stat.st_mtime_ns, stat.st_size
            if entry.is_dir(follow_symlinks=False):
                yield from _entries(entry.path)


@lru_cache(maxsize=4)
def _library(folders: tuple[tuple[str, Path], ...], _signature: object, _kinds: tuple[str, ...]) -> Library:
    return Library(dict(folders))


def library(site_folder: Path | None = None) -> Library:
    """The packs of this site; read again only when a file of theirs has changed.

    The site's own few files are looked at each time, the hundreds that are shipped (which change with a release, or under the
    hands of whoever writes them) once a second.
    """
    folders = {"shipped": shipped()} | ({"site": site_folder} if site_folder else {})
    seen = _signature_in(folders["shipped"], int(monotonic())), _signature(site_folder) if site_folder else ()
    return _library(tuple(folders.items()), seen, tuple(KINDS))


def check_examples(pack: Pack, library: Library) -> tuple[int, list[Problem]]:
    """Run a pack's worked examples: how many ran, and where the answer differs from what the pack expects."""
    run = KINDS[pack.kind].run_examples if pack.kind in KINDS else None
    if run is None or not pack.ok:
        return 0, []
    problems: list[Problem] = []
    place = library.place_of_examples(pack, problems)
    ran = 0
    if place is not None:
        with suppress(NotUnderstood):
            ran = run(pack, place, library)
        if not ran and not problems:
            place.note("No examples ran. Add worked cases, each with “person” and “expect”.")
    return ran, problems
