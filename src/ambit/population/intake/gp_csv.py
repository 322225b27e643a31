"""A general practice's extract as CSV files: people, coded events, encounters, medicines, deaths (docs/running/gp-extract-csv.md).

It gives the same rows as FHIR does, so that everything after reading is shared.
"""

import csv
import re
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import blake2b
from itertools import chain
from pathlib import Path

from ambit.population.codelists.rules import SNOMED, SYSTEMS, is_snomed_id
from ambit.population.intake.fhir import NOT_SO, SetAside, method_of_admission, possible_day, record_number
from ambit.population.intake.files import Incoming, NothingThere, lines_of, set_aside
from ambit.population.intake.rows import Batch
from ambit.population.rules import EARLIEST, FAR_AHEAD, LONGEST_ID, NotADay, days_of, in_millionths, in_ucum, nhs_number
from ambit.population.store import RESULT

YES, NO = ("yes", "true", "1"), ("no", "false", "0", "")
SEXES = {
    "female": "female", "f": "female", "male": "male", "m": "male", "other": "other", "indeterminate": "other",
    "unknown": "unknown", "": "unknown",
}  # fmt: skip
# how people say it: HL7's class of encounter, as FHIR gives it
KINDS = {
    "emergency": "EMER", "inpatient": "IMP", "day case": "SS", "outpatient": "AMB", "surgery": "AMB", "home": "HH",
    "remote": "VR", "other": "other",
}  # fmt: skip
NOT_UTF8 = re.compile("[\udc80-\udcff]")  # as “surrogateescape” reads bytes that are not UTF-8
METHODS = ("emergency", "elective", "other", "unknown")


class Row(dict[str, str]):
    """One line of a file, by its columns; a column that the file does not have is empty."""

    __slots__ = ("file", "line", "today")

    def __init__(self, told: Iterable[tuple[str, str]], line: int, file: str, today: date) -> None:
        super().__init__(told)
        self.line, self.file, self.today = line, file, today

    def __missing__(self, column: str) -> str:
        return ""

    def yes(self, column: str, *, default: bool = False) -> bool:
        written = self[column].lower()
        if not written:
            return default
        if written not in YES + NO:
            raise SetAside(f"“{column}” is “{written[:40]}”; write yes or no")
        return written in YES

    def identity(self, column: str) -> str:
        written = self[column]
        if not written:
            raise SetAside(f"“{column}” is empty")
        if len(written) > LONGEST_ID:
            raise SetAside(f"“{column}” has {len(written)} characters; {LONGEST_ID} are the most")
        return written

    def day(self, column: str) -> tuple[date | None, date | None]:
        if not self[column]:
            return None, None
        first, last = days_of(self[column])
        possible_day(first, self.today)
        return first, last


def _person(row: Row, batch: Batch) -> None:
    key = row.identity("person")
    born_on = born_until = None
    if row["born_on"]:
        born_on, born_until = days_of(row["born_on"])
        if born_on > row.today + FAR_AHEAD or born_on < EARLIEST:
            raise SetAside(f"the birth date {row['born_on']} cannot be")
    written = row["nhs_number"]
    number = nhs_number(written) if written else ""
    if written and not number:
        batch.count(row.file, "note", "NHS number without a right check digit: the person is kept without it")
    sex = SEXES.get(row["sex"].lower())
    if sex is None:
        raise SetAside(f"“sex” is “{row['sex'][:40]}”; write female, male, other or unknown")
    batch.people.append(
        (
            key, number, row["title"], row["given_names"], row["family_name"], born_on, born_until, sex, False, None,
            row["practice"], row["address"], row["postcode"], row.yes("registered", default=True),
            row.yes("national_opt_out"), row.yes("type_1_opt_out"), row.file, row.line, batch.seq,
        )
    )  # fmt: skip


def _death(row: Row, batch: Batch) -> None:
    key = row.identity("person")
    died_on = days_of(row["died_on"])[1] if row["died_on"] else None
    if died_on and died_on > row.today:
        raise SetAside(f"the death is dated {died_on}, which is still to come")
    batch.deaths.append((key, died_on, row.file, row.line, batch.seq))


