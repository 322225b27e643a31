"""What a day costs over a made-up population that has been published: its rows taken in, and its people looked at anew."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

import duckdb

from ambit.population.bench import twelve
from ambit.population.bench.by_hand import ON
from ambit.population.codelists.rules import CodeList
from ambit.population.intake.gp_csv import incoming_csv
from ambit.population.intake.run import take_in
from ambit.population.search import duckdb_sql
from ambit.population.search.again import whom_to_search_again
from ambit.population.search.criteria import SearchPack
from ambit.population.search.plan import plan
from ambit.population.search.run import search
from ambit.population.searchable import Searchable
from ambit.population.store import CHANGED, Snapshot, Store

ROWS_A_DAY = 0.03  # of all people: 30,000 rows of a million
WHO_HAS_THEM = 0.003
TABLES = ("people", "events", "encounters")


def a_day(
    store: Store, packs: Sequence[SearchPack], lists: Mapping[str, CodeList], people: int, folder: Path
) -> dict[str, Any]:
    """Processor seconds of a search of everybody, of taking a day's rows in, and of a search of those who have them.

    All searches are over the rows kept apart (`Searchable`), which the intake of the day brings up to date. A run with evidence, and the
    night after it, which also looks at whoever's days have passed, read and interpret the rows of all whom they find.
    """
    listed = [code.code for told in lists.values() for code in told.codes]
    searchable = Searchable(store, {(twelve.SYSTEM, code) for code in listed})
    asked = plan(packs, ON)
    with searchable.open() as (con, earlier):
        began = process_time()
        whole = duckdb_sql.run(con, asked, lists)
        full = process_time() - began
    _write(folder / "events.csv", listed, people)
    began = process_time()
    take_in(
        store, [folder], find=incoming_csv, source="bench", today=ON + timedelta(days=1), mapped=set(),
        now=datetime(ON.year, ON.month, ON.day, 20, tzinfo=UTC),
    )  # fmt: skip
    taken = process_time() - began
    with searchable.store.reading() as snapshot:
        began = process_time()
        searchable.make(snapshot)
        made = process_time() - began
    with searchable.open() as (con, snapshot):
        began = process_time()
        _only_who_changed(con, searchable, snapshot)
        some = duckdb_sql.run(con, asked, lists)
        again = process_time() - began
    with searchable.open() as (con, _):
        began = process_time()
        search(con, packs, lists, ON)
        run = process_time() - began
    with searchable.open() as (con, snapshot):
        began = process_time()
        them = whom_to_search_again(con, store.data, snapshot, earlier, packs, then=ON - timedelta(days=1), on=ON)
        search(con, packs, lists, ON, among=them)
        night = process_time() - began
    return {
        "searched": whole.searched,
        "search_of_all_cpu_s": round(full, 3),
        "day_people": some.searched,
        "day_taken_in_cpu_s": round(taken, 3),
        "day_kept_apart_cpu_s": round(made, 3),
        "day_search_cpu_s": round(again, 3),
        "day_vs_search_of_all": round(again / full, 3),
        "day_with_keeping_apart_vs_search_of_all": round((made + again) / full, 3),
        "run_with_evidence_cpu_s": round(run, 3),
        "night_people": len(them.people),
        "night_cpu_s": round(made + night, 3),
        "night_vs_run_with_evidence": round((made + night) / run, 3),
    }


def _write(path: Path, codes: Sequence[str], people: int) -> None:
    """Some rows for each of few people, on the day of the search, of codes that it asks for."""
    who = max(int(people * WHO_HAS_THEM), 1)
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("person", "date", "system", "code", "term", "id"))
        for number in range(int(people * ROWS_A_DAY)):
            person = 1 + (number % who) * (people // who)
            code = codes[number * 7919 % len(codes)]
            rows.writerow((person, ON.isoformat(), twelve.SYSTEM, code, "made up", f"day-{number}"))


def _only_who_changed(con: duckdb.DuckDBPyConnection, searchable: Searchable, snapshot: Snapshot) -> None:
    """Show only the people whose rows stand beside their range's file, because they changed."""
    parts = [part for part in snapshot.files["people"] if part.endswith(CHANGED)]
    beside = Snapshot(
        snapshot.number, {table: {part: snapshot.files[table][part] for part in parts} for table in TABLES}
    )
    for table in TABLES:
        con.execute(f"CREATE OR REPLACE VIEW {table} AS {searchable.rows_of(table, beside)}")
