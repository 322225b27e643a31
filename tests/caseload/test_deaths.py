"""Deaths to close, and the closing of one record."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from ambit.access import actions as access
from ambit.caseload import deaths
from ambit.people import actions as people
from ambit.register import actions as register

TODAY = timezone.localdate()
WHOLE = {"outcome": "no_record", "medicines": "none", "documents": "none", "team": "told", "bereaved": "nobody"}


@pytest.fixture
def gp(reader):
    return reader("Amina Rahman")


@pytest.fixture
def died(gp, person):
    """Somebody of the cast dies on the register, at home, some days ago."""

    def dies(family_name, days_ago=1):
        somebody = person(family_name)
        register.add_to_register(
            by=gp, person=somebody, on=TODAY - timedelta(days=50), found_by="by_hand", stage="weeks"
        )
        on = TODAY - timedelta(days=days_ago)
        people.record_death(by=gp, person_id=somebody.id, seen=somebody.version, died_on=on, place="21")
        somebody.refresh_from_db()
        return somebody

    return dies


def test_the_list_says_what_each_still_lacks(client_as, gp, died, django_assert_num_queries):
    ashworth, longworth = died("Ashworth", 9), died("Longworth", 1)
    with django_assert_num_queries(9):
        found = deaths.deaths(gp)
    assert [row.person_id for row in found.to_close] == [longworth.id, ashworth.id]
    browser = client_as("Amina Rahman")
    shown = browser.get("/caseload/deaths/").text
    assert "2 of 2 deaths are still to be closed" in shown
    assert "1 of 7" in shown
    assert "Proposed: No record" in shown
    assert "Deaths to close" in browser.get("/caseload/").text
    assert "Nobody on your register has died" in client_as("Owen Shah").get("/caseload/deaths/").text
    assert client_as("practice_administrator").get("/caseload/deaths/").status_code == 403


def test_close_record(client_as, died, gp):
    ashworth = died("Ashworth")
    browser, where = client_as("Amina Rahman"), f"/caseload/deaths/{ashworth.id}/"
    shown = browser.get(where).text
    assert "6 of 7 things are still to be answered" in shown
    assert "49 days" in shown
    assert "Child death review" not in shown
    refused = browser.post(where, {"key": str(uuid4())})
    assert refused.status_code == 422
    assert "Choose the answer that is true." in refused.text
    assert browser.post(where, WHOLE | {"key": str(uuid4()), "emergency_visits": "2"}).status_code == 302
    again = browser.get(where).text
    assert "1 of 7 things is still to be answered" in again
    assert "Verification of death" in again
    assert deaths.deaths(gp).to_close[0].closing.closure.emergency_visits == 2
    assert client_as("Owen Shah").get(where).status_code == 403


def test_where_they_wanted_to_be_is_kept_back_here_too(client_as, died, reader, gp):
    """H6: what the person keeps back from a service does not come back to it through their death."""
    ashworth = died("Ashworth")
    nurse = reader("Ruth Tannahill")
    access.give_grant(
        by=gp, person_id=ashworth.id, kind="care_team", organisation_id=nurse.organisation_id, basis="cares for them"
    )
    browser, where = client_as("Ruth Tannahill"), f"/caseload/deaths/{ashworth.id}/"
    assert browser.get(where).status_code == 200
    access.record_objection(
        by=gp, person_id=ashworth.id, basis="best_interests", decided_by="Dr Rahman", scope="item", item="place_of_care",
        informed_on=TODAY,
    )  # fmt: skip
    assert browser.get(where).status_code == 403
    assert "ASHWORTH" not in browser.get("/caseload/deaths/").text
    assert client_as("Amina Rahman").get(where).status_code == 200


def test_the_living_are_not_closed(client_as, person):
    assert client_as("Amina Rahman").get(f"/caseload/deaths/{person().id}/").status_code == 404
