"""Somebody lives elsewhere: the plan is looked at again; and every overdue review is listed when the clock moves (H13)."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from ambit.access import actions as access
from ambit.caseload import queries as caseload
from ambit.coordination.models import Task
from ambit.coordination.reactions import ask_to_look_again
from ambit.coordination.rules import LOOK_AGAIN
from ambit.events.models import OutboxEvent
from ambit.people import actions as people
from ambit.people.events import PersonMoved
from ambit.people.rules import Home
from ambit.register import actions as register

TODAY = timezone.localdate()


@pytest.fixture
def gp(reader):
    return reader("Amina Rahman")


def moves(person, gp, lines="Ferry View, Eskmouth"):
    person.refresh_from_db()
    people.move_house(by=gp, person_id=person.id, seen=person.version, home=Home(lines=lines, postcode="NM2 1AQ"))
    person.refresh_from_db()


def test_whoever_moves_has_their_plan_looked_at_again(gp, person, place):
    ashworth = person()
    moves(ashworth, gp)
    assert not OutboxEvent.objects.filter(name__endswith="PersonMoved").exists()  # the first address is no move
    moves(ashworth, gp, "4 Mill Rise")
    access.move_home(by=gp, person_id=ashworth.id, seen=ashworth.version, residence_id=place["ZCH1"].id, moved_on=TODAY)
    assert OutboxEvent.objects.filter(name__endswith="PersonMoved").count() == 2
    moved = PersonMoved(person_id=ashworth.id, version=3)
    ask_to_look_again(moved)
    assert not Task.objects.exists()  # not on the register: nobody is asked
    register.add_to_register(by=gp, person=ashworth, on=TODAY, found_by="by_hand", stage="weeks")
    for version in (3, 3, 4):
        ask_to_look_again(PersonMoved(person_id=ashworth.id, version=version))
    assert [task.what for task in Task.objects.all()] == [LOOK_AGAIN]


@pytest.mark.parametrize("later", [0, 15, 43, 91, 400])
def test_the_clock_moves_and_every_overdue_review_is_listed(gp, person, later):
    stages = {"Ashworth": ("weeks", 14), "Longworth": ("a_year_or_more", 90)}
    for family_name, (stage, _within) in stages.items():
        register.add_to_register(by=gp, person=person(family_name), on=TODAY, found_by="by_hand", stage=stage)
    on: date = TODAY + timedelta(days=later)
    late = {row.family_name for row in caseload.caseload(gp, on=on).rows if caseload.FILTERS["review_late"](row)}
    assert late == {name for name, (_stage, within) in stages.items() if later > within}
