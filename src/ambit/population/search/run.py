"""Runs packs over the store: the compiler finds who, the interpreter says why, and the two must agree."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from ambit.population.codelists.rules import CodeList, known_as
from ambit.population.search import duckdb_sql
from ambit.population.search.again import Again
from ambit.population.search.criteria import (
    MEDICINE_TYPES,
    EncounterKind,
    Encounters,
    SearchPack,
    every_criterion,
    leaves,
)
from ambit.population.search.expressions import text
from ambit.population.search.interpret import Answered, EncounterRow, EventRow, Record, interpret
from ambit.population.search.plan import Plan, Prescribed, plan
from ambit.population.search.statements import eligible_sql

PAGE = 2_000  # people whose rows are read at once

IDENTITY = ("source", "key", "nhs_number", "title", "given_names", "family_name", "born_on", "born_until", "sex",
            "practice", "address", "postcode")  # fmt: skip


class Disagreement(Exception):
    """The compiler and the interpreter answer differently: nothing is handed on."""


@dataclass(frozen=True)
class FoundPerson:
    """Somebody a pack flagged: who the source says they are, and every answer with its rows."""

    person: int
    pack: str
    tier: str
    answered: Answered
    identity: dict[str, Any]


@dataclass(frozen=True)
class Run:
    searched: int
    found: list[FoundPerson]
    plan: Plan


def search(
    con: duckdb.DuckDBPyConnection,
    packs: Sequence[SearchPack],
    lists: Mapping[str, CodeList],
    on: date,
    *,
    practice: str = "",
    beyond_care: bool = False,
    among: Again | None = None,
) -> Run:
    """Who these packs find on this day among the people this connection shows, and why; with `among`, only of those."""
    if among is not None:
        among.show(con)
    planned = plan(packs, on)
    answers = duckdb_sql.run(con, planned, lists, practice=practice, beyond_care=beyond_care)
    found: list[FoundPerson] = []
    for start in range(0, len(answers.fetched), PAGE):
        page = answers.fetched[start : start + PAGE]
        records = read_records(con, planned, lists, [row[0] for row in page])
        for row in page:
            record, identity = records[row[0]]
            told = dict(zip(answers.columns, answers.of(row), strict=True))
            tiers = answers.found(row)
            for pack in packs:
                answered = interpret(pack, record, on)
                agree(pack, answered, told, tiers.get(pack.id, ""), row[0])
                if answered.tier:
                    found.append(FoundPerson(row[0], pack.id, answered.tier, answered, identity))
    return Run(answers.searched, found, planned)


def searched_by_practice(
    con: duckdb.DuckDBPyConnection, on: date, *, practice: str = "", beyond_care: bool = False
) -> dict[str, int]:
    """How many people a search on this day looks through in each practice, by its ODS code; "" for those of none."""
    eligible = eligible_sql(on, practice, beyond_care=beyond_care)
    counted = f"SELECT coalesce(p.practice, ''), count(*) FROM people p WHERE {eligible} GROUP BY 1"
    return {str(code): int(number) for code, number in con.execute(counted).fetchall()}


def practices_of(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The ODS code of every practice that somebody in the store is of, or was."""
    return [
        code
        for (code,) in con.execute("SELECT DISTINCT practice FROM people WHERE practice <> '' ORDER BY 1").fetchall()
    ]


def agree(pack: SearchPack, answered: Answered, told: Mapping[tuple[str, str], Any], tier: str, person: int) -> None:
    """The compiler's answers are the interpreter's, or nobody is told anything."""
    mine = {name: a.value for name, a in answered.criteria.items()}
    mine |= {f"tier:{name}": a.value for name, a in answered.tiers.items()}
    theirs = {name: told[pack.id, name] for name in mine}
    for name, value in (mine | {"tier": answered.tier}).items():
        if (theirs | {"tier": tier})[name] != value:
            raise Disagreement(
                f"{pack.id}: for person {person} of the store, “{name}” is {theirs.get(name, tier)} in the compiled search "
                f"and {value} in the interpreter. Report this; nobody was listed."
            )


def read_records(
    con: duckdb.DuckDBPyConnection, planned: Plan, lists: Mapping[str, CodeList], people: Sequence[int]
) -> dict[int, tuple[Record, dict[str, Any]]]:
    """Each person's rows that any code list of the plan knows, as the interpreter reads them."""
    con.register("asked", pa.table({"person": pa.array(people, pa.int64())}))
    con.execute("CREATE OR REPLACE TEMP TABLE wanted AS SELECT * FROM asked")
    con.unregister("asked")
    duckdb_sql.register(con, "listed", planned, lists, {})
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE on_lists AS SELECT code, list(list) AS lists FROM {known_as()} AS c "
        "JOIN listed USING (system, value) GROUP BY code"
    )
    con.unregister("listed")
    named = {number: told for told, number in planned.lists.items()}
    low, high = min(people), max(people)
    here = f"person BETWEEN {low} AND {high}"
    kinds_of_medicine = ", ".join(text(kind) for kind in MEDICINE_TYPES)
    counts_medicines = any(isinstance(feature, Prescribed) for feature in planned.features)
    medicines = f" OR e.type IN ({kinds_of_medicine})" if counts_medicines else ""
    events: dict[int, list[EventRow]] = defaultdict(list)
    told = con.execute(
        f"""SELECT e.person, l.lists, e.record, e.type || '/' || e.id, c.system, c.value, e.text, e.day, e.ended, e.value,
               e.unit, e.original, e.original_unit, e.usable, e.part
        FROM (SELECT * FROM events WHERE {here}) e SEMI JOIN wanted USING (person) LEFT JOIN on_lists l USING (code)
        JOIN codes c USING (code) WHERE l.lists IS NOT NULL{medicines} ORDER BY e.person, e.day, e.record, e.part"""
    ).fetchall()
    for person, numbers, *rest in told:
        events[person].append(EventRow(frozenset(named[n] for n in numbers or ()), *rest))
    encounters: dict[int, list[EncounterRow]] = defaultdict(list)
    kinds = [kind for pack in planned.packs for kind in _kinds(pack)]
    if kinds:
        classes = ", ".join(text(c) for c in sorted({c for kind in kinds for c in kind.classes}))
        for person, *rest in con.execute(
            f"""SELECT e.person, e.record, 'Encounter/' || e.id, c.system, c.value, e.text, e.day, e.class, e.method,
                e.usable FROM (SELECT * FROM encounters WHERE {here} AND class IN ({classes})) e
            SEMI JOIN wanted USING (person) JOIN codes c USING (code) ORDER BY e.person, e.day, e.record"""
        ).fetchall():
            encounters[person].append(EncounterRow(*rest))
    records: dict[int, tuple[Record, dict[str, Any]]] = {}
    for row in con.execute(
        f"SELECT person, first_event, first_encounter, {', '.join(IDENTITY)} FROM people SEMI JOIN wanted USING (person)"
    ).fetchall():
        person, first_event, first_encounter, *rest = row
        identity = dict(zip(IDENTITY, rest, strict=True))
        record = Record(
            identity["born_on"], identity["born_until"], first_event, first_encounter, tuple(events[person]),
            tuple(encounters[person]),
        )  # fmt: skip
        records[person] = (record, identity)
    return records


def _kinds(pack: SearchPack) -> list[EncounterKind]:
    return [
        kind
        for criterion in every_criterion(pack)
        for leaf in leaves(criterion)
        if isinstance(leaf, Encounters)
        for kind in (*leaf.counted, *leaf.possibly)
    ]
