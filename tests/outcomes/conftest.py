"""Somebody to assess, with assessments as staff make them."""

from datetime import date
from uuid import uuid4

import pytest

from ambit.outcomes import actions, registry
from ambit.outcomes.actions import Said

DAY = date(2026, 11, 21)
IPOS = "ipos-staff-3-day"


@pytest.fixture
def gp(reader):
    return reader("gp")


@pytest.fixture
def ashworth(person):
    return person()


def ipos(value=1, **but):
    """Seventeen answers, all alike but those named."""
    return {item.id: str(value) for item in registry.instrument(IPOS).items} | but


def said(answers=None, day=DAY, respondent="staff", **more):
    return Said(respondent=respondent, answers=ipos() if answers is None else answers, assessed_on=day, **more)


@pytest.fixture
def record(gp, ashworth):
    """Record an assessment of Peggy Ashworth, by default IPOS with everything at 1."""

    def recorded(answers=None, day=DAY, *, instrument=IPOS, on=DAY, by=gp, person=ashworth, key=None, **more):
        return actions.record_measure(
            by=by, person=person, instrument_id=instrument, said=said(answers, day, **more), on=on, key=key or uuid4()
        )

    return recorded
