"""The same refusals as before from the one mechanism that every append-only table uses (`audit.append_only`)."""

from django.db import migrations

from ambit.audit.append_only import AppendOnly


def take_down(apps, schema_editor):
    """On SQLite the former triggers go with the table, which is made anew."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION audit_append_only CASCADE")


class Migration(migrations.Migration):
    dependencies = [('audit', '0002_append_only')]
    operations = [
        migrations.RunPython(take_down, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='auditline',
            constraint=AppendOnly(name='audit_line_is_kept', says='The audit trail is append only: nothing in it can be changed or removed.'),
        ),
        migrations.AddConstraint(
            model_name='auditseal',
            constraint=AppendOnly(name='audit_seal_is_kept', says='The audit trail is append only: nothing in it can be changed or removed.'),
        ),
    ]
