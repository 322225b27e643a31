"""What a version or a CPR form says is never changed: the database itself refuses it, whoever asks.

A merge of two records may still move a version to another person and deal out its number anew.
"""

from django.db import migrations

REFUSAL = "What a plan said is never changed; a new version follows it."
SAID = {
    "careplan_sectionversion": (
        "section", "content", "pack", "author_account_id", "author_name", "author_role", "author_organisation", "saved_at",
    ),
    "careplan_cprdecision": (
        "reading", "source", "made_on", "reason", "talked", "why_not_talked", "decided_by", "decided_by_role", "review_on",
        "paper_at", "signature_seen", "recorded_at", "recorded_by", "recorded_by_role", "recorded_by_organisation",
    ),
}  # fmt: skip


def guard(apps, schema_editor):
    on_postgresql = schema_editor.connection.vendor == "postgresql"
    if on_postgresql:
        schema_editor.execute(
            f"""CREATE OR REPLACE FUNCTION careplan_never_changes() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"""
        )
    for table, columns in SAID.items():
        when = f"CREATE TRIGGER {table}_no_update BEFORE UPDATE OF {', '.join(columns)} ON {table}"
        if on_postgresql:
            schema_editor.execute(f"{when} FOR EACH ROW EXECUTE FUNCTION careplan_never_changes()")
        else:
            schema_editor.execute(f"{when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END")


class Migration(migrations.Migration):
    dependencies = [("careplan", "0001_initial")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop, elidable=False)]
