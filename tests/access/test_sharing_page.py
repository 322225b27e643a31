"""The page on which somebody's decision about their record is shown, recorded and withdrawn."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.access.models import SharingDecision
from ambit.access.rules import what_a_paramedic_will_not_see


@pytest.fixture
def sharing(client_as, person):
    return client_as("gp"), reverse("sharing", args=[person("Ashworth").pk])


def decision(**changed):
    today = timezone.localdate()
    return {
        "outcome": "objected",
        "basis": "person",
        "informed_on-day": today.day,
        "informed_on-month": today.month,
        "informed_on-year": today.year,
        **changed,
    }


def test_what_a_paramedic_will_not_see_stands_on_the_page_before_anything_is_recorded(sharing):
    client, address = sharing
    said = client.get(address).content.decode()
    assert "No decision is recorded" in said
    for words in what_a_paramedic_will_not_see():
        assert words in said


def test_the_person_page_leads_here_for_who_may_record_it(sharing):
    client, address = sharing
    person = address.removesuffix("sharing/")
    assert address in client.get(person).content.decode()


def test_an_objection_is_recorded_shown_and_withdrawn(sharing):
    client, address = sharing
    assert client.post(address, decision()).status_code == 302
    row = SharingDecision.objects.get()
    assert (row.outcome, row.scope, row.not_even_in_emergency) == ("objected", "whole_record", False)
    said = client.get(address).content.decode()
    assert "Objected" in said
    withdraw = reverse("withdraw_objection", args=[row.person_id, row.pk])
    assert withdraw in said
    for _twice in range(2):
        assert client.post(withdraw).status_code == 302
    row.refresh_from_db()
    assert row.ended_at is not None
    assert "Decisions before" in client.get(address).content.decode()


def test_not_even_in_an_emergency_asks_that_the_person_was_told(sharing):
    client, address = sharing
    refused = client.post(address, decision(outcome="never"))
    assert refused.status_code == 422
    assert "First tell the person" in refused.content.decode()
    assert not SharingDecision.objects.exists()
    assert client.post(address, decision(outcome="never", told_what_would_not_be_seen="on")).status_code == 302
    assert SharingDecision.objects.get().not_even_in_emergency
    assert "not even in an emergency" in client.get(address).content.decode()


def test_agreeing_ends_what_stood(sharing):
    client, address = sharing
    client.post(address, decision())
    assert client.post(address, decision(outcome="agreed")).status_code == 302
    assert SharingDecision.objects.get(ended_at=None).outcome == "agreed"


def test_a_decision_by_somebody_else_names_them(sharing):
    client, address = sharing
    refused = client.post(address, decision(basis="attorney"))
    assert refused.status_code == 422
    assert "Give the name of who decided for the person." in refused.content.decode()


def test_no_other_decision_is_withdrawn_from_here(sharing):
    client, address = sharing
    client.post(address, decision())
    row = SharingDecision.objects.get()
    assert client.post(reverse("withdraw_objection", args=[row.person_id, row.person_id])).status_code == 404
    row.refresh_from_db()
    assert row.ended_at is None


def test_who_may_not_record_it_does_not_see_it(client_as, person):
    assert client_as("auditor").get(reverse("sharing", args=[person("Ashworth").pk])).status_code == 403


def test_one_section_is_kept_from_one_organisation(sharing, place, person):
    from ambit.access.actions import give_grant
    from ambit.access.queries import operator

    client, address = sharing
    hospice = place["ZHS"]
    give_grant(by=operator(), person_id=person("Ashworth").id, kind="care_team", organisation_id=hospice.id)
    assert client.post(address, decision(item="what_matters", organisation_id=str(hospice.id))).status_code == 302
    row = SharingDecision.objects.get()
    assert (row.scope, row.item, row.organisation_id) == ("item", "what_matters", hospice.id)
    assert "Merrowdale Hospice" in client.get(address).content.decode()
    assert client.post(address, decision(item="no_such_part")).status_code == 422
