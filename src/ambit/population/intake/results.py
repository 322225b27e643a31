"""What another search, an equation or a clinician's list says of people, as one CSV with NHS numbers (docs/running/gp-extract-csv.md).

The people are looked for among those whom practices have sent; a result of somebody whom nobody sent is counted and left out.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from ambit.design.refusals import Refused
from ambit.packs.reading import meant
from ambit.population.rules import NotADay, days_of, nhs_number

COLUMNS = ("nhs_number", "date", "code", "term", "value", "unit")
UNITS = {"efi2": "{score}", "qmortality": "%"}  # of scores whose unit goes without saying
HEADINGS = ("person", "date", "system", "code", "term", "value", "unit")


@dataclass(frozen=True, slots=True)
class Result:
    """One line that was understood."""

    line: int
    number: str
    on: str
    code: str
    term: str
    value: str
    unit: str


def read_results(
    text: str, *, code: str, on: str, terms: Mapping[str, str]
) -> tuple[list[Result], list[tuple[int, str]]]:
    """The results of a file, and why each other line is left out; `code` and `on` stand where a line has none of its own.

    `terms` are the codes of Ambit's own that code lists here know, with what each says.
    """
    if code and code not in terms:
        raise Refused({"code": f"No code list here knows the result “{code}”. {meant(code, terms)}".strip()})
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    columns = {(name or "").strip().lower(): name for name in rows.fieldnames or ()}
    unknown = [name for name in columns if name not in COLUMNS]
    if "nhs_number" not in columns or unknown:
        which = f"it has “{unknown[0]}”" if unknown else "“nhs_number” is missing"
        raise Refused(f"The first line must name columns of {', '.join(COLUMNS)}: {which}.")
    found: list[Result] = []
    left_out: list[tuple[int, str]] = []
    for row in rows:
        told = {name: (row.get(column) or "").strip() for name, column in columns.items()}
        number, here = nhs_number(told["nhs_number"]), told.get("code") or code
        day = told.get("date") or on
        why = ""
        if not number:
            why = "its NHS number has no right check digit" if told["nhs_number"] else "it has no NHS number"
        elif here not in terms:
            why = f"no code list here knows the result “{here}”" if here else "it says no code, and --code gives none"
        elif not day:
            why = "it has no date, and --on gives none"
        else:
            try:
                days_of(day)
            except NotADay as error:
                why = str(error)
        if why:
            left_out.append((rows.line_num, why))
            continue
        value = told.get("value", "")
        unit = told.get("unit") or (UNITS.get(here, "") if value else "")
        found.append(Result(rows.line_num, number, day, here, told.get("term") or terms[here], value, unit))
    return found, left_out


def write_for(folder: Path, results: Iterable[tuple[str, Result]], system: str) -> None:
    """The results of one source's people, by that source's own keys, in the layout of an extract."""
    with (folder / "results.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        writer.writerows((key, r.on, system, r.code, r.term, r.value, r.unit) for key, r in results)
