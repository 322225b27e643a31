"""Django's SQLite backend over the `pysqlite3` wheel, whose connections cannot be asked for their limits."""

from typing import Any

from django.db.backends.sqlite3 import base, features


class DatabaseFeatures(features.DatabaseFeatures):
    # the number SQLite has been compiled with since 3.32
    max_query_params: Any = 32_766


class DatabaseWrapper(base.DatabaseWrapper):
    features_class = DatabaseFeatures
