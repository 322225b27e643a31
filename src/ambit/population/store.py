"""Where the population's coded records are kept: Parquet by range of person numbers, in snapshots that never change.

    AMBIT_HOME/population/
      current            the name of the snapshot readers use; replaced in one step
      snapshots/N.json   which files make up snapshot N
      data/              the files; each is written once
      staging/           an intake under way, so that one that was stopped goes on where it was
      writing.lock       held by the one writer

A reader holds a shared lock on its snapshot; the writer removes only snapshots that nobody holds.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

PEOPLE_IN_A_FILE = 100_000
CHANGED = "+"
RESULT = "ImportedResult"  # the type of a row that another search, an equation or a clinician's list brought
KEEP = 2  # earlier snapshots kept beside the current one

TABLES: dict[str, str] = {
    "people": """person BIGINT, source VARCHAR, key VARCHAR, nhs_number VARCHAR, title VARCHAR, given_names VARCHAR,
        family_name VARCHAR, born_on DATE, born_until DATE, sex VARCHAR, dead BOOLEAN, died_on DATE, practice VARCHAR,
        address VARCHAR, postcode VARCHAR, active BOOLEAN, national_opt_out BOOLEAN,
        first_event DATE, first_encounter DATE""",
    "events": """person BIGINT, type VARCHAR, id VARCHAR, part SMALLINT, record BIGINT, code BIGINT, text VARCHAR,
        day DATE, written VARCHAR, ended DATE, value BIGINT, unit VARCHAR, original VARCHAR, original_unit VARCHAR,
        status VARCHAR, usable BOOLEAN""",
    "encounters": """person BIGINT, id VARCHAR, record BIGINT, class VARCHAR, method VARCHAR, code BIGINT, text VARCHAR,
        day DATE, until DATE, written VARCHAR, status VARCHAR, usable BOOLEAN""",
    "codes": "code BIGINT, system VARCHAR, value VARCHAR, display VARCHAR",
    "quarantine": """source VARCHAR, file VARCHAR, line BIGINT, entry BIGINT, type VARCHAR, id VARCHAR, reason VARCHAR,
        noted_at VARCHAR""",
    "sources": "name VARCHAR, taken_at VARCHAR, files BIGINT, basis VARCHAR, objected BIGINT, restricted BIGINT",
}


class Busy(Exception):
    """Somebody else is writing to the population store."""


@dataclass(frozen=True)
class Snapshot:
    """One unchanging state of the store."""

    number: int
    # table: {range of people, or "all": file name}; with a plus sign behind the range, the rows of those people of it who have
    # changed since its file was written, whom the table "changed" lists, with the snapshot that last changed them: their rows in the
    # older file no longer count
    files: dict[str, dict[str, str]] = field(default_factory=dict)

    def names(self, table: str) -> list[str]:
        return [name for _, name in sorted(self.files.get(table, {}).items())]

    def rows_of(
        self,
        table: str,
        data: Path,
        *,
        source: Callable[[str], str] | None = None,
        columns: str = "*",
        person: int | None = None,
    ) -> str:
        """A query for all rows of a table; with `person`, of the range of people that holds this one.

        A part's rows are read from its file, or from what `source` names for it.
        """
        files = self.files.get(table, {})
        if person is not None:
            here = range_of(person)
            files = {part: name for part, name in files.items() if part.removesuffix(CHANGED) == here}
        changed = {part: name for part, name in self.files.get("changed", {}).items() if part in files}
        plain = [part for part in sorted(files) if part not in changed]
        several = []
        if source is None and plain:
            several.append(f"SELECT {columns} FROM {parquet([data / files[part] for part in plain])}")
        elif source is not None:
            several += [f"SELECT {columns} FROM {source(part)}" for part in plain]
        for part in sorted(changed):
            older = source(part) if source else parquet([data / files[part]])
            newer = f"(SELECT person FROM {parquet([data / changed[part]])})"
            several.append(f"SELECT {columns} FROM {older} AS older WHERE person NOT IN {newer}")
        if several:
            return " UNION ALL ".join(several)
        empty = ", ".join(
            f"NULL::{kind} AS {name}" for name, kind in (told.split() for told in TABLES[table].split(","))
        )
        return f"SELECT {columns} FROM (SELECT {empty} WHERE false)"


class Store:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.snapshots = folder / "snapshots"
        self.staging = folder / "staging"

    # reading --------------------------------------------------------------------------------------

    def current_number(self) -> int:
        try:
            return int((self.folder / "current").read_text())
        except FileNotFoundError:
            return 0

    def snapshot(self, number: int) -> Snapshot:
        if number == 0:
            return Snapshot(0)
        told = json.loads((self.snapshots / f"{number}.json").read_text())
        return Snapshot(number, told["files"])

    @contextmanager
    def reading(self) -> Iterator[Snapshot]:
        """The current snapshot, kept from removal for as long as it is read."""
        while True:
            number = self.current_number()
            if number == 0:
                yield Snapshot(0)
                return
            try:
                file = (self.snapshots / f"{number}.json").open()
            except FileNotFoundError:
                continue  # the writer has just gone on to a newer one
            with file:
                fcntl.flock(file, fcntl.LOCK_SH)
                if os.fstat(file.fileno()).st_nlink == 0:
                    continue
                yield Snapshot(number, json.load(file)["files"])
                return

    @contextmanager
    def open(self, *, memory_mb: int | None = None) -> Iterator[tuple[duckdb.DuckDBPyConnection, Snapshot]]:
        """A connection with a view of each table of the current snapshot."""
        with self.reading() as snapshot, connection(self.folder, memory_mb=memory_mb) as con:
            show(con, snapshot, self.data)
            yield con, snapshot

    # writing --------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the one writer; refuse, in words, when somebody else is."""
        for folder in (self.data, self.snapshots, self.staging):
            folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "writing.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                lock.seek(0)
                raise Busy(
                    f"Another intake is writing to the population store ({lock.read().strip() or 'just started'}). "
                    "Wait until it has finished, then run this again: what is already taken in is skipped."
                ) from None
            lock.truncate(0)
            lock.write(f"process {os.getpid()}")
            lock.flush()
            yield

    def publish(self, files: dict[str, dict[str, str]]) -> Snapshot:
        """Make these files the current snapshot, in one step that a power cut cannot halve; then tidy up."""
        number = self.current_number() + 1
        for names in files.values():
            for name in names.values():
                _sync(self.data / name)
        _sync(self.data)
        _write_whole(self.snapshots / f"{number}.json", json.dumps({"files": files}, sort_keys=True))
        _write_whole(self.folder / "current", str(number))
        self.tidy()
        return Snapshot(number, files)

    def tidy(self) -> None:
        """Remove older snapshots that nobody reads, and files that no snapshot names."""
        newest = self.current_number()
        kept: set[str] = set()
        for path in self.snapshots.glob("*.json"):
            number = int(path.stem)
            if number < newest - KEEP or number > newest:
                with path.open() as file:
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        pass
                    else:
                        path.unlink()
                        continue
            for names in json.loads(path.read_text())["files"].values():
                kept.update(names.values())
        for path in self.data.iterdir():
            if path.name not in kept:
                path.unlink()

    def forget_staging(self) -> None:
        shutil.rmtree(self.staging, ignore_errors=True)
        self.staging.mkdir(parents=True, exist_ok=True)


