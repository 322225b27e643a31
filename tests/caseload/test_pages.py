"""The caseload's page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ambit.caseload import queries
from ambit.coordination import actions as coordination
from ambit.organisations.models import Membership
from ambit.people.models import Person
from ambit.register import actions as register

TODAY = timezone.localdate()


@pytest.fixture
def caseload(reader, person):
    gp = reader("Amina Rahman")
    for family_name, stage in (("Ashworth", "days"), ("Longworth", "a_year_or_more")):
        register.add_to_register(
            by=gp, person=person(family_name), on=TODAY - timedelta(days=3), found_by="by_hand", stage=stage,
            review_due_on=TODAY + timedelta(days=30),
        )  # fmt: skip
    bea = Membership.objects.get(staff__name="Bea Lindqvist")
    longworth = Person.objects.get(family_name="Longworth")
    coordination.name_coordinator(by=gp, person_id=longworth.id, membership_id=bea.id, seen=None)


def test_caseload_in_four_statements(caseload, reader, django_assert_num_queries):
    gp = reader("Amina Rahman")
    with django_assert_num_queries(4):
        found = queries.caseload(gp, on=TODAY)
    assert [row.family_name for row in found.due("today")] == ["Ashworth"]
    assert [need.words for need in found.rows[0].needs] == [
        "No CPR decision", "No box in the home", "Nobody coordinates",
    ]  # fmt: skip
    assert found.rows[1].coordinator == "Bea Lindqvist"


def test_who_sees_whom(caseload, client_as):
    gp = client_as("Amina Rahman").get("/caseload/").text
    assert "1 of your 2 people needs something today" in gp
    assert "Not recorded" in gp
    bea = client_as("Bea Lindqvist").get("/caseload/").text
    assert "LONGWORTH" in bea
    assert "ASHWORTH" not in bea
    assert "Nobody is on your caseload yet" in client_as("Owen Shah").get("/caseload/").text
    administrator = client_as("Pat Moorhouse").get("/caseload/").text
    assert "ASHWORTH" in administrator
    assert "CPR decision" not in administrator
    assert client_as("analyst").get("/caseload/").status_code == 403


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("show=today", {"ASHWORTH"}),
        ("show=no_coordinator", {"ASHWORTH"}),
        ("stage=a_year_or_more", {"LONGWORTH"}),
        ("coordinator=Bea+Lindqvist", {"LONGWORTH"}),
        ("name=peggy", {"ASHWORTH"}),
        ("name=999+790+0960", {"LONGWORTH"}),
        ("show=nonsense", {"ASHWORTH", "LONGWORTH"}),
        ("name=nobody", set()),
    ],
)
def test_narrowing(caseload, client_as, asked, names):
    text = client_as("Amina Rahman").get(f"/caseload/?{asked}").text
    assert {name for name in ("ASHWORTH", "LONGWORTH") if name in text} == names


def test_the_dead_have_left(caseload, client_as):
    Person.objects.filter(family_name="Ashworth").update(died_on=TODAY)
    assert "ASHWORTH" not in client_as("Amina Rahman").get("/caseload/").text
