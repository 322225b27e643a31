"""Tables whose rows are written once: the database itself refuses every change, whoever asks.

A model opts in with one line, and `makemigrations` does the rest:

    class Meta:
        constraints = [AppendOnly(name="register_stage_is_kept")]

UPDATE, DELETE, PostgreSQL's TRUNCATE and SQLite's INSERT OR REPLACE are refused, the last because it removes the row
it replaces without asking the triggers on delete. As a constraint it also outlives what SQLite does when a column is
added or changed later: it makes the table anew, and triggers that nobody told it of are lost.
"""

# ruff: noqa: S608  (these statements are put together from names in models; no value of anybody's is among them)

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, UniqueConstraint

SAYS: Final = "What is written here is never changed or removed; a new row follows it."

# one function for every table of the site; each trigger brings its own words
_FUNCTION: Final = """CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation'; END $$"""


class AppendOnly(BaseConstraint):
    """Rows are added and then stay as they are, but for the fields named in `may_change`, as when two records merge.

    `says` are the words of the refusal.
    """

    def __init__(self, *, name: str, says: str = SAYS, may_change: tuple[str, ...] = ()) -> None:
        super().__init__(name=name)
        self.says, self.may_change = says, tuple(may_change)

    def deconstruct(self) -> tuple[str, Sequence[Any], dict[str, Any]]:
        path, args, kwargs = super().deconstruct()
        if self.says != SAYS:
            kwargs["says"] = self.says
        if self.may_change:
            kwargs["may_change"] = self.may_change
        return path, args, kwargs

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AppendOnly) and self.deconstruct() == other.deconstruct()

    def __hash__(self) -> int:
        return hash((self.name, self.says, self.may_change))

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """Nothing to say of a row that is being added."""

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        """Triggers are no part of CREATE TABLE; they follow it."""
        schema_editor.deferred_sql.extend(self.triggers(model, schema_editor))
        return ""

    def create_sql(self, model: Any, schema_editor: Any) -> Any:
        *others, last = self.triggers(model, schema_editor)
        schema_editor.deferred_sql.extend(others)
        return last

    def remove_sql(self, model: Any, schema_editor: Any) -> Any:
        """For PostgreSQL: SQLite makes the table anew without them."""
        drops = "; ".join(f"DROP TRIGGER {self.name}_{act} ON %(table)s" for act in ("change", "truncate"))
        return self._statement(drops, model, schema_editor)

    def triggers(self, model: Any, schema_editor: Any) -> list[Statement]:
        """The statements that make the triggers on this database."""
        on_postgresql = schema_editor.connection.vendor == "postgresql"
        written = self._on_postgresql(model) if on_postgresql else self._on_sqlite(model, schema_editor)
        return [self._statement(sql, model, schema_editor) for sql in written]

    def _statement(self, sql: str, model: Any, schema_editor: Any) -> Statement:
        return Statement(sql, table=Table(model._meta.db_table, schema_editor.quote_name))

    def _update(self, model: Any) -> str:
        """Which updates are refused: of any column, or of all but those that may change."""
        free = {model._meta.get_field(name).column for name in self.may_change}
        kept = [f'"{field.column}"' for field in model._meta.local_concrete_fields if field.column not in free]
        return f"UPDATE OF {', '.join(kept)}" if free else "UPDATE"

    def _on_postgresql(self, model: Any) -> Iterator[str]:
        words = self._says
        for name, act, each in (
            ("change", f"{self._update(model)} OR DELETE", "ROW"),
            ("truncate", "TRUNCATE", "STATEMENT"),
        ):
            yield (
                f"{_FUNCTION}; CREATE TRIGGER {self.name}_{name} BEFORE {act} ON %(table)s"
                f" FOR EACH {each} EXECUTE FUNCTION append_only({words})"
            )

    def _on_sqlite(self, model: Any, schema_editor: Any) -> Iterator[str]:
        refuse = f"BEGIN SELECT RAISE(ABORT, {self._says}); END"
        yield f"CREATE TRIGGER {self.name}_update BEFORE {self._update(model)} ON %(table)s {refuse}"
        yield f"CREATE TRIGGER {self.name}_delete BEFORE DELETE ON %(table)s {refuse}"
        there = " OR ".join(_replaced(model, schema_editor))
        yield f"CREATE TRIGGER {self.name}_replace BEFORE INSERT ON %(table)s WHEN {there} {refuse}"
        if self.may_change:  # UPDATE OR REPLACE removes a row just as silently
            key = f'"{model._meta.pk.column}"'
            others = " OR ".join(_replaced(model, schema_editor, beside=f" AND {key} <> OLD.{key}"))
            yield f"CREATE TRIGGER {self.name}_push_out BEFORE UPDATE ON %(table)s WHEN {others} {refuse}"

    @property
    def _says(self) -> str:
        return "'" + self.says.replace("'", "''") + "'"


def _replaced(model: Any, schema_editor: Any, beside: str = "") -> Iterator[str]:
    """For each key that no two rows share: whether a row has that of the new one already."""
    options = model._meta
    keys: list[tuple[list[Any], str]] = [([field], "") for field in options.local_concrete_fields if field.unique]
    for unique in (rule for rule in options.constraints if isinstance(rule, UniqueConstraint)):
        if not unique.fields:
            raise ValueError(f"{options.label}: an append-only table needs unique constraints of plain fields.")
        condition = getattr(unique, "_get_condition_sql")(model, schema_editor)  # noqa: B009  (its stubs leave it out)
        keys.append(([options.get_field(name) for name in unique.fields], condition or ""))
    for fields, condition in keys:
        same = " AND ".join(f'"{field.column}" = NEW."{field.column}"' for field in fields)
        if not condition:
            yield f"EXISTS (SELECT 1 FROM %(table)s WHERE {same}{beside})"
            continue
        columns = ", ".join(f'NEW."{field.column}" AS "{field.column}"' for field in options.local_concrete_fields)
        yield (
            f"(EXISTS (SELECT 1 FROM %(table)s WHERE {same} AND ({condition}){beside})"
            f" AND EXISTS (SELECT 1 FROM (SELECT {columns}) WHERE {condition}))"
        )
