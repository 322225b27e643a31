"""Reads files of FHIR R4: Bundles and Bulk NDJSON, plain or gzip. What cannot be read is set aside with file, line, reason."""

import gzip
import hashlib
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson

from ambit.population.intake.fhir import Document
from ambit.population.intake.known import Known
from ambit.population.intake.resources import Told, is_json, line_within, read_json
from ambit.population.intake.rows import Batch

PARTS, PART = 64, 1 << 16  # looked at of a long file, evenly spread from its beginning to its end
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
    """By what a file is known again when a stopped intake goes on: all that it holds; of a long one parts, its size and time of change."""
    told = path.stat()
    with path.open("rb") as file:
        if told.st_size <= PARTS * PART:
            return hashlib.file_digest(file, "sha256").hexdigest()
        digest = hashlib.sha256(f"{told.st_size} {told.st_mtime_ns}".encode())
        for number in range(PARTS):
            file.seek((told.st_size - PART) * number // (PARTS - 1))
            digest.update(file.read(PART))
    return digest.hexdigest()


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
        read_json(Told(file.name, file.named, document, batch, raw))
    except orjson.JSONDecodeError as error:
        if b"\n{" in raw.strip() and is_json(raw.split(b"\n", 1)[0]):
            _read_lines(file, document, batch)
            return
        set_aside(batch, file, error.lineno, None, "", "", f"this is not JSON: {error.msg} (is the file cut short?)")


def line_of(file: Incoming, identity: str) -> int:
    """The line on which a resource's id stands; 1 when it cannot be found."""
    return line_within(unpacked(file.path), identity)


def unpacked(path: Path) -> bytes:
    """What a file holds, plain or gzip; EOFError, OSError or zlib.error when it was cut short."""
    raw = path.read_bytes()
    return gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw


def _read_lines(file: Incoming, document: Document, batch: Batch) -> None:
    """One resource a line. A line that cannot be read is set aside and the rest goes on."""
    told = Told(file.name, file.named, document, batch, b"", 0)
    known = Known(document, batch)
    cut = -1  # how many lines had been taken without asking when the last that is no JSON came
    try:
        for told.line, told.raw in known.others(lines_of(file.path)):
            if told.raw.isspace():
                continue
            cut = -1
            try:
                read_json(told)
            except orjson.JSONDecodeError as error:
                cut = known.taken
                told.set_aside(f"this line is not JSON: {error.msg}")
    except (EOFError, OSError, zlib.error) as error:
        told.line, cut = known.line + 1, known.taken
        told.set_aside(f"the file ends in the middle: {error} (is it cut short?)")
    if cut == known.taken:
        batch.not_to_its_end(file.name)


def lines_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    with gzip.open(path, "rb") if packed else path.open("rb", buffering=1 << 18) as lines:
        yield from lines


def set_aside(
    batch: Batch, file: Incoming, line: int, entry: int | None, kind: str, identity: str, reason: str
) -> None:
    batch.quarantine.append((file.name, line, entry, kind, identity, reason))
