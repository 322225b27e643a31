"""The plan as DuckDB's SQL: tag once, one narrow aggregate per feature, one projection with a three-valued column per criterion.

SQL's own null is our unknown: AND, OR and NOT are Kleene's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any as Anything

import duckdb
import pyarrow as pa

from ambit.population.codelists.rules import CodeList
from ambit.population.search.criteria import (
    MEDICINE_TYPES,
    After,
    Age,
    All,
    Any,
    AtLeast,
    Change,
    Criterion,
    EncounterKind,
    Encounters,
    Latest,
    Medicines,
    Not,
    Recorded,
    Ref,
    SearchPack,
    Twice,
    Window,
)
from ambit.population.search.plan import (
    Count,
    EncounterCount,
    Feature,
    LastDay,
    LatestAndBest,
    LatestValue,
    Plan,
    Prescribed,
    Present,
    Spread,
    features_of,
)

BITS = 126  # of a whole number of DuckDB, without its sign
COMPARED = {"below": "<", "at_most": "<=", "at_least": ">=", "above": ">"}


@dataclass(frozen=True)
class Answers:
    """For each person the answer of every criterion and tier; only those flagged unless all were asked for."""

    searched: int
    columns: tuple[tuple[str, str], ...]  # pack and criterion (or "tier:" and its name), in the order of `rows`
    rows: list[tuple[Anything, ...]]  # person, then one answer a column


def day(value: date) -> str:
    return f"DATE '{value.isoformat()}'"


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def run(
    con: duckdb.DuckDBPyConnection,
    plan: Plan,
    lists: Mapping[str, CodeList],
    *,
    practice: str = "",
    everybody: bool = False,
    beyond_care: bool = False,
) -> Answers:
    """Answer every criterion over the views `people`, `events`, `encounters`, `codes` of this connection."""
    tag(con, plan, lists)
    for statement in feature_statements(plan):
        con.execute(statement)
    eligible = eligible_sql(plan.on, practice, beyond_care=beyond_care)
    counted = con.execute(f"SELECT count(*) FROM people p WHERE {eligible}").fetchone()
    columns, final = projection(plan, eligible)
    tiers = [f"c{i}" for i, (_, name) in enumerate(columns) if name.startswith("tier:")]
    where = "" if everybody else f" WHERE {' OR '.join(tiers)}"
    rows = con.execute(f"SELECT * FROM ({final}){where} ORDER BY person").fetchall()
    return Answers(int(counted[0]) if counted else 0, columns, rows)


def tag(con: duckdb.DuckDBPyConnection, plan: Plan, lists: Mapping[str, CodeList]) -> None:
    """The rows any feature can use, each with the number of its code list: the one scan of the events."""
    told = [
        (system, code, number)
        for (name, polarity), number in plan.lists.items()
        for system, code in sorted(lists[name].members(polarity))
    ]
    masks = masks_of(plan)
    listed = pa.table(
        {
            "system": pa.array([row[0] for row in told], pa.string()),
            "value": pa.array([row[1] for row in told], pa.string()),
            "list": pa.array([row[2] for row in told], pa.int16()),
            "mask": pa.array([str(masks.get(row[2], 0)) for row in told], pa.string()),
        }
    )
    con.register("listed", listed)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE tag AS SELECT code, list, mask::HUGEINT AS mask FROM codes JOIN listed USING (system, value)"
    )
    con.unregister("listed")
    for statement in scan_statements(plan):
        con.execute(statement)


def scan_statements(plan: Plan) -> list[str]:
    of_events = [f for f in plan.features if not isinstance(f, EncounterCount | Prescribed)]
    columns = ["e.person", "e.day", "t.list"]
    if at_all(plan):
        columns.append("t.mask")
    if any(isinstance(f, Count) and f.of == "records" for f in of_events):
        columns.append("e.record")
    if any(isinstance(f, LatestValue | LatestAndBest | Spread) for f in of_events):
        columns += ["e.value", "e.unit"]
    if any(isinstance(f, Present | Count) and f.ended == "excluded" for f in of_events):
        columns.append("e.ended")
    statements = [
        f"CREATE OR REPLACE TEMP TABLE tagged AS SELECT {', '.join(columns)} FROM events e JOIN tag t USING (code) "
        f"WHERE e.usable AND e.day <= {day(plan.on)}{since(plan, of_events, 'e.day')}"
    ]
    of_encounters = [f for f in plan.features if isinstance(f, EncounterCount)]
    if of_encounters:
        statements.append(
            "CREATE OR REPLACE TEMP TABLE met AS SELECT person, day, record, class, method FROM encounters "
            f"WHERE usable AND day <= {day(plan.on)}{since(plan, of_encounters, 'day')}"
        )
    if any(isinstance(f, Prescribed) for f in plan.features):
        kinds = ", ".join(text(kind) for kind in MEDICINE_TYPES)
        statements.append(
            "CREATE OR REPLACE TEMP TABLE prescribed AS SELECT e.person, e.day, "
            "CASE WHEN c.value = '' THEN e.text ELSE e.code::VARCHAR || '#' END AS what FROM events e JOIN codes c USING (code) "
            f"WHERE e.type IN ({kinds}) AND e.part = 0 AND e.usable AND e.day <= {day(plan.on)}"
        )
    return statements


def at_all(plan: Plan) -> list[tuple[Present, str]]:
    """What only asks whether there ever was one: up to as many as a number has bits, each is a bit."""
    several = [
        (f, column)
        for f, column in plan.features.items()
        if isinstance(f, Present) and f.within.unit == "ever" and f.ended == "counts"
    ]
    return several[:BITS]


def masks_of(plan: Plan) -> dict[int, int]:
    """For each code list the bits of the features that a code of it answers."""
    masks: dict[int, int] = {}
    for bit, (feature, _) in enumerate(at_all(plan)):
        for number in plan.numbers(feature.codes):
            masks[number] = masks.get(number, 0) | 1 << bit
    return masks


def windows_of(feature: Feature) -> tuple[Window, ...]:
    if isinstance(feature, LatestAndBest):
        return (feature.within, feature.latest_within)
    return (feature.within,)


def since(plan: Plan, features: list[Anything], column: str) -> str:
    """The earliest day any of the features looks at."""
    opens = [window.opens(plan.on) for feature in features for window in windows_of(feature)]
    if not opens or None in opens:
        return ""
    return f" AND {column} > {day(min(o for o in opens if o is not None))}"


def opened(window: Window, on: date) -> str:
    opens = window.opens(on)
    return f" AND day > {day(opens)}" if opens else ""


def feature_statements(plan: Plan) -> list[str]:
    """One temporary table a feature; what only asks “is there one” shares a single aggregate."""
    statements = []
    ever = at_all(plan)
    if ever:
        bits = ", ".join(f"(bits & {1 << bit}::HUGEINT) <> 0 AS {column}" for bit, (_, column) in enumerate(ever))
        statements.append(
            f"CREATE OR REPLACE TEMP TABLE t_ever AS SELECT person, {bits} FROM "
            "(SELECT person, bit_or(mask) AS bits FROM tagged WHERE mask <> 0 GROUP BY person)"
        )
    present = windowed(plan)
    if present:
        told = ", ".join(f"bool_or({_rows(plan, f)}) AS {column}" for f, column in present)
        numbers = sorted({n for f, _ in present for n in plan.numbers(f.codes)})
        statements.append(
            f"CREATE OR REPLACE TEMP TABLE t_present AS SELECT person, {told} FROM tagged "
            f"WHERE list IN ({_listed(numbers)}) GROUP BY person"
        )
    for feature, column in plan.features.items():
        if not isinstance(feature, Present):
            statements.append(f"CREATE OR REPLACE TEMP TABLE t_{column} AS {_aggregate(plan, feature, column)}")
    return statements


def windowed(plan: Plan) -> list[tuple[Present, str]]:
    """What asks whether there is one in a window, each with its own condition."""
    bits = {column for _, column in at_all(plan)}
    return [(f, column) for f, column in plan.features.items() if isinstance(f, Present) and column not in bits]


def _listed(numbers: list[int]) -> str:
    return ", ".join(str(number) for number in numbers)


def _rows(plan: Plan, feature: Anything) -> str:
    where = f"list IN ({_listed(plan.numbers(feature.codes))}){opened(feature.within, plan.on)}"
    if getattr(feature, "ended", "counts") == "excluded":
        where += f" AND (ended IS NULL OR ended > {day(plan.on)})"
    return where


def _aggregate(plan: Plan, feature: Feature, column: str) -> str:
    if isinstance(feature, Count):
        what = {"records": "record", "days": "day", "lists": "list"}[feature.of]
        return f"SELECT person, count(DISTINCT {what}) AS {column} FROM tagged WHERE {_rows(plan, feature)} GROUP BY person"
    if isinstance(feature, LastDay):
        return f"SELECT person, max(day) AS {column} FROM tagged WHERE {_rows(plan, feature)} GROUP BY person"
    if isinstance(feature, LatestValue):
        pick = "min" if feature.ties == "lowest" else "max"
        return (
            f"WITH w AS (SELECT person, day, value FROM tagged WHERE {_rows(plan, feature)} "
            f"AND value IS NOT NULL AND unit = {text(feature.unit)}), "
            "d AS (SELECT person, max(day) AS day FROM w GROUP BY person) "
            f"SELECT person, {pick}(value) AS {column} FROM w JOIN d USING (person, day) GROUP BY person"
        )
    if isinstance(feature, LatestAndBest):
        worst, best = ("min", "max") if feature.direction == "fall" else ("max", "min")
        return (
            "WITH w AS (SELECT person, day, value FROM tagged "
            f"WHERE list IN ({_listed(plan.numbers(feature.codes))}) AND value IS NOT NULL "
            f"AND unit = {text(feature.unit)}), "
            f"l AS (SELECT person, max(day) AS last FROM w WHERE true{opened(feature.latest_within, plan.on)} "
            "GROUP BY person) "
            f"SELECT person, {worst}(value) FILTER (day = last)::HUGEINT AS {column}_latest, "
            f"{best}(value) FILTER (day < last{opened(feature.within, plan.on)})::HUGEINT AS {column}_best "
            "FROM w JOIN l USING (person) GROUP BY person"
        )
    if isinstance(feature, Prescribed):
        window = opened(feature.within, plan.on).removeprefix(" AND ") or "true"
        return f"SELECT person, count(DISTINCT what) FILTER ({window}) AS {column} FROM prescribed GROUP BY person"
    if isinstance(feature, Spread):
        fits = f"FILTER (value {COMPARED[feature.compare]} {feature.value})"
        return (
            f"SELECT person, coalesce(max(day) {fits} - min(day) {fits}, -1) AS {column} FROM tagged "
            f"WHERE {_rows(plan, feature)} AND value IS NOT NULL AND unit = {text(feature.unit)} GROUP BY person"
        )
    if isinstance(feature, EncounterCount):
        what = {"records": "record", "days": "day"}[feature.of]
        surely = _kinds(feature.counted)
        perhaps = _kinds((*feature.counted, *feature.possibly))
        return (
            f"SELECT person, count(DISTINCT {what}) FILTER ({surely}) AS {column}_surely, "
            f"count(DISTINCT {what}) AS {column}_perhaps FROM met "
            f"WHERE ({perhaps}){opened(feature.within, plan.on)} GROUP BY person"
        )
    raise TypeError(feature)


def _kinds(kinds: tuple[EncounterKind, ...]) -> str:
    told = []
    for kind in kinds:
        one = f"class IN ({', '.join(text(c) for c in kind.classes)})"
        if kind.methods:
            one += f" AND method IN ({', '.join(text(m) for m in kind.methods)})"
        told.append(f"({one})")
    return " OR ".join(told)


def eligible_sql(on: date, practice: str, *, beyond_care: bool = False) -> str:
    """Alive and born on the day, and a record in use; a death without a date counts as on every day.

    Beyond direct care, nobody with a national data opt-out.
    """
    where = (
        f"NOT (p.dead AND (p.died_on IS NULL OR p.died_on <= {day(on)})) "
        f"AND (p.born_on IS NULL OR p.born_on <= {day(on)}) AND p.active"
    )
    if beyond_care:
        where += " AND p.national_opt_out IS NOT TRUE"
    return where + (f" AND p.practice = {text(practice)}" if practice else "")


def projection(plan: Plan, eligible: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """One row a person, one column a criterion; a criterion refers to those before it by their columns."""
    columns: list[tuple[str, str]] = []
    told: list[str] = []
    for pack in plan.packs:
        names: dict[str, str] = {}
        for name, criterion in _asked(pack):
            column = f"c{len(columns)}"
            columns.append((pack.id, name))
            told.append(f"({expression(criterion, plan, names)}) AS {column}")
            names[name] = column
    tables = (["t_ever"] if at_all(plan) else []) + (["t_present"] if windowed(plan) else [])
    tables += [f"t_{column}" for f, column in plan.features.items() if not isinstance(f, Present)]
    joins = " ".join(f"LEFT JOIN {table} USING (person)" for table in tables)
    return tuple(columns), f"SELECT p.person, {', '.join(told)} FROM people p {joins} WHERE {eligible}"


def _asked(pack: SearchPack) -> list[tuple[str, Criterion]]:
    return [(named.id, named.criterion) for named in pack.criteria] + [
        (f"tier:{tier.name}", tier.criterion) for tier in pack.tiers
    ]


def expression(criterion: Criterion, plan: Plan, names: Mapping[str, str]) -> str:
    """A criterion as an SQL expression that is true, false or null."""
    on = day(plan.on)

    def absent(absence: str) -> str:
        return f"CASE WHEN p.first_event <= {on} THEN false END" if absence == "false" else "NULL"

    if isinstance(criterion, Age):
        told = [f"({_old_enough(criterion.at_least, plan.on)})"] if criterion.at_least else []
        told += [f"(NOT ({_old_enough(criterion.below, plan.on)}))"] if criterion.below is not None else []
        return " AND ".join(told)
    if isinstance(criterion, Recorded):
        column = plan.features[features_of(criterion)[0]]
        if criterion.at_least == 1:
            return f"CASE WHEN {column} THEN true ELSE {absent(criterion.absence)} END"
        return (
            f"CASE WHEN {column} >= {criterion.at_least} THEN true WHEN {column} > 0 THEN false "
            f"ELSE {absent(criterion.absence)} END"
        )
    if isinstance(criterion, Latest):
        return f"{plan.features[features_of(criterion)[0]]} {COMPARED[criterion.compare]} {criterion.value}"
    if isinstance(criterion, Change):
        column = plan.features[features_of(criterion)[0]]
        best, latest = f"{column}_best", f"{column}_latest"
        moved = f"({best} - {latest})" if criterion.direction == "fall" else f"({latest} - {best})"
        if criterion.percent:
            return f"CASE WHEN {best} > 0 THEN {moved} * 10000 >= {criterion.by}::HUGEINT * {best} END"
        return f"{moved} >= {criterion.by}"
    if isinstance(criterion, After):
        these, those = (plan.features[f] for f in features_of(criterion))
        floor = f"WHEN {these} < {day(criterion.not_before)} THEN false " if criterion.not_before else ""
        return (
            f"CASE WHEN {these} IS NULL THEN {absent(criterion.absence)} {floor}WHEN {those} IS NULL THEN true "
            f"WHEN {these} = {those} THEN {str(criterion.same_day).lower()} ELSE {these} > {those} END"
        )
    if isinstance(criterion, Medicines | Twice):
        column = plan.features[features_of(criterion)[0]]
        return f"{column} >= {criterion.at_least if isinstance(criterion, Medicines) else criterion.apart}"
    if isinstance(criterion, Encounters):
        column = plan.features[features_of(criterion)[0]]
        return (
            f"CASE WHEN {column}_surely >= {criterion.at_least} THEN true "
            f"WHEN p.first_encounter IS NULL OR p.first_encounter > {on} THEN NULL "
            f"WHEN {column}_perhaps >= {criterion.at_least} THEN NULL ELSE false END"
        )
    if isinstance(criterion, Not):
        return f"NOT ({expression(criterion.criterion, plan, names)})"
    if isinstance(criterion, All | Any):
        joined = " AND " if isinstance(criterion, All) else " OR "
        return joined.join(f"({expression(part, plan, names)})" for part in criterion.criteria)
    if isinstance(criterion, AtLeast):
        parts = [(f"({expression(part, plan, names)})", weight) for part, weight in criterion.weighted]
        surely = " + ".join(f"CASE WHEN {part} THEN {weight} ELSE 0 END" for part, weight in parts)
        perhaps = " + ".join(f"CASE WHEN {part} IS NOT FALSE THEN {weight} ELSE 0 END" for part, weight in parts)
        return f"CASE WHEN {surely} >= {criterion.k} THEN true WHEN {perhaps} < {criterion.k} THEN false END"
    if isinstance(criterion, Ref):
        return names[criterion.id]
    raise TypeError(criterion)


def _old_enough(years: int, on: date) -> str:
    """Completed so many years: born on or before that day so many years ago (28 February where there is no 29th)."""
    try:
        latest = on.replace(year=on.year - years)
    except ValueError:
        latest = date(on.year - years, 2, 28)
    return f"CASE WHEN p.born_until <= {day(latest)} THEN true WHEN p.born_on > {day(latest)} THEN false END"


def in_sql(plan: Plan) -> str:
    """Every statement of the plan, to be read."""
    _, final = projection(plan, eligible_sql(plan.on, ""))
    return ";\n".join([*scan_statements(plan), *feature_statements(plan), final]) + ";"
