"""The plan as DuckDB's SQL: one scan that tags rows, narrow aggregates, one projection with a three-valued column per criterion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any as Anything

import duckdb
import pyarrow as pa

from ambit.population.codelists.rules import CodeList
from ambit.population.search.criteria import MEDICINE_TYPES, EncounterKind, Leaf, Recorded, Window, asked
from ambit.population.search.expressions import COMPARED, Dialect, Made, Questions, day, text, value_of
from ambit.population.search.layout import Layout, windows_of
from ambit.population.search.plan import (
    Count,
    EncounterCount,
    Feature,
    LastDay,
    LatestAndBest,
    LatestValue,
    Plan,
    Prescribed,
    Spread,
)

TOGETHER = 8  # features of one kind that share an aggregate
# a day and a value in one number, so that the latest day's value is a maximum: values fit in 45 bits, days from 1800 in 17
EPOCH = date(1800, 1, 1)
OFFSET = 9_000_000_000_000
SHIFT = 1 << 45

DUCKDB = Dialect(
    wide="HUGEINT",
    days_since=lambda first, then: f"date_diff('day', {first}, {then})",
    before=lambda column, window: f"({column} - INTERVAL {window.length} {window.unit.upper()})::DATE",
)


@dataclass(frozen=True)
class Answers:
    """For each person found, or for everybody when asked for, the answer to every question."""

    searched: int
    layout: Layout
    fetched: list[tuple[Anything, ...]]  # person, which tiers hold, whether anything was sent, then the words
    words: tuple[str, ...]
    tiers: tuple[tuple[str, str, int], ...]  # pack, tier, and the place of what it asks among the tiers that hold

    @property
    def people(self) -> list[int]:
        return [row[0] for row in self.fetched]

    def found(self, row: tuple[Anything, ...]) -> dict[str, str]:
        """The packs that find the person, each with its first tier that holds."""
        told: dict[str, str] = {}
        for pack, tier, place in self.tiers:
            if row[1][place] and pack not in told:
                told[pack] = tier
        return told

    @cached_property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Pack and criterion, or "tier:" and its name."""
        return tuple((pack.id, name) for pack in self.layout.plan.packs for name, _ in asked(pack))

    @cached_property
    def rows(self) -> list[tuple[Anything, ...]]:
        """Person, then true, false or None for each column."""
        return [(row[0], *self.of(row)) for row in self.fetched]

    def of(self, row: tuple[Anything, ...]) -> tuple[bool | None, ...]:
        """Every answer of one person; people of whom the same is true are answered once."""
        told = row[2:]
        found = self._answered.get(told)
        if found is None:
            found = self._answered[told] = self._answers(told)
        return found

    @cached_property
    def _answered(self) -> dict[tuple[Anything, ...], tuple[bool | None, ...]]:
        return {}

    def _answers(self, told: tuple[Anything, ...]) -> tuple[bool | None, ...]:
        words = dict(zip(self.words, told[1:], strict=True))

        def answer(leaf: Leaf) -> bool | None:
            where = self.layout.bit_of(leaf)
            if where is None:
                value: bool | None = words[f"q{self.layout.questions[leaf]}"]
                return value
            if words[where.column] & where.mask:
                return True
            return False if isinstance(leaf, Recorded) and leaf.absence == "false" and told[0] else None

        values: list[bool | None] = []
        for pack in self.layout.plan.packs:
            named = {one.id: one.criterion for one in pack.criteria}
            values += [value_of(criterion, answer, named) for _, criterion in asked(pack)]
        return tuple(values)


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
    layout = Layout(plan)
    tag(con, layout, lists)
    for statement in [*scan_statements(layout), *feature_statements(layout)]:
        con.execute(statement)
    eligible = eligible_sql(plan.on, practice, beyond_care=beyond_care)
    counted = con.execute(f"SELECT count(*) FROM people p WHERE {eligible}").fetchone()
    words, tiers, final = projection(layout, eligible, everybody=everybody)
    fetched = [(row[0], row[1 : 1 + len(tiers)], *row[1 + len(tiers) :]) for row in con.execute(final).fetchall()]
    return Answers(int(counted[0]) if counted else 0, layout, fetched, words, tiers)


def tag(con: duckdb.DuckDBPyConnection, layout: Layout, lists: Mapping[str, CodeList]) -> None:
    """The words of bits of each code of the store that any list of the plan knows."""
    register(con, "listed", layout.plan, lists, layout.of_list)
    joined = "".join(f", bit_or({column})::{kind} AS {column}" for column, kind in layout.columns.items())
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE tag AS SELECT code{joined} FROM codes JOIN listed USING (system, value) GROUP BY code"
    )
    con.unregister("listed")


