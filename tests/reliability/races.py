"""A site to race on, on the kind of database that this run of the tests is for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings

from ambit.site.rehearsal import Browser, Rehearsal, rehearsal
from tests.reliability.sites import Site


@contextmanager
def database_of_its_own() -> Iterator[str]:
    """An empty database beside the one of the tests; for SQLite the site's own folder is enough."""
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("postgresql"):
        yield ""
        return
    name = f"ambit_race_{uuid4().hex[:12]}"
    server = {"host": database["HOST"], "port": database["PORT"], "user": database["USER"]}
    server = {key: value for key, value in server.items() if value}
    password = database["PASSWORD"]
    with psycopg.connect(dbname="postgres", password=password, autocommit=True, **server) as connection:
        connection.execute(f'create database "{name}"')
        try:
            user = quote(database["USER"], safe="") + (f":{quote(password, safe='')}" if password else "")
            if database["HOST"].startswith("/"):
                yield f"postgresql://{user}@/{name}?host={database['HOST']}"
            else:
                port = f":{database['PORT']}" if database["PORT"] else ""
                yield f"postgresql://{user}@{database['HOST']}{port}/{name}"
        finally:
            connection.execute(f'drop database "{name}" with (force)')


@pytest.fixture(scope="package")
def racing() -> Iterator[Rehearsal]:
    """Sixteen GPs of one practice and its hundred people, served as `ambit serve` serves."""
    with database_of_its_own() as url, rehearsal(database_url=url, people=100, staff=16) as running:
        yield running


@pytest.fixture(scope="package")
def signed_in(racing) -> Iterator[list[Browser]]:
    """The sixteen, signed in once: a second round of signing in would be held back as guessing passwords is."""
    browsers: list[Browser] = []
    try:
        browsers.extend(racing.browser(number) for number in range(len(racing.emails)))
        yield browsers
    finally:
        for browser in browsers:
            browser.close()


@pytest.fixture(scope="package")
def stored(racing) -> Callable[[str], list[Any]]:
    """Rows read from the site's database behind its back."""

    home, url = racing.environment["AMBIT_HOME"], racing.environment["AMBIT_DATABASE_URL"]
    return Site(Path(home), url).rows
