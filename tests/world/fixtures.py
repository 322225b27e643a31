"""Fixtures made from the cast through the slices' own actions."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.test import Client

from ambit.access.models import Account
from ambit.access.queries import Reader, operator, reader_for
from ambit.access.sign_in import BACKEND
from ambit.organisations.models import Membership, Organisation, Staff
from ambit.people import actions as people
from ambit.people.models import Person
from ambit.people.rules import Identity
from tests.world import cast
from tests.world.cast import email_of


@pytest.fixture
def place(db) -> dict[str, Organisation]:
    """The organisations and staff of the cast; keys are organisation codes."""
    made: dict[str, Organisation] = {}
    for code, name, kind, part_of in cast.ORGANISATIONS:
        made[code] = Organisation(code=code, name=name, kind=kind, part_of=made.get(part_of or ""))
    Organisation.objects.bulk_create(made.values())
    staff, memberships, accounts = [], [], []
    for title, name, role, code in cast.STAFF:
        one = Staff(title=title, name=name, email=email_of(name))
        staff.append(one)
        memberships.append(Membership(staff=one, organisation=made[code], role=role, from_on=date(2020, 1, 1)))
        accounts.append(Account(email=one.email, staff=one, name=name, password="!"))
    Staff.objects.bulk_create(staff)
    Membership.objects.bulk_create(memberships)
    Account.objects.bulk_create(accounts)
    return made


@pytest.fixture
def account_of(place) -> Callable[[str], Account]:
    """The account of the member of the cast with this name, or the first with this role."""

    def find(who: str) -> Account:
        name = next((n for _, n, role, _ in cast.STAFF if who in (n, role)), None)
        if name is None:
            raise LookupError(f"Nobody in the cast is called {who} or has that role.")
        return Account.objects.get(email=email_of(name))

    return find


@pytest.fixture
def reader(account_of) -> Callable[[str], Reader]:
    """A reader by name or role: `reader("gp")`; `reader("operator")` is the machine's operator."""
    return lambda who: operator() if who == "operator" else reader_for(account_of(who))


@pytest.fixture
def client_as(account_of) -> Callable[[str], Client]:
    """A browser signed in by name or role."""

    def signed_in(who: str) -> Client:
        client = Client()
        client.force_login(account_of(who), backend=BACKEND)
        return client

    return signed_in


@pytest.fixture
def person(place) -> Callable[..., Person]:
    """Somebody of the cast by family name, admitted once: `person("Ashworth")`."""

    def admitted(family_name: str = "Ashworth") -> Person:
        title, given, family, preferred, born, sex, number, practice = next(
            row for row in cast.PEOPLE if row[2] == family_name
        )
        return people.admit(
            by=operator(),
            identity=Identity(
                title=title,
                given_names=given,
                family_name=family,
                preferred_name=preferred,
                born_on=born,
                sex=sex,
                nhs_number=number,
                practice_id=place[practice].id,
            ),
        )

    return admitted


@pytest.fixture
def home(tmp_path, settings) -> Path:
    """A site of its own: nothing in the population store."""
    settings.HOME = tmp_path
    return tmp_path
