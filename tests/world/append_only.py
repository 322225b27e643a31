"""Lets tests with real transactions empty append-only tables afterwards, which the database rightly refuses.

The triggers are taken down for the emptying alone and put back; the product has no way to do this.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.core.management.commands import flush
from django.db import connection, models

from ambit.audit.append_only import AppendOnly


def append_only_models() -> list[type[models.Model]]:
    """Every model of the house whose rows are written once."""
    return [
        model
        for model in apps.get_models()
        if any(isinstance(constraint, AppendOnly) for constraint in model._meta.constraints)
    ]


@contextmanager
def triggers_down() -> Iterator[None]:
    """What somebody does who has the database's own rights and means harm."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            down = [f'ALTER TABLE "{m._meta.db_table}" DISABLE TRIGGER USER' for m in append_only_models()]
            up = [statement.replace("DISABLE", "ENABLE") for statement in down]
        else:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
            down, up = [f"DROP TRIGGER {name}" for name, _ in triggers], [sql for _, sql in triggers]
        for statement in down:
            cursor.execute(statement)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in up:
                cursor.execute(statement)


_flush = flush.Command.handle


def _flush_with_triggers_down(self, **options):
    with triggers_down():
        return _flush(self, **options)


flush.Command.handle = _flush_with_triggers_down
