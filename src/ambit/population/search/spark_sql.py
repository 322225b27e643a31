"""Runs the same plan on Spark SQL, for a place whose records outgrow one machine. Needs the extra “spark”.

The session shows the store's tables as views: `people`, `events`, `encounters` and `codes`, from Parquet, Delta or Iceberg, whatever the
lakehouse keeps; only what is found comes back.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ambit.population.codelists.rules import CodeList, known_as
from ambit.population.search.answers import Answers
from ambit.population.search.dialect import SPARK
from ambit.population.search.layout import Layout
from ambit.population.search.plan import Plan
from ambit.population.search.statements import eligible_sql, projection, tables

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

KEPT = ("tagged", "met", "prescribed")  # read by several aggregates, so that the scan is made once


def run(
    spark: "SparkSession",
    plan: Plan,
    lists: Mapping[str, CodeList],
    *,
    practice: str = "",
    everybody: bool = False,
    beyond_care: bool = False,
) -> Answers:
    """Answer every criterion over the views of this session; the answers are those of DuckDB, person by person."""
    layout = Layout(plan, SPARK)
    _tag(spark, layout, lists)
    kept = []
    for name, query in tables(layout):
        made = spark.sql(query)
        if name in KEPT:
            kept.append(made.cache())
        made.createOrReplaceTempView(name)
    eligible = eligible_sql(plan.on, practice, beyond_care=beyond_care)
    searched = spark.sql(f"SELECT count(*) FROM people p WHERE {eligible}").collect()[0][0]
    words, tiers, final = projection(layout, eligible, everybody=everybody)
    rows = [tuple(row) for row in spark.sql(final).collect()]
    for made in kept:
        made.unpersist()
    fetched = [(row[0], row[1 : 1 + len(tiers)], *row[1 + len(tiers) :]) for row in rows]
    return Answers(int(searched), layout, fetched, words, tiers)


def _tag(spark: "SparkSession", layout: Layout, lists: Mapping[str, CodeList]) -> None:
    """The words of bits of each code that any list of the plan knows: small, so that every worker gets all of it."""
    words: dict[tuple[str, str], dict[str, int]] = {}
    for (name, polarity), number in layout.plan.lists.items():
        for code in lists[name].members(polarity):
            told = words.setdefault(code, {})
            for column, mask in layout.of_list[number].items():
                told[column] = told.get(column, 0) | mask
    rows = [(*code, *(told.get(column, 0) for column in layout.columns)) for code, told in words.items()]
    kinds = "".join(f", {column} BIGINT" for column in layout.columns)
    spark.createDataFrame(rows, f"system STRING, value STRING{kinds}").createOrReplaceTempView("listed")
    told_columns = "".join(f", bit_or({column}) AS {column}" for column in layout.columns)
    spark.sql(
        f"SELECT /*+ BROADCAST(listed) */ code{told_columns} FROM {known_as()} AS c JOIN listed USING (system, value) "
        "GROUP BY code"
    ).createOrReplaceTempView("tag")
