"""The person chooses who may see their plan, shows it with a code, and how their pages look."""

import re

import pytest
from django.urls import reverse

from ambit.access.actions import give_grant
from ambit.access.models import SharingDecision
from ambit.access.queries import answer_at_the_door, kept_back_from, operator
from ambit.mycare.models import Invitation, Preferences
from tests.mycare.test_plan_pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(ashworth):
    return reverse("who_may_see", args=[ashworth.id])


def test_only_the_practice_or_not_even_in_an_emergency(ashworth, own_page, address, reader):
    client = own_page("person")
    assert "Now: everybody who cares for you." in words(client.get(address))
    assert "whether you want resuscitation" in words(client.get(address))
    untold = client.post(address, {"do": "sharing", "outcome": "never"})
    assert untold.status_code == 422
    assert "Read what a paramedic will then not see" in words(untold)
    client.post(address, {"do": "sharing", "outcome": "never", "told": "on"})
    decision = SharingDecision.objects.get()
    assert (decision.not_even_in_emergency, decision.basis, decision.recorded_by) == (True, "person", "Peggy Ashworth")
    assert not answer_at_the_door(reader("Sam Okafor"), ashworth).emergency_may_open
    client.post(reverse("let_again", args=[ashworth.id, decision.id]))
    assert answer_at_the_door(reader("Sam Okafor"), ashworth).emergency_may_open


def test_one_organisation_and_one_part(ashworth, own_page, address, place, reader):
    give_grant(by=operator(), person_id=ashworth.id, kind="care_team", organisation_id=place["ZC1"].id)
    client = own_page("person")
    assert "Eskvale Community Nursing" in words(client.get(address))
    client.post(address, {"do": "part", "item": "what_matters"})
    assert set(kept_back_from(reader("community_nurse"), [ashworth.id])[ashworth.id]) == {"what_matters"}
    client.post(reverse("stop_organisation", args=[ashworth.id, place["ZC1"].id]))
    assert not answer_at_the_door(reader("community_nurse"), ashworth).is_open
    client.post(reverse("stop_organisation", args=[ashworth.id, place["ZH1"].id]))
    assert not SharingDecision.objects.filter(organisation=place["ZH1"]).exists()


@pytest.mark.parametrize("role", ["proxy", "carer"])
def test_nobody_chooses_for_the_person(ashworth, own_page, address, role):
    assert own_page(role).get(address).status_code == 403
    assert own_page(role).post(address, {"do": "sharing", "outcome": "objected"}).status_code == 403


def test_let_a_carer_see_and_end_it(ashworth, own_page, address):
    client = own_page("person")
    assert client.post(address, {"do": "carer", "name": ""}).status_code == 422
    shown = client.post(address, {"do": "carer", "name": "Joe Doyle"}, follow=True)
    assert "Your practice checks who they are" in words(shown)
    invitation = Invitation.objects.get()
    client.post(reverse("end_leave", args=[ashworth.id, invitation.id]))
    assert "Joe Doyle" not in words(client.get(address))


@pytest.mark.parametrize("role", ["person", "proxy"])
def test_show_code(ashworth, own_page, role):
    client = own_page(role)
    page = client.get(reverse("show_code", args=[ashworth.id]))
    assert "m-code" not in page.content.decode()
    shown = client.post(reverse("show_code", args=[ashworth.id])).content.decode()
    assert re.search(r'class="m-code">\w{4} \w{4}<', shown)
    assert "The code works no more" in words(
        client.post(reverse("show_code", args=[ashworth.id]), {"do": "stop"}, follow=True)
    )


def test_a_carer_shows_no_code(ashworth, own_page):
    assert own_page("carer").post(reverse("show_code", args=[ashworth.id])).status_code == 403


@pytest.mark.parametrize("role", ["person", "proxy", "carer"])
def test_choose_looks(ashworth, own_page, role):
    client = own_page(role)
    address = reverse("choose_looks", args=[ashworth.id])
    client.post(address, {"large": "on", "contrast": "on"})
    assert Preferences.objects.get().large
    assert 'class="a-person a-person--large a-person--contrast"' in client.get(address).content.decode()
    client.post(address, {})
    assert 'class="a-person "' in client.get(reverse("my_plan", args=[ashworth.id])).content.decode()
