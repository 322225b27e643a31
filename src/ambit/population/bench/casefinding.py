"""What a search costs over a made-up population of any size, whose files stand outside the project.

Each figure is taken in a process of its own, so that memory is that plan's and nothing is warm but the files.
"""

import hashlib
import multiprocessing
import resource
from array import array
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any

import duckdb

from ambit.population.bench import by_hand, twelve
from ambit.population.bench.by_hand import ON, RULES, Cohorts
from ambit.population.bench.daily import a_day
from ambit.population.bench.published import explained, publish
from ambit.population.codelists.rules import Code, CodeList
from ambit.population.search import duckdb_sql
from ambit.population.search.criteria import SearchPack, lists_of
from ambit.population.search.plan import plan

THREADS = 2
TABLES = ("patients", "events", "admissions", "codelist")
PER_RULE = "per_rule"  # once: it takes long, and its share of noise is small
Lists = Mapping[str, CodeList]


@dataclass(frozen=True)
class Spent:
    cpu: float
    seconds: float
    peak_mb: int
    found: dict[str, tuple[int, str]]  # how many, and a digest of whom


def as_store(con: duckdb.DuckDBPyConnection, data: Path, people: int) -> None:
    """Views of the store's tables over patients.parquet, events.parquet, admissions.parquet and codelist.parquet."""
    con.execute(
        f"""CREATE VIEW people AS SELECT patient_id::BIGINT AS person, 'bench' AS source, patient_id::VARCHAR AS key,
        '' AS nhs_number, '' AS title, '' AS given_names, '' AS family_name, dob AS born_on, dob AS born_until, '' AS sex,
        dod IS NOT NULL AS dead, dod AS died_on, practice_id::VARCHAR AS practice, '' AS address, '' AS postcode,
        true AS active, false AS national_opt_out, DATE '1870-01-01' AS first_event, DATE '1870-01-01' AS first_encounter
        FROM '{data}/patients.parquet' WHERE patient_id <= {people}"""
    )
    con.execute(
        f"""CREATE VIEW events AS SELECT patient_id::BIGINT AS person, 'Observation' AS type, code::VARCHAR AS id,
        0::SMALLINT AS part, patient_id::BIGINT * 100000 + (date - DATE '1870-01-01') AS record, code, '' AS text, date AS day,
        '' AS written, NULL::DATE AS ended, round(value * 10)::BIGINT * 100000 AS value, '1' AS unit,
        coalesce(value::VARCHAR, '') AS original, '' AS original_unit, '' AS status, true AS usable
        FROM '{data}/events.parquet' WHERE patient_id <= {people}"""
    )
    con.execute(
        f"""CREATE VIEW encounters AS SELECT patient_id::BIGINT AS person, '' AS id, row_number() OVER () AS record, 'IMP' AS class,
        CASE WHEN method BETWEEN 21 AND 28 THEN 'emergency' ELSE 'elective' END AS method, 0::BIGINT AS code, '' AS text,
        start AS day, "end" AS until, '' AS written, '' AS status, true AS usable
        FROM '{data}/admissions.parquet' WHERE patient_id <= {people}"""
    )
    con.execute(
        f"CREATE TABLE codes AS SELECT DISTINCT code, '{twelve.SYSTEM}' AS system, code::VARCHAR AS value, '' AS display "
        f"FROM '{data}/codelist.parquet' UNION ALL SELECT 0, '', '', ''"
    )


def compiled(
    con: duckdb.DuckDBPyConnection, data: Path, people: int, packs: Sequence[SearchPack], lists: Lists
) -> Cohorts:
    """Every pack in one search; who each pack finds."""
    answers = duckdb_sql.run(con, plan(packs, ON), lists)
    found: Cohorts = {pack.id: [] for pack in packs}
    for row in answers.fetched:
        for pack_id in answers.found(row):
            found[pack_id].append(row[0])
    return found


def frailty(con: duckdb.DuckDBPyConnection, data: Path, people: int) -> Cohorts:
    """The frailty index by hand: a bit for each deficit, those of before the last 12 months beside all of them, one aggregate."""
    con.execute(
        f"""CREATE TEMP TABLE cm AS SELECT code, bit_or(1::UBIGINT << (list[5:]::INT - 1)) AS m
        FROM '{data}/codelist.parquet' WHERE list LIKE 'efi%' AND list <> 'efi_36' GROUP BY code"""
    )
    con.execute(
        f"""CREATE TEMP TABLE mk AS SELECT patient_id, bit_count(bit_or(m)) AS efi,
        coalesce(bit_count(bit_or(m) FILTER (date <= DATE '{ON}' - INTERVAL 12 MONTH)), 0) AS before
        FROM '{data}/events.parquet' JOIN cm USING (code) WHERE date <= DATE '{ON}' AND patient_id <= {people} GROUP BY patient_id"""
    )
    rows = con.execute(
        f"""SELECT patient_id FROM '{data}/patients.parquet' JOIN mk USING (patient_id)
        WHERE (efi >= 5 OR efi - before >= 3) AND (dod IS NULL OR dod > DATE '{ON}') AND dob <= DATE '{ON}' - INTERVAL 65 YEAR
        AND dob > DATE '{ON}' - INTERVAL 96 YEAR"""
    ).fetchall()
    return {"efi-1": [row[0] for row in rows]}


