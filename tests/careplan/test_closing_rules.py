"""Was the preferred place met, and what closing a record asks."""

import pytest

from ambit.careplan import registry
from ambit.careplan.rules import closing
from ambit.careplan.rules.closing import Preference, propose
from ambit.people.rules.values import DEATH_PLACES

HOME = Preference("own_home", "hospice")


@pytest.mark.parametrize(
    ("preference", "place", "usual", "outcome"),
    [
        (HOME, "21", True, "met"),
        (HOME, "30", False, "met_second"),
        (HOME, "11", False, "not_met"),
        (HOME, "22", False, "not_met"),
        # somebody's home, and nobody said whose
        (HOME, "20", None, "cannot_tell"),
        # a care home that was where they lived may be what they called home
        (HOME, "40", True, "cannot_tell"),
        (HOME, "40", False, "not_met"),
        (Preference("care_home"), "40", True, "met"),
        (Preference("care_home"), "21", True, "cannot_tell"),
        (Preference("hospital"), "10", False, "met"),
        (Preference("hospital"), "11", False, "met"),
        (Preference("hospital"), "12", False, "not_met"),
        (Preference("community_hospital"), "12", False, "met"),
        (Preference("community_hospital"), "10", False, "cannot_tell"),
        (Preference("other"), "30", False, "cannot_tell"),
        (HOME, "50", False, "not_met"),
        (HOME, "not_known", None, "cannot_tell"),
        (HOME, "", None, "cannot_tell"),
        # five different reasons for there being no preference, never pooled with one another or with "not met"
        (Preference(), "21", True, "no_record"),
        (Preference("not_asked"), "21", True, "not_asked"),
        (Preference("undecided"), "11", False, "undecided"),
        (Preference("declined"), "11", False, "declined"),
        (Preference("unable"), "11", False, "unable"),
        (Preference("not_appropriate"), "11", False, "not_appropriate"),
    ],
)
def test_the_rule_proposes(preference, place, usual, outcome):
    found = propose(preference, place=place, was_usual_residence=usual)
    assert found.outcome == outcome
    assert found.because
    assert found.words == closing.OUTCOMES[outcome]


def test_every_preference_of_the_plan_and_every_place_of_death_has_a_proposal():
    section = registry.section("place_of_care")
    firsts = [value.id for value in section.item("place_of_care.death_first").values]
    seconds = ["", *(value.id for value in section.item("place_of_care.death_second").values)]
    for first in ["", *firsts]:
        for second in seconds:
            for place in DEATH_PLACES:
                preference = Preference(first, second)
                found = propose(preference, place=place)
                assert found.outcome in closing.may_answer(preference)
                assert preference.is_stated == (found.outcome in closing.ANSWERED)


WHOLE = {"medicines": "returned", "documents": "retired", "team": "told", "bereaved": "nobody"}


def problems(**but):
    said = {
        "outcome": "met", "variance": "", "words": "", "answers": WHOLE, "counts": {}, "preference": HOME,
        "is_child": False,
    } | but  # fmt: skip
    return closing.problems_of_closing(**said)


@pytest.mark.parametrize(
    ("but", "refused"),
    [
        ({}, set()),
        ({"outcome": "met_second"}, set()),
        ({"outcome": ""}, {"outcome"}),
        ({"outcome": "not_met"}, {"variance"}),
        ({"outcome": "not_met", "variance": "no_bed"}, set()),
        ({"outcome": "not_met", "variance": "other"}, {"words"}),
        ({"variance": "no_bed"}, {"variance"}),
        # a preference that was stated is met or not; it cannot have been "undecided"
        ({"outcome": "undecided"}, {"outcome"}),
        ({"outcome": "met", "preference": Preference("undecided")}, {"outcome"}),
        ({"outcome": "undecided", "preference": Preference("undecided")}, set()),
        ({"answers": WHOLE | {"medicines": "not_yet"}}, set()),
        ({"answers": WHOLE | {"medicines": ""}}, {"medicines"}),
        ({"answers": WHOLE | {"bereaved": "offered"}}, {"bereaved_words"}),
        ({"answers": WHOLE | {"bereaved": "offered", "bereaved_words": "Helen, by Ruth"}}, set()),
        ({"is_child": True}, {"child_review", "joint_response"}),
        ({"is_child": True, "answers": WHOLE | {"child_review": "told", "joint_response": "not_needed"}}, set()),
        ({"counts": {"days_in_hospital": 91}}, {"days_in_hospital"}),
        ({"counts": {"days_in_hospital": None, "emergency_visits": 0}}, set()),
    ],
)
def test_what_closing_asks(but, refused):
    assert set(problems(**but)) == refused


def test_what_a_death_still_lacks():
    missing = closing.still_missing(place="not_known", is_verified=False, outcome="", answers={}, is_child=True)
    assert len(missing) == closing.how_many_asked(is_child=True)
    answers = WHOLE | {"medicines": "not_yet"}
    assert closing.still_missing(place="21", is_verified=True, outcome="met", answers=answers, is_child=False) == (
        "Medicines and controlled drugs",
    )
    assert closing.still_missing(place="21", is_verified=True, outcome="met", answers=WHOLE, is_child=False) == ()