def _code(row: Row) -> tuple[str, str]:
    """Its code system's address and its code; both empty for a row of text alone."""
    name, code = row["system"], row["code"]
    if not code:
        if not row["term"]:
            raise SetAside("it has neither a code nor a term")
        return "", ""
    system = SYSTEMS.get(name.lower(), name)
    if system not in SYSTEMS.values() and "://" not in system and not system.startswith("urn:"):
        raise SetAside(f"the code system “{name[:40]}” is not known; write snomed, dmd, loinc, icd10, read2 or ctv3")
    if system == SNOMED and not is_snomed_id(code):
        raise SetAside(f"{code[:40]} is not a SNOMED CT identifier: its check digit is wrong (was it cut or rounded?)")
    return system, code


def _named(row: Row, kind: str) -> tuple[str, int]:
    """The row's own id, or one made of what it says; and the number of its record, which is this person's only."""
    if row["id"]:
        identity = row.identity("id")
    else:
        said = "\x1f".join(f"{column}={row[column]}" for column in sorted(row))
        identity = blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
    return identity, record_number(kind, f"{row['person']}/{identity}")


def _value(row: Row, batch: Batch) -> tuple[int | None, str, str, str]:
    """Millionths and UCUM unit for rules, then as written. What is not a plain number (“<5”, “positive”) is kept as text."""
    written, unit = row["value"], row["unit"]
    if not written:
        return None, "", written, unit
    millionths, ucum, changed = _measured(written, unit)
    if changed:
        batch.count(row.file, "converted", f"{unit} to {ucum}")
    return millionths, ucum, written, unit


@lru_cache(maxsize=50_000)
def _measured(written: str, unit: str) -> tuple[int | None, str, bool]:
    """Millionths, UCUM unit, and whether it was converted; the same ones come again and again."""
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None, "", False
    converted, ucum, changed = in_ucum(number, unit)
    return in_millionths(converted), ucum, changed


def _coded(kind: str) -> Callable[[Row, Batch], None]:
    def take(row: Row, batch: Batch) -> None:
        key = row.identity("person")
        system, code = _code(row)
        if batch.is_restricted(row.file, system, code):
            return
        day, _ = row.day("date")
        _, ended = row.day("ended_on")
        if day and ended and ended < day:
            raise SetAside(f"it ends ({ended}) before it begins ({day})")
        identity, record = _named(row, kind)
        status = row["status"]
        batch.events.append(
            (
                key, kind, identity, 0, record, batch.codes.number(system, code, row["term"]), row["term"], day, row["date"],
                ended, *_value(row, batch), status, status not in NOT_SO, row.file, row.line, batch.seq,
            )
        )  # fmt: skip

    return take


