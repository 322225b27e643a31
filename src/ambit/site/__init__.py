"""Where the house is put together.

Importing this package first puts a current SQLite in place of the system's own, which may
carry the WAL-reset bug (docs/decisions: SQLite comes with its own library).
"""

import sys

try:
    import pysqlite3 as _package
    import pysqlite3.dbapi2 as _sqlite
except ImportError:  # a platform without the wheel: the system check warns about an old SQLite
    pass
else:
    sys.modules.setdefault("sqlite3", _package)
    sys.modules.setdefault("sqlite3.dbapi2", _sqlite)
