"""What one file gives: rows for the store, what was only counted, and what was set aside with its reason."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from ambit.population.codelists.rules import ICD10, counts_as
from ambit.population.intake.parts import Columns, Part, Together, table

DAY = pa.date32()
STAGED: dict[str, list[tuple[str, pa.DataType]]] = {
    "people": [
        ("key", pa.string()), ("nhs_number", pa.string()), ("title", pa.string()), ("given_names", pa.string()),
        ("family_name", pa.string()), ("born_on", DAY), ("born_until", DAY), ("sex", pa.string()),
        ("dead", pa.bool_()), ("died_on", DAY), ("practice", pa.string()), ("address", pa.string()),
        ("postcode", pa.string()), ("active", pa.bool_()), ("national_opt_out", pa.bool_()), ("type_1", pa.bool_()),
        ("file", pa.string()), ("line", pa.int64()), ("seq", pa.int64()),
    ],
    "events": [
        ("key", pa.string()), ("type", pa.string()), ("id", pa.string()), ("part", pa.int16()), ("record", pa.int64()),
        ("code", pa.int64()), ("text", pa.string()), ("day", DAY), ("written", pa.string()), ("ended", DAY),
        ("value", pa.int64()), ("unit", pa.string()), ("original", pa.string()), ("original_unit", pa.string()),
        ("status", pa.string()), ("usable", pa.bool_()), ("file", pa.string()), ("line", pa.int64()), ("seq", pa.int64()),
    ],
    "encounters": [
        ("key", pa.string()), ("id", pa.string()), ("record", pa.int64()), ("class", pa.string()),
        ("method", pa.string()), ("code", pa.int64()), ("text", pa.string()), ("day", DAY), ("until", DAY),
        ("written", pa.string()), ("status", pa.string()), ("usable", pa.bool_()), ("file", pa.string()), ("line", pa.int64()), ("seq", pa.int64()),
    ],
    "deaths": [
        ("key", pa.string()), ("died_on", DAY), ("file", pa.string()), ("line", pa.int64()), ("seq", pa.int64()),
    ],
    "codes": [("code", pa.int64()), ("system", pa.string()), ("value", pa.string()), ("display", pa.string())],
    "quarantine": [
        ("file", pa.string()), ("line", pa.int64()), ("entry", pa.int64()), ("type", pa.string()), ("id", pa.string()),
        ("reason", pa.string()),
    ],
    "counts": [("file", pa.string()), ("what", pa.string()), ("name", pa.string()), ("count", pa.int64())],
}  # fmt: skip


def _columns(name: str, *which: str) -> Columns:
    kinds = dict(STAGED[name])
    return [(column, kinds[column]) for column in which]


class Remembered:
    """Rows of lines of which every part was told before (`known.py`), and those parts, which outlive the rows that are put away."""

    def __init__(self) -> None:
        self.whom = Part(_columns("events", "key"))
        self.state = Part(_columns("events", "type", "day", "written", "ended", "status", "usable", "file"))
        self.coding = Part(_columns("events", "code", "text"))
        self.value = Part(_columns("events", "value", "unit", "original", "original_unit"))
        self.sort = Part(_columns("encounters", "class", "method", "code", "text"))
        self.stay = Part(_columns("encounters", "day", "until", "written", "status", "usable", "file"))
        self.events = Together(
            STAGED["events"], (self.whom, self.state, self.coding, self.value), ("id", "record", "part", "seq")
        )
        self.encounters = Together(STAGED["encounters"], (self.whom, self.stay, self.sort), ("id", "record", "seq"))

    def __len__(self) -> int:
        return len(self.events) + len(self.encounters)


@dataclass
class Codes:
    """Each code of each system once, as a whole number; those of the store first."""

    known: dict[tuple[str, str], int] = field(default_factory=dict)
    new: list[tuple[int, str, str, str]] = field(default_factory=list)
    following: int = 1

    def number(self, system: str, code: str, display: str) -> int:
        key = (system, code)
        found = self.known.get(key)
        if found is None:
            found = self.known[key] = self.following
            self.following += 1
            self.new.append((found, system, code, display))
        return found


@dataclass
class Batch:
    """Rows gathered until there are enough to write; of a long file, which is never in memory whole, a part at a time."""

    codes: Codes
    restricted: Mapping[tuple[str, str], str] = field(default_factory=dict)  # code: the category the law restricts
    seq: int = 0  # of the resource being read; of two with one id, the later stands
    people: list[tuple[Any, ...]] = field(default_factory=list)
    events: list[tuple[Any, ...]] = field(default_factory=list)
    encounters: list[tuple[Any, ...]] = field(default_factory=list)
    deaths: list[tuple[Any, ...]] = field(default_factory=list)
    quarantine: list[tuple[Any, ...]] = field(default_factory=list)
    counts: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    remembered: Remembered = field(default_factory=Remembered)  # more events and encounters
    most: int = 10**9  # rows that it holds before they are put away
    put_away: Callable[["Batch"], None] = lambda _batch: None

    def between_lines(self) -> None:
        """Of a file of many lines: what is full is put away, and begins anew."""
        if len(self) >= self.most:
            self.put_away(self)

    def begin_anew(self, seq: int) -> None:
        """Hold nothing; what is read from here on comes after `seq`."""
        self.seq = seq
        several: tuple[list[Any], ...] = (self.people, self.events, self.encounters, self.deaths, self.quarantine)
        for rows in (*several, self.remembered.events.values, self.remembered.encounters.values, self.codes.new):
            rows.clear()
        self.counts.clear()

    def count(self, file: str, what: str, name: str, number: int = 1) -> None:
        counted = self.counts.get(file)
        if counted is None:
            counted = self.counts[file] = Counter()
        counted[what, name] += number

    def not_to_its_end(self, file: str) -> None:
        """Of a file of many people: some of what it held is not known, so what is missing in it is not gone."""
        self.count(file, "not to its end", "")

    def is_restricted(self, file: str, system: str, code: str) -> bool:
        """Whether the law restricts this code: then only that there was one is counted, not about whom."""
        category = self.category(system, code)
        if category is not None:
            self.count(file, "restricted", category)
        return category is not None

    def category(self, system: str, code: str) -> str | None:
        """The category in which the law restricts this code, if it does."""
        category = self.restricted.get((system, code))
        if category is None and system == ICD10:
            category = next((self.restricted[one] for one in counts_as(system, code) if one in self.restricted), None)
        return category

    def __len__(self) -> int:
        several: tuple[list[Any], ...] = (self.events, self.encounters, self.people, self.deaths, self.quarantine)
        return sum(map(len, several)) + len(self.remembered)

    def tables(self) -> dict[str, pa.Table]:
        rows: dict[str, list[tuple[Any, ...]]] = {
            "people": self.people,
            "events": self.events,
            "encounters": self.encounters,
            "codes": list(self.codes.new),
            "deaths": self.deaths,
            "quarantine": self.quarantine,
            "counts": [
                (file, what, name, n) for file, counted in self.counts.items() for (what, name), n in counted.items()
            ],
        }
        tables = {name: table(STAGED[name], several) for name, several in rows.items()}
        for name, more in (("events", self.remembered.events), ("encounters", self.remembered.encounters)):
            if more:
                tables[name] = pa.concat_tables([tables[name], more.table()])
        return tables
