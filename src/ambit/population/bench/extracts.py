"""What taking files in is compared with, and a made-up extract of any length."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import orjson

from ambit.population.intake.files import incoming, unpacked

CODES = ("84114007", "13645005", "44054006", "38341003", "73211009")
FROM = date(2010, 1, 1)
ROWS_OF_ONE = 10


def loop(folder: Path) -> dict[str, float]:
    """The least that a program in Python does with bundles: parse each, look at what every resource is, whose and when."""
    began, resources, size = process_time(), 0, 0
    for file in incoming([folder]):
        raw = unpacked(file.path)
        size += len(raw)
        for resource in _resources(orjson.loads(raw)):
            resources += _is_understood(resource)
    spent = process_time() - began
    return {"loop_resources": resources, "loop_cpu_s": round(spent, 3), "megabytes": round(size / 1e6, 1)}


def _resources(told: Any) -> Iterator[dict[str, Any]]:
    for entry in told.get("entry", ()) if isinstance(told, dict) else ():
        yield entry["resource"]


def _is_understood(resource: dict[str, Any]) -> bool:
    """Whether it says what it is, which, and about whom; days are read, since impossible ones have to be found."""
    for name in ("birthDate", "effectiveDateTime", "onsetDateTime", "authoredOn", "recordedDate"):
        if isinstance(day := resource.get(name), str) and len(day) >= len("2026-11-01"):
            date.fromisoformat(day[:10])
    whose = resource.get("subject") or resource.get("patient") or {"reference": ""}
    return isinstance(resource.get("id"), str) and isinstance(whose.get("reference"), str)


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