def register(
    con: duckdb.DuckDBPyConnection,
    name: str,
    plan: Plan,
    lists: Mapping[str, CodeList],
    words: Mapping[int, Mapping[str, int]],
) -> None:
    """Every code of the plan's lists as a table: system, value, the number of its list, and the list's words."""
    columns = list(dict.fromkeys(column for told in words.values() for column in told))
    systems: list[str] = []
    values: list[str] = []
    whole: dict[str, list[int]] = {column: [] for column in ["list", *columns]}
    for (list_id, polarity), number in plan.lists.items():
        told = lists[list_id].columns(polarity)
        systems += told[0]
        values += told[1]
        whole["list"] += [number] * len(told[0])
        for column in columns:
            whole[column] += [words[number].get(column, 0)] * len(told[0])
    con.register(
        name,
        pa.table(
            {"system": pa.array(systems, pa.string()), "value": pa.array(values, pa.string())}
            | {column: pa.array(several, pa.int64()) for column, several in whole.items()}
        ),
    )


# the scan -----------------------------------------------------------------------------------------


def scan_statements(layout: Layout) -> list[str]:
    """One scan of the events; when only bits are asked for, it joins them at once and keeps no rows."""
    statements = []
    on = day(layout.plan.on)
    where = f"WHERE e.usable AND e.day <= {on}{since(layout.windows(), layout.plan.on, 'e.day')}"
    if layout.picking:
        columns = ["e.person", "e.day", *(f"t.{word}" for word in layout.columns), *_carried(layout)]
        statements.append(
            f"CREATE OR REPLACE TEMP TABLE tagged AS SELECT {', '.join(columns)} FROM events e JOIN tag t USING (code) {where}"
        )
        if layout.words:
            statements.append(_bits(layout, f"FROM tagged WHERE {layout.any_bit()}"))
    elif layout.words:
        statements.append(_bits(layout, f"FROM events e JOIN tag t USING (code) {where}"))
    features = layout.plan.features
    of_encounters = [f.within for f in features if isinstance(f, EncounterCount)]
    if of_encounters:
        statements.append(
            "CREATE OR REPLACE TEMP TABLE met AS SELECT person, day, class, method FROM encounters "
            f"WHERE usable AND day <= {on}{since(of_encounters, layout.plan.on, 'day')}"
        )
    if any(isinstance(f, Prescribed) for f in features):
        kinds = ", ".join(text(kind) for kind in MEDICINE_TYPES)
        statements.append(
            "CREATE OR REPLACE TEMP TABLE prescribed AS SELECT e.person, e.day, "
            "CASE WHEN c.value = '' THEN e.text ELSE e.code::VARCHAR || '#' END AS what FROM events e JOIN codes c USING (code) "
            f"WHERE e.type IN ({kinds}) AND e.part = 0 AND e.usable AND e.day <= {on}"
        )
    return statements


def _carried(layout: Layout) -> list[str]:
    """What the narrower aggregates read of a row beside its day."""
    columns = []
    if layout.measures:
        units = ", ".join(text(unit) for unit in layout.units)
        columns.append(f"CASE WHEN e.unit IN ({units}) THEN e.value END AS value")
    if len(layout.units) > 1:
        columns.append(
            f"CASE e.unit {' '.join(f'WHEN {text(u)} THEN {n}' for n, u in enumerate(layout.units))} END AS unit"
        )
    if any(isinstance(f, Count) and f.of == "records" for f in layout.picking):
        columns.append("e.record")
    if any(word.ended == "excluded" for word in layout.words) or any(
        isinstance(f, Count) and f.ended == "excluded" for f in layout.picking
    ):
        columns.append("e.ended")
    return columns


def _bits(layout: Layout, source: str) -> str:
    joined = []
    for word in layout.words:
        where = opened(word.within, layout.plan.on)
        if word.ended == "excluded":
            where += f" AND (ended IS NULL OR ended > {day(layout.plan.on)})"
        told = f" FILTER (WHERE {where.removeprefix(' AND ')})" if where else ""
        joined.append(f"bit_or({word.of}){told} AS {word.column}")
    return f"CREATE OR REPLACE TEMP TABLE t_bits AS SELECT person, {', '.join(joined)} {source} GROUP BY person"


