"""What every test shares: the cast, readers of each role, and browsers signed in as them."""

import os
from collections.abc import Iterator

import pytest
from django.db import connection
from django.utils import translation
from hypothesis import HealthCheck, settings

from tests.world.browser import browser_page, chromium, open_browser  # noqa: F401
from tests.world.fixtures import *  # noqa: F403


def pytest_configure() -> None:
    from django.conf import settings as site

    from tests.world import append_only  # noqa: F401  (tests may empty the audit trail after themselves)

    # scrypt is slow on purpose, a quarter of a second each time somebody signs in
    site.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def asks_the_database(item: pytest.Item) -> bool:
    """Whether a test reads or writes the site's database, or starts processes that do."""
    asked = {"db", "transactional_db", "django_db_setup"}.intersection(getattr(item, "fixturenames", ()))
    return bool(asked or item.get_closest_marker("django_db") or "reliability" in item.path.parts)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What no database can change is not asked again on PostgreSQL: the run on SQLite has answered it."""
    if connection.vendor == "postgresql":
        config.hook.pytest_deselected(items=[item for item in items if not asks_the_database(item)])
        items[:] = filter(asks_the_database, items)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """At the end nobody else may hold the test database: a page that a browser was loading may have left a connection."""
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
