"""Somebody is asked to settle what disagrees, once while it is open, and nobody about the dead (H5)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from ambit.careplan import actions as careplan
from ambit.careplan.events import DisagreementFound
from ambit.coordination.models import Task
from ambit.coordination.reactions import ask_to_settle
from ambit.coordination.rules import BRING_MEDICINES_HOME, SETTLE, SOMEBODY_AT_NIGHT
from ambit.events.delivery import deliver_due
from ambit.people.models import Person
from ambit.register.actions import add_to_register

TODAY = timezone.localdate()


@pytest.fixture
def gp(reader):
    return reader("gp")


def refuse_cpr(gp, person):
    said = {
        "form": "refusal", "treatments": ["cpr"], "in_writing": "yes", "signed": "person", "at_risk": "yes",
        "witnessed": "no", "made_on": TODAY,
    }  # fmt: skip
    return careplan.record_directive(
        by=gp, person=person, kind="advance_decision", source="made_here", said=said, on=TODAY, key=uuid4()
    )


def attempt(gp, person):
    form = careplan.CPRForm(reading="attempt", made_on=TODAY, talked="person", decided_by="Dr Amina Rahman")
    return careplan.make_cpr_decision(by=gp, person=person, form=form, replaces=(), on=TODAY, key=uuid4())


def open_tasks(what=SETTLE):
    return list(Task.objects.filter(what=what, done_at=None))


def test_what_disagrees_is_asked_to_be_settled_once(gp, person):
    ashworth = person()
    attempt(gp, ashworth)
    refuse_cpr(gp, ashworth)
    deliver_due()
    (task,) = open_tasks()
    assert (task.owner_organisation, task.due_on, task.person) == (ashworth.practice, TODAY, ashworth)
    refuse_cpr(gp, ashworth)
    deliver_due()
    assert open_tasks() == [task]


def test_it_is_asked_again_for_other_documents_once_it_was_settled(gp, person):
    ashworth = person()
    refuse_cpr(gp, ashworth)
    deliver_due()
    Task.objects.update(done_at=timezone.now())
    attempt(gp, ashworth)
    deliver_due()
    assert len(open_tasks()) == 1


def test_nobody_is_asked_about_the_dead(gp, person):
    ashworth = person()
    refuse_cpr(gp, ashworth)
    Person.objects.update(died_on=TODAY)
    deliver_due()
    assert open_tasks() == []


def test_who_wrote_it_is_asked_where_there_is_no_practice(gp, person, place):
    ashworth = person()
    Person.objects.update(practice=None)
    found = DisagreementFound(person_id=ashworth.id, key="cpr:x", kind="cpr", organisation_id=place["ZHS"].id)
    ask_to_settle(found)
    ask_to_settle(found)
    (task,) = open_tasks()
    assert task.owner_organisation == place["ZHS"]
    ask_to_settle(DisagreementFound(person_id=ashworth.id, key="cpr:y", kind="cpr", organisation_id=None))
    assert len(open_tasks()) == 1


@pytest.mark.parametrize(("stage", "asked"), [("days", 1), ("weeks", 1), ("months", 0)])
@pytest.mark.parametrize(("kind", "what"), [("home", BRING_MEDICINES_HOME), ("night", SOMEBODY_AT_NIGHT)])
def test_what_is_missing_at_home_is_asked_for_when_days_or_weeks_are_left(gp, person, stage, asked, kind, what):
    ashworth = person()
    add_to_register(by=gp, person=ashworth, on=TODAY - timedelta(days=1), found_by="by_hand", stage=stage, told=True)
    ask_to_settle(DisagreementFound(person_id=ashworth.id, key=kind, kind=kind, organisation_id=None))
    assert len(open_tasks(what)) == asked
