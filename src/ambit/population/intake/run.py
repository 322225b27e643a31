"""One intake: read files into staging, merge them with what the store has, publish. Stopped halfway, it goes on where it was."""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from hashlib import blake2b
from pathlib import Path
from time import perf_counter

import duckdb
import pyarrow.parquet as pq

from ambit.population.intake.files import Incoming, fingerprint, incoming, line_of, read_file
from ambit.population.intake.gp_csv import read_csv
from ambit.population.intake.merge import Merged, Terms, merge
from ambit.population.intake.rows import STAGED, Batch, Codes
from ambit.population.store import Store, connection, show

MEMORY_MB = 200  # what the engine holds before it spills, however many rows come in

ROWS_IN_A_CHUNK = 50_000
NOTHING_SAID = Terms()
EACH_ANOTHER = {"id", "record", "value", "original", "line", "seq"}  # nothing is gained by writing the same ones once
LAYOUT = 2  # of staged files; staging in another layout is read again from the start


@dataclass(frozen=True)
class Taken:
    """What an intake did: promised to programs in the command line's JSON."""

    files: int
    people: int
    resources: dict[str, int]
    new: dict[str, int]
    changed: int
    removed: int
    quarantined: list[dict[str, object]]
    unmapped_codes: list[dict[str, object]]
    seconds: float
    counted_only: dict[str, int] = field(default_factory=dict)
    converted: dict[str, int] = field(default_factory=dict)
    notes: dict[str, int] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)
    restricted: dict[str, int] = field(default_factory=dict)
    objected: int = 0
    held_back: str = ""
    resumed_files: int = 0
    snapshot: int = 0


