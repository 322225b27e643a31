"""The plan's pages."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.queries import operator
from ambit.careplan import queries
from ambit.careplan.models import CPRDecision, SectionVersion
from ambit.careplan.pages.views.plan import OPENED_BY
from ambit.organisations.models import Staff
from ambit.people.models import Person

TODAY = timezone.localdate()
DAY = {"made_on-day": str(TODAY.day), "made_on-month": str(TODAY.month), "made_on-year": str(TODAY.year)}


@pytest.fixture
def ashworth(person):
    return person()


@pytest.fixture
def where(ashworth):
    return f"/people/{ashworth.id}/plan/"


def words(said, seen=0, **more):
    return {"seen": seen, "what_matters.words": said, "what_matters.who_said": "person"} | more


def decision(**but):
    said = {
        "key": str(uuid4()), "reading": "do_not_attempt", "reason": "Heart failure", "talked": "person",
        "decided_by": "Dr Amina Rahman",
    }  # fmt: skip
    return said | DAY | but


def test_an_empty_plan_says_what_is_not_recorded(client_as, where):
    answer = client_as("gp").get(where)
    assert "10 things to settle" in answer.text
    assert "CPR: not recorded. This is not a decision." in answer.text
    assert "has not been reviewed by a clinician" in answer.text


def test_a_part_kept_back_is_not_said_to_be_blank_when_nothing_is_written_at_all(client_as, where, ashworth, place):
    """That nothing is there is the person's own to keep as well: the same is read before and after anything is written."""
    access.give_grant(by=operator(), person_id=ashworth.id, kind="care_team", organisation_id=place["ZHS"].id)
    hospice, blank = client_as("palliative_specialist"), "the first choice is blank"
    assert blank in hospice.get(where).text
    access.record_objection(
        by=operator(), person_id=ashworth.id, basis="person", informed_on=TODAY, scope="item", item="place_of_care"
    )
    row = re.compile(r'scope="row">Where I want to be</th>.*?</tr>', re.DOTALL)
    before = hospice.get(where).text
    assert blank not in before
    client_as("gp").post(f"{where}place_of_care/", {"seen": 0, "place_of_care.care_first": "own_home"})
    assert row.search(before)[0] == row.search(hospice.get(where).text)[0]


def test_the_plan_says_that_the_preferred_place_of_death_is_blank(client_as, where, ashworth):
    gp, blank = client_as("gp"), "Preferred place of death:</strong> the first choice is blank: ask, or record why not."
    assert blank in gp.get(where).text
    for answer, is_blank in (("not_asked", True), ("undecided", False)):
        seen = 0 if is_blank else 1
        said = {"seen": seen, "place_of_care.care_first": "own_home", "place_of_care.death_first": answer}
        assert gp.post(f"{where}place_of_care/", said).status_code == 302
        assert (blank in gp.get(where).text) is is_blank
    Person.objects.filter(pk=ashworth.pk).update(born_on=TODAY - timedelta(days=365 * 9))
    assert blank not in gp.get(where).text


@pytest.mark.parametrize(
    "section", ["what_matters", "people_to_ring", "need_to_know", "allergies", "medicines_at_home"]
)
def test_every_section_has_a_form_and_a_history(client_as, where, section):
    gp = client_as("gp")
    assert gp.get(f"{where}{section}/").status_code == 200
    assert gp.get(f"{where}{section}/history/").status_code == 200
    refused = gp.post(f"{where}{section}/", {"seen": 0})
    assert refused.status_code == 422
    assert "There is a problem" in refused.text


def test_save_section(client_as, where):
    gp = client_as("gp")
    assert gp.post(where + "what_matters/", words("The cat")).status_code == 302
    assert "The cat" in gp.get(where).text
    assert "Dr Amina Rahman, GP, Brackenhill Surgery" in gp.get(where + "what_matters/history/").text


def test_rows_are_kept(client_as, where, reader, ashworth):
    said = {
        "seen": 0, "allergies.status": "some", "allergies.list__0__substance": "Penicillin",
        "allergies.list__0__reaction": "swollen throat", "allergies.list__0__when": "2009",
    }  # fmt: skip
    gp = client_as("gp")
    assert gp.post(where + "allergies/", said).status_code == 302
    kept = queries.current(reader("gp"), ashworth.id).says("allergies")["allergies.list"]
    assert kept == [{"substance": "Penicillin", "reaction": "swollen throat", "when": "2009"}]
    assert "Penicillin, swollen throat, 2009" in gp.get(where).text


