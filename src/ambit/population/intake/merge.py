"""Puts a staged intake together with what the store has: a person's re-extract replaces exactly that person's rows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from ambit.population.codelists.rules import counts_as, known_as
from ambit.population.intake.rows import STAGED
from ambit.population.intake.shapes import STORED
from ambit.population.store import (
    CHANGED,
    PEOPLE_IN_A_FILE,
    RESULT,
    TABLES,
    Snapshot,
    Store,
    connection,
    parquet,
    quoted,
    show,
)

BEFORE_BIRTH = 300  # days: what was recorded of a pregnancy may be filed with the child
MOST_UNMAPPED = 1000
MOST_LOCATED = 1000
# who changed is written beside the files of their range, until they are a tenth of it; a small range is written whole
SHARE, LEAST = 10, 2_000

PEOPLE = [name for name, _ in STAGED["people"] if name not in {"type_1", "file", "line", "seq"}]
EVENTS = [name for name, _ in STAGED["events"] if name not in {"key", "file", "line", "seq"}]
ENCOUNTERS = [name for name, _ in STAGED["encounters"] if name not in {"key", "file", "line", "seq"}]


@dataclass(frozen=True)
class Terms:
    """On which terms a source sends: who objects, what the law restricts, and by which right it is taken in."""

    full: bool = False  # this extract holds everybody of the source: who is not in it has left
    basis: str = ""  # the legal basis of the feed, in words; "" keeps what was said before
    objects: frozenset[tuple[str, str]] = frozenset()  # codes of a Type 1 opt-out
    withdraws: frozenset[tuple[str, str]] = frozenset()  # codes that take one back
    restricted: Mapping[tuple[str, str], str] = field(default_factory=dict)  # code: category


@dataclass(frozen=True)
class Merged:
    people: int
    new: dict[str, int]
    changed: int
    removed: int
    quarantined: list[dict[str, object]]
    unmapped: list[dict[str, object]]
    counts: list[tuple[str, str, int]]
    skipped: list[str]
    snapshot: int
    objected: int
    held_back: str
    stored_types: frozenset[str] = field(default=STORED | {"Death", RESULT})


def merge(
    store: Store,
    chunks: list[Path],
    *,
    source: str,
    files: int,
    now: str,
    mapped: set[tuple[str, str]],
    terms: Terms,
    locate: Callable[[str, str], int],
    memory_mb: int | None,
) -> Merged:
    """Compare, write the files of the people who changed, and publish. Nothing is published when nothing differs.

    `memory_mb` is what the engine holds before it spills, None for what the machine has.
    """
    base = store.snapshot(store.current_number())
    number = base.number + 1
    with connection(store.folder, memory_mb=memory_mb) as con:
        show(con, base, store.data)
        _stage_views(con, chunks)
        held_back = _who(con, source, terms)
        _understood(con, source)
        _locate(con, locate)
        differing = _differences(con)
        written = {table: dict(base.files.get(table, {})) for table in (*TABLES, "changed")}
        _write_people(con, store, base, written, number)
        if _anything(con, "SELECT 1 FROM s_codes ANTI JOIN codes USING (code)"):
            written["codes"] = {"all": f"codes-{number}.parquet"}
            _copy(
                con,
                "SELECT * FROM codes UNION ALL SELECT * FROM s_codes ANTI JOIN codes USING (code) ORDER BY code",
                store.data / f"codes-{number}.parquet",
            )
        _write_quarantine(con, store, written, number, source=source, now=now)
        written["sources"] = {"all": f"sources-{number}.parquet"}
        _copy(
            con,
            _sources(source, now, files, terms),
            store.data / f"sources-{number}.parquet",
        )
        snapshot = store.publish({table: names for table, names in written.items() if names})
        return Merged(
            people=_one(con, "SELECT count(*) FROM who ANTI JOIN leaving USING (key)"),
            objected=_one(con, "SELECT count(*) FROM objecting"),
            held_back=held_back,
            new=dict(sorted((kind, new) for kind, new, _, _ in differing if new)),
            changed=sum(changed for _, _, changed, _ in differing),
            removed=sum(removed for _, _, _, removed in differing),
            quarantined=[
                {"file": f, "line": line, "entry": entry, "type": kind, "id": identity, "reason": reason}
                for f, line, entry, kind, identity, reason in con.execute(
                    "SELECT file, line, entry, type, id, reason FROM aside ORDER BY file, line, entry, id"
                ).fetchall()
            ],
            unmapped=_unmapped(con, mapped),
            counts=[
                (what, name, int(n))
                for what, name, n in con.execute(
                    "SELECT what, name, sum(count) FROM s_counts GROUP BY ALL ORDER BY ALL"
                ).fetchall()
            ],
            skipped=[
                f"{f}: {name}"
                for f, name in con.execute(
                    "SELECT file, name FROM s_counts WHERE what = 'skipped' ORDER BY file"
                ).fetchall()
            ],
            snapshot=snapshot.number,
        )


def _one(con: duckdb.DuckDBPyConnection, sql: str) -> int:
    row = con.execute(sql).fetchone()
    return int(row[0]) if row else 0


def _anything(con: duckdb.DuckDBPyConnection, sql: str) -> bool:
    return con.execute(f"{sql} LIMIT 1").fetchone() is not None


def _copy(con: duckdb.DuckDBPyConnection, query: str, path: Path) -> None:
    group = 122_880 if path.name.startswith("events") else 20_480  # the others are read one person at a time
    con.execute(
        f"COPY ({query}) TO '{quoted(str(path))}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE {group})"
    )


def _stage_views(con: duckdb.DuckDBPyConnection, chunks: list[Path]) -> None:
    for table in STAGED:
        named = ", ".join(f"'{quoted(str(chunk / table))}.parquet'" for chunk in chunks)
        con.execute(f"CREATE VIEW s_{table} AS SELECT * FROM read_parquet([{named}])")


def _sources(source: str, now: str, files: int, terms: Terms) -> str:
    """What is known of each source; a basis that is not said again stays, and so does what was counted in part."""
    mine = f"(SELECT {{}} FROM sources WHERE name = '{quoted(source)}')"
    basis = f"'{quoted(terms.basis)}'" if terms.basis else f"coalesce({mine.format('basis')}, '')"
    return (
        f"SELECT * FROM sources WHERE name <> '{quoted(source)}' UNION ALL SELECT '{quoted(source)}', '{now}', {files}, "
        f"{basis}, (SELECT count(*) FROM objecting), "
        "(SELECT coalesce(sum(count), 0)::BIGINT FROM s_counts WHERE what = 'restricted')"
    )


def _who(con: duckdb.DuckDBPyConnection, source: str, terms: Terms) -> str:
    """Everybody this intake says something about, with their number: the one they had, or the next free.

    Who was not `sent` whole keeps what this intake does not say. Answers what was held back when an extract could not be read whole.
    """
    con.execute(
        "CREATE TEMP TABLE died AS SELECT key, died_on, file, line FROM s_deaths "
        "QUALIFY row_number() OVER (PARTITION BY key ORDER BY seq DESC) = 1"
    )
    told = ", ".join(
        {"dead": "dead OR died.key IS NOT NULL AS dead", "died_on": "coalesce(died.died_on, p.died_on) AS died_on"}.get(
            name, f"p.{name}"
        )
        for name in PEOPLE
    )
    con.execute(
        f"CREATE TEMP TABLE newest AS SELECT {told}, type_1, p.file, p.line FROM s_people p LEFT JOIN died "
        "ON died.key = p.key AND (died.died_on >= p.born_on OR died.died_on IS NULL OR p.born_on IS NULL) "
        "QUALIFY row_number() OVER (PARTITION BY p.key ORDER BY seq DESC) = 1"
    )
    _objecting(con, terms)
    held_back = ""
    absent = "SELECT NULL::VARCHAR AS key WHERE false"
    halves = con.execute("SELECT DISTINCT file FROM s_counts WHERE what = 'not to its end' ORDER BY file").fetchall()
    if terms.full and _anything(con, "SELECT 1 FROM s_quarantine WHERE type IN ('', 'Patient')"):
        held_back = "some people could not be read, so nobody was taken for having left; mend that and send it again"
    elif terms.full:
        absent = f"SELECT key FROM people WHERE source = '{quoted(source)}' AND key NOT IN (SELECT key FROM newest)"
    if halves:
        named = ", ".join(name for (name,) in halves)
        kept = f"{named} could not be read to the end, so nothing kept before of these people was taken out; mend that and send it again"
        held_back = "; ".join(told for told in (held_back, kept) if told)
    con.execute(f"CREATE TEMP TABLE leaving AS SELECT key FROM objecting UNION {absent}")
    con.execute(
        f"""CREATE TEMP TABLE who AS
        WITH had AS (SELECT key, person FROM people WHERE source = '{quoted(source)}'),
        said AS (SELECT key, {not halves} AS sent FROM newest ANTI JOIN leaving USING (key) UNION ALL
                 SELECT key, true FROM leaving UNION ALL
                 SELECT key, false FROM (SELECT key FROM s_events UNION SELECT key FROM s_encounters)
                 WHERE key NOT IN (SELECT key FROM newest UNION SELECT key FROM leaving)
                 AND key IN (SELECT key FROM had)),
        top AS (SELECT coalesce(max(person), 0) AS most FROM people)
        SELECT key, sent, had.person IS NOT NULL AS known,
               coalesce(had.person, most + row_number() OVER (PARTITION BY had.person IS NULL ORDER BY key)) AS person
        FROM said LEFT JOIN had USING (key), top"""
    )
    return held_back


def _objecting(con: duckdb.DuckDBPyConnection, terms: Terms) -> None:
    """Who has a Type 1 opt-out: said with the person, or coded and not taken back since (on the same day it stands)."""
    several = [(*code, False) for code in sorted(terms.objects)] + [(*code, True) for code in sorted(terms.withdraws)]
    columns = list(zip(*several, strict=True)) if several else [(), (), ()]
    objections = pa.table(
        {
            "system": pa.array(columns[0], pa.string()),
            "value": pa.array(columns[1], pa.string()),
            "back": pa.array(columns[2], pa.bool_()),
        }
    )
    con.register("objections", objections)
    con.execute(
        f"""CREATE TEMP TABLE objecting AS SELECT key FROM newest WHERE type_1 UNION
        SELECT key FROM (
            SELECT e.key, max(coalesce(e.day, DATE '9999-12-31')) FILTER (NOT back) AS objected,
                max(e.day) FILTER (back) AS withdrew
            FROM s_events e JOIN {known_as("(SELECT * FROM codes UNION SELECT * FROM s_codes)")} c USING (code)
            JOIN objections o ON o.system = c.system AND o.value = c.value WHERE e.usable GROUP BY e.key)
        WHERE objected IS NOT NULL AND (withdrew IS NULL OR objected >= withdrew)"""
    )
    con.unregister("objections")


def _understood(con: duckdb.DuckDBPyConnection, source: str) -> None:
    """New rows with person numbers; of two resources with one id the later stands; what fits nobody is set aside."""
    con.execute(
        """CREATE TEMP TABLE later AS SELECT record, max(seq) AS seq FROM
        (SELECT record, seq FROM s_events WHERE part = 0 UNION ALL SELECT record, seq FROM s_encounters)
        GROUP BY record HAVING count(*) > 1"""
    )
    con.execute(
        f"CREATE TEMP TABLE new_people AS SELECT person, '{quoted(source)}' AS source, {', '.join(PEOPLE)} "
        "FROM newest JOIN who USING (key) ANTI JOIN leaving USING (key)"
    )
    # when everybody is new and in one range, nothing is compared and the rows are written once: they need not be held in between
    several = _anything(
        con,
        f"SELECT 1 FROM who WHERE known OR person // {PEOPLE_IN_A_FILE} <> (SELECT min(person) // {PEOPLE_IN_A_FILE} FROM who)",
    )
    for table, columns in (("events", EVENTS), ("encounters", ENCOUNTERS)):
        told = ", ".join(f"s.{column}" for column in columns)
        con.execute(
            f"""CREATE TEMP {"TABLE" if several else "VIEW"} new_{table} AS SELECT who.person, {told} FROM s_{table} s JOIN who USING (key)
            ANTI JOIN leaving USING (key)
            LEFT JOIN newest n USING (key) LEFT JOIN later ON later.record = s.record
            WHERE (later.seq IS NULL OR later.seq = s.seq)
            AND (n.born_on IS NULL OR s.day IS NULL OR s.day >= n.born_on - {BEFORE_BIRTH})"""
        )
    con.execute("CREATE TEMP TABLE aside AS SELECT * FROM s_quarantine")
    for table, kind in (("events", "s.type"), ("encounters", "'Encounter'")):
        con.execute(
            f"""INSERT INTO aside SELECT DISTINCT s.file, s.line, NULL::BIGINT, {kind}, s.id,
            'it is about Patient/' || s.key || ', whom this source has not sent'
            FROM s_{table} s ANTI JOIN who USING (key)"""
        )
        con.execute(
            f"""INSERT INTO aside SELECT DISTINCT s.file, s.line, NULL::BIGINT, {kind}, s.id,
            'it is dated ' || s.day || ', before the person was born (' || n.born_on || ')'
            FROM s_{table} s JOIN newest n USING (key) ANTI JOIN leaving USING (key)
            WHERE s.day < n.born_on - {BEFORE_BIRTH}"""
        )
    con.execute(
        """INSERT INTO aside SELECT d.file, d.line, NULL::BIGINT, 'Death', d.key,
        CASE WHEN n.key IS NULL THEN 'it is about somebody whom people.csv of this extract does not hold'
        ELSE 'the death (' || d.died_on || ') is dated before the birth (' || n.born_on || ')' END
        FROM died d LEFT JOIN newest n USING (key) WHERE n.key IS NULL OR d.died_on < n.born_on"""
    )


def _locate(con: duckdb.DuckDBPyConnection, locate: Callable[[str, str], int]) -> None:
    """The line of what was set aside only now; of the first thousand, since each means opening its file again."""
    for file, identity in con.execute(
        f"SELECT DISTINCT file, id FROM aside WHERE line = 0 ORDER BY file, id LIMIT {MOST_LOCATED}"
    ).fetchall():
        con.execute(
            "UPDATE aside SET line = ? WHERE line = 0 AND file = ? AND id = ?", [locate(file, identity), file, identity]
        )


def _differences(con: duckdb.DuckDBPyConnection) -> list[tuple[str, int, int, int]]:
    """Per resource type: how many are new, changed, gone; and in `touched`, whose rows must be written again.

    Of somebody who was not here before all is new, and nothing is compared.
    """
    con.execute("CREATE TEMP TABLE before (person BIGINT, type VARCHAR, record BIGINT, mark HUGEINT)")
    con.execute("CREATE TEMP TABLE after (person BIGINT, type VARCHAR, record BIGINT, mark HUGEINT)")
    scope = "SEMI JOIN (SELECT person FROM who WHERE known) USING (person)"
    for side, prefix in (("before", ""), ("after", "new_")):
        con.execute(
            f"INSERT INTO {side} SELECT person, 'Patient', 0, hash({', '.join(PEOPLE)}) FROM {prefix}people {scope}"
        )
        con.execute(
            f"INSERT INTO {side} SELECT person, any_value(type), record, sum(hash({', '.join(EVENTS)})::HUGEINT) "
            f"FROM {prefix}events {scope} GROUP BY person, record"
        )
        con.execute(
            f"INSERT INTO {side} SELECT person, 'Encounter', record, sum(hash({', '.join(ENCOUNTERS)})::HUGEINT) "
            f"FROM {prefix}encounters {scope} GROUP BY person, record"
        )
    # a resource that was sent without its person replaces itself only; the person's other rows stay, and so does what another
    # search or an equation has said of a person: the practice's next extract does not know of it
    con.execute(
        f"""CREATE TEMP TABLE differing AS SELECT coalesce(a.person, b.person) AS person,
        coalesce(a.type, b.type) AS type, coalesce(a.record, b.record) AS record,
        CASE WHEN b.person IS NULL THEN 'new' WHEN a.person IS NULL THEN 'removed' ELSE 'changed' END AS how
        FROM after a FULL JOIN before b USING (person, type, record)
        WHERE a.mark IS DISTINCT FROM b.mark
        AND (a.person IS NOT NULL OR (b.person IN (SELECT person FROM who WHERE sent)
            AND NOT ({_results_that_stay("b.person", "b.type")})))"""
    )
    con.execute(
        "CREATE TEMP TABLE strangers AS SELECT person, sent FROM who JOIN new_people USING (person) WHERE NOT known"
    )
    con.execute(
        """CREATE TEMP TABLE touched AS SELECT DISTINCT person, sent FROM differing JOIN who USING (person)
        UNION ALL SELECT person, sent FROM strangers"""
    )
    return [
        (kind, int(new), int(changed), int(removed))
        for kind, new, changed, removed in con.execute(
            """WITH several AS (SELECT type, how, count(*) AS n FROM differing GROUP BY ALL
            UNION ALL SELECT 'Patient', 'new', count(*) FROM strangers
            UNION ALL SELECT type, 'new', count(*) FROM new_events SEMI JOIN strangers USING (person) WHERE part = 0 GROUP BY type
            UNION ALL SELECT 'Encounter', 'new', count(*) FROM new_encounters SEMI JOIN strangers USING (person))
            SELECT type, coalesce(sum(n) FILTER (how = 'new'), 0), coalesce(sum(n) FILTER (how = 'changed'), 0),
            coalesce(sum(n) FILTER (how = 'removed'), 0) FROM several GROUP BY type ORDER BY type"""
        ).fetchall()
    ]


def _results_that_stay(person: str, kind: str) -> str:
    return f"{kind} = '{RESULT}' AND {person} IN (SELECT person FROM new_people)"


def _write_people(
    con: duckdb.DuckDBPyConnection, store: Store, base: Snapshot, written: dict[str, dict[str, str]], number: int
) -> None:
    """Write the rows of everybody who changed: beside their range's file while they are few, else with all others of the range."""
    ranges = [
        int(row[0])
        for row in con.execute(f"SELECT DISTINCT person // {PEOPLE_IN_A_FILE} FROM touched ORDER BY 1").fetchall()
    ]
    for number_of_range in ranges:
        low, high = number_of_range * PEOPLE_IN_A_FILE, (number_of_range + 1) * PEOPLE_IN_A_FILE - 1
        here, name = f"person BETWEEN {low} AND {high}", f"{number_of_range:06d}"
        earlier = (
            f" UNION ALL SELECT person, since FROM {_file(store, base, 'changed', name)}"
            if name in written["changed"]
            else ""
        )
        con.execute(
            "CREATE OR REPLACE TEMP TABLE moving AS SELECT person, max(since) AS since FROM "
            f"(SELECT person, {number}::BIGINT AS since FROM touched WHERE {here}{earlier}) GROUP BY person"
        )
        everybody = _one(con, f"SELECT count(*) FROM people WHERE {here}")
        few = SHARE * _one(con, "SELECT count(*) FROM moving") < everybody and everybody >= LEAST
        part = name + CHANGED if few else name
        for table in ("events", "encounters", "people"):
            told = "* EXCLUDE (first_event, first_encounter)" if table == "people" else "*"
            stay = f"SELECT {told} FROM {table} WHERE {here}"  # of everybody, or of those who stand beside already
            if few:
                stay = f"SELECT {told} FROM {_file(store, base, table, part)} WHERE true" if earlier else ""
            several = [f"{stay} AND person NOT IN (SELECT person FROM touched)"] if stay else []
            several.append(f"SELECT * FROM new_{table} WHERE {here} AND person IN (SELECT person FROM touched)")
            kept = "person IN (SELECT person FROM touched WHERE NOT sent)"
            if table == "events":
                kept = f"({kept} OR {_results_that_stay('person', 'type')} AND person IN (SELECT person FROM touched))"
            sent_alone = f"SELECT {told} FROM {table} WHERE {here} AND {kept}"
            same = "person" if table == "people" else "record"
            sent_alone += f" AND {same} NOT IN (SELECT {same} FROM new_{table})"
            rows = " UNION ALL ".join([*several, sent_alone])
            if table == "people":
                # when the source's record of each begins: before it, nothing can be said to be absent
                said = {
                    "event": f" AND type <> '{RESULT}'",
                    "encounter": "",
                }  # what others said is not the source's record
                firsts = " ".join(
                    f"LEFT JOIN (SELECT person, min(day) AS first_{one} FROM "
                    f"{parquet([store.data / written[one + 's'][part]])} WHERE usable{said[one]} GROUP BY person) USING (person)"
                    for one in ("event", "encounter")
                )
                rows = f"SELECT * FROM ({rows}) {firsts}"
            order = {"people": "person", "events": "person, day, record, part"}.get(table, "person, day, record")
            written[table][part] = f"{table}-{part}-{number}.parquet"
            _copy(con, f"SELECT * FROM ({rows}) ORDER BY {order}", store.data / written[table][part])
        if few:
            written["changed"][name] = f"changed-{name}-{number}.parquet"
            _copy(con, "SELECT person, since FROM moving ORDER BY person", store.data / written["changed"][name])
        elif earlier:
            del written["changed"][name]
            for table in ("events", "encounters", "people"):
                del written[table][name + CHANGED]


