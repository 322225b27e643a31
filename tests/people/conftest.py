"""Asking from many threads at once, on either database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, connections
from django.db.backends.sqlite3.base import Database


@pytest.fixture
def in_parallel(transactional_db, tmp_path) -> Callable[[list[Callable[[], Any]]], list[Any]]:
    """Run acts at the same moment, each on its own connection; SQLite's tests live in memory, so they go to a file.

    `again` goes on with what the acts before left.
    """

    def run(acts: list[Callable[[], Any]], *, again: bool = False) -> list[Any]:
        settings = connections.settings["default"]
        usual = settings["NAME"]
        if connection.vendor == "sqlite":
            file = Path(tmp_path) / "parallel.sqlite3"
            if not again:
                connection.ensure_connection()
                target = Database.connect(file)
                connection.connection.backup(target)
                target.close()
            settings["NAME"] = str(file)

        def act(what: Callable[[], Any]) -> Any:
            try:
                return what()
            except Exception as error:
                return error
            finally:
                connections["default"].close()

        try:
            with ThreadPoolExecutor(16) as pool:
                return list(pool.map(act, acts))
        finally:
            settings["NAME"] = usual

    return run
