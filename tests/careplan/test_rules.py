"""What sections may hold, and how fresh they are."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.careplan import registry, rules

DAY = date(2026, 11, 21)


def section(section_id):
    return registry.section(section_id)


@pytest.mark.parametrize(
    ("section_id", "given_", "problems"),
    [
        ("need_to_know", {}, {"need_to_know.note", "need_to_know.until_on"}),
        ("need_to_know", {"need_to_know.note": "x", "need_to_know.until_on": "2026-11-22"}, set()),
        ("need_to_know", {"need_to_know.note": "x", "need_to_know.until_on": "2026-02-30"}, {"need_to_know.until_on"}),
        ("need_to_know", {"need_to_know.note": "x" * 1501, "need_to_know.until_on": "2026-12-01"}, {"need_to_know.note"}),
        ("what_matters", {"what_matters.words": "x", "what_matters.who_said": "nurse"}, {"what_matters.who_said"}),
        ("what_matters", {"what_matters.words": "x", "what_matters.who_said": "person", "dose": "5"}, {"dose"}),
        ("people_to_ring", {"people_to_ring.people": [{"name": "Helen", "relation": "Daughter", "telephone": "01632 960 140"}]}, set()),
        ("people_to_ring", {"people_to_ring.people": [{"name": "Helen"}]},
         {"people_to_ring.people__0__relation", "people_to_ring.people__0__telephone"}),
        ("people_to_ring", {"people_to_ring.people": [{"name": "H", "relation": "D", "telephone": "ask her"}]},
         {"people_to_ring.people__0__telephone"}),
        ("people_to_ring", {"people_to_ring.people": [{}, {"name": ""}]}, {"people_to_ring.people__0__name"}),
    ],
)  # fmt: skip
def test_check(section_id, given_, problems):
    assert set(rules.check(section(section_id), given_, on=DAY).problems) == problems


def test_empty_is_left_out_and_never_guessed():
    checked = rules.check(
        section("medicines_at_home"), {"medicines_at_home.box": "not_known", "medicines_at_home.else": " "}, on=DAY
    )
    assert checked == rules.Checked({"medicines_at_home.box": "not_known"}, {})


@pytest.mark.parametrize(("days", "word"), [(0, ""), (14, ""), (15, "review"), (30, "review"), (31, "ask")])
def test_freshness_of_the_note(days, word):
    assert rules.freshness(section("need_to_know"), date.fromordinal(DAY.toordinal() - days), on=DAY) == word


def test_a_note_past_its_day_has_ended():
    said = {"need_to_know.note": "x", "need_to_know.until_on": "2026-11-20"}
    assert rules.has_ended(section("need_to_know"), said, on=DAY)
    assert not rules.has_ended(section("need_to_know"), said, on=date(2026, 11, 20))


def test_in_brief_says_answers_in_words():
    said = {"allergies.status": "some", "allergies.list": [{"substance": "Penicillin", "reaction": "swollen throat"}]}
    assert section("allergies").in_brief(said) == "Yes, listed below. Penicillin, swollen throat"


@given(st.sampled_from(["need_to_know", "what_matters", "allergies"]), st.data())
def test_what_is_kept_is_accepted_again(section_id, data):
    which = section(section_id)
    texts = {i.id: data.draw(st.text(max_size=30) | st.none()) for i in which.items if i.type != rules.ROWS}
    checked = rules.check(which, texts, on=DAY)
    again = rules.check(which, checked.content, on=DAY)
    assert again.content == checked.content
    assert set(again.problems) <= set(checked.problems) | set(texts)


def test_places_in_one_line_say_which_is_which():
    where = section("place_of_care")
    content = {"place_of_care.care_first": "own_home", "place_of_care.death_first": "hospice"}
    assert where.in_brief(content) == "Care: At home. Death: In a hospice or specialist unit"


@pytest.mark.parametrize(
    ("answer", "to_ask"),
    [("not_asked", True), ("undecided", False), ("unable", False), ("declined", False), ("not_appropriate", False)],
)
def test_only_not_asked_still_has_to_be_asked(answer, to_ask):
    where = section("place_of_care")
    content = {"place_of_care.care_first": "own_home", "place_of_care.death_first": answer}
    assert not rules.check(where, content, on=DAY).problems
    assert rules.still_to_ask(where, content) is to_ask
