"""The product's own settings with one route more, through which saves of several slices at once come over HTTP."""

from ambit.site.settings import *  # noqa: F403

ROOT_URLCONF = "tests.reliability.urls"
