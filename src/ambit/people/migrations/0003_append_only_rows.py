"""The same refusals as before from the one mechanism that every append-only table uses (`audit.append_only`)."""

from django.db import migrations

from ambit.audit.append_only import AppendOnly


def take_down(apps, schema_editor):
    """On SQLite the former triggers go with the table, which is made anew."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION people_version_never_changes CASCADE")


class Migration(migrations.Migration):
    dependencies = [('people', '0002_versions_never_change')]
    operations = [
        migrations.RunPython(take_down, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='personversion',
            constraint=AppendOnly(name='person_version_is_kept'),
        ),
    ]
