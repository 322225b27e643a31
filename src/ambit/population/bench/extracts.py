"""What taking files in is compared with, and a made-up extract of any length."""

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ambit.population.intake.fhir import Document
from ambit.population.intake.files import Incoming, incoming, lines_of, unpacked
from ambit.population.intake.resources import Told, read_loosely
from ambit.population.intake.rows import Batch
from ambit.population.intake.run import take_in
from ambit.population.intake.shapes import STORED
from ambit.population.store import Store

CODES = ("84114007", "13645005", "44054006", "38341003", "73211009")
FROM = date(2010, 1, 1)
ROWS_OF_ONE = 10
ROWS_TOGETHER = 50_000
FIRST, LAST = date(1870, 1, 1), date(2030, 1, 1)
DAYS = (
    "birthDate",
    "effectiveDateTime",
    "onsetDateTime",
    "authoredOn",
    "performedDateTime",
    "occurrenceDateTime",
    "recordedDate",
)


def loop(folder: Path) -> dict[str, float]:
    """The least that a program in Python does with FHIR: parse each, look at what every resource is, whose and when."""
    began, resources, size = process_time(), 0, 0
    for file in incoming([folder]):
        for told in _told(file):
            for resource in _resources(told):
                resources += _is_understood(resource)
        size += _length(file)
    spent = process_time() - began
    return {"loop_resources": resources, "loop_cpu_s": round(spent, 3), "megabytes": round(size / 1e6, 1)}


def keeping_loop(folder: Path, into: Path) -> dict[str, float]:
    """The job of an intake done the usual way: parse each, check it, make rows of it, write them as Parquet.

    It keeps less than an intake does (no units, restricted codes, practices, names, admissions, nor where a row stood), makes no
    store that can be asked, and compares with nothing that was there before.
    """
    began, rows, aside = process_time(), 0, 0
    people: dict[str, str] = {}
    about: set[str] = set()
    kept: list[dict[str, Any]] = []
    for file in incoming([folder]):
        for told in _told(file):
            for entry in told["entry"] if told.get("resourceType") == "Bundle" else [{"resource": told}]:
                resource = entry["resource"]
                if resource["resourceType"] == "Patient":
                    people[entry.get("fullUrl", "")] = people[f"Patient/{resource['id']}"] = resource["id"]
                try:
                    kept += _rows(resource, people, about, file.name)
                except (ValueError, KeyError):
                    aside += 1
        if len(kept) >= ROWS_TOGETHER:
            rows += _write_rows(kept, into / f"{rows}.parquet")
    rows += _write_rows(kept, into / f"{rows}.parquet")
    aside += len(about.difference(people.values()))
    return {
        "keeping_loop_rows": rows,
        "keeping_loop_aside": aside,
        "keeping_loop_cpu_s": round(process_time() - began, 3),
    }


def same_rules_loop(folder: Path, into: Path) -> dict[str, float]:
    """All that an intake does, with its rules and into a store, by a loop over orjson: each line is parsed, then held against its shape."""
    new, spent = _spent(folder, into, read=_by_orjson)
    return {"same_rules_loop_new": new, "same_rules_loop_cpu_s": spent}


def intake_beside(folder: Path, into: Path) -> dict[str, float]:
    """The intake itself in the process of `same_rules_loop`: nothing but the reading differs, not even what is warm."""
    new, spent = _spent(folder, into)
    return {"beside_new": new, "beside_cpu_s": spent}


def _spent(folder: Path, into: Path, **how: Any) -> tuple[int, float]:
    began, now = process_time(), datetime.now(UTC)
    taken = take_in(Store(into), [folder], source="loop", today=now.date(), now=now, mapped=set(), **how)
    return sum(taken.new.values()), round(process_time() - began, 3)


def _by_orjson(file: Incoming, batch: Batch, today: date) -> None:
    told = Told(file.name, file.named, Document(file.name, today), batch, b"")
    if ".ndjson" not in file.path.name:
        told.raw = unpacked(file.path)
        read_loosely(orjson.loads(told.raw), told)
        return
    for told.line, told.raw in enumerate(lines_of(file.path), 1):
        batch.between_lines()
        read_loosely(orjson.loads(told.raw), told)


def _told(file: Incoming) -> Iterator[Any]:
    """What a file holds, parsed: one thing, or one a line."""
    if ".ndjson" in file.path.name:
        yield from map(orjson.loads, lines_of(file.path))
        return
    told = orjson.loads(unpacked(file.path))
    if isinstance(told, dict):
        yield told


