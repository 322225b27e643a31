"""Whom a search has to look at again when an earlier one is known: everybody else is answered as they were, by the same rows.

Somebody may be answered otherwise when their rows have come or gone since, or when one of their days has gone into a window of the packs
or out of it, an age has been reached, or a day that lay ahead has come. What is here may name too many, never too few.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from ambit.population.search.criteria import Age, Leaf, SearchPack, Window, every_criterion, leaves
from ambit.population.search.expressions import day
from ambit.population.store import CHANGED, PEOPLE_IN_A_FILE, Snapshot, parquet, range_of

OF_PEOPLE = ("people", "events", "encounters")


@dataclass(frozen=True)
class Again:
    """Who is searched again: these people, and everybody whose number is in one of these ranges."""

    people: frozenset[int]
    ranges: frozenset[str]

    def __contains__(self, person: int) -> bool:
        return person in self.people or range_of(person) in self.ranges

    def show(self, con: duckdb.DuckDBPyConnection) -> None:
        """Let a connection show these people, and nobody else, in its views of the store."""
        con.register("again", pa.table({"person": pa.array(sorted(self.people), pa.int64())}))
        whole = ", ".join(str(int(one)) for one in sorted(self.ranges)) or "NULL"
        for table in OF_PEOPLE:
            con.execute(
                f"""CREATE OR REPLACE TEMP TABLE {table}_again AS SELECT * FROM {table} SEMI JOIN again USING (person)
                UNION ALL SELECT * FROM {table} ANTI JOIN again USING (person) WHERE person // {PEOPLE_IN_A_FILE} IN ({whole})"""
            )
        con.unregister("again")
        for table in OF_PEOPLE:
            con.execute(f"CREATE OR REPLACE VIEW {table} AS SELECT * FROM {table}_again")


def whom_to_search_again(
    con: duckdb.DuckDBPyConnection,
    data: Path,
    snapshot: Snapshot,
    earlier: Snapshot,
    packs: Sequence[SearchPack],
    *,
    then: date,
    on: date,
) -> Again:
    """Who may be answered otherwise on this day, of this snapshot, than on the earlier day of the earlier snapshot.

    The connection shows the snapshot, as `Searchable.open` does.
    """
    ranges = frozenset(_ranges_written_anew(snapshot, earlier))
    queries = [
        f"SELECT person FROM {parquet([data / name])} WHERE since > {earlier.number}"
        for part, name in snapshot.files.get("changed", {}).items()
        if part not in ranges and earlier.files.get("changed", {}).get(part) != name
    ]
    passed = _days_passed(packs, then, on)
    if passed:
        rows = " OR ".join(_between("day", *one) for one in passed)
        queries.append(f"SELECT person FROM events WHERE {rows} OR {_between('ended', then, on)}")
        queries.append(f"SELECT person FROM encounters WHERE {rows}")
        came = [_between(name, then, on) for name in ("died_on", "born_on", "first_event", "first_encounter")]
        queries.append(f"SELECT person FROM people WHERE {' OR '.join([*came, *_birthdays(packs, then, on)])}")
    found = con.execute(" UNION ".join(queries)).fetchall() if queries else []
    return Again(frozenset(person for (person,) in found if range_of(person) not in ranges), ranges)


def _ranges_written_anew(snapshot: Snapshot, earlier: Snapshot) -> Iterator[str]:
    """Ranges of people whose own files are not those of the earlier snapshot; of one that has gone, nobody is there any more."""
    for part in {*snapshot.files.get("people", {}), *earlier.files.get("people", {})}:
        if part.endswith(CHANGED):
            continue
        if any(snapshot.files.get(t, {}).get(part) != earlier.files.get(t, {}).get(part) for t in OF_PEOPLE):
            yield part


def _leaves(packs: Sequence[SearchPack]) -> Iterator[Leaf]:
    for pack in packs:
        for criterion in every_criterion(pack):
            yield from leaves(criterion)


def _days_passed(packs: Sequence[SearchPack], then: date, on: date) -> list[tuple[date, date]]:
    """From the day after which, to which, days have gone into a window of the packs or out of it."""
    moved = {(then, on)}
    for leaf in _leaves(packs):
        for window in (getattr(leaf, one.name) for one in fields(leaf)):
            if isinstance(window, Window):
                moved.add((window.closes(then), window.closes(on)))
                before, now = window.opens(then), window.opens(on)
                if before is not None and now is not None:
                    moved.add((before, now))
    return sorted(one for one in moved if one[0] < one[1])


def _birthdays(packs: Sequence[SearchPack], then: date, on: date) -> list[str]:
    """Conditions for those who have reached an age of the packs since."""
    ages = {age for leaf in _leaves(packs) if isinstance(leaf, Age) for age in (leaf.at_least, leaf.below) if age}
    return [
        f"({_age(column, then)} < {age} AND {_age(column, on)} >= {age})"
        for column in ("born_on", "born_until")
        for age in sorted(ages)
    ]


def _age(born: str, on: date) -> str:
    had_it = f"CASE WHEN month({born}) * 100 + day({born}) > {on.month * 100 + on.day} THEN 1 ELSE 0 END"
    return f"({on.year} - year({born}) - {had_it})"


def _between(column: str, after: date, until: date) -> str:
    return f"({column} > {day(after)} AND {column} <= {day(until)})"