def test_rows_stand_in_a_table_with_room_for_more_and_none_is_lost(client_as, where, reader, ashworth):
    gp = client_as("gp")
    box = {"seen": 0, "medicines_at_home.box": "yes", "medicines_at_home.kept": "Kitchen"}
    rows = {f"medicines_at_home.medicines__{n}__name": f"Medicine {n}" for n in range(5)}
    refused = gp.post(where + "medicines_at_home/", box | rows | {"medicines_at_home.kept": ""})
    assert refused.status_code == 422
    assert all(f"Medicine {n}" in refused.text for n in range(5))
    assert gp.post(where + "medicines_at_home/", box | rows).status_code == 302
    assert len(queries.current(reader("gp"), ashworth.id).says("medicines_at_home")["medicines_at_home.medicines"]) == 5
    shown = gp.get(where + "medicines_at_home/").text
    assert "medicines__6__name" in shown
    assert "medicines__7__name" not in shown


def test_two_people_at_once(client_as, where):
    gp, other = client_as("gp"), client_as("Amina Rahman")
    gp.post(where + "what_matters/", words("The cat"))
    late = other.post(where + "what_matters/", words("The dog"))
    assert late.status_code == 409
    assert "The cat" in late.text
    assert "The dog" in late.text
    assert "<strong>Dr Amina Rahman, GP, Brackenhill Surgery</strong> saved version 1" in late.text
    assert "checked" not in late.text
    assert SectionVersion.objects.count() == 1
    form = other.get(where + "what_matters/")
    assert "You have a draft that began from version 0" in form.text
    assert "The dog" in other.get(where + "what_matters/?draft").text
    chosen = {
        "seen": 1, "what_matters.who_said": "person", "keep|what_matters.words": "yours",
        "saved|what_matters.words|what_matters.words": "The cat",
        "yours|what_matters.words|what_matters.words": "The dog",
    }  # fmt: skip
    assert other.post(where + "what_matters/", chosen).status_code == 302
    assert SectionVersion.objects.order_by("number").last().content["what_matters.words"] == "The dog"


def test_what_only_one_side_changed_is_chosen_already(client_as, where, account_of):
    gp = client_as("gp")
    Staff.objects.filter(account=account_of("gp")).update(telephone="01632 960 140")
    gp.post(where + "what_matters/", words("The cat") | {"what_matters.worries": "Hospital"})
    gp.post(where + "what_matters/", words("The cat", seen=1) | {"what_matters.worries": "Being alone"})
    mine = words("The dog", seen=1) | {"what_matters.worries": "Hospital"}
    late = gp.post(where + "what_matters/", mine)
    assert late.status_code == 409
    assert re.findall(r'name="keep\|([a-z_.]+)" value="(\w+)" checked', late.text) == [
        ("what_matters.words", "yours"), ("what_matters.worries", "saved"),
    ]  # fmt: skip
    assert "Only you changed this" in late.text
    assert "Only they changed this" in late.text
    assert "tel:01632960140" in late.text
    assert "Write new words" in late.text


def test_a_draft_is_kept_and_thrown_away(client_as, where):
    gp = client_as("gp")
    gp.post(where + "what_matters/", words("half a sen", do="draft"))
    assert not SectionVersion.objects.exists()
    assert "half a sen" in gp.get(where + "what_matters/").text
    gp.post(where + "what_matters/", {"do": "drop"})
    assert "half a sen" not in gp.get(where + "what_matters/").text


def test_cpr_pages(client_as, where):
    gp = client_as("gp")
    assert "CPR: not recorded" in gp.get(where + "cpr/").text
    assert gp.get(where + "cpr/make/").status_code == gp.get(where + "cpr/transcribe/").status_code == 200
    assert gp.post(where + "cpr/make/", decision(reason="")).status_code == 422
    assert gp.post(where + "cpr/make/", decision()).status_code == 302
    shown = gp.get(where + "cpr/")
    assert "Do not attempt CPR" in shown.text
    assert "About CPR only" in shown.text
    paper = {"key": str(uuid4()), "reading": "attempt", "signature_seen": "no"}
    assert gp.post(where + "cpr/transcribe/", paper).status_code == 302
    disagree = gp.get(where + "cpr/")
    assert "Two documents disagree" in disagree.text
    assert "Reported, incomplete: no signature seen" in disagree.text
    assert "Two documents disagree" in gp.get(where).text
    one = CPRDecision.objects.get(source="transcribed")
    end = f"{where}cpr/{one.id}/end/"
    assert gp.get(end).status_code == 200
    assert gp.post(end, {"how": "wrong", "reason": "Another person's form"}).status_code == 302
    assert "recorded by mistake" in gp.get(where + "cpr/").text
    assert gp.get(end).status_code == 404