def since(windows: Iterable[Window], on: date, column: str) -> str:
    """The earliest day any of the windows looks at."""
    opens = [window.opens(on) for window in windows]
    if not opens or None in opens:
        return ""
    return f" AND {column} > {day(min(o for o in opens if o is not None))}"


def opened(window: Window, on: date) -> str:
    """The condition for a day that is in the window, of rows that are not after the search."""
    opens = window.opens(on)
    told = f" AND day > {day(opens)}" if opens else ""
    return told + (f" AND day <= {day(window.closes(on))}" if window.ago else "")


# the features -------------------------------------------------------------------------------------


def feature_statements(layout: Layout) -> list[str]:
    made = [f"CREATE OR REPLACE TEMP TABLE {name} AS {sql}" for name, sql in feature_tables(layout)]
    return [*made, *(f"DROP TABLE {table}" for table in _done_with(layout))]


def _done_with(layout: Layout) -> list[str]:
    """The rows that were only read for the features: what is found needs their memory more."""
    features = layout.plan.features
    several = {
        "tagged": bool(layout.picking),
        "met": any(isinstance(f, EncounterCount) for f in features),
        "prescribed": any(isinstance(f, Prescribed) for f in features),
    }
    return [table for table, is_there in several.items() if is_there]


def feature_tables(layout: Layout) -> list[tuple[str, str]]:
    """A table for each group of features beside the bits; features that are a plain aggregate go several to a table."""
    tables: list[tuple[str, str]] = []
    for kind in (LastDay, LatestValue, Spread):
        several = [f for f in layout.picking if isinstance(f, kind)]
        for start in range(0, len(several), TOGETHER):
            tables.append((f"t{len(tables)}", _together(layout, several[start : start + TOGETHER])))
    for feature in layout.picking:
        if isinstance(feature, Count):
            tables.append((f"t{len(tables)}", _count(layout, feature)))
        elif isinstance(feature, LatestAndBest):
            tables.append((f"t{len(tables)}", _latest_and_best(layout, feature)))
    features = layout.plan.features
    met = {f: column for f, column in features.items() if isinstance(f, EncounterCount)}
    if met:
        told = ", ".join(_met(f, column, layout.plan.on) for f, column in met.items())
        tables.append((f"t{len(tables)}", f"SELECT person, {told} FROM met GROUP BY person"))
    prescribed = {f: column for f, column in features.items() if isinstance(f, Prescribed)}
    if prescribed:
        told = ", ".join(
            f"count(DISTINCT what) FILTER (WHERE {opened(f.within, layout.plan.on).removeprefix(' AND ') or 'true'}) AS {c}"
            for f, c in prescribed.items()
        )
        tables.append((f"t{len(tables)}", f"SELECT person, {told} FROM prescribed GROUP BY person"))
    return tables


def _rows(layout: Layout, feature: Anything) -> str:
    """The tagged rows a feature reads."""
    where = layout.picked(feature.codes) + opened(feature.within, layout.plan.on)
    if getattr(feature, "ended", "counts") == "excluded":
        where += f" AND (ended IS NULL OR ended > {day(layout.plan.on)})"
    return where + (_of_unit(layout, feature) if hasattr(feature, "unit") else "")


def _of_unit(layout: Layout, feature: Anything) -> str:
    unit = f" AND unit = {layout.units.index(feature.unit)}" if len(layout.units) > 1 else ""
    return f" AND value IS NOT NULL{unit}"


def _together(layout: Layout, several: Sequence[LastDay | LatestValue | Spread]) -> str:
    told = ", ".join(_plain(layout, feature, layout.plan.features[feature]) for feature in several)
    rows = layout.picked(*(feature.codes for feature in several))
    return f"SELECT person, {told} FROM tagged WHERE {rows} GROUP BY person"


def _plain(layout: Layout, feature: Feature, column: str) -> str:
    rows = f"FILTER (WHERE {_rows(layout, feature)})"
    if isinstance(feature, LastDay):
        return f"max(day) {rows} AS {column}"
    if isinstance(feature, LatestValue):
        sign = "-" if feature.ties == "lowest" else "+"
        packed = f"max(({DUCKDB.days_since(day(EPOCH), 'day')}) * {SHIFT} + ({OFFSET} {sign} value)) {rows}"
        return f"{sign}(({packed} & {SHIFT - 1}) - {OFFSET}) AS {column}"
    assert isinstance(feature, Spread)
    rows_that_fit = rows.removesuffix(")") + f" AND value {COMPARED[feature.compare]} {feature.value})"
    return (
        f"CASE WHEN count(*) {rows} > 0 THEN coalesce("
        f"{DUCKDB.days_since(f'min(day) {rows_that_fit}', f'max(day) {rows_that_fit}')}, -1) END AS {column}"
    )


