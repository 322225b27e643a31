"""What a search costs over a made-up population of any size, whose files stand outside the project."""

import resource
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

import duckdb

from ambit.population.codelists.rules import Code, CodeList
from ambit.population.search import duckdb_sql
from ambit.population.search.criteria import SearchPack, lists_of
from ambit.population.search.interpret import interpret
from ambit.population.search.plan import plan
from ambit.population.search.run import read_records
from ambit.population.store import TABLES

ON = date(2026, 11, 1)  # the day the files are made for
SYSTEM = "http://example.org/bench"
EXPLAINED = 50


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
        f"""CREATE VIEW events AS SELECT patient_id::BIGINT AS person, 'Observation' AS type, '' AS id, 0::SMALLINT AS part,
        0::BIGINT AS record, code, '' AS text, date AS day, '' AS written, NULL::DATE AS ended,
        round(value * 10)::BIGINT * 100000 AS value, '' AS unit, '' AS original, '' AS original_unit, '' AS status,
        true AS usable FROM '{data}/events.parquet' WHERE patient_id <= {people}"""
    )
    con.execute(
        f"CREATE TABLE codes AS SELECT DISTINCT code, '{SYSTEM}' AS system, code::VARCHAR AS value, '' AS display "
        f"FROM '{data}/codelist.parquet'"
    )
    con.execute(f"CREATE TABLE encounters ({TABLES['encounters']})")


def lists_from(con: duckdb.DuckDBPyConnection, data: Path, pack: SearchPack) -> dict[str, CodeList]:
    """The pack's lists, filled with the made-up ones of the same kind, in order of name."""
    made: dict[str, list[Code]] = {}
    for name, code in con.execute(
        f"SELECT list, code FROM '{data}/codelist.parquet' WHERE list LIKE 'efi%'"
    ).fetchall():
        made.setdefault(name, []).append(Code(SYSTEM, str(code), name, "has"))
    return {
        name: CodeList(name, name, tuple(made[one])) for name, one in zip(lists_of(pack), sorted(made), strict=False)
    }


def by_hand(con: duckdb.DuckDBPyConnection, data: Path, people: int) -> dict[str, set[int]]:
    """The same search as somebody who knows DuckDB writes it for this one index: a bit for each deficit, one aggregate."""
    con.execute(
        f"""CREATE TEMP TABLE cm AS SELECT code, bit_or(1::UBIGINT << (list[5:]::INT - 1)) AS m
        FROM '{data}/codelist.parquet' WHERE list LIKE 'efi%' AND list <> 'efi_36' GROUP BY code"""
    )
    con.execute(
        f"""CREATE TEMP TABLE mk AS SELECT patient_id, bit_count(bit_or(m)) AS efi FROM '{data}/events.parquet'
        JOIN cm USING (code) WHERE date <= DATE '{ON}' AND patient_id <= {people} GROUP BY patient_id"""
    )
    found: dict[str, set[int]] = {"mild": set(), "moderate": set(), "severe": set()}
    for person, efi in con.execute(
        f"""SELECT patient_id, efi FROM '{data}/patients.parquet' JOIN mk USING (patient_id)
        WHERE efi >= 5 AND (dod IS NULL OR dod > DATE '{ON}') AND dob <= DATE '{ON}' - INTERVAL 65 YEAR
        AND dob > DATE '{ON}' - INTERVAL 96 YEAR"""
    ).fetchall():
        found["severe" if efi >= 13 else "moderate" if efi >= 9 else "mild"].add(person)
    return found


def frailty(data: Path, pack: SearchPack, *, people: int) -> dict[str, Any]:
    """Processor seconds, memory and who is found by the frailty index, against SQL by hand; and explaining one person."""
    con = duckdb.connect(config={"threads": 2, "preserve_insertion_order": False})
    try:
        as_store(con, data, people)
        lists = lists_from(con, data, pack)
        con.execute(
            f"SELECT count(*) FROM '{data}/events.parquet' WHERE code > 0 AND date > DATE '1900-01-01'"
        ).fetchall()
        began = process_time()
        hand = by_hand(con, data, people)
        branch = process_time() - began
        began, clock = process_time(), perf_counter()
        planned = plan([pack], ON)
        answers = duckdb_sql.run(con, planned, lists)
        compiled, took = process_time() - began, perf_counter() - clock
        names = [name for _, name in answers.columns]
        found: dict[str, set[int]] = {"mild": set(), "moderate": set(), "severe": set()}
        for row in answers.rows:
            tier = next(band for band in ("severe", "moderate", "mild") if row[1 + names.index(f"tier:{band}")])
            found[tier].add(row[0])
        figures: dict[str, Any] = {
            "people": people,
            "searched": answers.searched,
            **{band: len(several) for band, several in found.items()},
            "compiled_cpu_s": round(compiled, 2),
            "compiled_s": round(took, 2),
            "branch_cpu_s": round(branch, 2),
            "compiled_vs_branch": round(compiled / branch, 2),
            "digests_equal": found == hand,
            "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        }
        explained = []
        for row in answers.rows[:: max(1, len(answers.rows) // EXPLAINED)][:EXPLAINED]:
            clock = perf_counter()
            ((record, _),) = read_records(con, planned, [row[0]]).values()
            interpret(pack, record, ON)
            explained.append((perf_counter() - clock) * 1000)
        if explained:
            figures["explain_one_ms"] = round(median(explained), 1)
        return figures
    finally:
        con.close()
