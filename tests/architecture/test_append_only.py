"""Rows that are written once stay as they are, on both databases, whoever asks (hazard H22)."""

import re
from uuid import UUID, uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from ambit.audit.append_only import AppendOnly
from ambit.audit.sealer import Sealer
from tests.world.append_only import append_only_models, triggers_down
from tests.world.foreign import foreign_world, row_of

MODELS = sorted(append_only_models(), key=lambda model: model._meta.label)
WRITTEN_ONCE = re.compile(r"never (changed|updated)|written once", re.IGNORECASE)


@pytest.fixture(params=MODELS, ids=lambda model: model._meta.label)
def model(request):
    return request.param


@pytest.fixture
def row(model, place, settings, tmp_path):
    settings.HOME = tmp_path
    world = foreign_world()
    Sealer().round()
    found = world.rows.get(model) or model._default_manager.first() or row_of(model, world)
    assert found is not None
    return model._default_manager.get(pk=found.pk)


def rule_of(model):
    return next(rule for rule in model._meta.constraints if isinstance(rule, AppendOnly))


def refused(model, statement, *values):
    with (
        pytest.raises(IntegrityError, match=re.escape(rule_of(model).says)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


def test_whoever_says_so_is_append_only():
    """A model whose docstring promises that its rows never change lets the database keep the promise."""
    said = {model for model in apps.get_models() if WRITTEN_ONCE.search(model.__doc__ or "")}
    assert {model._meta.label for model in said - set(MODELS)} == set()


def test_no_column_is_changed_and_no_row_removed(model, row):
    table, may_change = model._meta.db_table, rule_of(model).may_change
    for field in model._meta.local_concrete_fields:
        statement = f'UPDATE "{table}" SET "{field.column}" = "{field.column}"'
        if field.name in may_change:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        else:
            refused(model, statement)
    refused(model, f'DELETE FROM "{table}"')
    assert model._default_manager.filter(pk=row.pk).exists()


def test_no_row_is_replaced(model, row):
    """SQLite removes the row that INSERT OR REPLACE pushes out without asking the triggers on delete."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has no REPLACE; its ON CONFLICT DO UPDATE is an update, refused above")
    table, key = model._meta.db_table, model._meta.pk
    columns = [f'"{field.column}"' for field in model._meta.local_concrete_fields]
    refused(model, f'INSERT OR REPLACE INTO "{table}" SELECT * FROM "{table}"')
    another = uuid4().hex if isinstance(row.pk, UUID) else 10**9
    other = ", ".join("%s" if column == f'"{key.column}"' else column for column in columns)
    alone = [[field.name] for field in model._meta.local_concrete_fields if field.unique and field is not key]
    together = [list(unique.fields) for unique in model._meta.total_unique_constraints]
    for fields in alone + together:
        if all(getattr(row, name) is not None for name in fields):
            refused(
                model, f'INSERT OR REPLACE INTO "{table}" ({", ".join(columns)}) SELECT {other} FROM "{table}"', another
            )


def test_no_table_is_emptied_at_once(model, db):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE; its DELETE is refused above")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'TRUNCATE "{model._meta.db_table}" CASCADE')


@pytest.mark.django_db(transaction=True)
def test_a_table_made_anew_refuses_still(model):
    """What SQLite does when a column is added later; PostgreSQL changes the table where it is."""
    with connection.cursor() as cursor:
        before = triggers_of(cursor, model)
    assert len(before) >= 2
    if connection.vendor == "sqlite":
        with connection.schema_editor() as editor:
            editor._remake_table(model)
    with triggers_down(), connection.cursor() as cursor:
        assert connection.vendor == "postgresql" or triggers_of(cursor, model) == []
    with connection.cursor() as cursor:
        assert triggers_of(cursor, model) == before


def triggers_of(cursor, model):
    if connection.vendor == "sqlite":
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s ORDER BY name",
            [model._meta.db_table],
        )
    else:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgrelid = %s::regclass ORDER BY tgname",
            [model._meta.db_table],
        )
    return [name for (name,) in cursor.fetchall()]
