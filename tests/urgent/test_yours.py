"""One page for everybody, led by what the reader's role decides by, with what is theirs to see to."""

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.queries import operator
from ambit.careplan import actions as careplan
from ambit.careplan import registry
from ambit.coordination import actions as coordination
from ambit.coordination.queries import Owner
from ambit.people import actions as people
from ambit.register import actions as register
from ambit.urgent.order import in_order
from ambit.urgent.yours import settled_words

TODAY = timezone.localdate()
EVERYTHING = ["need_to_know", "treatment_limits", "emergency", "who_decides", "place_of_care", "illness", "getting_in"]


def test_in_hospital_the_page_is_led_by_limits_and_who_decides_and_nothing_is_left_out():
    for role in ("gp", "urgent_clinician", "hospital_clinician"):
        main, side = in_order(EVERYTHING, role=role)
        assert sorted([*main, *side]) == sorted(EVERYTHING)
    assert in_order(EVERYTHING)[0][0] == "need_to_know"
    assert in_order(EVERYTHING, role="hospital_clinician")[0][:4] == (
        "treatment_limits", "emergency", "who_decides", "place_of_care",
    )  # fmt: skip


def test_what_is_to_settle_in_one_line():
    assert settled_words([]) == "Nothing."
    assert settled_words([("CPR", "not asked yet")]) == "1. CPR: not asked yet."
    assert settled_words([("A", "x")] * 5) == "5. A: x; A: x; A: x; and 2 more."


@pytest.fixture
def ashworth(person, reader, place):
    somebody, gp = person(), reader("gp")
    register.add_to_register(by=gp, person=somebody, on=TODAY, found_by="referral", stage="weeks")
    coordination.raise_task(
        by=gp, what="Ring her daughter", owner=Owner(name="Brackenhill", organisation_id=place["Z90001"].id),
        person_id=somebody.id, due_on=TODAY,
    )  # fmt: skip
    careplan.save_section(
        by=gp, person=somebody, section=registry.section("wishes"), base=0, on=TODAY,
        content={registry.section("wishes").items[0].id: "To go home"},
    )  # fmt: skip
    return somebody


def test_a_gp_sees_what_the_practice_has_to_see_to(client_as, ashworth):
    said = client_as("gp").get(reverse("now", args=[ashworth.id])).text
    assert "For the practice" in said
    assert "Ring her daughter" in said
    assert "Nobody is named." in said
    assert "Weeks; review by" in said
    # not on paper, which anybody may read
    assert "For the practice" not in client_as("gp").get(reverse("print_now", args=[ashworth.id])).text


def test_a_hospital_reaches_it_by_a_tie_or_in_an_emergency_and_not_otherwise(client_as, ashworth, place, reader):
    hospital, here = client_as("hospital_clinician"), reverse("now", args=[ashworth.id])
    assert hospital.get(here).status_code == 403
    access.break_glass(by=reader("hospital_clinician"), person_id=ashworth.id, reason="cannot_say", words="brought in")
    said = hospital.get(here).text
    assert "For the hospital" in said
    assert "Who knows them" in said
    assert "You opened this record in an emergency" in said
    access.record_objection(
        by=operator(), person_id=ashworth.id, basis="person", informed_on=TODAY, not_even_in_emergency=True,
        told_what_would_not_be_seen=True,
    )  # fmt: skip
    assert hospital.get(here).status_code == 403


def test_a_hospital_it_is_shared_with_sees_it_and_what_is_kept_back_stays_out(client_as, ashworth, place):
    access.give_grant(by=operator(), person_id=ashworth.id, kind="shared", organisation_id=place["ZH1"].id)
    access.record_objection(
        by=operator(), person_id=ashworth.id, basis="person", informed_on=TODAY, scope="item", item="wishes"
    )
    said = client_as("hospital_clinician").get(reverse("now", args=[ashworth.id])).text
    assert "For the hospital" in said
    assert "Ring her daughter" not in said


def test_nobody_else_has_the_box_and_nobody_after_death(client_as, ashworth, reader):
    assert "u-inside--yours" not in client_as("community_nurse").get(reverse("now", args=[ashworth.id])).text
    people.record_death(by=reader("gp"), person_id=ashworth.id, died_on=TODAY, seen=ashworth.version, place="20")
    assert "u-inside--yours" not in client_as("gp").get(reverse("now", args=[ashworth.id])).text


def test_the_page_of_a_gp_asks_few_statements(client_as, ashworth, django_assert_max_num_queries):
    client, here = client_as("gp"), reverse("now", args=[ashworth.id])
    client.get(here)
    with django_assert_max_num_queries(19):
        client.get(here)
