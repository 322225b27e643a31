"""Runs the plan on DuckDB, embedded."""

from collections.abc import Mapping

import duckdb
import pyarrow as pa

from ambit.population.codelists.rules import CodeList, known_as
from ambit.population.search.answers import Answers
from ambit.population.search.layout import Layout
from ambit.population.search.plan import (
    Plan,
)
from ambit.population.search.statements import eligible_sql, projection, tables

DONE_WITH = ("tagged", "met", "prescribed")  # read only for the features: what is found needs their memory more


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
    made = tables(layout)
    for name, query in made:
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
    for name in {name for name, _ in made} & set(DONE_WITH):
        con.execute(f"DROP TABLE {name}")
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
        f"CREATE OR REPLACE TEMP TABLE tag AS SELECT code{joined} FROM {known_as()} AS c JOIN listed USING (system, value) GROUP BY code"
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


def in_sql(plan: Plan) -> str:
    """Every statement of the plan, to be read."""
    layout = Layout(plan)
    final = projection(layout, eligible_sql(plan.on, ""))[2]
    made = [f"CREATE OR REPLACE TEMP TABLE {name} AS {query}" for name, query in tables(layout)]
    return ";\n".join([*made, final]) + ";"
