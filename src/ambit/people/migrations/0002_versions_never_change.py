"""What a record said is never changed: the database itself refuses it, whoever asks."""

from django.db import migrations

REFUSAL = "A saved version of a record is never changed."
SQLITE = [
    f"CREATE TRIGGER people_version_no_update BEFORE UPDATE ON people_personversion"
    f" BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
]
POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION people_version_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    """CREATE TRIGGER people_version_no_update BEFORE UPDATE ON people_personversion
    FOR EACH ROW EXECUTE FUNCTION people_version_never_changes()""",
]


def guard(apps, schema_editor):
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop, elidable=False)]
