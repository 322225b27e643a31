"""A concern is received by a named person and answered; it is never a dead letter."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.coordination.models import Task
from ambit.design.refusals import Refused
from ambit.mycare import actions, queries
from ambit.mycare.models import Concern
from tests.mycare.test_plan_pages import words

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def worry(by, person, **but):
    said = {"kind": "care", "words": "Nobody came on Sunday.", "on": TODAY, "key": uuid4()} | but
    return actions.raise_concern(by=by, person=person, **said)


@pytest.mark.parametrize("role", ["person", "proxy", "carer"])
def test_raise_receive_answer(ashworth, outside, reader, role):
    concern = worry(outside(role), ashworth)
    task = Task.objects.get(source_event=f"mycare.Concern/{concern.id}")
    assert (task.owner_organisation_id, task.due_on) == (ashworth.practice_id, concern.receive_by_on)
    gp = reader("gp")
    actions.receive_concern(by=gp, concern_id=concern.id)
    (seen,) = queries.concerns(outside(role), ashworth.id)
    assert seen.received_by == "Dr Amina Rahman, GP"
    actions.answer_concern(by=gp, concern_id=concern.id, answer="I am sorry. The rota was wrong.")
    (seen,) = queries.concerns(outside(role), ashworth.id)
    assert seen.answer == "I am sorry. The rota was wrong."
    task.refresh_from_db()
    assert task.done_at is not None
    assert set(AuditLine.objects.filter(about=ashworth.id).values_list("what", flat=True)) >= {
        "raised a concern",
        "received a concern",
        "answered a concern",
    }


@pytest.mark.parametrize(
    ("but", "field"),
    [({"words": " "}, "words"), ({"kind": "who_opened"}, "about"), ({"words": "x" * 4001}, "words")],
)
def test_what_cannot_be_raised(ashworth, outside, but, field):
    with pytest.raises(Refused) as refused:
        worry(outside("person"), ashworth, **but)
    assert list(refused.value.problems) == [field]
    assert not Concern.objects.exists()


def test_sent_twice_is_one(ashworth, outside):
    by, key = outside("person"), uuid4()
    assert worry(by, ashworth, key=key) == worry(by, ashworth, key=key)
    assert Task.objects.count() == 1


def test_who_opened_goes_to_the_privacy_officer_and_not_to_the_team(ashworth, outside, reader):
    concern = worry(outside("person"), ashworth, kind="who_opened", about="Sam Okafor, Northmarch Ambulance Service")
    assert not Task.objects.exists()
    with pytest.raises(NotAllowed):
        actions.answer_concern(by=reader("gp"), concern_id=concern.id, answer="It was I.")
    assert [row.about for row in queries.concerns_of_area(reader("privacy_officer"))] == [concern.about]
    actions.answer_concern(by=reader("privacy_officer"), concern_id=concern.id, answer="He was called out to you.")


def test_care_goes_to_the_team_and_not_to_others(ashworth, outside, reader):
    concern = worry(outside("person"), ashworth)
    assert queries.concerns_of_area(reader("privacy_officer")) == []
    assert queries.concerns_of_area(reader("Owen Shah")) == []
    with pytest.raises(NotAllowed):
        actions.receive_concern(by=reader("Owen Shah"), concern_id=concern.id)
    with pytest.raises(Refused):
        actions.answer_concern(by=reader("gp"), concern_id=concern.id, answer=" ")


def test_a_carer_cannot_ask_who_opened(ashworth, outside):
    with pytest.raises(NotAllowed):
        worry(outside("carer"), ashworth, kind="who_opened", about="Sam")


def test_a_failed_audit_undoes_the_concern_and_its_task(ashworth, outside, monkeypatch):
    def fails(**said):
        raise RuntimeError("disk full")

    by = outside("person")
    monkeypatch.setattr("ambit.mycare.actions.concerns.audit.record", fails)
    with pytest.raises(RuntimeError):
        worry(by, ashworth)
    assert not Concern.objects.exists()
    assert not Task.objects.exists()


def test_a_concern_nobody_read_is_late_on_both_sides(ashworth, own_page, client_as, outside):
    worry(outside("person"), ashworth)
    Concern.objects.update(receive_by_on=TODAY - timedelta(days=1))
    assert "too late: ring your practice" in words(own_page("person").get(reverse("raise_concern", args=[ashworth.id])))
    assert "1 concern should have been read by now" in client_as("gp").get(reverse("concerns")).content.decode()


def test_pages_from_worry_to_answer(ashworth, own_page, client_as, django_assert_max_num_queries):
    client = own_page("person")
    address = reverse("raise_concern", args=[ashworth.id])
    assert client.post(address, {"words": "", "key": str(uuid4())}).status_code == 422
    sent = client.post(address, {"words": "Nobody came on Sunday.", "key": str(uuid4())}, follow=True)
    assert "Somebody reads it by" in words(sent)
    concern = Concern.objects.get()
    gp = client_as("gp")
    answer = reverse("answer_concern", args=[concern.id])
    assert answer in gp.get(reverse("concerns")).content.decode()
    gp.post(answer, {"do": "receive", "answer": ""})
    assert "Dr Amina Rahman, GP has read it" in words(client.get(address))
    assert gp.post(answer, {"answer": ""}).status_code == 422
    gp.post(answer, {"answer": "I am sorry."})
    assert "I am sorry." in words(client.get(address))
    with django_assert_max_num_queries(14):
        client.get(address)


def test_do_not_know_lists_who_opened(ashworth, own_page, client_as):
    client_as("gp").get(reverse("plan", args=[ashworth.id]))
    client = own_page("person")
    address = reverse("do_not_know", args=[ashworth.id])
    assert "Dr Amina Rahman, Brackenhill Surgery" in words(client.get(address))
    assert client.post(address, {"about": "Nobody such", "key": str(uuid4())}).status_code == 422
    client.post(address, {"about": "Dr Amina Rahman, Brackenhill Surgery", "key": str(uuid4())})
    assert Concern.objects.get().kind == "who_opened"
