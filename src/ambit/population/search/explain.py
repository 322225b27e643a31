"""Why somebody is found, or is not: every answer for one person, quickly, from a connection that stays open.

Of the store only the file of the person's range is read, and of this only the blocks that can hold the person.
"""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from typing import Self

from ambit.population.codelists.rules import CodeList, counts_as
from ambit.population.search.criteria import SearchPack, codes_of, every_criterion, leaves
from ambit.population.search.interpret import Answered, EncounterRow, EventRow, Record, interpret
from ambit.population.searchable import Searchable
from ambit.population.store import PEOPLE_IN_A_FILE


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

    def person_of(self, source: str, key: str) -> int | None:
        """The number of the person whom a source calls so."""
        self._follow()
        found = self._con.execute("SELECT person FROM people WHERE source = ? AND key = ?", [source, key]).fetchone()
        return int(found[0]) if found else None

    def record(self, person: int) -> Record | None:
        """What the store holds of the person, as the interpreter reads it."""
        self._follow()
        people, events, encounters = self._of_range(person // PEOPLE_IN_A_FILE, person)
        told = self._con.execute(f"SELECT * FROM ({people}) WHERE person = {int(person)}").fetchone()
        if told is None:
            return None
        rows = []
        for _, code, number, kind, identity, *rest in self._con.execute(
            f"SELECT * FROM ({events}) WHERE person = {int(person)}"
        ).fetchall():
            system, value = self._codes[code]
            rows.append(
                EventRow(self._lists.get(code, frozenset()), number, f"{kind}/{identity}", system, value, *rest)
            )
        met = [
            EncounterRow(number, f"Encounter/{identity}", *self._codes[code], *rest)
            for _, code, number, identity, *rest in self._con.execute(
                f"SELECT * FROM ({encounters}) WHERE person = {int(person)}"
            ).fetchall()
        ]
        _, born_on, born_until, first_event, first_encounter = told
        return Record(
            born_on, born_until, first_event, first_encounter, tuple(sorted(rows, key=_in_time)), tuple(sorted(met, key=_in_time))
        )  # fmt: skip

    def _follow(self) -> None:
        store = self.searchable.store
        if store.current_number() == self._number:
            return
        self._open.close()
        self._con, self._snapshot = self._open.enter_context(self.searchable.open())
        self._number = self._snapshot.number
        self._con.execute("SET threads = 1")
        # a plan that only reads a few blocks needs no other improvement, and looking for one costs half of the time
        names = [name for (name,) in self._con.execute("SELECT name FROM duckdb_optimizers()").fetchall()]
        self._con.execute(
            f"SET disabled_optimizers = '{','.join(name for name in names if name != 'filter_pushdown')}'"
        )
        self._ranges: dict[int, tuple[str, str, str]] = {}
        self._codes: dict[int, tuple[str, str]] = {}
        self._lists: dict[int, frozenset[tuple[str, str]]] = {}
        for code, system, value in self._con.execute("SELECT code, system, value FROM codes").fetchall():
            self._codes[code] = (system, value)
            several = [self._senses[one] for one in counts_as(system, value) if one in self._senses]
            if several:
                self._lists[code] = frozenset().union(*several)

    def _of_range(self, part: int, person: int) -> tuple[str, str, str]:
        found = self._ranges.get(part)
        if found is None:
            rows_of = partial(self.searchable.rows_of, snapshot=self._snapshot, person=person)
            found = self._ranges[part] = (
                rows_of("people", columns="person, born_on, born_until, first_event, first_encounter"),
                rows_of(
                    "events",
                    columns="person, code, record, type, id, text, day, ended, value, unit, original, original_unit, usable, part",
                ),
                rows_of("encounters", columns="person, code, record, id, text, day, class, method, usable"),
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