def _count(layout: Layout, feature: Count) -> str:
    column, what = layout.plan.features[feature], {"records": "record", "days": "day"}[feature.of]
    return (
        f"SELECT person, count(*) AS {column} FROM (SELECT DISTINCT person, {what} FROM tagged "
        f"WHERE {_rows(layout, feature)}) GROUP BY person"
    )


def _latest_and_best(layout: Layout, feature: LatestAndBest) -> str:
    column, on = layout.plan.features[feature], layout.plan.on
    worst, best = ("min", "max") if feature.direction == "fall" else ("max", "min")
    looked_at = since(windows_of(feature, on), on, "day")
    in_window = opened(feature.within, on)
    if feature.from_latest:
        in_window = "" if feature.within.unit == "ever" else f" AND day > {DUCKDB.before('last', feature.within)}"
    return (
        f"WITH w AS (SELECT person, day, value FROM tagged WHERE {layout.picked(feature.codes)}"
        f"{_of_unit(layout, feature)}{looked_at}), "
        f"l AS (SELECT person, max(day) AS last FROM w WHERE true{opened(feature.latest_within, on)} GROUP BY person) "
        f"SELECT person, {worst}(value) FILTER (WHERE day = last) AS {column}_latest, "
        f"{best}(value) FILTER (WHERE day < last{in_window}) AS {column}_best "
        "FROM w JOIN l USING (person) GROUP BY person"
    )


def _met(feature: EncounterCount, column: str, on: date) -> str:
    what = {"records": "*", "days": "DISTINCT day"}[feature.of]  # an encounter is one row
    window = opened(feature.within, on)
    return (
        f"count({what}) FILTER (WHERE ({_kinds(feature.counted)}){window}) AS {column}_surely, "
        f"count({what}) FILTER (WHERE ({_kinds((*feature.counted, *feature.possibly))}){window}) AS {column}_perhaps"
    )


def _kinds(kinds: tuple[EncounterKind, ...]) -> str:
    told = []
    for kind in kinds:
        one = f"class IN ({', '.join(text(c) for c in kind.classes)})"
        if kind.methods:
            one += f" AND method IN ({', '.join(text(m) for m in kind.methods)})"
        told.append(f"({one})")
    return " OR ".join(told)


# the answers --------------------------------------------------------------------------------------


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


def answered(layout: Layout, eligible: str) -> str:
    """A row for everybody searched, with the bits and a column for each question."""
    questions = Questions(layout, DUCKDB)
    told = [f"coalesce({word.column}, 0) AS {word.column}" for word in layout.words]
    told += [f"({questions.of(leaf)}) AS q{number}" for leaf, number in layout.questions.items()]
    tables = (["t_bits"] if layout.words else []) + [name for name, _ in feature_tables(layout)]
    joins = " ".join(f"LEFT JOIN {table} USING (person)" for table in tables)
    sent = f"coalesce(p.first_event <= {day(layout.plan.on)}, false) AS sent"
    return f"SELECT {', '.join(['p.person', sent, *told])} FROM people p {joins} WHERE {eligible}"


def projection(
    layout: Layout, eligible: str, *, everybody: bool = False
) -> tuple[tuple[str, ...], tuple[tuple[str, str, int], ...], str]:
    """Who is found, by which tiers, with their words; the words' names, and the tiers'."""
    tiers: list[tuple[str, str, int]] = []
    told: list[str] = []
    for pack in layout.plan.packs:
        made = Made(layout, {one.id: one.criterion for one in pack.criteria})
        for tier in pack.tiers:
            told.append(made.true(tier.criterion))
            tiers.append((pack.id, tier.name, len(tiers)))
    words = (*(word.column for word in layout.words), *(f"q{number}" for number in layout.questions.values()))
    found = "" if everybody else f" WHERE {' OR '.join(dict.fromkeys(told))}"
    return (
        words,
        tuple(tiers),
        f"SELECT {', '.join(['person', *told, 'sent', *words])} FROM ({answered(layout, eligible)}){found} ORDER BY person",
    )


def in_sql(plan: Plan) -> str:
    """Every statement of the plan, to be read."""
    layout = Layout(plan)
    final = projection(layout, eligible_sql(plan.on, ""))[2]
    return ";\n".join([*scan_statements(layout), *feature_statements(layout), final]) + ";"