def take_in(
    store: Store,
    paths: Iterable[Path],
    *,
    terms: Terms = NOTHING_SAID,
    find: Callable[[Iterable[Path]], list[Incoming]] = incoming,
    read: Callable[[Incoming, Batch, date], None] | None = None,
    source: str,
    today: date,
    now: datetime,
    mapped: set[tuple[str, str]],
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Taken:
    """Read these files as `source`'s. Nothing is seen by readers until everything has been read and merged.

    `read` takes one file, known on this day, into a batch: as its name says, unless another way is measured against that.
    """
    began = perf_counter()
    files = find(paths)
    with store.writing():
        resumed = _stage(store, files, read=read or _read, source=source, today=today, terms=terms, progress=progress)
        named = {file.name: file for file in files}
        merging = partial(
            merge, store, _chunks(store), source=source, files=len(files), now=now.isoformat(timespec="seconds"),
            mapped=mapped, terms=terms, locate=lambda file, identity: line_of(named[file], identity),
        )  # fmt: skip
        try:
            merged = merging(memory_mb=MEMORY_MB)
        except duckdb.OutOfMemoryException:  # a step that cannot spill; nothing was published yet
            merged = merging(memory_mb=None)
        store.forget_staging()
    return _told(merged, files, resumed, perf_counter() - began)


def _told(merged: Merged, files: list[Incoming], resumed: int, seconds: float) -> Taken:
    counted: dict[str, Counter[str]] = {}
    for what, name, count in merged.counts:
        counted.setdefault(what, Counter())[name] += count
    read = counted.get("read", Counter())
    return Taken(
        files=len(files) - len(merged.skipped),
        people=merged.people,
        resources=dict(sorted(read.items())),
        new=merged.new,
        changed=merged.changed,
        removed=merged.removed,
        quarantined=merged.quarantined,
        unmapped_codes=merged.unmapped,
        seconds=round(seconds, 3),
        counted_only={kind: n for kind, n in sorted(read.items()) if kind not in merged.stored_types},
        converted=dict(counted.get("converted", {})),
        notes=dict(counted.get("note", {})),
        skipped=merged.skipped,
        restricted=dict(counted.get("restricted", {})),
        objected=merged.objected,
        held_back=merged.held_back,
        resumed_files=resumed,
        snapshot=merged.snapshot,
    )


def _chunks(store: Store) -> list[Path]:
    return sorted(p for p in store.staging.iterdir() if p.is_dir() and p.suffix != ".part")


def _stage(
    store: Store,
    files: list[Incoming],
    *,
    read: Callable[[Incoming, Batch, date], None],
    source: str,
    today: date,
    terms: Terms,
    progress: Callable[[int, int], None],
) -> int:
    """Read what is not already staged; answers how many files an earlier, stopped run had read."""
    wanted = {(file.name, fingerprint(file.path)): file for file in files}
    tag = {
        "base": store.current_number(),
        "source": source,
        "layout": LAYOUT,
        "day": today.isoformat(),
        "restricted": _digest(terms),
    }
    tag_file = store.staging / "intake.json"
    if not tag_file.exists() or json.loads(tag_file.read_text()) != tag:
        store.forget_staging()
        tag_file.write_text(json.dumps(tag))
    codes = _codes_of(store)
    done: set[tuple[str, str]] = set()
    number = 0
    _forget_parts(store)
    for chunk in _chunks(store):
        held = {(name, sha) for name, sha in json.loads((chunk / "files.json").read_text())}
        if not held <= set(wanted):
            store.forget_staging()
            tag_file.write_text(json.dumps(tag))
            done, number, codes = set(), 0, _codes_of(store)
            break
        done |= held
        number = int(chunk.name) + 1
        for row in pq.read_table(chunk / "codes.parquet").to_pylist():
            codes.known[row["system"], row["value"]] = row["code"]
            codes.following = max(codes.following, row["code"] + 1)
    total = sum(file.size for file in files)
    passed = sum(wanted[key].size for key in done)
    progress(passed, total)

    def put_away(batch: Batch, whole: Sequence[tuple[str, str]] = ()) -> None:
        nonlocal number
        _write(store, number, batch, whole)
        number += 1
        batch.begin_anew(number << 40)

    batch = Batch(codes, terms.restricted, seq=number << 40, most=ROWS_IN_A_CHUNK, put_away=put_away)
    held_files: list[tuple[str, str]] = []
    for key, file in wanted.items():
        if key in done:
            continue
        read(file, batch, today)
        held_files.append(key)
        passed += file.size
        progress(passed, total)
        if len(batch) >= ROWS_IN_A_CHUNK:
            put_away(batch, held_files)
            held_files = []
    if held_files:
        put_away(batch, held_files)
    return len(done)


def _forget_parts(store: Store) -> None:
    """Chunks that end within a file: a file is read again from its first line."""
    for chunk in reversed(_chunks(store)):
        if json.loads((chunk / "files.json").read_text()):
            return
        shutil.rmtree(chunk)


def _read(file: Incoming, batch: Batch, today: date) -> None:
    plain = file.path.name.removesuffix(".gz")
    (read_csv if plain.endswith(".csv") else read_file)(file, batch, today=today)


def _digest(terms: Terms) -> str:
    """What was left out while reading; staging read on other terms is read again."""
    return blake2b(repr(sorted(terms.restricted.items())).encode(), digest_size=16).hexdigest()


def _codes_of(store: Store) -> Codes:
    with connection(store.folder) as con:
        show(con, store.snapshot(store.current_number()), store.data)
        rows = con.execute("SELECT system, value, code FROM codes").fetchall()
    known = {(system, value): code for system, value, code in rows}
    return Codes(known, following=max(known.values(), default=0) + 1)


def _write(store: Store, number: int, batch: Batch, files: Sequence[tuple[str, str]]) -> None:
    """One chunk, there whole or not at all, and which files end in it; none in the middle of one."""
    folder = store.staging / f"{number:06d}.part"
    folder.mkdir(exist_ok=True)
    tables = batch.tables()
    for name in STAGED:
        repeated = [column for column, _ in STAGED[name] if column not in EACH_ANOTHER]
        path = folder / f"{name}.parquet"
        pq.write_table(tables[name], path, compression="none", use_dictionary=repeated, write_statistics=False)
    (folder / "files.json").write_text(json.dumps(files))
    folder.rename(store.staging / f"{number:06d}")
