"""Spark answers as DuckDB and the interpreter do: hundreds of random packs over random people, and every shipped pack on a cluster."""

import logging
import os
import re
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ambit.casefinding.packs import lists_for
from ambit.demonstration.histories import write_bundles
from ambit.demonstration.rules import invent, invent_ill
from ambit.packs.queries import site_library
from ambit.population import actions
from ambit.population.queries import store
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
from tests.population.test_synthea import DATA

pytestmark = pytest.mark.long
pytest.importorskip("pyspark", reason="the extra “spark” is not installed")

__all__ = ["con"]

TYPES = {"BIGINT": "BIGINT", "SMALLINT": "SMALLINT", "VARCHAR": "STRING", "DATE": "DATE", "BOOLEAN": "BOOLEAN"}
PACKS_AT_ONCE = 20
READ = ("people", "events", "encounters", "codes")
DAY = date(2026, 11, 3)
SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    # a few people's rows: to write, compile and load a program for every stage takes minutes, to run it nothing
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@contextmanager
def session(master, folder, **more):
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    logging.getLogger("py4j").setLevel(logging.WARNING)
    builder = SparkSession.builder.master(master).config("spark.sql.warehouse.dir", str(folder))
    for name, value in (SETTINGS | more).items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    yield made
    made.stop()


@pytest.fixture
def spark(tmp_path):
    with session("local[2]", tmp_path) as made:  # Spark has one session at a time
        yield made


@contextmanager
def standalone_cluster(folder, *, workers):
    """Spark's own cluster on this machine, each part a process: a master, and workers of one core that have joined it; its address."""
    import pyspark

    start = Path(pyspark.__file__).parent / "bin" / "spark-class"
    home = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_WORKER_DIR": str(folder), "SPARK_NO_DAEMONIZE": "1"}

    def started(name, kind, *words):
        said = folder / f"{name}.log"
        with said.open("wb") as log:
            command = [start, f"org.apache.spark.deploy.{kind}", "--host", "127.0.0.1", "--port", "0", *words]
            child = subprocess.Popen(command, env=home, stdout=log, stderr=log)
        several.callback(child.wait)
        several.callback(child.kill)
        return said

    with ExitStack() as several:
        said = started("master", "master.Master", "--webui-port", "0")
        address = heard(said, r"Starting Spark master at (\S+)")[0]
        for number in range(workers):
            started(f"worker-{number}", "worker.Worker", "--webui-port", "0", "--cores", "1", "--memory", "1g", address)
        heard(said, "Registering worker", times=workers)
        yield address


def heard(log, words, *, times=1):
    """What a log says, waited for."""
    for _ in range(600):
        if len(found := re.findall(words, log.read_text())) >= times:
            return found
        time.sleep(0.1)
    raise AssertionError(f"“{words}” was not said {times} times in {log}:\n{log.read_text()}")


def shown_to_spark(spark, rows):
    codes = [{"code": i, "system": SYSTEM, "value": code, "display": code} for i, code in enumerate(CODES, 1)]
    for table, several in (rows | {"codes": codes}).items():
        columns = [told.split() for told in TABLES[table].split(",")]
        told = [tuple(row.get(name) for name, _ in columns) for row in several]
        schema = ", ".join(f"`{name}` {TYPES[kind]}" for name, kind in columns)
        spark.createDataFrame(told, schema).createOrReplaceTempView(table)


@settings(max_examples=16, deadline=None, suppress_health_check=list(HealthCheck))
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


@pytest.mark.django_db
def test_every_shipped_pack_finds_the_same_people_on_a_cluster_of_two_workers(home, tmp_path, reader):
    from ambit.population.search import spark_sql

    operator = reader("operator")
    place = tmp_path / "place"
    place.mkdir()
    write_bundles((one for one in [*invent(200, on=DAY), *invent_ill(200, on=DAY)] if one.nhs_number), place, on=DAY)
    actions.take_in(by=operator, paths=[place], source="place")
    if DATA.is_dir():
        actions.take_in(by=operator, paths=[DATA], source="synthea")
    library = site_library()
    shipped = [pack.content for pack in library.of_kind("casefinding")]
    lists = lists_for(shipped, library)
    planned = plan(shipped, DAY)
    with store().open() as (con, _):
        theirs = duckdb_sql.run(con, planned, lists, everybody=True)
        for table in READ:
            con.execute(f"COPY (SELECT * FROM {table}) TO '{tmp_path / table}.parquet'")
    both = {"spark.scheduler.minRegisteredResourcesRatio": "1.0"}  # nothing begins before both have joined
    with standalone_cluster(tmp_path, workers=2) as address, session(address, tmp_path, **both) as spark:
        for table in READ:
            spark.read.parquet(f"{tmp_path / table}.parquet").createOrReplaceTempView(table)
        ours = spark_sql.run(spark, planned, lists, everybody=True)
        workers = spark.sparkContext._jsc.sc().getExecutorMemoryStatus().size() - 1
    assert workers == 2
    assert ours.searched == theirs.searched > 300
    assert ours.rows == theirs.rows
    found = [ours.found(row) for row in ours.fetched]
    assert found == [theirs.found(row) for row in theirs.fetched]
    assert len({pack for several in found for pack in several}) > len(shipped) / 2
