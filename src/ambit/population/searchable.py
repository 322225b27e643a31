"""The rows that a search can use, kept apart: about a tenth of all, so that a night's search and one person's “why” are quick.

    AMBIT_HOME/population/searchable/<what counts>/<range of people>-<which files>/<table>.arrow

For every range of people a folder with the rows whose code is on a code list, prescriptions, encounters, and who is alive, as Arrow files
that are mapped into memory: a search reads their columns as they stand, and one person's rows are found by halving, since they
stand in order of person. What counts is named by a hash of the codes: another version of a code list makes another folder. The files
never change, and whoever needs one that is not there makes it: a search, or the intake that has just published.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from pyarrow import ipc

from ambit.population.codelists.rules import known_as
from ambit.population.search.criteria import MEDICINE_TYPES
from ambit.population.store import CHANGED, PEOPLE_IN_A_FILE, Snapshot, Store, connection, parquet, quoted

FORGOTTEN_AFTER = 24 * 3600  # seconds since a folder was last asked for
ROWS_TOGETHER = 122_880  # rows that one thread of a search takes at a time
MEMORY_MB = 400  # what the engine holds before it spills
FIRST_DAY = date(1970, 1, 1)  # from which Arrow counts days
ALL_DIFFERENT = frozenset({"id", "key", "nhs_number"})  # texts that rarely stand twice
_MEDICINES = ", ".join(f"'{kind}'" for kind in MEDICINE_TYPES)
WHAT_COUNTS = {
    "people": "true",
    "encounters": "usable",
    "events": f"usable AND (code IN (SELECT code FROM known) OR (part = 0 AND type IN ({_MEDICINES})))",
}


class Rows:
    """One file's rows, in order of person, of which one person's are found at once."""

    def __init__(self, table: pa.Table, columns: Sequence[str]) -> None:
        self._stretches = [
            (int(people[0]), int(people[-1]), people, [_values(batch.column(name)) for name in columns])
            for batch in table.to_batches()
            if len(people := batch.column("person").to_numpy())
        ]

    def of(self, person: int) -> list[tuple[Any, ...]]:
        """The person's rows, with the columns that were asked for."""
        found: list[tuple[Any, ...]] = []
        for lowest, highest, people, columns in self._stretches:
            if lowest <= person <= highest:
                first, after = people.searchsorted((person, person + 1)).tolist()
                if first < after:
                    found += zip(*(values(first, after) for values in columns), strict=True)
        return found


def _values(column: pa.Array) -> Callable[[int, int], list[Any]]:
    """A column's values from one row up to another: as Arrow gives them, without asking for each where none is absent."""
    if column.null_count:
        nothing = column.null_count == len(column)
        return lambda first, after: (
            [None] * (after - first) if nothing else column.slice(first, after - first).to_pylist()
        )
    if pa.types.is_integer(column.type):
        numbers = column.to_numpy()
        return lambda first, after: numbers[first:after].tolist()
    if pa.types.is_date32(column.type):
        days = column.view(pa.int32()).to_numpy()
        return lambda first, after: [_day(number) for number in days[first:after].tolist()]
    if pa.types.is_dictionary(column.type):
        places, texts = column.indices.to_numpy(), _Texts(column.dictionary)
        return lambda first, after: [texts[place] for place in places[first:after].tolist()]
    return lambda first, after: column.slice(first, after - first).to_pylist()


@lru_cache(maxsize=20_000)
def _day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)


class _Texts(dict[int, str]):
    """Those of a column's different texts that have been asked for."""

    def __init__(self, dictionary: pa.Array) -> None:
        super().__init__()
        self._dictionary = dictionary

    def __missing__(self, place: int) -> str:
        found: str = self._dictionary[place].as_py()
        self[place] = found
        return found


