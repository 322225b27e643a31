"""The demonstration place in small, made once for each module of tests that looks at it."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ambit.demonstration import actions as demonstration
from ambit.design.terminal import Terminal
from ambit.measures.rules.periods import Month

PEOPLE = 1500


@pytest.fixture(scope="module")
def northmarch(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[Month]:
    """Fifteen hundred people, so that groups can be compared, with their records, plans and past figures; answers the month that ended last."""
    home, before = tmp_path_factory.mktemp("northmarch"), settings.HOME
    with django_db_blocker.unblock(), transaction.atomic():
        settings.HOME = home
        demonstration.make_place(Terminal(json=True), people=PEOPLE)
        today: date = timezone.localdate()
        yield Month.of(today).after(-1)
        transaction.set_rollback(True)
    settings.HOME = before