@contextmanager
def connection(folder: Path, *, memory_mb: int | None = None) -> Iterator[duckdb.DuckDBPyConnection]:
    """An embedded engine that spills to the store's own folder rather than die for want of memory."""
    settings: dict[str, Any] = {"preserve_insertion_order": False}
    if folder.is_dir():
        settings["temp_directory"] = str(folder / "spill")
    if memory_mb:
        settings["memory_limit"] = f"{memory_mb}MB"
    con = duckdb.connect(config=settings)
    try:
        yield con
    finally:
        con.close()


def show(con: duckdb.DuckDBPyConnection, snapshot: Snapshot, data: Path) -> None:
    """A view for each table; an empty one where the snapshot has no file."""
    for table in TABLES:
        con.execute(f"CREATE OR REPLACE VIEW {table} AS {snapshot.rows_of(table, data)}")


def range_of(person: int) -> str:
    """The name of the range of people whose files hold this person."""
    return f"{person // PEOPLE_IN_A_FILE:06d}"


def parquet(paths: Sequence[Path]) -> str:
    return f"read_parquet([{', '.join(f"'{quoted(str(path))}'" for path in paths)}])"


def quoted(text: str) -> str:
    return text.replace("'", "''")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_whole(path: Path, text: str) -> None:
    beside = path.with_suffix(".new")
    with beside.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    _sync(path.parent)
