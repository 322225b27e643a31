"""What every test shares: the cast, readers of each role, and browsers signed in as them."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.db.models.sql.compiler import SQLCompiler
from django.db.transaction import TransactionManagementError
from django.test import TransactionTestCase
from django.utils import translation
from hypothesis import HealthCheck, settings

from ambit.site.checks import passed_tests
from tests.world.browser import browser_page, chromium, open_browser  # noqa: F401
from tests.world.fixtures import *  # noqa: F403
from tests.world.migrated import already_migrated, keep_migrated


def pytest_configure() -> None:
    from django.conf import settings as site

    from tests.world import append_only  # noqa: F401  (tests may empty the audit trail after themselves)

    # scrypt is slow on purpose, a quarter of a second each time somebody signs in
    site.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    refuse_locks_outside_transactions()


def refuse_locks_outside_transactions() -> None:
    """A row is held only inside a transaction of the code's own.

    PostgreSQL says so where there is none; the transaction that a test is wrapped in hides it there, and SQLite, which holds
    the whole file, never says anything.
    """
    execute = SQLCompiler.execute_sql

    def asks(compiler: SQLCompiler, *given: Any, **more: Any) -> Any:
        if compiler.query.select_for_update and all(one._from_testcase for one in compiler.connection.atomic_blocks):
            raise TransactionManagementError("select_for_update outside a transaction: begin one in the action.")
        return execute(compiler, *given, **more)

    SQLCompiler.execute_sql = asks


def asks_the_database(item: pytest.Item) -> bool:
    """Whether a test reads or writes the site's database, or starts processes that do.

    How a page looks, and how it does without scripts, is the same whatever lies below: of the tests in a browser, only the
    journeys with scripts ask.
    """
    if item.get_closest_marker("browser"):
        return "journeys" in item.path.parts and "no-scripts" not in item.nodeid
    fixtures = set(getattr(item, "fixturenames", ()))
    if "population" in item.path.parts:  # whose records are Parquet, in no table of the site
        return False
    if "reliability" in item.path.parts:
        return "database_url" not in fixtures  # which brings a server of each kind itself
    return bool(
        {"db", "transactional_db", "django_db_setup"} & fixtures
        or item.get_closest_marker("django_db")
        or issubclass(getattr(item, "cls", None) or object, TransactionTestCase)
    )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Nothing is tested twice: not on PostgreSQL what no database can change, nor what has passed in a check just before."""
    report = os.environ.get("AMBIT_TEST_BUT_PASSED")
    passed = passed_tests(Path(report).read_text()) if report else frozenset()
    left_out = {
        item
        for item in items
        if item.nodeid in passed or (connection.vendor == "postgresql" and not asks_the_database(item))
    }
    config.hook.pytest_deselected(items=[item for item in items if item in left_out])
    items[:] = [item for item in items if item not in left_out]


def pytest_collection_finish() -> None:
    """What is loaded by now stays to the end: looking through it for garbage again and again took half of every run."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, pytestconfig) -> Iterator[None]:
    """The test database is not migrated anew while no migration has changed."""
    if connection.vendor == "sqlite":
        with already_migrated(pytestconfig.cache.mkdir("migrated")):
            yield
    else:
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker, pytestconfig) -> Iterator[None]:
    """At the end nobody else may hold the test database: a page that a browser was loading may have left a connection."""
    if connection.vendor == "sqlite":
        with django_db_blocker.unblock():
            keep_migrated(pytestconfig.cache.mkdir("migrated"))
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A page asked for in Welsh leaves its thread in Welsh, until the thread is asked for another."""
    yield
    translation.deactivate()


# no test depends on how fast the machine is, or how busy; what CI says of a commit, it says again
settings.register_profile(
    "any-machine",
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    derandomize=bool(os.environ.get("CI")),
)
settings.load_profile("any-machine")
