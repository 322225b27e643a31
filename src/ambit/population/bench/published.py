"""The made-up population as a published store, to measure what is done every day: one person explained, a page of fifty.

Only rows whose code is on a list are put there: what a search can use.
"""

import multiprocessing
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import count
from multiprocessing.synchronize import Event
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from typing import Any

import duckdb

from ambit.population.bench import twelve
from ambit.population.bench.by_hand import ON
from ambit.population.codelists.rules import CodeList
from ambit.population.search.criteria import SearchPack
from ambit.population.search.explain import Explainer
from ambit.population.searchable import Searchable
from ambit.population.store import PEOPLE_IN_A_FILE, TABLES, Store, quoted

EXPLAINED, PAGE = 300, 50


def publish(con: duckdb.DuckDBPyConnection, folder: Path, people: int) -> Store:
    """Write what the views of this connection show as a store's first snapshot."""
    store = Store(folder)
    con.execute("SET preserve_insertion_order = true")
    with store.writing():
        files: dict[str, dict[str, str]] = {table: {} for table in TABLES}
        for part in range(people // PEOPLE_IN_A_FILE + 1):
            here = f"person BETWEEN {part * PEOPLE_IN_A_FILE} AND {(part + 1) * PEOPLE_IN_A_FILE - 1}"
            for table in ("people", "events", "encounters"):
                listed = " AND code IN (SELECT code FROM codes)" if table == "events" else ""
                order = "person" if table == "people" else "person, day"
                name = files[table][f"{part:06d}"] = f"{table}-{part:06d}-1.parquet"
                _write(con, f"SELECT * FROM {table} WHERE {here}{listed} ORDER BY {order}", store.data / name)
        files["codes"]["all"] = "codes-1.parquet"
        _write(con, "SELECT * FROM codes", store.data / "codes-1.parquet")
        store.publish({table: names for table, names in files.items() if names})
    return store


def _write(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    con.execute(f"COPY ({query}) TO '{quoted(str(path))}' (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 20480)")


def explained(
    store: Store,
    packs: Sequence[SearchPack],
    lists: Mapping[str, CodeList],
    people: int,
    beside: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> dict[str, Any]:
    """Milliseconds to say every answer of all packs for one person, anybody, and for a page of fifty.

    Alone, while another process explains from the same store without a pause, and while what `beside` gives goes on: a web application
    that is read.
    """
    took, spent = _explaining(store, packs, lists, people)
    pages = [sum(took[start : start + PAGE]) for start in range(0, EXPLAINED, PAGE)]
    context = multiprocessing.get_context("spawn")
    done = context.Event()
    reader = context.Process(target=_read_on, args=(store, packs, lists, people, done))
    reader.start()
    try:
        read, _ = _explaining(store, packs, lists, people)
    finally:
        done.set()
        reader.join()
    with beside():
        served, of_that = _explaining(store, packs, lists, people)
    return {
        "explain_cpu_ms": round(median(spent), 2),
        "explain_ms": round(median(took), 2),
        "explain_p95_ms": round(quantiles(took, n=20)[-1], 2),
        "explain_page_ms": round(median(pages), 1),
        "explain_page_cpu_ms": round(sum(spent) / len(spent) * PAGE, 1),
        "explain_beside_a_reader_p95_ms": round(quantiles(read, n=20)[-1], 2),
        "explain_beside_a_site_ms": round(median(served), 2),
        "explain_beside_a_site_p95_ms": round(quantiles(served, n=20)[-1], 2),
        "explain_beside_a_site_cpu_p95_ms": round(quantiles(of_that, n=20)[-1], 2),
    }


def _explaining(
    store: Store, packs: Sequence[SearchPack], lists: Mapping[str, CodeList], people: int
) -> tuple[list[float], list[float]]:
    """Milliseconds by the clock and of the processor for each person, after a page that only warms."""
    took, spent = [], []
    with Explainer(_searchable(store, lists), packs, lists) as explainer:
        for number in range(EXPLAINED + PAGE):
            clock, began = perf_counter(), process_time()
            explainer.explain(1 + (number * 7919) % people, ON)
            took.append((perf_counter() - clock) * 1000)
            spent.append((process_time() - began) * 1000)
    return took[PAGE:], spent[PAGE:]


def _read_on(
    store: Store, packs: Sequence[SearchPack], lists: Mapping[str, CodeList], people: int, done: Event
) -> None:
    with Explainer(_searchable(store, lists), packs, lists) as explainer:
        for number in count():
            if done.is_set():
                return
            explainer.explain(1 + (number * 6007) % people, ON)


def _searchable(store: Store, lists: Mapping[str, CodeList]) -> Searchable:
    return Searchable(store, {(twelve.SYSTEM, code.code) for told in lists.values() for code in told.codes})
