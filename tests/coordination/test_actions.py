"""Tasks raised, taken, handed over and done; a coordinator asked for and named."""

from datetime import date

import pytest
from django.utils import timezone

from ambit.access.queries import NotAllowed, people_of
from ambit.audit.models import AuditLine
from ambit.coordination import actions, queries, reactions
from ambit.coordination.models import Coordinator, Task
from ambit.coordination.queries import Owner
from ambit.design.refusals import Refused, Stale
from ambit.organisations.models import Membership
from ambit.people import actions as people
from ambit.people.models import Person
from ambit.register import actions as register
from ambit.register.events import PersonJoined, PersonTold

DAY = date(2026, 11, 21)


@pytest.fixture
def gp(reader):
    return reader("Amina Rahman")


@pytest.fixture
def practice(gp):
    return Owner(name="Brackenhill Surgery", organisation_id=gp.organisation_id)


@pytest.fixture
def raised(gp, practice, person):
    return actions.raise_task(by=gp, what="Ring the family", owner=practice, person_id=person().id, due_on=DAY)


def membership_of(name):
    return Membership.objects.get(staff__name=name)


def joined(entry, *, told):
    return PersonJoined(
        entry_id=entry.id, person_id=entry.person_id, practice_id=entry.person.practice_id, joined_on=DAY,
        found_by=entry.found_by, told=told,
    )  # fmt: skip


def test_raise_take_and_do(gp, raised):
    actions.take_task(by=gp, task_id=raised.id, seen=1)
    actions.do_task(by=gp, task_id=raised.id, seen=2, note="Spoke to Helen")
    page = queries.task(gp, raised.id)
    assert [step.kind for step in page.steps] == ["Raised", "Taken", "Done"]
    assert page.steps[-1].note == "Spoke to Helen"
    assert page.done_at is not None
    assert queries.worklist(gp, on=DAY).total == 0
    assert AuditLine.objects.filter(what="did a task", about=raised.person_id).exists()


def test_an_event_raises_its_task_once(gp, practice):
    first = actions.raise_task(by=gp, what="Do it", owner=practice, source_event="x/1")
    assert actions.raise_task(by=gp, what="Do it", owner=practice, source_event="x/1") == first
    assert Task.objects.count() == 1


def test_a_stale_task_is_refused(gp, raised):
    actions.take_task(by=gp, task_id=raised.id, seen=1)
    with pytest.raises(Stale) as stale:
        actions.do_task(by=gp, task_id=raised.id, seen=1, note="Done by me")
    assert "Taken by Dr Amina Rahman" in stale.value.saved
    assert stale.value.yours == "Done by me"


def test_a_task_is_done_once_and_with_a_note(gp, raised):
    with pytest.raises(Refused) as refused:
        actions.do_task(by=gp, task_id=raised.id, seen=1, note=" ")
    assert "note" in refused.value.problems
    actions.do_task(by=gp, task_id=raised.id, seen=1, note="Done")
    with pytest.raises(Refused, match="done already"):
        actions.do_task(by=gp, task_id=raised.id, seen=2, note="Again")


def test_another_organisation_cannot_touch_it(reader, raised):
    with pytest.raises(Refused, match="not on your list"):
        actions.take_task(by=reader("community_nurse"), task_id=raised.id, seen=1)
    with pytest.raises(NotAllowed):
        actions.take_task(by=reader("analyst"), task_id=raised.id, seen=1)


def test_hand_over(gp, reader, account_of, raised):
    to = Owner(name="Pat Moorhouse", account_id=account_of("Pat Moorhouse").pk)
    actions.hand_over(by=gp, task_id=raised.id, seen=1, to=to, note="You know her")
    assert queries.worklist(gp, on=DAY).total == 0
    assert queries.worklist(reader("Pat Moorhouse"), on=DAY, show="mine").total == 1


def test_nothing_is_raised_when_the_audit_line_fails(gp, practice, monkeypatch):
    def fails(**_):
        raise OSError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(OSError, match="disk full"):
        actions.raise_task(by=gp, what="Ring", owner=practice)
    assert not Task.objects.exists()


def test_joining_asks_the_place_once_and_opens_the_record_to_those_asked(gp, reader, person):
    bea = reader("care_coordinator")
    entry = register.add_to_register(by=gp, person=person(), on=DAY, found_by="by_hand", told=True)
    assert not people_of(bea).exists()
    for _ in range(2):
        reactions.ask_for_a_coordinator(joined(entry, told=True))
    assert people_of(bea).get().id == entry.person_id
    assert [row.what for row in queries.worklist(bea, on=DAY).rows] == ["Name a coordinator"]
    assert Task.objects.count() == 1


def test_nothing_leaves_the_practice_before_the_person_knows(gp, reader, person):
    bea = reader("care_coordinator")
    entry = register.add_to_register(by=gp, person=person(), on=DAY, found_by="by_hand", told=False)
    reactions.ask_for_a_coordinator(joined(entry, told=False))
    assert not people_of(bea).exists()
    assert queries.worklist(gp, on=DAY).rows[0].what.startswith("Tell the person")
    told = PersonTold(entry_id=entry.id, person_id=entry.person_id, practice_id=entry.person.practice_id, told_on=DAY)
    for _ in range(2):
        reactions.ask_once_told(told)
    assert people_of(bea).get().id == entry.person_id
    assert Task.objects.count() == 2


