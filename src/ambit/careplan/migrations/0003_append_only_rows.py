"""The same refusals as before from the one mechanism that every append-only table uses, and no removal either."""

from django.db import migrations

from ambit.audit.append_only import AppendOnly


def take_down(apps, schema_editor):
    """On SQLite the former triggers go with the table, which is made anew."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION careplan_never_changes CASCADE")


class Migration(migrations.Migration):
    dependencies = [("careplan", "0002_what_was_said_never_changes")]
    operations = [
        migrations.RunPython(take_down, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='cprdecision',
            constraint=AppendOnly(may_change=('person',), name='cpr_decision_is_kept'),
        ),
        migrations.AddConstraint(
            model_name='cprending',
            constraint=AppendOnly(name='cpr_ending_is_kept'),
        ),
        migrations.AddConstraint(
            model_name='sectionversion',
            constraint=AppendOnly(may_change=('person', 'number', 'base'), name='plan_version_is_kept'),
        ),
    ]