def _file(store: Store, base: Snapshot, table: str, part: str) -> str:
    return parquet([store.data / base.files[table][part]])


def _write_quarantine(
    con: duckdb.DuckDBPyConnection,
    store: Store,
    written: dict[str, dict[str, str]],
    number: int,
    *,
    source: str,
    now: str,
) -> None:
    """What was set aside of the files just read takes the place of what was set aside of them before."""
    kept = (
        f"SELECT * FROM quarantine WHERE NOT (source = '{quoted(source)}' AND file IN "
        "(SELECT file FROM s_counts UNION SELECT file FROM aside))"
    )
    file = f"quarantine-{number}.parquet"
    _copy(
        con,
        f"{kept} UNION ALL SELECT '{quoted(source)}', file, line, entry, type, id, reason, '{now}' FROM aside",
        store.data / file,
    )
    written["quarantine"] = {"all": file}


def _unmapped(con: duckdb.DuckDBPyConnection, mapped: set[tuple[str, str]]) -> list[dict[str, object]]:
    """Codes of this intake that no code list knows, the most frequent first."""
    con.execute(
        "CREATE TEMP TABLE every_code AS SELECT * FROM codes UNION ALL SELECT * FROM s_codes ANTI JOIN codes USING (code)"
    )
    rows = con.execute(
        """SELECT system, c.value, display, count(*) AS n FROM new_events e JOIN every_code c USING (code)
        GROUP BY ALL ORDER BY n DESC, system, c.value"""
    ).fetchall()
    return [
        {"system": system, "code": code, "display": display, "count": n}
        for system, code, display, n in rows
        if mapped.isdisjoint(counts_as(system, code))
    ][:MOST_UNMAPPED]