def test_name_coordinator_gives_access_and_replacing_takes_it(gp, reader, person):
    ashworth = person()
    register.add_to_register(by=gp, person=ashworth, on=DAY, found_by="by_hand")
    assert queries.people_without_a_coordinator(gp) == [ashworth.id]
    bea, quayle = reader("care_coordinator"), reader("palliative_specialist")
    first = actions.name_coordinator(
        by=gp, person_id=ashworth.id, membership_id=membership_of("Bea Lindqvist").id, seen=None
    )
    assert people_of(bea).exists()
    assert queries.people_without_a_coordinator(gp) == []
    assert queries.coordinator_of(gp, ashworth.id).name == "Bea Lindqvist"
    with pytest.raises(Stale) as stale:
        actions.name_coordinator(
            by=gp, person_id=ashworth.id, membership_id=membership_of("Sofia Quayle").id, seen=None
        )
    assert (stale.value.saved, stale.value.yours) == ("Bea Lindqvist", "Dr Sofia Quayle")
    actions.name_coordinator(
        by=gp, person_id=ashworth.id, membership_id=membership_of("Sofia Quayle").id, seen=first.id
    )
    assert not people_of(bea).exists()
    assert people_of(quayle).exists()
    assert Coordinator.objects.filter(until_at=None).count() == 1


def test_a_former_member_of_staff_cannot_be_named(gp, person):
    membership = membership_of("Bea Lindqvist")
    Membership.objects.filter(pk=membership.pk).update(until_on=date(2025, 1, 1))
    with pytest.raises(Refused) as refused:
        actions.name_coordinator(by=gp, person_id=person().id, membership_id=membership.id, seen=None)
    assert "membership_id" in refused.value.problems


def test_tasks_stop_when_somebody_has_died(gp, raised):
    assert queries.worklist(gp, on=DAY).total == 1
    Person.objects.filter(pk=raised.person_id).update(died_on=timezone.localdate())
    assert queries.worklist(gp, on=DAY).total == 0
    assert queries.open_tasks_about(gp, raised.person_id, on=DAY) == ()


def test_naming_a_coordinator_does_the_task_that_asked_for_one(gp, reader, person):
    entry = register.add_to_register(by=gp, person=person(), on=DAY, found_by="by_hand", told=True)
    reactions.ask_for_a_coordinator(joined(entry, told=True))
    by_hand = actions.raise_task(
        by=gp, what="Name a coordinator", owner=Owner(name="", organisation_id=gp.organisation_id),
        person_id=entry.person_id, source_event="page/1",
    )  # fmt: skip
    bea = membership_of("Bea Lindqvist")
    actions.name_coordinator(by=gp, person_id=entry.person_id, membership_id=bea.id, seen=None)
    asked = Task.objects.get(source_event__startswith="register.")
    assert asked.done_at is not None
    assert asked.steps.get(kind="done").note == "Bea Lindqvist coordinates."
    assert Task.objects.get(done_at=None) == by_hand


def test_somebody_named_before_the_event_is_heard_is_not_asked_for_again(gp, reader, person):
    entry = register.add_to_register(by=gp, person=person(), on=DAY, found_by="by_hand", told=True)
    quayle = membership_of("Sofia Quayle")
    actions.name_coordinator(by=gp, person_id=entry.person_id, membership_id=quayle.id, seen=None)
    reactions.ask_for_a_coordinator(joined(entry, told=True))
    assert not Task.objects.exists()
    assert not people_of(reader("care_coordinator")).exists()


def test_telling_the_person_stays_to_be_done_when_a_coordinator_is_named_first(gp, person):
    entry = register.add_to_register(by=gp, person=person(), on=DAY, found_by="by_hand", told=False)
    reactions.ask_for_a_coordinator(joined(entry, told=False))
    pat = membership_of("Amina Rahman")
    actions.name_coordinator(by=gp, person_id=entry.person_id, membership_id=pat.id, seen=None)
    assert Task.objects.get(done_at=None).what == "Tell the person they are on the register"
    type(entry).objects.update(told=True)
    told = PersonTold(entry_id=entry.id, person_id=entry.person_id, practice_id=entry.person.practice_id, told_on=DAY)
    reactions.ask_once_told(told)
    assert not Task.objects.filter(done_at=None).exists()


def test_death_stops_every_task_and_nobody_is_asked_for_anything(gp, reader, raised, practice):
    """H12: the dead are not contacted, and nothing that was asked for before is carried on."""
    entry = register.add_to_register(by=gp, person=raised.person, on=DAY, found_by="by_hand", told=True)
    ashworth = raised.person
    people.record_death(by=gp, person_id=ashworth.id, seen=ashworth.version, died_on=timezone.localdate(), place="21")
    reactions.ask_for_a_coordinator(joined(entry, told=True))
    assert Task.objects.get() == raised
    assert not people_of(reader("care_coordinator")).exists()
    assert queries.worklist(gp, on=DAY).total == 0
    assert queries.open_tasks_about(gp, ashworth.id, on=DAY) == ()
    assert queries.seen_to(gp, [ashworth.id])[ashworth.id].tasks == ()
    bea = membership_of("Bea Lindqvist")
    for act, said in (
        (actions.raise_task, {"what": "Ring", "owner": practice, "person_id": ashworth.id}),
        (actions.take_task, {"task_id": raised.id, "seen": 1}),
        (actions.do_task, {"task_id": raised.id, "seen": 1, "note": "Rang"}),
        (actions.name_coordinator, {"person_id": ashworth.id, "membership_id": bea.id, "seen": None}),
    ):
        with pytest.raises(Refused, match="died on"):
            act(by=gp, **said)
