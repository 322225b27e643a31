"""The public page of a plan: off until the place switches it on, and nothing of a person on it."""

import pytest
from django.test import Client
from django.urls import reverse

from ambit.access.queries import NotAllowed
from ambit.audit.models import AuditLine
from ambit.design.refusals import Refused, Stale
from ambit.improvement import actions, queries
from ambit.improvement.models import Plan
from ambit.improvement.rules.plans import ActionSaid, MilestoneSaid
from ambit.improvement.rules.publishing import personal_in
from ambit.measures import evidence as measures
from ambit.measures import queries as indicators
from ambit.measures.queries import Shown
from ambit.measures.rules.periods import Month
from tests.improvement.conftest import keep
from tests.improvement.test_plan_pages import text_of

SAID = {"Amina Rahman", "Ruth Tannahill"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Name a lead", ""),
        ("Ask amina  RAHMAN first", "names amina RAHMAN"),
        ("Dr Amina Rahman’s list", "names Amina Rahman"),
        ("Rahmanabad", ""),
        ("Write to a.rahman@eskvale.example", "has the address a.rahman@eskvale.example"),
        ("Ring 999 123 4567", "has a number of ten figures"),
        ("1 April 2026 to 31 March 2028", ""),
        ("Q4 2026/27", ""),
        ("", ""),
    ],
)
def test_what_is_personal_in_words(words, why):
    assert personal_in({"one": words}, SAID).get("one", "") == why


@pytest.fixture
def plan(plan_to_publish):
    return plan_to_publish


def sign(lead, plan):
    seen = queries.state_of_table(Plan.objects.get(pk=plan.pk))
    return actions.sign_table(by=lead, plan_id=plan.pk, seen=seen, words="", share=False)


def public(plan):
    return Client().get(reverse("published_plan", args=(plan.pk,)))


def test_it_is_off_until_the_place_says_so_and_each_time_anew(lead, plan):
    assert public(plan).status_code == 404
    with pytest.raises(Refused, match="Sign the plan first"):
        actions.publish_plan(by=lead, plan_id=plan.pk, version=1)
    sign(lead, plan)
    assert public(plan).status_code == 404
    with pytest.raises(Stale):
        actions.publish_plan(by=lead, plan_id=plan.pk, version=2)
    actions.publish_plan(by=lead, plan_id=plan.pk, version=1)
    assert AuditLine.objects.filter(what="made a plan public", name=lead.name).exists()
    keep(lead, "action", plan, ActionSaid(what="Something later"))
    sign(lead, plan)
    assert "Something later" not in text_of(public(plan))
    actions.publish_plan(by=lead, plan_id=plan.pk, version=2)
    assert "Something later" in text_of(public(plan))
    actions.unpublish_plan(by=lead, plan_id=plan.pk)
    assert public(plan).status_code == 404
    assert AuditLine.objects.filter(what="took a plan off its public page").exists()
    with pytest.raises(Refused, match="not public"):
        actions.unpublish_plan(by=lead, plan_id=plan.pk)


def test_people_stand_there_by_their_role_and_nothing_in_confidence(lead, plan, django_assert_max_num_queries):
    sign(lead, plan)
    actions.publish_plan(by=lead, plan_id=plan.pk, version=1)
    client = Client()
    with django_assert_max_num_queries(8):
        said = text_of(client.get(reverse("published_plan", args=(plan.pk,))))
    for shown in ("A night car", "GP, ", "a named lead", "Q4 2026/27", "Nurses in post", "Find people earlier."):
        assert shown in said
    for hidden in ("Rahman", "Unknown", "Tannahill", "off sick", "Leila Garside"):
        assert hidden not in said


def test_words_that_name_somebody_are_refused(lead, plan):
    keep(lead, "milestone", plan, MilestoneSaid(what="Amina Rahman back at work"))
    sign(lead, plan)
    with pytest.raises(Refused, match="names Amina Rahman"):
        actions.publish_plan(by=lead, plan_id=plan.pk, version=1)
    assert Plan.objects.get(pk=plan.pk).published_at is None


def test_only_who_leads_switches_it_on(lead, plan, reader, client_as):
    sign(lead, plan)
    with pytest.raises(NotAllowed):
        actions.publish_plan(by=reader("gp"), plan_id=plan.pk, version=1)
    address = reverse("publish_plan", args=(plan.pk,))
    assert client_as("gp").get(address).status_code == 403
    client = client_as("place_lead")
    assert "This plan is not public" in text_of(client.get(address))
    client.post(address, {"version": "1"})
    assert "Version 1 of this plan is public" in text_of(client.get(address))
    client.post(reverse("unpublish_plan", args=(plan.pk,)))
    assert public(plan).status_code == 404


@pytest.mark.parametrize(("hides", "numerator", "says"), [("", 3.0, "3 of 50"), ("both", None, "hidden")])
def test_a_small_number_is_hidden_there_too(lead, plan, monkeypatch, hides, numerator, says):
    figure = Shown(
        numerator=numerator, denominator=None if hides else 50.0, value=None if hides else 6.0, lower=None, upper=None,
        completeness=None, hides=hides,
    )  # fmt: skip
    one = indicators.indicators()["ind.ident.screened"]
    now = measures.Now(indicator=one, month=Month(2026, 10), pack="indicators 1", figure=figure, before=None)
    monkeypatch.setattr(measures, "public_figures", lambda _area, only: dict.fromkeys(only, now))
    sign(lead, plan)
    actions.publish_plan(by=lead, plan_id=plan.pk, version=1)
    assert says in text_of(public(plan))