def test_replacing_a_decision(client_as, where):
    gp = client_as("gp")
    gp.post(where + "cpr/make/", decision(reading="attempt"))
    one = CPRDecision.objects.get()
    assert "Which of these does it replace?" in gp.get(where + "cpr/make/").text
    gp.post(where + "cpr/make/", decision(replaces=[str(one.id)]))
    assert "Two documents disagree" not in gp.get(where + "cpr/").text


def test_who_may(client_as, where, ashworth):
    assert client_as("Owen Shah").get(where).status_code == 403
    assert client_as("analyst").get(where).status_code == 403
    assert client_as("gp").get(where + "nonsense/").status_code == 404
    Person.objects.update(died_on=TODAY)
    assert "Write a new version" not in client_as("gp").get(where + "what_matters/history/").text
    assert client_as("gp").post(where + "what_matters/", words("x")).status_code == 422


def test_words_are_text_not_markup(client_as, where):
    gp = client_as("gp")
    gp.post(where + "what_matters/", words("<script>alert(1)</script>"))
    assert "<script>alert(1)" not in gp.get(where).text


def test_two_versions_are_compared_in_words_underlined_and_struck(client_as, where):
    gp = client_as("gp")
    gp.post(where + "what_matters/", words("The cat and the garden"))
    gp.post(where + "what_matters/", words("The dog and the garden", seen=1) | {"what_matters.worries": "Hospital"})
    shown = gp.get(where + "what_matters/history/?from=1&to=2").text
    assert "From version 1 to 2: 2 parts changed" in shown
    assert '<ins class="a-added"><span class="nhsuk-u-visually-hidden">added: </span>dog</ins>' in shown
    assert '<del class="a-removed"><span class="nhsuk-u-visually-hidden">removed: </span>cat</del>' in shown
    assert "was empty" in shown
    assert "Underlined" in shown
    assert re.search(r'<option value="1" selected>Version 1, \d+ \w+ \d{4}, Dr Amina Rahman</option>', shown)
    assert "From version" not in gp.get(where + "what_matters/history/?from=1&to=9").text


def test_asked_unchanged_in_one_tap(client_as, where):
    gp = nurse = client_as("gp")
    gp.post(where + "what_matters/", words("The cat"))
    assert nurse.post(where + "what_matters/unchanged/", {"seen": 1}).status_code == 302
    shown = gp.get(where + "what_matters/history/").text
    assert "Dr Amina Rahman, GP, Brackenhill Surgery" in shown
    assert "Asked, unchanged: " in shown
    assert "asked, unchanged: " in gp.get(where).text
    gp.post(where + "what_matters/", words("The dog", seen=2))
    late = nurse.post(where + "what_matters/unchanged/", {"seen": 2}, follow=True)
    assert "Read what it says now" in late.text
    assert nurse.post(where + "what_matters/unchanged/", {}).status_code == 404


def test_how_complete_a_plan_is_against_each_standard(client_as, where, ashworth, monkeypatch):
    gp = client_as("gp")
    empty = gp.get(where + "completeness/").text
    assert "SCCI1580" in empty
    assert "Child and young person" not in empty
    for beside_the_point in ("Date of death", "For a child: mature", "If not, in what way", "If none applies"):
        assert beside_the_point not in empty
    assert "Mandatory: <strong>8 of 13</strong>" in empty
    assert f'href="{where}illness/"' in empty
    gp.post(where + "illness/", {"seen": 0, "illness.main": "Heart failure"})
    gp.post(where + "carers/", {"seen": 0, "carers.has": "none"})
    assert "Mandatory: <strong>11 of 13</strong>" in gp.get(where + "completeness/").text
    register = reverse("register_entry", args=[ashworth.pk])
    assert f'href="{register}"' in empty.split("<main")[1]
    monkeypatch.setitem(OPENED_BY, "register_entry", "an ability that a GP does not have")
    # a word, not a door that is shut
    assert register not in gp.get(where + "completeness/").text.split("<main")[1]


def test_a_child_is_measured_against_the_standards_for_children(client_as, where, ashworth):
    Person.objects.filter(pk=ashworth.pk).update(born_on=TODAY - timedelta(days=365 * 9))
    shown = client_as("gp").get(where + "completeness/").text
    assert "Child and young person" in shown
    assert "SCCI1580" not in shown
    assert "Labour and birth plan" not in shown
