"""Lines and seals can only be added: the database itself refuses every change, whoever asks."""

from django.db import migrations

TABLES = ["audit_auditline", "audit_auditseal"]
REFUSAL = "The audit trail is append only: nothing in it can be changed or removed."

# SQLite's INSERT OR REPLACE removes the row it replaces without asking the triggers on delete
UNIQUE = {"audit_auditline": ("id", "spool_id"), "audit_auditseal": ("seq", "line_id", "previous_hash")}

SQLITE = [
    *(
        f"CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for table in TABLES
        for act in ("update", "delete")
    ),
    *(
        f"""CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {' OR '.join(f'{name} = NEW.{name}' for name in names)})
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
        for table, names in UNIQUE.items()
    ),
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    *(
        f"""CREATE TRIGGER {table}_no_{act} BEFORE {act} ON {table}
        FOR EACH {'STATEMENT' if act == 'truncate' else 'ROW'} EXECUTE FUNCTION audit_append_only()"""
        for table in TABLES
        for act in ("update", "delete", "truncate")
    ),
]


def guard(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop, elidable=False)]
