"""Pages about tasks and coordinators."""

from uuid import uuid4

import pytest
from django.utils import timezone

from ambit.coordination import actions, queries
from ambit.coordination.actions import Owner
from ambit.coordination.models import Task
from ambit.organisations.models import Membership

TODAY = timezone.localdate()


@pytest.fixture
def raised(reader, person):
    gp = reader("gp")
    owner = Owner(name="Brackenhill Surgery", organisation_id=gp.organisation_id)
    return actions.raise_task(by=gp, what="Ring the family", owner=owner, person_id=person().id, due_on=TODAY)


def test_tasks(client_as, raised):
    gp = client_as("gp")
    assert "1 open task, none overdue" in gp.get("/tasks/").text
    assert "Nothing to do here" in gp.get("/tasks/?show=mine").text
    assert "Ring the family" not in client_as("community_nurse").get("/tasks/").text
    assert client_as("analyst").get("/tasks/").status_code == 403


def test_task_take_hand_over_and_do(client_as, account_of, raised):
    gp = client_as("gp")
    where = f"/tasks/{raised.id}/"
    assert "Ring the family" in gp.get(where).text
    assert gp.post(where + "take/", {"seen": 1}).status_code == 302
    stale = gp.post(where + "do/", {"seen": 1, "note": "Rang Helen"})
    assert stale.status_code == 409
    assert "Rang Helen" in stale.text
    assert gp.post(where + "do/", {"seen": 2, "note": ""}).status_code == 422
    pat = account_of("Pat Moorhouse")
    assert gp.post(where + "hand-over/", {"seen": 2, "to": f"account:{pat.pk}", "note": "x"}).status_code == 302
    other = account_of("Owen Shah")
    refused = client_as("Pat Moorhouse").post(where + "hand-over/", {"seen": 3, "to": f"account:{other.pk}"})
    assert refused.status_code == 422
    assert client_as("Pat Moorhouse").post(where + "do/", {"seen": 3, "note": "Rang Helen"}).status_code == 302
    assert Task.objects.get().done_at is not None
    assert client_as("Owen Shah").get(where).status_code == 404


def test_raise_task_sent_twice_is_one(client_as, reader, person):
    somebody = person()
    gp = client_as("gp")
    where = f"/tasks/people/{somebody.id}/raise/"
    said = {"key": str(uuid4()), "what": "Bed", "owner": f"organisation:{reader('gp').organisation_id}"}
    assert gp.get(where).status_code == 200
    assert gp.post(where, said).status_code == gp.post(where, said).status_code == 302
    assert Task.objects.count() == 1
    assert "Bed" in gp.get(f"/tasks/people/{somebody.id}/").text


def test_name_coordinator(client_as, reader, person):
    somebody = person()
    gp = client_as("gp")
    where = f"/tasks/people/{somebody.id}/coordinator/"
    assert "Name a coordinator" in gp.get(where).text
    outside = Membership.objects.get(staff__name="Sofia Quayle")
    assert gp.post(where, {"membership_id": str(outside.id)}).status_code == 422
    own = Membership.objects.get(staff__name="Amina Rahman")
    assert gp.post(where, {"membership_id": str(own.id)}).status_code == 302
    assert queries.coordinator_of(reader("gp"), somebody.id).name == "Dr Amina Rahman"
    assert "Dr Amina Rahman coordinates" in gp.get(f"/tasks/people/{somebody.id}/").text
    stale = gp.post(where, {"membership_id": str(own.id), "seen": ""})
    assert stale.status_code == 409
