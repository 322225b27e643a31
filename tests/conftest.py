"""What every test shares: a home folder of its own, and readers of each role."""

import os
import tempfile

# before Django reads its settings: tests never touch a site's own files
os.environ["AMBIT_HOME"] = tempfile.mkdtemp(prefix="ambit-test-")
os.environ.setdefault("AMBIT_DEPLOYMENT", "demonstration")

import ambit.site  # noqa: E402, F401  (a current SQLite before Django loads)
