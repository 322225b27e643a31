"""A worklist shows exactly the tasks about those whom the reader may open."""

from datetime import date

import pytest

from ambit.access.actions import give_grant
from ambit.access.queries import of_their_people, operator, people_of
from ambit.coordination.actions import raise_task
from ambit.coordination.models import Task
from ambit.coordination.queries import Owner


@pytest.mark.parametrize("who", ["Amina Rahman", "Owen Shah", "Ruth Tannahill", "Niall Byrne", "operator"])
def test_of_their_people_is_people_of(reader, person, who):
    nurses = reader("Ruth Tannahill").organisation_id
    for family_name in ("Ashworth", "Longworth", "Preston"):
        somebody = person(family_name)
        owner = Owner(name="Brackenhill Surgery", organisation_id=reader("gp").organisation_id)
        raise_task(by=operator(), what=family_name, owner=owner, person_id=somebody.id, due_on=date(2026, 11, 21))
    give_grant(by=operator(), person_id=person("Preston").id, kind="care_team", organisation_id=nurses)
    them = reader(who)
    shown = set(Task.objects.filter(of_their_people(them)).values_list("person_id", flat=True))
    assert shown == set(people_of(them).values_list("id", flat=True))
