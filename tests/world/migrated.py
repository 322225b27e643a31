"""A migrated SQLite database, kept between runs: nine seconds of every run otherwise, in each of its processes.

It is kept under a name made of everything that migrations are, and made anew when any of that has changed.
"""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import django
from django.apps import apps
from django.db import connection
from django.db.backends.sqlite3.base import Database

# what migrations take from the product beside themselves
TAKEN = ("ambit/audit/append_only.py", "ambit/casefinding/rules")


def _kept_at(folder: Path) -> Path:
    source = Path(apps.get_app_config("audit").path).parents[1]
    files = [file for app in apps.get_app_configs() for file in Path(app.path, "migrations").glob("*.py")]
    files += [file for taken in TAKEN for file in [source / taken, *(source / taken).glob("**/*.py")] if file.is_file()]
    said = hashlib.sha256(f"{django.VERSION} {Database.sqlite_version}".encode())
    for file in sorted(files):
        said.update(file.read_bytes())
    return folder / f"{said.hexdigest()[:16]}.sqlite3"


@contextmanager
def already_migrated(folder: Path) -> Iterator[None]:
    """While this lasts, the test database in memory holds what an earlier run kept in the folder, if it did."""
    kept = _kept_at(folder)
    if not kept.is_file():
        yield
        return
    name = connection.creation._get_test_db_name()
    with closing(Database.connect(name, uri=True)) as memory:
        with closing(Database.connect(kept)) as file:
            file.backup(memory)
        yield


def keep_migrated(folder: Path) -> None:
    """Keep the test database as it is now, freshly migrated; for several processes at once the last one's stays."""
    kept = _kept_at(folder)
    if not kept.is_file():
        half = kept.with_suffix(f".{os.getpid()}")
        with closing(Database.connect(half)) as file:
            connection.connection.backup(file)
        half.replace(kept)