def _length(file: Incoming) -> int:
    """Bytes when unpacked: of gzip, what its last four bytes say."""
    with file.path.open("rb") as opened:
        if opened.read(2) != b"\x1f\x8b":
            return file.size
        opened.seek(-4, 2)
        return int.from_bytes(opened.read(4), "little")


def _resources(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if told.get("resourceType") != "Bundle":
        yield told
    for entry in told.get("entry", ()):
        yield entry["resource"]


def _is_understood(resource: dict[str, Any]) -> bool:
    """Whether it says what it is, which, and about whom; days are read, since impossible ones have to be found."""
    _day(resource)
    whose = resource.get("subject") or resource.get("patient") or {"reference": ""}
    return isinstance(resource.get("id"), str) and isinstance(whose.get("reference"), str)


def _day(resource: dict[str, Any]) -> date | None:
    day = None
    for name in DAYS:
        if isinstance(written := resource.get(name), str) and len(written) >= len("2026-11-01"):
            day = day or date.fromisoformat(written[:10])
    return day


def _rows(resource: dict[str, Any], people: dict[str, str], about: set[str], file: str) -> Iterator[dict[str, Any]]:
    """A row for each code; whoever it is about must be known in the end, and the day possible."""
    kind = resource["resourceType"]
    if kind not in STORED:
        return
    day = _day(resource) or date.fromisoformat((resource.get("period") or {"start": "1870-01-01"})["start"][:10])
    if not FIRST <= day <= LAST:
        raise ValueError
    if kind == "Patient":
        whose = resource["id"]
    else:
        reference = (resource.get("subject") or resource["patient"])["reference"]
        whose = people.get(reference) or reference.removeprefix("Patient/")
        about.add(whose)
    for told in (resource, *resource.get("component", ())):
        concept = told.get("code") or told.get("medicationCodeableConcept") or told.get("vaccineCode") or {}
        quantity = told.get("valueQuantity") or {}
        for coding in concept.get("coding", ({},)):
            yield {
                "person": whose, "type": kind, "id": resource["id"], "system": coding.get("system"),
                "code": coding.get("code"), "text": coding.get("display") or concept.get("text"), "day": day,
                "value": None if quantity.get("value") is None else str(quantity["value"]), "unit": quantity.get("unit"),
                "status": resource.get("status"), "file": file,
            }  # fmt: skip


def _write_rows(kept: list[dict[str, Any]], path: Path) -> int:
    count = len(kept)
    pq.write_table(pa.Table.from_pylist(kept), path)
    kept.clear()
    return count


def write_bulk(folder: Path, into: Path, copies: int) -> None:
    """The resources of these bundles as Bulk NDJSON, a file for each type, so many times over: each time other people."""
    told = [one for file in incoming([folder]) for one in _told(file) if one.get("resourceType") == "Bundle"]
    with ExitStack() as stack:
        files: dict[str, BinaryIO] = {}
        for copy in range(copies):
            for bundle in told:
                for resource in _resources(bundle):
                    kind = resource["resourceType"]
                    sent = {**resource, "id": f"{resource['id'][:36]}-{copy}"}
                    for whose in ("subject", "patient"):
                        if whose in resource:
                            key = resource[whose]["reference"].removeprefix("urn:uuid:").removeprefix("Patient/")
                            sent[whose] = {"reference": f"Patient/{key[:36]}-{copy}"}
                    if kind not in files:
                        files[kind] = stack.enter_context((into / f"{kind}.ndjson").open("wb"))
                    files[kind].write(orjson.dumps(sent) + b"\n")


def write_extract(folder: Path, rows: int) -> int:
    """An extract with so many coded events, ten for each person; answers how many bytes it has."""
    people = max(rows // ROWS_OF_ONE, 1)
    with (folder / "people.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("person", "born_on", "sex", "practice"))
        lines.writerows(
            (f"p{n}", FROM - timedelta(days=10_000 + n % 20_000), "female", "Z90001") for n in range(people)
        )
    with (folder / "events.csv").open("w", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("person", "date", "system", "code", "term", "id"))
        for n in range(rows):
            day = FROM + timedelta(days=n * 31 % 5_000)
            lines.writerow((f"p{n % people}", day, "snomed", CODES[n % len(CODES)], "made up", f"e{n}"))
    return sum(path.stat().st_size for path in folder.glob("*.csv"))
