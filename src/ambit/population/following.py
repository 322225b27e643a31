"""Who was registered on a day, what a search would have found then, and who died afterwards; counts, never who.

The store holds people as they are known now. So somebody is registered on an earlier day when they are registered now or have died
since; whoever has left since cannot be told from whoever had left before, and is counted apart. What a search finds
on the day comes from rows dated up to it: the compiler asks for nothing later. A row written down later and dated earlier is taken as it is dated.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from ambit.packs.queries import site_library
from ambit.population.codelists.rules import CodeList, known_as
from ambit.population.followed import NOT_FOUND, Asked, Cohort, Followed, LeftOut, Strength
from ambit.population.here import searchable
from ambit.population.search import duckdb_sql
from ambit.population.search.criteria import SearchPack
from ambit.population.search.interpret import Record, interpret
from ambit.population.search.plan import plan
from ambit.population.search.run import PAGE, read_records
from ambit.population.search.statements import eligible_sql


def follow(
    packs: Sequence[SearchPack],
    lists: Mapping[str, CodeList],
    on: date,
    days: int,
    asked: Asked,
    *,
    practice: str = "",
) -> Cohort:
    """Everybody registered on this day, what these packs say of them, and whether they died in the days after it.

    Somebody whom two sources know is counted once, by NHS number, with the stronger of the two findings.
    """
    until = on + timedelta(days=days)
    with searchable().open() as (con, snapshot):
        _as_registered_on(con, snapshot.rows_of("people", searchable().store.data), on)
        planned = plan(packs, on)
        answers = duckdb_sql.run(con, planned, lists, practice=practice)
        said: dict[int, tuple[Strength, ...]] = {}
        reasons = [[(pack.id, named.id) for named in pack.criteria if named.reason] for pack in packs]
        ranks = [{tier.name: len(pack.tiers) - place for place, tier in enumerate(pack.tiers)} for pack in packs]
        for row in answers.fetched:
            told = dict(zip(answers.columns, answers.of(row), strict=True))
            tiers = answers.found(row)
            said[row[0]] = tuple(
                (rank[tiers[pack.id]], sum(told[name] is True for name in own)) if pack.id in tiers else NOT_FOUND
                for pack, rank, own in zip(packs, ranks, reasons, strict=True)
            )
        _who(con)
        patterns = _mark(con, said)
        _describe(con, asked, on)
        seen_until = con.execute("SELECT min(taken_at::DATE) FROM sources").fetchall()[0][0]
        rows, left_out = _counted(con, on, until, practice, patterns, packs)
    return Cohort(on, until, rows, left_out, seen_until)


def described(
    found: Collection[tuple[str, str]], on: date, asked: Asked
) -> tuple[list[Followed], dict[tuple[str, str], Followed]]:
    """Everybody registered on this day, told apart; and each of those found, by source and key, who were found by anything.

    Nobody is followed: `days` is None. A source and key that the store does not hold is left out.
    """
    with searchable().open() as (con, _):
        _who(con)
        columns = list(zip(*sorted(found), strict=True)) if found else [(), ()]
        con.register(
            "flagged", pa.table({"source": pa.array(columns[0], pa.string()), "key": pa.array(columns[1], pa.string())})
        )
        con.execute("CREATE OR REPLACE TEMP TABLE flagged_ones AS SELECT * FROM flagged")
        con.unregister("flagged")
        _describe(con, asked, on)
        con.execute(
            f"""CREATE OR REPLACE TEMP TABLE told AS SELECT k.who, k.source, k.key, k.practice, {_age("k.born_on", on)} AS age,
                coalesce(k.sex, '') AS sex, coalesce(d.ethnicity, nullif(c.told, ''), '') AS ethnicity,
                coalesce(c.fifth, '') AS fifth, coalesce(d.learning, false) AS learning,
                coalesce(d.condition, '') AS condition,
                bool_or(f.key IS NOT NULL) OVER (PARTITION BY k.who) AS found, f.key IS NOT NULL AS flagged,
                row_number() OVER (PARTITION BY k.who ORDER BY k.source, k.person) AS place
            FROM (SELECT * FROM known k WHERE {eligible_sql(on, "").replace("p.", "k.")}) k
            LEFT JOIN described d USING (who) LEFT JOIN of_care c USING (who)
            LEFT JOIN flagged_ones f ON f.source = k.source AND f.key = k.key"""
        )
        who = "practice, age, sex, ethnicity, fifth, learning, condition, found"
        rows = con.execute(f"SELECT {who}, count(*) FROM told WHERE place = 1 GROUP BY ALL ORDER BY ALL").fetchall()
        ones = con.execute(f"SELECT source, key, {who} FROM told WHERE flagged ORDER BY source, key").fetchall()

    def one(told: Sequence[Any], people: int = 1) -> Followed:
        practice, age, sex, ethnicity, fifth, learning, condition, was_found = told
        strength = (1, 1) if was_found else NOT_FOUND
        return Followed(practice, age, sex, ethnicity, fifth, learning, condition, (strength,), None, people)

    return [one(row[:8], row[8]) for row in rows], {(row[0], row[1]): one(row[2:]) for row in ones}


def deaths_of(found: Collection[tuple[str, str]]) -> dict[tuple[str, str], date]:
    """Of these, by source and key, those who have died, with the day; somebody two sources know has died when either says so."""
    with searchable().open() as (con, _):
        _who(con)
        columns = list(zip(*sorted(found), strict=True)) if found else [(), ()]
        con.register(
            "flagged", pa.table({"source": pa.array(columns[0], pa.string()), "key": pa.array(columns[1], pa.string())})
        )
        rows = con.execute(
            """SELECT f.source, f.key, min(a.died_on) FROM flagged f JOIN known k ON k.source = f.source AND k.key = f.key
            JOIN known a ON a.who = k.who WHERE a.dead AND a.died_on IS NOT NULL GROUP BY ALL"""
        ).fetchall()
        con.unregister("flagged")
    return {(source, key): died_on for source, key, died_on in rows}


def looked_back(
    packs: Sequence[SearchPack],
    lists: Mapping[str, CodeList],
    since: date,
    until: date,
    *,
    practice: str = "",
    step: int = 30,
    furthest: int = 720,
) -> list[tuple[int | None, ...]]:
    """For everybody who died from one day to another, how many days before death each pack would first have found them.

    Asked the day before death and every `step` days earlier, by the interpreter, of what was dated by then; None for never. A
    search that had been run that often would have found them so; one run more rarely, later.
    """
    asked_days = [1 + number * step for number in range(furthest // step + 1)]
    with searchable().open() as (con, _):
        _who(con)
        rows = con.execute(
            f"""SELECT who, min(died_on), list(person) FROM known WHERE dead GROUP BY who
            HAVING min(died_on) BETWEEN $since AND $until {"AND bool_or(practice = $practice)" if practice else ""} ORDER BY who""",
            {"since": since, "until": until} | ({"practice": practice} if practice else {}),
        ).fetchall()
        if not rows:
            return []
        planned = plan(packs, until)
        records: dict[int, tuple[Record, dict[str, Any]]] = {}
        everybody = sorted(person for _, _, several in rows for person in several)
        for start in range(0, len(everybody), PAGE):
            records |= read_records(con, planned, lists, everybody[start : start + PAGE])
    found = []
    for _, died_on, several in rows:
        mine = [records[person][0] for person in several]
        found.append(
            tuple(
                max(
                    (
                        days
                        for days in asked_days
                        if any(interpret(pack, record, died_on - timedelta(days=days)).tier for record in mine)
                    ),
                    default=None,
                )
                for pack in packs
            )
        )
    return found


def _as_registered_on(con: duckdb.DuckDBPyConnection, people: str, on: date) -> None:
    """Whoever has died since was registered, whatever their practice has noted after the death."""
    con.execute(
        f"""CREATE OR REPLACE VIEW people AS SELECT * REPLACE
        (active OR (dead AND coalesce(died_on > DATE '{on}', false)) AS active) FROM ({people})"""
    )


def _who(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        """CREATE OR REPLACE TEMP TABLE known AS SELECT person, source, key, practice, born_on, sex, dead, died_on, active,
            nhs_number, CASE WHEN coalesce(nhs_number, '') <> '' THEN nhs_number ELSE source || ' ' || key END AS who
        FROM people"""
    )


def _mark(con: duckdb.DuckDBPyConnection, said: Mapping[int, tuple[Strength, ...]]) -> list[tuple[Strength, ...]]:
    """Note of each person found which pattern of findings is theirs; of two records of one person, the stronger for each pack."""
    con.register("asked_for", pa.table({"person": pa.array(list(said), pa.int64())}))
    by_who: dict[str, tuple[Strength, ...]] = {}
    for person, who in con.execute("SELECT person, who FROM known SEMI JOIN asked_for USING (person)").fetchall():
        own = said[person]
        before = by_who.get(who, own)
        by_who[who] = tuple(max(pair) for pair in zip(own, before, strict=True))
    con.unregister("asked_for")
    patterns = sorted(set(by_who.values()))
    number = {pattern: place for place, pattern in enumerate(patterns)}
    con.register(
        "patterns",
        pa.table(
            {
                "who": pa.array(list(by_who), pa.string()),
                "pattern": pa.array([number[one] for one in by_who.values()], pa.int32()),
            }
        ),
    )
    con.execute("CREATE OR REPLACE TEMP TABLE found AS SELECT * FROM patterns")
    con.unregister("patterns")
    return patterns


def _describe(con: duckdb.DuckDBPyConnection, asked: Asked, on: date) -> None:
    """The main condition and learning disability as coded by the day; ethnic group as coded last, whenever: it is no evidence."""
    library = site_library()

    def rows(kind: str, groups: Iterable[tuple[str, Sequence[str]]]) -> list[tuple[str, str, int, str, str]]:
        return [
            (kind, name, place, *code.key)
            for place, (name, several) in enumerate(groups)
            for one in several
            if (pack := library.get("codelists", one)) is not None and pack.ok
            for code in pack.content.codes
            if code.polarity == "has"
        ]

    told = [
        *rows("condition", asked.conditions), *rows("ethnicity", asked.ethnicities),
        *rows("learning", [("yes", asked.learning_disability)]),
    ]  # fmt: skip
    names = ("kind", "name", "place", "system", "value")
    columns = list(zip(*told, strict=True)) if told else [()] * len(names)
    kinds = [pa.string(), pa.string(), pa.int32(), pa.string(), pa.string()]
    con.register("listed", pa.table({n: pa.array(c, k) for n, c, k in zip(names, columns, kinds, strict=True)}))
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE coded AS SELECT k.who, l.kind, l.name, l.place, min(e.day) AS first, max(e.day) AS last
        FROM events e JOIN {known_as()} c USING (code) JOIN listed l ON l.system = c.system AND l.value = c.value
        JOIN known k USING (person) WHERE e.usable AND e.day IS NOT NULL GROUP BY ALL"""
    )
    con.unregister("listed")
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE described AS SELECT who,
            arg_min(name, place) FILTER (kind = 'condition' AND first <= DATE '{on}') AS condition,
            arg_max(name, last) FILTER (kind = 'ethnicity') AS ethnicity,
            coalesce(bool_or(kind = 'learning' AND first <= DATE '{on}'), false) AS learning FROM coded GROUP BY who"""
    )
    con.register(
        "care",
        pa.table(
            {
                "who": pa.array(list(asked.known), pa.string()),
                "told": pa.array([one[0] for one in asked.known.values()], pa.string()),
                "fifth": pa.array([one[1] for one in asked.known.values()], pa.string()),
            }
        ),
    )
    con.execute("CREATE OR REPLACE TEMP TABLE of_care AS SELECT * FROM care")
    con.unregister("care")


def _counted(
    con: duckdb.DuckDBPyConnection,
    on: date,
    until: date,
    practice: str,
    patterns: Sequence[tuple[Strength, ...]],
    packs: Sequence[SearchPack],
) -> tuple[list[Followed], LeftOut]:
    # one line for each person: of several records the one of the practice asked for, then the one still registered
    con.execute(
        f"""CREATE OR REPLACE TEMP TABLE everybody AS SELECT k.who,
            bool_or({eligible_sql(on, practice).replace("p.", "k.")}) AS here,
            bool_or(k.dead AND k.died_on IS NULL) AND max(k.died_on) IS NULL AS no_day,
            coalesce(min(k.died_on) <= DATE '{on}', false) AS dead_before,
            min(k.died_on) FILTER (k.died_on > DATE '{on}') AS died_on,
            max(s.taken_at::DATE) AS seen,
            bool_or(coalesce(k.born_on <= DATE '{on}', true)) AS born,
            {_of_practice(practice)} AS asked
        FROM known k LEFT JOIN sources s ON s.name = k.source GROUP BY k.who"""
    )
    left_out = con.execute(
        f"""SELECT count(*) FILTER (no_day), count(*) FILTER (NOT here AND NOT no_day AND NOT dead_before),
            count(*) FILTER (here AND NOT no_day AND NOT dead_before AND NOT ({_seen(until)})),
            count(*) FILTER (here AND dead_before) FROM everybody e WHERE asked AND born"""
    ).fetchall()[0]
    rows = con.execute(
        f"""SELECT k.practice, {_age("k.born_on", on)} AS age, coalesce(k.sex, '') AS sex,
            coalesce(d.ethnicity, nullif(c.told, ''), '') AS ethnicity, coalesce(c.fifth, '') AS fifth,
            coalesce(d.learning, false) AS learning, coalesce(d.condition, '') AS condition, f.pattern,
            CASE WHEN e.died_on <= DATE '{until}' THEN date_diff('day', DATE '{on}', e.died_on) END AS days, count(*)
        FROM everybody e
        JOIN (SELECT * FROM known k WHERE {eligible_sql(on, practice).replace("p.", "k.")}
              QUALIFY row_number() OVER (PARTITION BY who ORDER BY source, person) = 1) k USING (who)
        LEFT JOIN described d USING (who) LEFT JOIN of_care c USING (who) LEFT JOIN found f USING (who)
        WHERE e.here AND NOT e.no_day AND NOT e.dead_before AND ({_seen(until)}) GROUP BY ALL ORDER BY ALL"""
    ).fetchall()
    nothing = (NOT_FOUND,) * len(packs)
    followed = [
        Followed(
            gp,
            age,
            sex,
            ethnicity,
            fifth,
            learning,
            condition,
            nothing if pattern is None else patterns[pattern],
            days,
            many,
        )
        for gp, age, sex, ethnicity, fifth, learning, condition, pattern, days, many in rows
    ]
    return followed, LeftOut(*left_out)


def _seen(until: date) -> str:
    return f"coalesce(e.died_on <= DATE '{until}', false) OR coalesce(e.seen >= DATE '{until}', false)"


def _of_practice(practice: str) -> str:
    return f"bool_or(k.practice = '{practice.replace(chr(39), chr(39) * 2)}')" if practice else "true"


def _age(born_on: str, on: date) -> str:
    return (
        f"date_diff('year', {born_on}, DATE '{on}') - "
        f"CASE WHEN strftime(DATE '{on}', '%m%d') < strftime({born_on}, '%m%d') THEN 1 ELSE 0 END"
    )
