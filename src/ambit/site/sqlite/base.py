"""Django's SQLite backend over the `pysqlite3` wheel, whose connections cannot be asked for their limits."""

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


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
    ops_class = DatabaseOperations
