"""The rows that a search can use, kept apart: about a tenth of all, so that a night's search and one person's “why” are quick.

    AMBIT_HOME/population/searchable/<what counts>/<range of people>-<which files>.duckdb

For every range of people a file with the rows whose code is on a code list, prescriptions, encounters, and who is alive; DuckDB's own
format, in which one person's rows are found without unpacking many others'. What counts is named by a hash of the codes: another version
of a code list makes another folder. The files never change, and whoever needs one that is not there makes it: a search, or the
intake that has just published.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from ambit.population.codelists.rules import known_as
from ambit.population.search.criteria import MEDICINE_TYPES
from ambit.population.store import CHANGED, Snapshot, Store, connection, quoted, show

FORGOTTEN_AFTER = 24 * 3600  # seconds since a folder was last asked for


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
                path = quoted(str(self._path(snapshot, part)))
                con.execute(f"ATTACH '{path}' AS {_name(part)} (READ_ONLY)")
            con.execute(f"CREATE OR REPLACE VIEW events AS {self.rows_of('events', snapshot)}")
            yield con, snapshot

    def rows_of(self, table: str, snapshot: Snapshot, columns: str = "*", *, person: int | None = None) -> str:
        return snapshot.rows_of(
            table, self.store.data, source=lambda part: f"{_name(part)}.{table}", columns=columns, person=person
        )

    def make(self, snapshot: Snapshot) -> int:
        """Make the files that are missing; answers how many."""
        parts = snapshot.files.get("people", {})
        missing = [part for part in parts if not self._path(snapshot, part).exists()]
        self.folder.mkdir(parents=True, exist_ok=True)
        os.utime(self.folder)
        if missing:
            self._make(snapshot, missing)
        self._tidy({self._path(snapshot, part).name for part in parts})
        return len(missing)

    def _path(self, snapshot: Snapshot, part: str) -> Path:
        names = [snapshot.files[table].get(part, "") for table in ("people", "events", "encounters")]
        which = hashlib.blake2b("/".join(names).encode(), digest_size=6).hexdigest()
        return self.folder / f"{part}-{which}.duckdb"

    def _make(self, snapshot: Snapshot, missing: list[str]) -> None:
        with connection(self.store.folder, in_order=True) as con:
            show(con, snapshot, self.store.data)
            columns = zip(*self.codes, strict=True) if self.codes else ((), ())
            told = [pa.array(column, pa.string()) for column in columns]
            con.register("listed", pa.table({"system": told[0], "value": told[1]}))
            con.execute(
                f"CREATE TEMP TABLE known AS SELECT DISTINCT code FROM {known_as()} SEMI JOIN listed USING (system, value)"
            )
            kinds = ", ".join(f"'{kind}'" for kind in MEDICINE_TYPES)
            where = {
                "people": "true",
                "encounters": "usable",
                "events": f"usable AND (code IN (SELECT code FROM known) OR (part = 0 AND type IN ({kinds})))",
            }
            for part in missing:
                path = self._path(snapshot, part)
                beside = path.with_suffix(f".{os.getpid()}.new")
                beside.unlink(missing_ok=True)
                con.execute(f"ATTACH '{quoted(str(beside))}' AS made")
                for table, condition in where.items():
                    rows = Snapshot(0, {table: {part: snapshot.files[table][part]}}).rows_of(table, self.store.data)
                    con.execute(f"CREATE TABLE made.{table} AS SELECT * FROM ({rows}) WHERE {condition}")
                con.execute("DETACH made")
                beside.replace(path)

    def _tidy(self, used: set[str]) -> None:
        """Files that no snapshot needs any more, and folders that nobody has asked for in a day."""
        long_ago = time.time() - FORGOTTEN_AFTER
        for folder in self.folder.parent.iterdir():
            if folder != self.folder and folder.stat().st_mtime < long_ago:
                shutil.rmtree(folder, ignore_errors=True)
        for path in self.folder.glob("*.duckdb"):
            if path.name not in used and path.stat().st_mtime < long_ago:
                path.unlink(missing_ok=True)


def _name(part: str) -> str:
    """A part's file as DuckDB knows it."""
    return f"part_{part.replace(CHANGED, '_changed')}"