def _encounter(row: Row, batch: Batch) -> None:
    key = row.identity("person")
    kind = KINDS.get(row["kind"].lower())
    if kind is None:
        raise SetAside(f"“kind” is “{row['kind'][:40]}”; write {', '.join(KINDS)}")
    written = row["method"]
    method = written.lower() or "unknown"
    if method not in METHODS:
        if not (len(written) == 2 and written[0].isdigit()):
            raise SetAside(f"“method” is “{written[:40]}”; write {', '.join(METHODS)}, or the Data Dictionary's code")
        method = method_of_admission(written)
    day, _ = row.day("started_on")
    _, until = row.day("ended_on")
    if day and until and until < day:
        raise SetAside(f"it ends ({until}) before it begins ({day})")
    system, code = _code(row) if row["code"] or row["term"] else ("", "")
    if batch.is_restricted(row.file, system, code):
        return
    identity, record = _named(row, "Encounter")
    status = row["status"]
    batch.encounters.append(
        (
            key, identity, record, kind, method, batch.codes.number(system, code, row["term"]), row["term"], day, until,
            row["started_on"], status, status not in NOT_SO, row.file, row.line, batch.seq,
        )
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class File:
    """What a file of the extract holds: the type of its rows, its columns, and those it must have."""

    kind: str
    needed: tuple[str, ...]
    others: tuple[str, ...]
    take: Callable[[Row, Batch], None]


FILES: dict[str, File] = {
    "people.csv": File(
        "Patient", ("person", "born_on", "sex"),
        ("nhs_number", "title", "given_names", "family_name", "practice", "address", "postcode", "registered",
         "type_1_opt_out", "national_opt_out"),
        _person,
    ),
    "deaths.csv": File("Death", ("person", "died_on"), (), _death),
    "events.csv": File(
        "Observation", ("person", "date", "system", "code", "term"), ("id", "value", "unit", "ended_on", "status"),
        _coded("Observation"),
    ),
    "medicines.csv": File(
        "MedicationRequest", ("person", "date", "system", "code", "term"), ("id", "value", "unit", "ended_on", "status"),
        _coded("MedicationRequest"),
    ),
    "results.csv": File(
        RESULT, ("person", "date", "system", "code", "term"), ("id", "value", "unit", "ended_on", "status"),
        _coded(RESULT),
    ),
    "encounters.csv": File(
        "Encounter", ("person", "kind", "started_on"), ("id", "method", "ended_on", "system", "code", "term", "status"),
        _encounter,
    ),
}  # fmt: skip


def incoming_csv(folders: Iterable[Path]) -> list[Incoming]:
    """The files of an extract: those of the layout that stand in these folders, plain or gzip."""
    found: list[Incoming] = []
    for folder in folders:
        if not folder.is_dir():
            raise NothingThere(f"{folder} is not a folder. Name the folder that holds people.csv and the other files.")
        for name in FILES:
            both = [folder / name, folder / f"{name}.gz"]
            there = [path for path in both if path.is_file()]
            if len(there) == 2:
                raise NothingThere(f"{folder} holds both {name} and {name}.gz. Leave the one that is right.")
            found += [Incoming(path.name, path, path.stat().st_size, True) for path in there]
    if not found:
        raise NothingThere(f"None of {', '.join(FILES)} (or .gz) was found there.")
    return found


def read_csv(file: Incoming, batch: Batch, *, today: date) -> None:
    """Take a file into the batch, which is written whenever it is full; a line that cannot be understood is set aside and the rest goes on."""
    layout = FILES[file.path.name.removesuffix(".gz")]
    columns: list[str] = []
    line = 0
    ends_whole = False
    try:
        for line, cells in _rows(file, batch):
            if not columns:
                columns = [cell.strip().lower() for cell in cells]
                if wrong := _header(columns, layout):
                    set_aside(batch, file, line, None, layout.kind, "", f"the file is not read: {wrong}")
                    break
                ends_whole = True
                continue
            batch.between_lines()
            batch.count(file.name, "read", layout.kind)
            batch.seq += 1
            ends_whole = len(cells) >= len(columns)
            if len(cells) != len(columns):
                words = f"it has {len(cells)} columns where the first line has {len(columns)}"
                set_aside(batch, file, line, None, layout.kind, "", words)
                continue
            row = Row(zip(columns, map(str.strip, cells), strict=True), line, file.name, today)
            try:
                joined = "".join(cells)
                if not joined.isascii() and NOT_UTF8.search(joined):
                    raise SetAside("it is not UTF-8 text; save the file as UTF-8")
                layout.take(row, batch)
            except (SetAside, NotADay) as why:
                named = row["person"] if layout.kind in {"Patient", "Death"} else row["id"]
                set_aside(batch, file, line, None, layout.kind, _printable(named[:80]), _printable(str(why)))
    except (EOFError, OSError, zlib.error) as error:
        ends_whole = False
        words = f"the file ends in the middle: {error} (is it cut short?)"
        set_aside(batch, file, line + 1, None, "", "", words)
    if not line:
        set_aside(batch, file, 1, None, layout.kind, "", "the file is empty: not even the names of columns are there")
    if not ends_whole:
        batch.not_to_its_end(file.name)


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _header(columns: list[str], layout: File) -> str:
    missing = [name for name in layout.needed if name not in columns]
    unknown = [name for name in columns if name not in layout.needed + layout.others]
    if missing:
        named = " and ".join(f"“{name}”" for name in missing)
        return f"{named} {'is' if len(missing) == 1 else 'are'} missing among its columns; it must have {', '.join(layout.needed)}"
    if unknown:
        return f"the column “{_printable(unknown[0][:40])}” is not one of {', '.join(layout.needed + layout.others)}"
    if len(set(columns)) != len(columns):
        return "a column stands there twice"
    return ""


def _rows(file: Incoming, batch: Batch) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line it begins on; one that is no CSV is set aside."""
    lines = lines_of(file.path)
    first = next(lines, b"").removeprefix(b"\xef\xbb\xbf")
    decoded = (raw.decode("utf-8", "surrogateescape") for raw in chain([first], lines))
    reader = csv.reader(decoded, strict=True)
    while True:
        begins = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if str(error) == "unexpected end of data":
                raise EOFError("a quotation mark is not closed") from error
            set_aside(batch, file, begins, None, "", "", f"this is not CSV: {error}")
            continue
        if cells and (cells[0].strip() or any(cell.strip() for cell in cells)):
            yield begins, cells
