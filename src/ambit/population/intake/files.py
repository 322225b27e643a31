"""Reads files of FHIR R4: Bundles and Bulk NDJSON, plain or gzip. What cannot be read is set aside with file, line, reason."""

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import orjson

from ambit.population.intake.fhir import Document, SetAside, note_references, take
from ambit.population.intake.rows import Batch

ENDINGS = (".json", ".ndjson", ".jsonl")


class NothingThere(Exception):
    """A path that was named does not exist or holds nothing that can be read."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file to take in: how it is called in messages, and where it is."""

    name: str
    path: Path
    size: int
    named: bool  # by whoever asked, not met in a folder


def incoming(paths: Iterable[Path]) -> list[Incoming]:
    """Every file of FHIR under these paths, once each, in order of name."""
    found: dict[Path, Incoming] = {}
    for path in paths:
        if not path.exists():
            raise NothingThere(f"There is no {path}. Name a file or a folder of FHIR R4 files.")
        several = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in several:
            plain = file.name.removesuffix(".gz")
            if path.is_dir() and not plain.endswith(ENDINGS):
                continue
            name = file.relative_to(path).as_posix() if path.is_dir() else file.name
            found.setdefault(file.resolve(), Incoming(name, file, file.stat().st_size, file == path))
    if not found:
        raise NothingThere("No .json, .ndjson or .gz file was found there.")
    return list(found.values())


def fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_file(file: Incoming, batch: Batch, *, today: date) -> None:
    """Take a file into the batch; one of many lines is written whenever that is full."""
    document = Document(file.name, today)
    plain = file.path.name.removesuffix(".gz")
    if plain.endswith((".ndjson", ".jsonl")):
        _read_lines(file, document, batch)
        return
    try:
        raw = unpacked(file.path)
    except (EOFError, OSError, zlib.error) as error:
        set_aside(batch, file, 1, None, "", "", f"the file cannot be unpacked: {error} (is it cut short?)")
        return
    try:
        told = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        if b"\n{" in raw.strip() and _is_json(raw.split(b"\n", 1)[0]):
            _read_lines(file, document, batch)
            return
        set_aside(batch, file, error.lineno, None, "", "", f"this is not JSON: {error.msg} (is the file cut short?)")
        return
    _read_resource(told, document, batch, file, line=1, raw=raw)


def line_of(file: Incoming, identity: str) -> int:
    """The line on which a resource's id stands; 1 when it cannot be found."""
    return _line_of(unpacked(file.path), identity)


def unpacked(path: Path) -> bytes:
    """What a file holds, plain or gzip; EOFError, OSError or zlib.error when it was cut short."""
    raw = path.read_bytes()
    return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw


def _is_json(raw: bytes) -> bool:
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError:
        return False
    return True


def _read_lines(file: Incoming, document: Document, batch: Batch) -> None:
    """One resource a line. A line that cannot be read is set aside and the rest goes on."""
    number = 0
    try:
        for number, line in enumerate(lines_of(file.path), 1):
            if not line.strip():
                continue
            batch.between_lines()
            try:
                told = orjson.loads(line)
            except orjson.JSONDecodeError as error:
                set_aside(batch, file, number, None, "", "", f"this line is not JSON: {error.msg}")
                continue
            _read_resource(told, document, batch, file, line=number, raw=line)
    except (EOFError, OSError, zlib.error) as error:
        set_aside(batch, file, number + 1, None, "", "", f"the file ends in the middle: {error} (is it cut short?)")


def lines_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if packed else path.open("rb") as lines:
        yield from lines


def _read_resource(told: Any, document: Document, batch: Batch, file: Incoming, *, line: int, raw: bytes) -> None:
    if isinstance(told, list) and not file.named:
        batch.count(file.name, "skipped", "a list of something else, not FHIR")
        return
    if not isinstance(told, dict) or not isinstance(told.get("resourceType"), str):
        set_aside(batch, file, line, None, "", "", "this is not a FHIR resource: it has no resourceType")
        return
    if told["resourceType"] == "Bundle":
        _read_bundle(told, document, batch, file, raw)
        return
    note_references(told, "", document)
    _take(told, document, batch, file, line=line, entry=None)


def _read_bundle(bundle: dict[str, Any], document: Document, batch: Batch, file: Incoming, raw: bytes) -> None:
    entries = bundle.get("entry") or []
    if not isinstance(entries, list):
        set_aside(batch, file, 1, None, "Bundle", "", "its “entry” is not a list")
        return
    if bundle.get("type") == "history":
        set_aside(batch, file, 1, None, "Bundle", "", "a Bundle of type “history”; send the current state instead")
        return
    sound: list[tuple[int, dict[str, Any]]] = []
    for number, entry in enumerate(entries, 1):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        method = ((entry.get("request") or {}).get("method") or "POST") if isinstance(entry, dict) else "POST"
        if method not in ("POST", "PUT"):
            words = f"a {method} request carries nothing to take in; only POST and PUT entries are read"
        elif not isinstance(resource, dict):
            words = "it carries no resource"
        elif not isinstance(resource.get("resourceType"), str):
            words = "this is not a FHIR resource: it has no resourceType"
        else:
            note_references(resource, entry.get("fullUrl") or "", document)
            sound.append((number, resource))
            continue
        set_aside(batch, file, _line_of_entry(raw, entry), number, "", "", words)
    for number, resource in sound:
        _take(resource, document, batch, file, line=None, entry=number, raw=raw)


def _take(
    resource: dict[str, Any],
    document: Document,
    batch: Batch,
    file: Incoming,
    *,
    line: int | None,
    entry: int | None,
    raw: bytes = b"",
) -> None:
    kind = resource["resourceType"]
    batch.count(file.name, "read", kind)
    batch.seq += 1
    try:
        take(resource, document, batch, line=line or 0)
    except SetAside as why:
        identity = str(resource.get("id") or "")
        at = line if line is not None else _line_of(raw, identity)
        set_aside(batch, file, at, entry, kind, identity[:80], str(why))


def _line_of(raw: bytes, identity: str) -> int:
    at = raw.find(f'"{identity}"'.encode()) if identity else -1
    return raw.count(b"\n", 0, at) + 1 if at >= 0 else 1


def _line_of_entry(raw: bytes, entry: Any) -> int:
    if isinstance(entry, dict):
        for told in (entry.get("fullUrl"), (entry.get("request") or {}).get("url")):
            if told and raw.find(f'"{told}"'.encode()) >= 0:
                return _line_of(raw, told)
    return 1


def set_aside(
    batch: Batch, file: Incoming, line: int, entry: int | None, kind: str, identity: str, reason: str
) -> None:
    batch.quarantine.append((file.name, line, entry, kind, identity, reason))
