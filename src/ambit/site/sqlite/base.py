"""Django's SQLite backend over the `pysqlite3` wheel, whose connections cannot be asked for their limits."""

from functools import lru_cache
from typing import Any

from django.db.backends.sqlite3 import base, features, operations

# SQLite's own default number of columns in one result
COLUMNS = 2_000


class DatabaseFeatures(features.DatabaseFeatures):
    # the number SQLite has been compiled with since 3.32
    max_query_params: Any = 32_766


class DatabaseOperations(operations.DatabaseOperations):
    def _quote_params_for_last_executed_query(self, params: Any) -> Any:
        """Statements as text, for query logs and tests that count them."""
        quoted: tuple = ()
        for start in range(0, len(params), COLUMNS):
            some = params[start : start + COLUMNS]
            cursor = self.connection.connection.cursor()
            try:
                quoted += cursor.execute("SELECT " + ", ".join(["QUOTE(?)"] * len(some)), some).fetchone()
            finally:
                cursor.close()
        return quoted


class Cursor(base.SQLiteCursorWrapper):
    def convert_query(self, query: str, *, param_names: Any = None) -> str:
        """The statement with SQLite's marks for its values: for a long one that is asked again, to look for them costs as
        much as to run it."""
        return _marked(query) if param_names is None else super().convert_query(query, param_names=param_names)


@lru_cache(maxsize=1024)
def _marked(query: str) -> str:
    return base.FORMAT_QMARK_REGEX.sub("?", query).replace("%%", "%")


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=Cursor)
