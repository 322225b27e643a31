"""Why somebody is found, or is not: every answer for one person, quickly, from files that stay open.

Of the store only the files of the person's range are read, and of these only the person's own rows.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from typing import Self

import pyarrow.compute as pc
import pyarrow.parquet as pq

from ambit.population.codelists.rules import CodeList, counts_as
from ambit.population.search.criteria import SearchPack, codes_of, every_criterion, leaves
from ambit.population.search.interpret import Answered, EncounterRow, EventRow, Record, interpret
from ambit.population.searchable import Rows, Searchable
from ambit.population.store import CHANGED, Snapshot, range_of

READ = {
    "people": ("born_on", "born_until", "first_event", "first_encounter"),
    "events": ("code", "record", "type", "id", "text", "day", "ended", "value", "unit", "original", "original_unit",
               "usable", "part"),
    "encounters": ("code", "record", "id", "text", "day", "class", "method", "usable"),
}  # fmt: skip


class Explainer:
    """Answers packs for one person at a time; follows the store to a newer snapshot of itself."""

    def __init__(self, searchable: Searchable, packs: Sequence[SearchPack], lists: Mapping[str, CodeList]) -> None:
        self.searchable = searchable
        self.packs = packs
        self._senses = _senses(packs, lists)
        self._open = ExitStack()
        self._number = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def explain(self, person: int, on: date) -> dict[str, Answered] | None:
        """Every pack's answers for the person of this number; None when the store holds nobody of that number."""
        record = self.record(person)
        return None if record is None else {pack.id: interpret(pack, record, on) for pack in self.packs}

    def people_called(self, key: str) -> dict[str, int]:
        """By source, the number of the person whom it calls so."""
        self._follow()
        found: dict[str, int] = {}
        for part in self._snapshot.files.get("people", {}):
            people = self.searchable.table("people", self._snapshot, part)
            for row in people.filter(pc.equal(people.column("key"), key)).select(("source", "person")).to_pylist():
                if self._part_of(row["person"]) == part:
                    found[row["source"]] = int(row["person"])
        return found

    def record(self, person: int) -> Record | None:
        """What the store holds of the person, as the interpreter reads it."""
        self._follow()
        part = self._part_of(person)
        if part is None:
            return None
        people, events, encounters = self._rows[part]
        told = people.of(person)
        if not told:
            return None
        rows = []
        for code, number, kind, identity, *rest in events.of(person):
            system, value = self._codes[code]
            rows.append(EventRow(self._lists_of(code), number, f"{kind}/{identity}", system, value, *rest))
        met = [
            EncounterRow(number, f"Encounter/{identity}", *self._codes[code], *rest)
            for code, number, identity, *rest in encounters.of(person)
        ]
        born_on, born_until, first_event, first_encounter = told[0]
        return Record(
            born_on, born_until, first_event, first_encounter, tuple(sorted(rows, key=_in_time)), tuple(sorted(met, key=_in_time))
        )  # fmt: skip

    def _part_of(self, person: int) -> str | None:
        """The part of the store that holds the person's rows: beside their range's file when they have changed since."""
        part = range_of(person)
        if person in self._changed.get(part, ()):
            part += CHANGED
        return part if part in self._snapshot.files.get("people", {}) else None

    def _follow(self) -> None:
        store = self.searchable.store
        if store.current_number() == self._number:
            return
        self._open.close()
        self._snapshot = self._open.enter_context(store.reading())
        self.searchable.make(self._snapshot)
        self._number = self._snapshot.number
        self._rows = _OfParts(self.searchable, self._snapshot)
        self._changed = {
            part: set(pq.read_table(store.data / name, columns=["person"]).column("person").to_pylist())
            for part, name in self._snapshot.files.get("changed", {}).items()
        }
        self._codes: dict[int, tuple[str, str]] = {}
        for name in self._snapshot.names("codes"):
            codes = pq.read_table(store.data / name, columns=["code", "system", "value"])
            numbers, systems, values = (column.to_pylist() for column in codes.columns)
            self._codes.update(zip(numbers, zip(systems, values, strict=True), strict=True))
        self._lists: dict[int, frozenset[tuple[str, str]]] = {}

    def _lists_of(self, code: int) -> frozenset[tuple[str, str]]:
        """The code lists, and senses, that a code of the store is on."""
        found = self._lists.get(code)
        if found is None:
            several = [self._senses[one] for one in counts_as(*self._codes[code]) if one in self._senses]
            found = self._lists[code] = frozenset().union(*several)
        return found


class _OfParts(dict[str, tuple[Rows, ...]]):
    """The rows of each part of the store that has been asked about: people, events, encounters."""

    def __init__(self, searchable: Searchable, snapshot: Snapshot) -> None:
        super().__init__()
        self._searchable, self._snapshot = searchable, snapshot

    def __missing__(self, part: str) -> tuple[Rows, ...]:
        found = self[part] = tuple(
            Rows(self._searchable.table(name, self._snapshot, part), columns) for name, columns in READ.items()
        )
        return found


def _in_time(row: EventRow | EncounterRow) -> tuple[date, int]:
    return row.day or date.max, row.record


def _senses(
    packs: Sequence[SearchPack], lists: Mapping[str, CodeList]
) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    """For each code the lists, and the senses asked of them, on which it is."""
    asked = {
        (name, codes.polarity)
        for pack in packs
        for criterion in every_criterion(pack)
        for leaf in leaves(criterion)
        for codes in codes_of(leaf)
        for name in codes.lists
    }
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for name, polarity in asked:
        for code in lists[name].members(polarity):
            found.setdefault(code, set()).add((name, polarity))
    return {code: frozenset(several) for code, several in found.items()}
