"""Who matters and is to be rung in an emergency stands on the urgent page, whether or not the plan names them too."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from ambit.access import actions as access
from ambit.people import actions as people
from ambit.urgent import queries
from ambit.urgent.ringing import in_an_emergency
from ambit.urgent.rules import Number

HOSPICE = Number(name="Merrowdale Hospice", telephone="01632 960140")
HELEN = {
    "name": "Helen Doyle", "relation": "daughter", "roles": ["emergency"], "telephone": "07700 900123", "other_telephone": "",
    "rank": 1, "may_share": True, "is_under_18": None, "until_on": None,
}  # fmt: skip


def rung(*rows: dict[str, Any], written: tuple[Number, ...] = ()) -> list[tuple[str, str, str]]:
    found = in_an_emergency({"important_people": rows}, written)
    return [(one.name, one.telephone, one.holds) for one in found]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, [("Helen Doyle", "07700 900123", "Daughter.")]),
        ({"roles": ["carer"]}, []),
        ({"until_on": "2026-01-01"}, []),
        ({"telephone": ""}, []),
        ({"telephone": "", "other_telephone": "01632 960999"}, [("Helen Doyle", "01632 960999", "Daughter.")]),
        ({"may_share": None}, [("Helen Doyle", "07700 900123", "Daughter.")]),
        ({"may_share": False}, [("Helen Doyle", "07700 900123", "Daughter. May not be told about their care.")]),
        ({"is_under_18": True}, [("Helen Doyle", "07700 900123", "Daughter. Under 18.")]),
    ],
)
def test_who_is_rung_and_what_is_said_of_them(said, expected):
    assert rung(HELEN | said) == expected


@pytest.mark.parametrize(
    "in_the_plan",
    [
        Number(name="helen  doyle", telephone="01632 960001"),
        Number(name="Daughter", telephone="+44 7700 900 123"),
        Number(name="Daughter", telephone="07700900123"),
    ],
)
def test_whom_the_plan_names_is_not_named_twice(in_the_plan):
    assert rung(HELEN, written=(in_the_plan,)) == []
    assert [name for name, _, _ in rung(HELEN, written=(HOSPICE,))] == ["Helen Doyle"]


def test_those_who_matter_keep_their_order():
    assert [name for name, _, _ in rung(HELEN | {"name": "Tom", "rank": 2, "telephone": "01632 960002"}, HELEN)] == [
        "Helen Doyle",
        "Tom",
    ]


@pytest.fixture
def with_helen(reader):
    def made(one):
        people.add_important_person(
            by=reader("Amina Rahman"), person_id=one.id, seen=one.version, name="Helen Doyle", relation="daughter",
            roles=["emergency"], telephone="07700 900123",
        )  # fmt: skip
        return one

    return made


def now(reader, person):
    return queries.now(reader, person, at=timezone.now())


def test_nobody_is_said_to_be_missing_when_the_record_names_somebody(reader, person, with_helen):
    shown = now(reader("Amina Rahman"), with_helen(person("Longworth")))
    assert [one.name for one in shown.numbers] == ["Helen Doyle"]


def test_who_advises_about_a_disagreement_is_whom_the_plan_names(reader, peggy, decide, with_helen):
    decide(with_helen(peggy), "attempt", paper=True)
    shown = now(reader("Amina Rahman"), peggy)
    assert shown.disagreements
    assert all("Helen" not in one.whom_to_ask for one in shown.disagreements)


def test_what_is_kept_back_is_not_told_by_another_door(reader, peggy, with_helen):
    with_helen(peggy)
    access.seal_item(
        by=reader("Amina Rahman"), person_id=peggy.id, item="people_to_ring", hides_from="staff", why="safeguarding",
        words="Not to be rung.", until_on=timezone.localdate() + timedelta(days=30),
    )  # fmt: skip
    assert now(reader("Ruth Tannahill"), peggy).numbers == ()
