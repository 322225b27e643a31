"""Spark answers as DuckDB and the interpreter do: hundreds of random packs over random people, in one session."""

import logging
import os
import sys
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ambit.population.search import duckdb_sql
from ambit.population.search.interpret import interpret
from ambit.population.search.plan import plan
from ambit.population.store import TABLES
from tests.population.test_search_agrees import (
    CODES,
    DAYS_OF_SEARCH,
    LISTS,
    SYSTEM,
    con,
    packs,
    people,
    record_of,
    shown,
)

pytestmark = pytest.mark.long
pytest.importorskip("pyspark", reason="the extra “spark” is not installed")

__all__ = ["con"]

TYPES = {"BIGINT": "BIGINT", "SMALLINT": "SMALLINT", "VARCHAR": "STRING", "DATE": "DATE", "BOOLEAN": "BOOLEAN"}
PACKS_AT_ONCE = 20


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    logging.getLogger("py4j").setLevel(logging.WARNING)
    folder = tmp_path_factory.mktemp("spark")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.warehouse.dir", str(folder))
        .getOrCreate()
    )
    yield session
    session.stop()


def shown_to_spark(spark, rows):
    codes = [{"code": i, "system": SYSTEM, "value": code, "display": code} for i, code in enumerate(CODES, 1)]
    for table, several in (rows | {"codes": codes}).items():
        columns = [told.split() for told in TABLES[table].split(",")]
        told = [tuple(row.get(name) for name, _ in columns) for row in several]
        schema = ", ".join(f"`{name}` {TYPES[kind]}" for name, kind in columns)
        spark.createDataFrame(told, schema).createOrReplaceTempView(table)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_hundreds_of_random_packs_agree_on_spark(con, spark, data):
    from ambit.population.search import spark_sql

    on: date = data.draw(st.sampled_from(DAYS_OF_SEARCH))
    rows = data.draw(people(on))
    several = [replace(data.draw(packs()), id=f"random-{n}") for n in range(PACKS_AT_ONCE)]
    shown(con, rows)
    shown_to_spark(spark, rows)
    planned = plan(several, on)
    ours = spark_sql.run(spark, planned, LISTS, everybody=True)
    theirs = duckdb_sql.run(con, planned, LISTS, everybody=True)
    assert (ours.searched, ours.columns) == (theirs.searched, theirs.columns)
    assert ours.rows == theirs.rows
    assert [ours.found(row) for row in ours.fetched] == [theirs.found(row) for row in theirs.fetched]
    told = dict(zip(ours.people, ours.fetched, strict=True))
    for person in rows["people"]:
        if person["person"] in told:
            for pack in several:
                tier = interpret(pack, record_of(person, rows), on).tier
                assert ours.found(told[person["person"]]).get(pack.id, "") == tier
