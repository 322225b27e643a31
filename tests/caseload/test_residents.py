"""A care home sees everybody who lives there, what must be known first, and nobody else."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.access import actions
from ambit.access.queries import operator
from ambit.careplan import registry
from ambit.careplan.actions import save_section


@pytest.fixture
def moved_in(place, person):
    """Ashworth and Preston live at Ferry View."""

    def move(*families):
        for family in families:
            actions.give_grant(
                by=operator(), person_id=person(family).id, kind="residence", organisation_id=place["ZCH1"].id
            )

    return move


def page(client):
    answer = client.get(reverse("residents"))
    assert answer.status_code == 200
    return answer.content.decode()


def test_nobody_lives_here_yet(client_as):
    assert "Nobody is recorded as living here" in page(client_as("care_home_senior"))


def test_everybody_who_lives_here_with_what_is_not_decided(client_as, moved_in, person):
    moved_in("Ashworth", "Preston")
    said = page(client_as("care_home_senior"))
    assert "2 of your 2 residents need something settled" in said
    assert "ASHWORTH" in said
    assert reverse("plan", args=[person("Ashworth").id]) in said
    assert "Not recorded" in said
    assert "Not asked" in said


def test_allergies_stand_there_and_are_gone_when_kept_back(client_as, moved_in, person):
    moved_in("Ashworth")
    ashworth, section = person("Ashworth"), registry.section("allergies")
    said = {
        "allergies.status": "some",
        "allergies.list": [{"substance": "Penicillin", "reaction": "rash"}],
    }
    save_section(by=operator(), person=ashworth, section=section, base=0, content=said, on=timezone.localdate())
    client = client_as("care_home_senior")
    assert "Penicillin" in page(client)
    actions.record_objection(
        by=operator(), person_id=ashworth.id, basis="person", informed_on=timezone.localdate(), scope="item",
        item="allergies",
    )  # fmt: skip
    assert "Penicillin" not in page(client)
    assert "Not shown" in page(client)


@pytest.mark.parametrize("answer", ["", "not_asked", "undecided", "declined", "unable", "not_appropriate", "own_home"])
def test_a_blank_preferred_place_of_death_is_said_until_there_is_an_answer(client_as, moved_in, person, answer):
    """L21, SCCI1580 requirement 54: "undecided" and the like are answers, "not asked" is none."""
    moved_in("Ashworth")
    ashworth, section = person("Ashworth"), registry.section("place_of_care")
    if answer:
        said = {"place_of_care.care_first": "own_home", "place_of_care.death_first": answer}
        save_section(by=operator(), person=ashworth, section=section, base=0, content=said, on=timezone.localdate())
    blank = "Preferred place of death is blank." in page(client_as("care_home_senior"))
    assert blank is (answer in ("", "not_asked"))


def test_a_preferred_place_that_is_kept_back_is_not_said_to_be_blank(client_as, moved_in, person):
    moved_in("Ashworth")
    ashworth, section = person("Ashworth"), registry.section("place_of_care")
    said = {"place_of_care.care_first": "own_home", "place_of_care.death_first": "hospice"}
    save_section(by=operator(), person=ashworth, section=section, base=0, content=said, on=timezone.localdate())
    actions.record_objection(
        by=operator(), person_id=ashworth.id, basis="person", informed_on=timezone.localdate(), scope="item",
        item="place_of_care",
    )  # fmt: skip
    assert "is blank" not in page(client_as("care_home_senior"))


def test_who_moves_out_or_objects_is_gone_at_once(client_as, moved_in, person):
    moved_in("Ashworth", "Preston")
    client = client_as("care_home_senior")
    grant = person("Ashworth").grants.get(kind="residence")
    actions.end_grant(by=operator(), grant_id=grant.pk)
    said = page(client)
    assert "ASHWORTH" not in said
    assert "PRESTON" in said
    actions.record_objection(
        by=operator(), person_id=person("Preston").id, basis="person", informed_on=timezone.localdate()
    )
    assert "PRESTON" not in page(client)


def test_another_home_sees_nobody(client_as, moved_in):
    moved_in("Ashworth")
    assert "ASHWORTH" not in page(client_as("palliative_specialist"))


def test_as_many_statements_for_two_as_for_one(client_as, moved_in, django_assert_max_num_queries):
    client = client_as("care_home_senior")
    moved_in("Ashworth")
    page(client)
    moved_in("Preston")
    with django_assert_max_num_queries(7):
        page(client)
