"""The coded rows that a search can use, kept apart: about a tenth of all, so that a night's search and one person's “why” are quick.

    AMBIT_HOME/population/searchable/<what counts>/<name of a file of coded rows>

For every file of coded rows a smaller one with the rows whose code is on a code list, and prescriptions. What counts is named by a
hash of the codes: another version of a code list makes another folder. The files never change, and whoever needs one that is not there
makes it: a search, or the intake that has just published.
"""

import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa

from ambit.population.search.criteria import MEDICINE_TYPES
from ambit.population.store import Snapshot, Store, connection, quoted, show

ROWS_IN_A_GROUP = 20_480  # small, so that one person's rows are found without reading many others'
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
            if snapshot.files.get("events"):
                self.make(snapshot)
                con.execute(f"CREATE OR REPLACE VIEW events AS {self.events(snapshot)}")
            yield con, snapshot

    def events(self, snapshot: Snapshot, *, person: int | None = None) -> str:
        return snapshot.rows_of("events", self.store.data, elsewhere=self.folder, person=person)

    def make(self, snapshot: Snapshot) -> int:
        """Make the files that are missing; answers how many."""
        missing = [name for name in snapshot.names("events") if not (self.folder / name).exists()]
        self.folder.mkdir(parents=True, exist_ok=True)
        os.utime(self.folder)
        if missing:
            self._make(snapshot, missing)
            self._tidy()
        return len(missing)

    def _make(self, snapshot: Snapshot, missing: list[str]) -> None:
        with connection(self.store.folder, in_order=True) as con:
            show(con, snapshot, self.store.data)
            columns = zip(*self.codes, strict=True) if self.codes else ((), ())
            told = [pa.array(column, pa.string()) for column in columns]
            con.register("listed", pa.table({"system": told[0], "value": told[1]}))
            con.execute("CREATE TEMP TABLE known AS SELECT code FROM codes SEMI JOIN listed USING (system, value)")
            kinds = ", ".join(f"'{kind}'" for kind in MEDICINE_TYPES)
            for name in missing:
                beside = self.folder / f"{name}.{os.getpid()}.new"
                con.execute(
                    f"""COPY (SELECT * FROM read_parquet('{quoted(str(self.store.data / name))}') e
                    WHERE usable AND (code IN (SELECT code FROM known) OR (part = 0 AND type IN ({kinds}))))
                    TO '{quoted(str(beside))}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE {ROWS_IN_A_GROUP})"""
                )
                beside.replace(self.folder / name)

    def _tidy(self) -> None:
        """Files of rows that are in no snapshot any more, and folders that nobody has asked for in a day."""
        for folder in self.folder.parent.iterdir():
            if folder != self.folder and time.time() - folder.stat().st_mtime > FORGOTTEN_AFTER:
                shutil.rmtree(folder, ignore_errors=True)
                continue
            for path in folder.glob("*.parquet"):
                if not (self.store.data / path.name).exists():
                    path.unlink(missing_ok=True)
