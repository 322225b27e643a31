"""H16: every page of the person's side, as each kind of reader, in each state: nothing they have not been told."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.access.actions import end_grant
from ambit.access.models import Grant
from ambit.access.queries import operator
from ambit.access.routes import routes
from ambit.people import actions as people
from ambit.register import actions as register
from tests.mycare.test_plan_pages import decide, words

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
WHO = ["person", "proxy", "carer"]
TAKES_WORDS = {"section_id": "what_matters"}
# what nobody learns from a page: that they are on the register, why, at which stage; a decision not talked about
SECRETS = ("register", "quokka", "weeks", "prognosis", "candidate", "will not be given", "platypus")


def pages(person):
    """Every address of the person's side about this person that can be read."""
    for route in routes():
        if route.address.startswith("/my-care/<uuid:person_id>/"):
            parts = {"person_id": person.id} | TAKES_WORDS
            address = route.address
            for name, value in parts.items():
                address = address.replace(f"<uuid:{name}>", str(value)).replace(f"<slug:{name}>", str(value))
            for other in ("proposal_id", "decision_id", "organisation_id", "invitation_id"):
                address = address.replace(f"<uuid:{other}>", str(uuid4()))
            yield address


@pytest.mark.parametrize("told", [False, True], ids=["not told", "told"])
@pytest.mark.parametrize("role", WHO)
def test_no_page_tells_what_was_not_talked_about(ashworth, own_page, reader, role, told):
    register.add_to_register(
        by=reader("gp"), person=ashworth, on=TODAY, found_by="case_finding", stage="weeks", told=told, reason="Quokka"
    )
    decide(reader("gp"), ashworth, talked="harm", why="Platypus")
    client = own_page(role)
    said = {address: client.get(address) for address in pages(ashworth)}
    assert len(said) >= 15
    told_too_much = [
        (address, secret)
        for address, answer in said.items()
        if answer.status_code == 200
        for secret in SECRETS
        if secret in words(answer).lower()
    ]
    assert told_too_much == []
    assert [address for address, answer in said.items() if answer.status_code >= 500] == []


@pytest.mark.parametrize("role", WHO)
@pytest.mark.parametrize("ended", ["death", "grant"])
def test_every_page_is_closed_once_access_has_ended(ashworth, own_page, role, ended):
    client = own_page(role)
    assert client.get(reverse("my_plan", args=[ashworth.id])).status_code == 200
    if ended == "death":
        people.record_death(by=operator(), person_id=ashworth.id, seen=ashworth.version, died_on=TODAY, place="21")
    elif role == "person":
        pytest.skip("the person's own sign-in has no grant")
    else:
        end_grant(by=operator(), grant_id=Grant.objects.get(kind=role).pk)
    answers = {client.get(address).status_code for address in pages(ashworth)}
    assert answers <= {403, 405}
