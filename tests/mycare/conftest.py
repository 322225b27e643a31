"""Those who come to their own pages: the person, an attorney, a carer."""

from datetime import date
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from ambit.access.actions import give_grant, make_account
from ambit.access.queries import operator, reader_for
from ambit.access.sign_in import BACKEND
from ambit.careplan import actions as careplan
from ambit.careplan import registry

WHO = {"person": "Peggy Ashworth", "proxy": "Helen Ashworth-Doyle", "carer": "Joe Doyle"}


@pytest.fixture
def ashworth(person):
    return person("Ashworth")


@pytest.fixture
def account(ashworth):
    """The account of the person, a proxy or a carer, made once: `account("proxy")`."""
    made = {}

    def of(role):
        if role not in made:
            made[role], _password = make_account(
                by=operator(),
                email=f"{role}@example.org",
                role=role,
                person=ashworth if role == "person" else None,
                name=WHO[role],
            )
            if role != "person":
                give_grant(
                    by=operator(), person_id=ashworth.id, kind=role, account_id=made[role].pk, basis="as the test says"
                )
        return made[role]

    return of


@pytest.fixture
def outside(account):
    return lambda role: reader_for(account(role))


@pytest.fixture
def own_page(account):
    """A browser signed in as the person, a proxy or a carer."""

    def signed_in(role):
        client = Client()
        client.force_login(account(role), backend=BACKEND)
        return client

    return signed_in


@pytest.fixture
def power_of(reader):
    """Record a power of attorney for somebody: `power_of(person)`, or one with other words in it."""

    def record(person, *, by="gp", **but):
        said = {
            "type": "lpa_health", "holders": [{"name": "Helen Ashworth-Doyle"}], "registered_on": date(2023, 5, 8),
            "made_on": date(2023, 3, 1), "life_sustaining": "yes", "seen": "original",
        }  # fmt: skip
        return careplan.record_directive(
            by=reader(by),
            person=person,
            kind="authority",
            source="transcribed",
            said=said | but,
            on=timezone.localdate(),
            key=uuid4(),
        )

    return record


@pytest.fixture
def power(ashworth, power_of):
    return power_of(ashworth)


@pytest.fixture
def said(ashworth, reader):
    """Write a section as a member of staff: `said("getting_in", words="Key safe")`."""

    def write(section, *, by="gp", base=0, **content):
        return careplan.save_section(
            by=reader(by),
            person=ashworth,
            section=registry.section(section),
            base=base,
            content={f"{section}.{item}": value for item, value in content.items()},
            on=timezone.localdate(),
        )

    return write
