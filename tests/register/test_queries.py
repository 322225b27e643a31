"""Who sees whom on the register."""

from datetime import date

import pytest

from ambit.people.models import Person
from ambit.register import actions, facts, queries

DAY = date(2026, 11, 21)


@pytest.fixture
def register(reader, person):
    for family_name, who, stage in (("Ashworth", "Amina Rahman", "weeks"), ("Longworth", "Amina Rahman", "months"),
                                    ("Preston", "Owen Shah", "a_year_or_more")):  # fmt: skip
        actions.add_to_register(by=reader(who), person=person(family_name), on=DAY, found_by="by_hand", stage=stage)


def names(rows):
    return [row.family_name for row in rows]


def test_a_practice_sees_its_own_in_one_statement(register, reader, django_assert_num_queries):
    gp = reader("Amina Rahman")
    with django_assert_num_queries(1):
        rows = queries.register_of(gp)
    assert names(rows) == ["Ashworth", "Longworth"]
    assert rows[0].nhs_number == "9997170326"
    assert names(queries.register_of(reader("Owen Shah"))) == ["Preston"]
    assert queries.register_of(reader("community_nurse")) == []


def test_filters(register, reader):
    gp = reader("Amina Rahman")
    assert names(queries.register_of(gp, stage="months")) == ["Longworth"]
    assert names(queries.register_of(gp, due_by=date(2026, 12, 10))) == ["Ashworth"]


def test_somebody_who_died_is_read_as_off_the_register(register, reader):
    gp = reader("Amina Rahman")
    ashworth = Person.objects.get(family_name="Ashworth")
    Person.objects.filter(pk=ashworth.pk).update(died_on=DAY)
    assert names(queries.register_of(gp)) == ["Longworth"]
    assert queries.entry_of(gp, ashworth.id) is None


def test_numbers_on_register_or_dead(register, reader, person):
    asked = {"9997170326", "9990000018", "9998887776"}
    assert queries.numbers_on_register(asked) == {"9997170326", "9990000018"}
    ashworth = Person.objects.get(family_name="Ashworth")
    actions.leave(by=reader("Amina Rahman"), person_id=ashworth.id, seen=1, reason="moved", on=DAY)
    assert queries.numbers_on_register(asked) == {"9990000018"}
    Person.objects.filter(pk=ashworth.pk).update(died_on=DAY)
    assert queries.numbers_on_register(asked) == {"9997170326", "9990000018"}


def test_facts_leave_out_mistakes(register, reader):
    gp = reader("Amina Rahman")
    ashworth = Person.objects.get(family_name="Ashworth")
    actions.leave(by=gp, person_id=ashworth.id, seen=1, reason="wrong", on=DAY)
    assert {fact.stage for fact in facts.times_on_register()} == {"months", "a_year_or_more"}
