"""The plan as SQL that DuckDB and Spark both speak: one scan that tags rows, narrow aggregates, one projection."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any as Anything

from ambit.population.codelists.rules import known_as
from ambit.population.search.criteria import MEDICINE_TYPES, EncounterKind, Window
from ambit.population.search.expressions import COMPARED, Made, Questions, day, text
from ambit.population.search.layout import Layout, windows_of
from ambit.population.search.plan import (
    Count,
    EncounterCount,
    Feature,
    LastDay,
    LatestAndBest,
    LatestValue,
    Prescribed,
    Spread,
    Sum,
)

TOGETHER = 8  # features of one kind that share an aggregate
# a day and a value in one number, so that the latest day's value is a maximum: values fit in 45 bits, days from 1800 in 17
EPOCH = date(1800, 1, 1)
OFFSET = 9_000_000_000_000
SHIFT = 1 << 45

# the scan -----------------------------------------------------------------------------------------


Table = tuple[str, str]  # its name, and the query that makes it


def tables(layout: Layout) -> list[Table]:
    """Every table of the plan in order, each from those before it and from `people`, `events`, `encounters`, `codes`, `tag`."""
    return [*scanned(layout), *feature_tables(layout)]


def scanned(layout: Layout) -> list[Table]:
    """One scan of the events; when only bits are asked for, it joins them at once and keeps no rows."""
    statements: list[Table] = []
    on = day(layout.plan.on)
    where = f"WHERE e.usable AND e.day <= {on}{since(layout.windows(), layout.plan.on, 'e.day')}"
    if layout.picking:
        columns = ["e.person", "e.day", *(f"t.{word}" for word in layout.columns), *_carried(layout)]
        statements.append(("tagged", f"SELECT {', '.join(columns)} FROM events e JOIN tag t USING (code) {where}"))
        if layout.words:
            statements.append(_bits(layout, f"FROM tagged WHERE {layout.any_bit()}"))
    elif layout.words:
        statements.append(_bits(layout, f"FROM events e JOIN tag t USING (code) {where}"))
    features = layout.plan.features
    of_encounters = [f.within for f in features if isinstance(f, EncounterCount)]
    if of_encounters:
        recent = since(of_encounters, layout.plan.on, "day")
        statements.append(
            ("met", f"SELECT person, day, class, method FROM encounters WHERE usable AND day <= {on}{recent}")
        )
    if any(isinstance(f, Prescribed) for f in features):
        kinds = ", ".join(text(kind) for kind in MEDICINE_TYPES)
        what = f"CASE WHEN c.value = '' THEN e.text ELSE CAST(e.code AS {layout.dialect.text}) || '#' END"
        statements.append(
            (
                "prescribed",
                f"SELECT e.person, e.day, {what} AS what FROM events e JOIN codes c USING (code) "
                f"WHERE e.type IN ({kinds}) AND e.part = 0 AND e.usable AND e.day <= {on}",
            )
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
    if any(isinstance(f, Sum) for f in layout.picking):
        columns.append("e.code")
    if any(word.ended == "excluded" for word in layout.words) or any(
        isinstance(f, Count) and f.ended == "excluded" for f in layout.picking
    ):
        columns.append("e.ended")
    return columns


def _bits(layout: Layout, source: str) -> Table:
    joined = []
    for word in layout.words:
        where = opened(word.within, layout.plan.on)
        if word.ended == "excluded":
            where += f" AND (ended IS NULL OR ended > {day(layout.plan.on)})"
        told = f" FILTER (WHERE {where.removeprefix(' AND ')})" if where else ""
        joined.append(f"bit_or({word.of}){told} AS {word.column}")
    return "t_bits", f"SELECT person, {', '.join(joined)} {source} GROUP BY person"


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
        elif isinstance(feature, Sum):
            tables.append((f"t{len(tables)}", _sum(layout, feature)))
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
        packed = f"max(({layout.dialect.days_since(day(EPOCH), 'day')}) * {SHIFT} + ({OFFSET} {sign} value)) {rows}"
        return f"{sign}(({packed} & {SHIFT - 1}) - {OFFSET}) AS {column}"
    assert isinstance(feature, Spread)
    rows_that_fit = rows.removesuffix(")") + f" AND value {COMPARED[feature.compare]} {feature.value})"
    return (
        f"CASE WHEN count(*) {rows} > 0 THEN coalesce("
        f"{layout.dialect.days_since(f'min(day) {rows_that_fit}', f'max(day) {rows_that_fit}')}, -1) END AS {column}"
    )


def _count(layout: Layout, feature: Count) -> str:
    column, what = layout.plan.features[feature], {"records": "record", "days": "day"}[feature.of]
    return (
        f"SELECT person, count(*) AS {column} FROM (SELECT DISTINCT person, {what} FROM tagged "
        f"WHERE {_rows(layout, feature)}) GROUP BY person"
    )


def _sum(layout: Layout, feature: Sum) -> str:
    """A code of the list counts once, whichever of the codes under it stand in the record."""
    told = ", ".join(f"({text(system)}, {text(code)}, {points})" for system, code, points in feature.weights)
    weighed = (
        f"SELECT c.code, w.system, w.value AS listed, w.points FROM {known_as()} AS c "
        f"JOIN (VALUES {told}) AS w(system, value, points) ON c.system = w.system AND c.value = w.value"
    )
    return (
        f"SELECT person, CAST(sum(points) AS BIGINT) AS {layout.plan.features[feature]} FROM (SELECT DISTINCT person, w.system, "
        f"listed, points FROM tagged JOIN ({weighed}) AS w USING (code) WHERE {_rows(layout, feature)}) GROUP BY person"
    )


def _latest_and_best(layout: Layout, feature: LatestAndBest) -> str:
    column, on = layout.plan.features[feature], layout.plan.on
    worst, best = ("min", "max") if feature.direction == "fall" else ("max", "min")
    looked_at = since(windows_of(feature, on), on, "day")
    in_window = opened(feature.within, on)
    if feature.from_latest:
        in_window = (
            "" if feature.within.unit == "ever" else f" AND day > {layout.dialect.before('last', feature.within)}"
        )
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
    questions = Questions(layout)
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
