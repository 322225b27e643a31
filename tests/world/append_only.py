"""Lets tests with real transactions empty the audit trail afterwards, which the database rightly refuses.

The triggers are taken down for the emptying alone and put back; the product has no way to do this.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from django.core.management.commands import flush
from django.db import connection

guards = import_module("ambit.audit.migrations.0002_append_only")


@contextmanager
def triggers_down() -> Iterator[None]:
    """What somebody does who has the database's own rights and means harm."""
    with connection.cursor() as cursor:
        for table in guards.TABLES:
            for act in ("update", "delete", "truncate", "replace"):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}{on}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in guards.POSTGRESQL if connection.vendor == "postgresql" else guards.SQLITE:
                cursor.execute(statement)


_flush = flush.Command.handle


def _flush_with_triggers_down(self, **options):
    with triggers_down():
        return _flush(self, **options)


flush.Command.handle = _flush_with_triggers_down
