"""The register's pages."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ambit.people.models import Person
from ambit.register import actions
from ambit.register.models import RegisterEntry

TODAY = timezone.localdate()


@pytest.fixture
def entry(reader, person):
    return actions.add_to_register(
        by=reader("gp"), person=person(), on=TODAY - timedelta(days=60), found_by="by_hand", stage="months"
    )


def test_register(client_as, entry):
    answer = client_as("gp").get("/register/")
    assert "1 of 1 people on the register is late for review" in answer.text
    assert "ASHWORTH, Margaret Jean" in answer.text
    assert "ASHWORTH" not in client_as("Owen Shah").get("/register/").text
    assert "Nobody here" in client_as("gp").get("/register/?stage=days").text


def test_register_entry(client_as, entry):
    gp = client_as("gp")
    where = f"/register/people/{entry.person_id}/"
    assert "On the register since" in gp.get(where).text
    assert gp.post(where, {"do": "stage", "seen": 1, "stage": "weeks", "reason": "Weaker"}).status_code == 302
    stale = gp.post(where, {"do": "stage", "seen": 1, "stage": "days", "reason": "Dying"})
    assert stale.status_code == 409
    assert "Nothing was saved" in stale.text
    wrong = gp.post(where, {"do": "leave", "seen": 2, "reason": ""})
    assert wrong.status_code == 422
    assert gp.post(where, {"do": "told", "seen": 2}).status_code == 302
    assert gp.post(where, {"do": "leave", "seen": 3, "reason": "moved"}).status_code == 302
    off = gp.get(where).text
    assert "Not on the register" in off
    assert "moved away" in off
    assert client_as("Owen Shah").get(where).status_code == 403


def test_add_to_register(client_as, person):
    ashworth = person()
    gp = client_as("gp")
    where = f"/register/people/{ashworth.id}/add/"
    assert "Add to the register" in gp.get(where).text
    said = {"stage": "weeks", "found_by": "referral", "reason": "Letter from hospital", "told": "on"}
    nameless = gp.post(where, said)
    assert nameless.status_code == 422
    assert "Write who referred" in nameless.text
    said["referred_by"] = "Mr Castell, Eskmouth General Hospital"
    assert gp.post(where, said).status_code == 302
    again = gp.post(where, said)
    assert again.status_code == 422
    assert "on the register already" in again.text
    entry = RegisterEntry.objects.get()
    assert (entry.stage, entry.referred_by) == ("weeks", "Mr Castell, Eskmouth General Hospital")
    assert "Referral: Mr Castell, Eskmouth General Hospital" in gp.get(f"/register/people/{ashworth.id}/").text


def test_nobody_dead_is_changed(client_as, entry):
    Person.objects.update(died_on=TODAY)
    shown = client_as("gp").get(f"/register/people/{entry.person_id}/").text
    assert "On the register until" in shown
    assert "last stage months" in shown
    assert "Change the stage" not in shown
    assert "Add to the register" not in shown