class Searchable:
    """The store as a search sees it."""

    def __init__(self, store: Store, codes: Iterable[tuple[str, str]]) -> None:
        self.store = store
        self.codes = sorted(set(codes))
        told = hashlib.blake2b(digest_size=12)
        for system, code in self.codes:
            told.update(f"{system}\x1f{code}\x1e".encode())
        self.folder = store.folder / "searchable" / told.hexdigest()

    @contextmanager
    def open(self, *, memory_mb: int | None = None) -> Iterator[tuple[duckdb.DuckDBPyConnection, Snapshot]]:
        """A connection as the store gives it, whose `events` are only those that a search can use."""
        with self.store.open(memory_mb=memory_mb) as (con, snapshot):
            self.make(snapshot)
            for part in snapshot.files.get("people", {}):
                for table in WHAT_COUNTS:
                    con.register(_name(part, table), self.table(table, snapshot, part))
            con.execute(f"CREATE OR REPLACE VIEW events AS {self.rows_of('events', snapshot)}")
            yield con, snapshot

    def rows_of(self, table: str, snapshot: Snapshot, columns: str = "*") -> str:
        """A query for all rows of a table, on a connection that `open` gave."""
        return snapshot.rows_of(table, self.store.data, source=lambda part: _name(part, table), columns=columns)

    def table(self, name: str, snapshot: Snapshot, part: str) -> pa.Table:
        """A part's rows, mapped into memory."""
        with pa.memory_map(str(self._folder(snapshot, part) / f"{name}.arrow")) as file:
            return ipc.open_file(file).read_all()

    def make(self, snapshot: Snapshot) -> int:
        """Make the files that are missing; answers of how many parts."""
        parts = snapshot.files.get("people", {})
        missing = [part for part in parts if not self._folder(snapshot, part).exists()]
        self.folder.mkdir(parents=True, exist_ok=True)
        os.utime(self.folder)
        if missing:
            self._make(snapshot, missing)
        self._tidy({self._known(snapshot).name, *(self._folder(snapshot, part).name for part in parts)})
        return len(missing)

    def _folder(self, snapshot: Snapshot, part: str) -> Path:
        names = [snapshot.files[table].get(part, "") for table in WHAT_COUNTS]
        which = hashlib.blake2b("/".join(names).encode(), digest_size=6).hexdigest()
        return self.folder / f"{part}-{which}"

    def _make(self, snapshot: Snapshot, missing: list[str]) -> None:
        with connection(self.store.folder, memory_mb=MEMORY_MB) as con:
            known = self._known(snapshot)
            if not known.exists():
                self._find_known(con, snapshot, known)
            con.execute(f"CREATE VIEW known AS SELECT * FROM {parquet([known])}")
            beside = [part for part in missing if part.endswith(CHANGED)]
            for parts in (*([part] for part in missing if part not in beside), *([beside] if beside else ())):
                self._make_together(con, snapshot, parts)

    def _known(self, snapshot: Snapshot) -> Path:
        """Which codes of the store count: found once for each state of its table of codes."""
        return self.folder / f"known-{snapshot.files.get('codes', {}).get('all', 'none')}"

    def _find_known(self, con: duckdb.DuckDBPyConnection, snapshot: Snapshot, known: Path) -> None:
        con.execute(f"CREATE VIEW codes AS {snapshot.rows_of('codes', self.store.data)}")
        columns = zip(*self.codes, strict=True) if self.codes else ((), ())
        told = [pa.array(column, pa.string()) for column in columns]
        con.register("listed", pa.table({"system": told[0], "value": told[1]}))
        made = known.with_suffix(f".{os.getpid()}.new")
        con.execute(
            f"COPY (SELECT DISTINCT code FROM {known_as()} SEMI JOIN listed USING (system, value)) "
            f"TO '{quoted(str(made))}' (FORMAT parquet)"
        )
        made.rename(known)

    def _make_together(self, con: duckdb.DuckDBPyConnection, snapshot: Snapshot, parts: Sequence[str]) -> None:
        """Make these parts by one query a table, since asking costs more than reading where few have changed."""
        made = {part: self._folder(snapshot, part).with_suffix(f".{os.getpid()}.new") for part in parts}
        for folder in made.values():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
        for table, condition in WHAT_COUNTS.items():
            files = parquet([self.store.data / snapshot.files[table][part] for part in parts])
            rows = con.sql(f"SELECT * FROM {files} WHERE {condition} ORDER BY person").to_arrow_table()
            people = rows.column("person").to_numpy()
            for part, folder in made.items():
                low = int(part.removesuffix(CHANGED)) * PEOPLE_IN_A_FILE
                first, after = people.searchsorted((low, low + PEOPLE_IN_A_FILE)).tolist()
                _write(folder / f"{table}.arrow", rows.slice(first, after - first))
        for part, folder in made.items():
            try:
                folder.rename(self._folder(snapshot, part))
            except OSError:  # somebody else has made it meanwhile
                shutil.rmtree(folder)

    def _tidy(self, used: set[str]) -> None:
        """What no snapshot needs any more, or an earlier version of Ambit made, and what codes need that nobody has asked for in a day."""
        long_ago = time.time() - FORGOTTEN_AFTER
        for path in (*self.folder.parent.iterdir(), *self.folder.iterdir()):
            if path == self.folder or path.name in used:
                continue
            with suppress(FileNotFoundError):  # somebody else tidies too
                if path.stat().st_mtime < long_ago:
                    shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def _name(part: str, table: str) -> str:
    """A part's rows as DuckDB knows them."""
    return f"{table}_{part.replace(CHANGED, '_changed')}"


def _write(path: Path, rows: pa.Table) -> None:
    """Of many rows, each text that comes again and again is kept once."""
    if len(rows) > ROWS_TOGETHER // 8:
        columns = [
            column.dictionary_encode() if pa.types.is_string(column.type) and name not in ALL_DIFFERENT else column
            for name, column in zip(rows.column_names, rows.columns, strict=True)
        ]
        rows = pa.table(columns, names=rows.column_names).unify_dictionaries()
    with ipc.new_file(str(path), rows.schema) as file:
        file.write_table(rows, max_chunksize=ROWS_TOGETHER)
