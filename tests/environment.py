"""Loaded before Django reads its settings (`-p tests.environment`): tests never touch a site's own files."""

import os
import tempfile

os.environ["AMBIT_HOME"] = tempfile.mkdtemp(prefix="ambit-test-")
os.environ["AMBIT_DEPLOYMENT"] = "demonstration"
os.environ.setdefault("AMBIT_PLACE_NAME", "Thornmere and Eskvale")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ambit.site.settings")

import ambit.site  # noqa: F401  (a current SQLite before Django loads)
