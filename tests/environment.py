"""Loaded before Django reads its settings (`-p tests.environment`): tests never touch a site's own files."""

import os
import sys
import tempfile

os.environ["AMBIT_HOME"] = tempfile.mkdtemp(prefix="ambit-test-")
os.environ["AMBIT_DEPLOYMENT"] = "demonstration"
os.environ.setdefault("AMBIT_PLACE_NAME", "Thornmere and Eskvale")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ambit.site.settings")
# the processes that tests start must not compile every module anew
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

import ambit.site  # noqa: E402, F401  (a current SQLite before Django loads)
