"""The resources of one file, or of one line: a Bundle's entries or a resource alone, each understood or set aside with its reason."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
import orjson

from ambit.population.intake.fhir import Document, SetAside, note_references, take
from ambit.population.intake.rows import Batch
from ambit.population.intake.shapes import SHAPES, TYPE, WHATEVER, Anything, Bundle, Entry, Request

# what the decoder raises of bytes that are no JSON, or in which something has another shape
NOT_FITTING = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


@dataclass(slots=True)
class Told:
    """What stands in a file, or on one line of it, and where its rows go."""

    file: str
    named: bool  # by whoever asked, not met in a folder
    document: Document
    batch: Batch
    raw: bytes
    line: int | None = None  # None of a whole file

    def set_aside(
        self, reason: str, *, line: int | None = None, entry: int | None = None, kind: str = "", identity: str = ""
    ) -> None:
        self.batch.quarantine.append((self.file, line or self.line or 1, entry, kind, identity[:80], reason))


def read_json(told: Told) -> None:
    """Take what is told into its batch. Raises orjson's error, which knows line and cause, when it is no JSON."""
    try:
        resource = WHATEVER.decode(told.raw)
    except NOT_FITTING:
        read_loosely(orjson.loads(told.raw), told)
        return
    if not isinstance(resource, Bundle):
        note_references(resource, "", told.document)
        _take(resource, told, entry=None)
    elif resource.type == "history":
        told.set_aside(HISTORY, kind="Bundle")
    else:
        _read_entries(enumerate(resource.entry or (), 1), told)


HISTORY = "a Bundle of type “history”; send the current state instead"
NO_TYPE = "this is not a FHIR resource: it has no resourceType"


def _read_entries(entries: Iterable[tuple[int, Entry]], told: Told) -> None:
    """Whom and which practice the entries name is noted of all of them first: a reference may come before what it names."""
    sound: list[tuple[int, Anything]] = []
    for number, entry in entries:
        method = (entry.request and entry.request.method) or "POST"
        if method not in ("POST", "PUT"):
            words = f"a {method} request carries nothing to take in; only POST and PUT entries are read"
        elif entry.resource is None:
            words = "it carries no resource"
        else:
            note_references(entry.resource, entry.full_url or "", told.document)
            sound.append((number, entry.resource))
            continue
        told.set_aside(words, line=_line_of_entry(told.raw, entry), entry=number)
    for number, resource in sound:
        _take(resource, told, entry=number)


def _take(resource: Anything, told: Told, *, entry: int | None) -> None:
    batch, kind = told.batch, type(resource).__name__
    batch.count(told.file, "read", kind)
    batch.seq += 1
    try:
        take(resource, told.document, batch, line=told.line or (0 if entry else 1))
    except SetAside as why:
        identity = getattr(resource, "id", None) or ""
        line = told.line if entry is None else line_within(told.raw, identity)
        told.set_aside(str(why), line=line, entry=entry, kind=kind, identity=identity)


# where something has another shape, resource by resource -------------------------------------------


def read_loosely(anything: Any, told: Told) -> None:
    """What does not fit as a whole: what has another shape is set aside, and the rest of it goes on."""
    if isinstance(anything, list) and not told.named:
        told.batch.count(told.file, "skipped", "a list of something else, not FHIR")
    elif not isinstance(anything, dict) or not isinstance(anything.get(TYPE), str):
        told.set_aside(NO_TYPE)
    elif anything[TYPE] != "Bundle":
        resource = _fitting(anything, told, entry=None)
        if resource is not None:
            note_references(resource, "", told.document)
            _take(resource, told, entry=None)
    elif not isinstance(anything.get("entry") or [], list):
        told.set_aside("its “entry” is not a list", kind="Bundle")
    elif anything.get("type") == "history":
        told.set_aside(HISTORY, kind="Bundle")
    else:
        _read_entries(_entries(anything.get("entry") or [], told), told)


def _entries(several: list[Any], told: Told) -> Iterator[tuple[int, Entry]]:
    for number, one in enumerate(several, 1):
        given = one if isinstance(one, dict) else {}
        resource, request = given.get("resource"), given.get("request")
        asked = request if isinstance(request, dict) else {}
        entry = Entry(
            full_url=_text(given.get("fullUrl")),
            request=Request(method=_text(asked.get("method")), url=_text(asked.get("url"))),
        )
        if isinstance(resource, dict) and not isinstance(resource.get(TYPE), str):
            told.set_aside(NO_TYPE, line=_line_of_entry(told.raw, entry), entry=number)
            continue
        if isinstance(resource, dict):
            entry.resource = _fitting(resource, told, entry=number)
            if entry.resource is None:
                continue
        yield number, entry


def _fitting(resource: dict[str, Any], told: Told, *, entry: int | None) -> Anything | None:
    """The resource in its shape; set aside when it has another, and only counted when FHIR R4 knows no such type."""
    kind = resource[TYPE]
    shape = SHAPES.get(kind)
    try:
        # one shape, not any of them: msgspec would look through all of them again for each resource
        fitting: Anything | None = msgspec.convert(resource, shape) if shape is not None else None
    except msgspec.ValidationError as error:
        told.batch.count(told.file, "read", kind)
        identity = _text(resource.get("id")) or ""
        line = told.line if entry is None else line_within(told.raw, identity)
        words = f"its shape is not that of a FHIR R4 {kind}: {error}"
        told.set_aside(words, line=line, entry=entry, kind=kind, identity=identity)
        return None
    if fitting is None:
        told.batch.count(told.file, "read", kind)
    return fitting


def _text(given: Any) -> str | None:
    return given if isinstance(given, str) else None


# where it stands ----------------------------------------------------------------------------------


def is_json(raw: bytes) -> bool:
    try:
        orjson.loads(raw)
    except orjson.JSONDecodeError:
        return False
    return True


def line_within(raw: bytes, identity: str) -> int:
    """The line on which a resource's id stands; 1 when it cannot be found."""
    at = raw.find(f'"{identity}"'.encode()) if identity else -1
    return raw.count(b"\n", 0, at) + 1 if at >= 0 else 1


def _line_of_entry(raw: bytes, entry: Entry) -> int:
    for name in (entry.full_url, entry.request and entry.request.url):
        if name and raw.find(f'"{name}"'.encode()) >= 0:
            return line_within(raw, name)
    return 1
