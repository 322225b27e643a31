"""What a page may not be the first to tell, and why somebody opened a record in plain words."""

import pytest

from ambit.careplan import registry
from ambit.mycare.rules import WHOSE_WORDS, Looks, Mine, Who, for_person, has_heard_of_cpr, reason_of_opening


@pytest.mark.parametrize(
    ("who", "talked", "shown"),
    [
        (Who.SELF, "person", True),
        (Who.SELF, "close", False),
        (Who.SELF, "parents", False),
        (Who.SELF, "harm", False),
        (Who.SELF, "nobody", False),
        (Who.SELF, "", False),
        (Who.PROXY, "person", True),
        (Who.PROXY, "close", True),
        (Who.PROXY, "parents", True),
        (Who.PROXY, "harm", False),
        (Who.PROXY, "nobody", False),
        (Who.PROXY, "", False),
        (Who.CARER, "person", True),
        (Who.CARER, "close", False),
        (Who.CARER, "parents", False),
        (Who.CARER, "harm", False),
        (Who.CARER, "", False),
    ],
)
def test_cpr_is_shown_only_after_it_was_talked_about(who, talked, shown):
    assert has_heard_of_cpr(who, talked) is shown


@pytest.mark.parametrize(
    ("relation", "emergency", "reason"),
    [
        ("own_practice", "", "practice"),
        ("care_team", "", "team"),
        ("residence", "", "home"),
        ("shared", "", "shared"),
        ("on_duty", "", "duty"),
        ("emergency", "", "emergency"),
        ("proxy", "", "proxy"),
        ("carer", "", "carer"),
        ("self", "", "not_said"),
        ("", "", "not_said"),
        ("something new", "", "not_said"),
        ("", "cannot_say", "emergency_cannot_say"),
        ("", "called_out", "emergency_called_out"),
        # who reads over somebody's shoulder is not told that harm was feared
        ("", "safeguarding", "emergency"),
        ("", "other", "emergency"),
    ],
)
def test_reason_of_opening(relation, emergency, reason):
    assert reason_of_opening(relation, emergency) == reason


def test_a_carer_neither_writes_nor_sees_who_opened():
    from uuid import uuid4

    may = {
        who: (mine.may_write, mine.may_see_who_opened, mine.may_choose)
        for who in Who
        for mine in [Mine(person_id=uuid4(), called="Peggy", who=who, reader_name="x")]
    }
    assert may == {
        Who.SELF: (True, True, True),
        Who.PROXY: (True, True, False),
        Who.CARER: (False, False, False),
    }


def test_looks_are_classes_of_the_page():
    assert Looks().classes == ""
    assert Looks(large=True, contrast=True).classes == "a-person--large a-person--contrast"


@pytest.mark.parametrize("section_id", ["what_matters", "place_of_care"])
def test_a_section_for_the_person_has_their_words_and_keeps_its_items(section_id):
    section = registry.section(section_id)
    mine = for_person(section)
    assert [item.id for item in mine.items] == [item.id for item in section.items]
    assert [item.label for item in mine.items] == [item.label_for_person for item in section.items]
    offered = {value.id for item in mine.items for value in item.values}
    assert not offered & {"not_asked", "unable", "not_appropriate"}
    assert WHOSE_WORDS.startswith("what_matters.")
