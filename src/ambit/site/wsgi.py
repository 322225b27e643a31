"""What granian (or any WSGI server) serves."""

import os

from ambit import site as _site  # noqa: F401  (a current SQLite, before Django loads)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ambit.site.settings")

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
