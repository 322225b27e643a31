"""What the population store publishes for measuring: how many people are registered, and died, by who they are; never who.

Somebody whom two sources know is counted once, by NHS number. The store holds people as they are registered now, so an
earlier month counts those of them who were born and alive then. Only the conditions of numbers that were given come back by number.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb
import pyarrow as pa

from ambit.packs.queries import site_library
from ambit.population.codelists.rules import known_as
from ambit.population.here import searchable

# a condition, and the code lists that show it; the first that fits is somebody's main one
Conditions = Sequence[tuple[str, Sequence[str]]]

_EMERGENCY = ("EMER",)
_EMERGENCY_METHOD = "emergency"  # as intake words the admission methods 21 to 28 and 2A to 2D


@dataclass(frozen=True, slots=True)
class Counted:
    """So many people who share all of this; `mark` is what was said of their NHS numbers, `condition` "" when none is coded."""

    practice: str
    age: int | None
    sex: str
    condition: str
    mark: str
    people: int


@dataclass(frozen=True, slots=True)
class Contact:
    """An emergency attendance or admission of a number that was given; `written` is its beginning as the source wrote it."""

    nhs_number: str
    day: date
    written: str


def registered(on: date, conditions: Conditions, marks: Mapping[str, str]) -> list[Counted]:
    """Everybody registered with a practice who was born and alive on this day."""
    return _counted("practice <> '' AND active AND (born_on IS NULL OR born_on <= $on) AND (NOT dead OR died_on > $on)", on, on, conditions, marks)  # fmt: skip


def deaths(since: date, until: date, conditions: Conditions, marks: Mapping[str, str]) -> list[Counted]:
    """Everybody who died from one day to another, both counted, at the age of their death."""
    return _counted("dead AND died_on BETWEEN $since AND $on AND practice <> ''", until, since, conditions, marks, age_at="died_on")  # fmt: skip


def conditions_of(nhs_numbers: Collection[str], conditions: Conditions) -> dict[str, dict[str, date]]:
    """For each of these numbers that the store knows, the first day on which each condition is coded; nothing coded is empty."""
    with searchable().open() as (con, _):
        _prepare(con, conditions, dict.fromkeys(nhs_numbers, ""))
        rows = con.execute(
            """SELECT o.nhs_number, c.condition, min(c.since) FROM one o SEMI JOIN marks m USING (nhs_number)
            LEFT JOIN coded c USING (person) GROUP BY ALL ORDER BY ALL"""
        ).fetchall()
    found: dict[str, dict[str, date]] = {}
    for number, condition, since in rows:
        own = found.setdefault(number, {})
        if condition is not None:
            own[condition] = since
    return found


def emergencies(nhs_numbers: Collection[str]) -> list[Contact]:
    """Emergency attendances and admissions of these numbers, each day of a person once."""
    with searchable().open() as (con, _):
        _prepare(con, (), dict.fromkeys(nhs_numbers, ""))
        rows = con.execute(
            """SELECT p.nhs_number, e.day, min(e.written) FROM encounters e JOIN people p USING (person)
            SEMI JOIN marks m ON m.nhs_number = p.nhs_number
            WHERE e.day IS NOT NULL AND (e.class IN (SELECT unnest($classes)) OR e.method = $method)
            GROUP BY ALL ORDER BY ALL""",
            {"classes": list(_EMERGENCY), "method": _EMERGENCY_METHOD},
        ).fetchall()
    return [Contact(*row) for row in rows]


def _counted(
    where: str, on: date, since: date, conditions: Conditions, marks: Mapping[str, str], *, age_at: str = "$on"
) -> list[Counted]:
    with searchable().open() as (con, _):
        _prepare(con, conditions, marks)
        given = {"on": on} | ({"since": since} if "$since" in where else {})
        rows = con.execute(
            f"""WITH main AS (SELECT person, arg_min(condition, place) AS condition FROM coded
                WHERE since <= $on GROUP BY person)
            SELECT o.practice, date_diff('year', o.born_on, {age_at}) -
                   CASE WHEN strftime({age_at}::DATE, '%m%d') < strftime(o.born_on, '%m%d') THEN 1 ELSE 0 END AS age,
                   coalesce(o.sex, ''), coalesce(main.condition, ''), coalesce(m.mark, ''), count(*)
            FROM one o LEFT JOIN main USING (person) LEFT JOIN marks m ON m.nhs_number = o.nhs_number
            WHERE {where} GROUP BY ALL ORDER BY ALL""",
            given,
        ).fetchall()
    return [Counted(*row) for row in rows]


def _prepare(con: duckdb.DuckDBPyConnection, conditions: Conditions, marks: Mapping[str, str]) -> None:
    """Tables for one question: each person once, the marks, and since when which condition is coded of whom."""
    library = site_library()
    listed = [
        (name, place, *code.key)
        for place, (name, lists) in enumerate(conditions)
        for list_id in lists
        if (found := library.get("codelists", list_id)) is not None and found.ok
        for code in found.content.codes
        if code.polarity == "has"
    ]
    columns = list(zip(*listed, strict=True)) if listed else [(), (), (), ()]
    con.register(
        "listed",
        pa.table(
            {
                "condition": pa.array(columns[0], pa.string()),
                "place": pa.array(columns[1], pa.int32()),
                "system": pa.array(columns[2], pa.string()),
                "value": pa.array(columns[3], pa.string()),
            }
        ),
    )
    told = {"nhs_number": pa.array(list(marks), pa.string()), "mark": pa.array(list(marks.values()), pa.string())}
    con.register("told", pa.table(told))
    con.execute("CREATE TEMP TABLE marks AS SELECT * FROM told WHERE nhs_number <> ''")
    con.execute(
        """CREATE TEMP TABLE known AS SELECT *, CASE WHEN coalesce(nhs_number, '') <> '' THEN nhs_number
            ELSE source || ' ' || key END AS who FROM people"""
    )
    con.execute(
        """CREATE TEMP TABLE one AS SELECT * FROM known
        QUALIFY row_number() OVER (PARTITION BY who ORDER BY active DESC, source, person) = 1"""
    )
    con.execute(
        f"""CREATE TEMP TABLE coded AS SELECT o.person, l.condition, l.place, min(e.day) AS since
        FROM events e JOIN {known_as()} c USING (code) JOIN listed l ON l.system = c.system AND l.value = c.value
        JOIN known k ON k.person = e.person JOIN one o ON o.who = k.who
        WHERE e.usable AND e.day IS NOT NULL GROUP BY ALL"""
    )
    con.unregister("listed")
    con.unregister("told")