def lists_for_frailty(data: Path, pack: SearchPack) -> dict[str, CodeList]:
    """The index's own lists, filled with the made-up ones of the same kind, in order of name."""
    made: dict[str, list[Code]] = {}
    con = duckdb.connect()
    for name, code in con.execute(
        f"SELECT list, code FROM '{data}/codelist.parquet' WHERE list LIKE 'efi%' ORDER BY ALL"
    ).fetchall():
        made.setdefault(name, []).append(Code(twelve.SYSTEM, str(code), name, "has"))
    con.close()
    return {
        name: CodeList(name, name, tuple(made[one])) for name, one in zip(lists_of(pack), sorted(made), strict=False)
    }


def alone(work: Callable[..., Cohorts | None], data: Path, people: int, *more: Any) -> Spent:
    """Do this in a process of its own."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as process:
        return process.submit(_spent, work, data, people, *more).result()


def _spent(work: Callable[..., Cohorts | None], data: Path, people: int, *more: Any) -> Spent:
    con = duckdb.connect(config={"threads": THREADS, "preserve_insertion_order": False})
    if work is compiled:
        as_store(con, data, people)
    began, clock = process_time(), perf_counter()
    found = work(con, data, people, *more) or {}
    cpu, seconds = process_time() - began, perf_counter() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return Spent(cpu, seconds, peak, {name: digest(people) for name, people in found.items()})


def digest(people: Sequence[int]) -> tuple[int, str]:
    """As the hand-written SQL beside the generator prints it: SHA-1 of the sorted numbers, 32 bits each."""
    told = array("i", sorted(set(people)))
    return len(told), hashlib.sha1(told.tobytes(), usedforsecurity=False).hexdigest()[:10]


def measure(
    data: Path,
    index: SearchPack,
    *,
    people: int,
    turns: int = 3,
    say: Callable[[str], None] = lambda words: None,
    beside: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> dict[str, Any]:
    """Every plan a few times in turn, so that each meets the same machine; the median of each counts.

    People are explained alone, and again while what `beside` gives goes on.
    """
    with TemporaryDirectory(prefix="ambit-bench-") as folder:
        packs, lists = twelve.read(Path(folder), data)
    plans: dict[str, tuple[Any, ...]] = {
        "scan": (by_hand.scan, data, people),
        "branch": (by_hand.branch, data, people),
        "compiled": (compiled, data, people, packs, lists),
        "of_a_fifth": (compiled, data, max(people // 5, 1), packs, lists),
        "efi_branch": (frailty, data, people),
        "efi_compiled": (compiled, data, people, [index], lists_for_frailty(data, index)),
        PER_RULE: (by_hand.per_rule, data, people),
    }
    spent: dict[str, list[Spent]] = {name: [] for name in plans}
    for turn in range(turns):
        for name, work in plans.items():
            if name != PER_RULE or turn == 0:
                say(f"{name.replace('_', ' ')}, {turn + 1} of {turns}…")
                spent[name].append(alone(*work))
    say("explaining one person…")
    with TemporaryDirectory(prefix="ambit-bench-") as folder:
        con = duckdb.connect(config={"threads": THREADS})
        as_store(con, data, people)
        store = publish(con, Path(folder) / "population", people)
        con.close()
        told = explained(store, packs, lists, people, beside)
        say("a day's rows…")
        inbox = Path(folder) / "day"
        inbox.mkdir()
        told |= a_day(store, packs, lists, people, inbox)
    cpu = {name: median(one.cpu for one in several) for name, several in spent.items()}
    found = spent["compiled"][0].found
    return {
        "people": people,
        **{f"{name}_cpu_s": round(cpu[name], 3) for name in plans},
        "compiled_s": round(median(one.seconds for one in spent["compiled"]), 3),
        "compiled_vs_branch": round(cpu["compiled"] / cpu["branch"], 2),
        "per_rule_vs_compiled": round(cpu[PER_RULE] / cpu["compiled"], 2),
        "compiled_vs_scan": round(cpu["compiled"] / cpu["scan"], 2),
        "five_times_the_people": round(cpu["compiled"] / cpu["of_a_fifth"], 2),
        "efi_compiled_vs_branch": round(cpu["efi_compiled"] / cpu["efi_branch"], 2),
        "peak_mb": max(one.peak_mb for one in spent["compiled"]),
        "digests_equal": found == spent["branch"][0].found == spent[PER_RULE][0].found
        and spent["efi_compiled"][0].found == spent["efi_branch"][0].found,
        **told,
        "cohorts": {name: list(found[name]) for name in RULES},
    }
