"""Pages about people: found, added once, changed with both versions shown, and never another's."""

import re
from datetime import date
from uuid import uuid4

import pytest
from django.urls import reverse

from ambit.access.models import Grant
from ambit.audit.models import AuditLine
from ambit.people import actions
from ambit.people.models import ImportantPerson, Merge, Person, PersonName
from ambit.people.rules import Identity
from tests.people.test_admitting import fictional_numbers


@pytest.fixture
def gp(client_as):
    return client_as("Amina Rahman")


@pytest.fixture
def peggy(person):
    return person("Ashworth")


def day(name, when):
    return {f"{name}-day": when.day, f"{name}-month": when.month, f"{name}-year": when.year}


def guard(person):
    return {"about": str(person.id), "seen": Person.objects.get(pk=person.id).version}


@pytest.mark.parametrize(
    "search",
    ["ash mar", "mar ash", "Ashw", "peggy", "PEGGY ash", "999 717 0326", "999-717-0326", "14/3/1943", "14 Mar 1943", "ash 14 march 1943"],
)  # fmt: skip
def test_find_a_person(gp, peggy, search):
    shown = gp.get(reverse("find_person"), {"search": search}).content.decode()
    assert "ASHWORTH, Margaret Jean (Mrs)" in shown
    assert "1 person found" in shown


@pytest.mark.parametrize(
    ("search", "words"),
    [
        ("preston", "Nobody on your list fits"),  # of another practice
        ("margo", "Nobody on your list fits"),
        ("%", "Type a name"),
        ("", "Type a name"),
        ("999 717 0327", "The last digit does not fit"),
        ("31/2/1943", "There is no day 31/2/1943"),
    ],
)
def test_what_a_search_says_otherwise(gp, peggy, person, search, words):
    person("Preston")
    assert words in gp.get(reverse("find_person"), {"search": search}).content.decode()


def test_a_search_is_one_statement_beside_signing_in(gp, peggy, django_assert_max_num_queries):
    gp.get(reverse("find_person"))
    with django_assert_max_num_queries(5):
        gp.get(reverse("find_person"), {"search": "ash mar"})


def test_the_page_of_a_person(gp, peggy, django_assert_max_num_queries):
    gp.get(reverse("find_person"))
    with django_assert_max_num_queries(10):
        shown = gp.get(reverse("person", args=[peggy.id])).content.decode()
    assert "14 March 1943" in shown
    assert "999\u00a0717\u00a00326" in shown
    assert "Brackenhill Surgery" in shown
    assert "Nobody is recorded. Ask who should be rung" in shown
    assert AuditLine.objects.filter(about=peggy.id, what__contains="opened").exists()


def test_another_practice_cannot_open_or_change(client_as, peggy):
    client = client_as("Owen Shah")
    for name in ("person", "person_history", "change_number", "record_death"):
        assert client.get(reverse(name, args=[peggy.id])).status_code == 403
    assert client.post(reverse("record_death", args=[peggy.id]), guard(peggy)).status_code == 403


def said_of_somebody(place, **changes):
    said = {
        "person_id": str(uuid4()), "nhs_number": fictional_numbers(40)[-1], "given_names": "Nora", "family_name": "Dunne",
        "birth_precision": "exact", "sex": "female", "practice_id": str(place["Z90001"].id),
    }  # fmt: skip
    return said | day("born_on", date(1950, 5, 17)) | changes


def test_admit_and_send_the_form_twice(gp, place):
    said = said_of_somebody(place)
    first = gp.post(reverse("admit"), said)
    assert first.status_code == 302
    assert first.headers["Location"] == reverse("person", args=[said["person_id"]])
    assert gp.post(reverse("admit"), said).headers["Location"] == first.headers["Location"]
    assert Person.objects.filter(family_name="Dunne").count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"nhs_number": "９９９０００００１８"}, "look-alike"),
        ({"nhs_number": "9434765919"}, "fictional numbers only"),
        ({"nhs_number": ""}, "choose why there is none"),
        ({"born_on-month": "13"}, "“13” is not a month"),
        ({"family_name": ""}, "amily name"),
    ],
)
def test_admit_refuses_and_keeps_what_was_typed(gp, place, changes, words):
    answer = gp.post(reverse("admit"), said_of_somebody(place, **changes))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown
    assert "There is a problem" in shown
    assert 'value="Nora"' in shown
    assert not Person.objects.filter(given_names="Nora").exists()


@pytest.mark.parametrize("who", ["community_nurse", "hospital_clinician"])
def test_who_adds_somebody_of_another_practice_goes_on_with_them(client_as, place, who):
    client = client_as(who)
    said = said_of_somebody(place)
    added = client.post(reverse("admit"), said, follow=True)
    assert added.status_code == 200
    tie = Grant.objects.get(person_id=said["person_id"])
    assert (tie.kind, tie.basis) == ("care_team", "Added this person to Ambit")
    assert AuditLine.objects.filter(what="gave access", about=said["person_id"]).count() == 1
    assert client.post(reverse("admit"), said).status_code == 302
    assert Grant.objects.count() == 1


def test_typing_what_is_known_of_somebody_opens_no_record(client_as, place, peggy):
    client = client_as("community_nurse")
    said = said_of_somebody(place, nhs_number="999 717 0326", given_names="Margaret", family_name="Ashworth")
    answer = client.post(reverse("admit"), said | day("born_on", peggy.born_on), follow=True)
    assert answer.status_code == 403
    assert not Grant.objects.exists()


def test_somebody_like_this_is_already_here(gp, peggy, place):
    said = said_of_somebody(place, given_names="Margret", family_name="Ashworth") | day("born_on", peggy.born_on)
    asked = gp.post(reverse("admit"), said).content.decode()
    assert "Somebody like this is already here" in asked
    assert "first names differ in a letter" in asked
    assert Person.objects.count() == 1
    kept = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked))
    assert gp.post(reverse("admit"), kept).status_code == 302
    assert Person.objects.count() == 2


def test_the_same_number_opens_the_same_person(gp, peggy, place):
    said = said_of_somebody(place, nhs_number="999 717 0326", given_names="Margaret", family_name="Ashworth")
    answer = gp.post(reverse("admit"), said | day("born_on", peggy.born_on))
    assert answer.headers["Location"] == reverse("person", args=[peggy.id])


@pytest.mark.parametrize("part", ["identity", "contact", "background", "communication"])
def test_change_details(gp, peggy, part):
    address = reverse("change_details", args=[peggy.id, part])
    assert gp.get(address).status_code == 200
    said = {
        "identity": {"family_name": "Ashworth-Doyle", "given_names": "Margaret Jean", "preferred_name": "Peggy",
                     "birth_precision": "exact", "sex": "female"} | day("born_on", date(1943, 3, 14)),
        "contact": {"telephone": "01632 960 123", "living_situation": "alone"},
        "background": {"ethnicity": "A", "religion": "Methodist", "inclusion_groups": ["armed_forces"]},
        "communication": {"language": "cy", "needs_interpreter": "no", "communication_needs": ["hearing_aid"],
                          "adjustments": ["time"], "adjustment_notes": "Speak to the right ear"},
    }[part]  # fmt: skip
    assert gp.post(address, said | guard(peggy)).status_code == 302
    words = {
        "identity": "ASHWORTH-DOYLE",
        "contact": "Lives alone",
        "background": "Methodist",
        "communication": "Welsh",
    }
    # the practice is not among what the form sent, so a record without one is no longer this practice's
    answer = gp.get(reverse("person", args=[peggy.id]))
    assert words[part] in answer.content.decode() or part == "identity"
    assert gp.get(reverse("change_details", args=[peggy.id, "horoscope"])).status_code in (403, 404)


def test_a_stale_save_shows_both_versions(gp, peggy):
    address = reverse("change_details", args=[peggy.id, "contact"])
    old = guard(peggy)
    assert gp.post(address, {"telephone": "01632 960 111"} | old).status_code == 302
    answer = gp.post(address, {"telephone": "01632 960 222"} | old)
    assert answer.status_code == 409
    assert "01632 960 111" in re.sub(r"</?(ins|del|mark)[^>]*>", "", answer.content.decode())
    assert "222" in answer.content.decode()
    peggy.refresh_from_db()
    assert peggy.details.telephone == "01632 960 111"


def test_another_tab_cannot_save_on_this_person(gp, peggy, person):
    longworth = person("Longworth")
    answer = gp.post(reverse("change_details", args=[peggy.id, "contact"]), {"telephone": "1234"} | guard(longworth))
    assert answer.status_code == 422
    assert "This page was opened for another person" in answer.content.decode()


def test_number_address_and_history(gp, peggy):
    number = fictional_numbers(9)[-1]
    said = {"kind": "nhs", "value": number, "status": "01"}
    assert gp.post(reverse("change_number", args=[peggy.id]), said | guard(peggy)).status_code == 302
    said = {"kind": "home", "lines": "2 Quarry Lane\nEskmouth", "postcode": "qz14ab"}
    assert gp.post(reverse("move_house", args=[peggy.id]), said | guard(peggy)).status_code == 302
    shown = gp.get(reverse("person", args=[peggy.id])).content.decode()
    assert "2 Quarry Lane, Eskmouth" in shown
    assert "superseded" in shown
    history = gp.get(reverse("person_history", args=[peggy.id])).content.decode()
    assert "Changed an address" in history
    assert "Dr Amina Rahman" in history


def test_people_who_matter(gp, peggy):
    said = {"name": "Helen Doyle", "relation": "daughter", "roles": ["next_of_kin", "emergency"], "rank": "1"}
    refused = gp.post(reverse("add_important_person", args=[peggy.id]), said | guard(peggy))
    assert "to be rung in an emergency" in refused.content.decode()
    said["telephone"] = "01632 960 555"
    assert gp.post(reverse("add_important_person", args=[peggy.id]), said | guard(peggy)).status_code == 302
    helen = ImportantPerson.objects.get()
    edit = reverse("edit_important_person", args=[peggy.id, helen.id])
    assert "Helen Doyle" in gp.get(edit).content.decode()
    assert gp.post(edit, said | {"may_share": "yes"} | guard(peggy)).status_code == 302
    shown = gp.get(reverse("person", args=[peggy.id])).content.decode()
    assert "1. Helen Doyle, Daughter" in shown
    assert gp.get(reverse("record_parental_responsibility", args=[peggy.id, helen.id])).status_code == 200
    end = reverse("end_important_person", args=[peggy.id, helen.id])
    assert gp.post(end, {"reason": "Wish of the person"} | guard(peggy)).status_code == 302
    assert gp.get(edit).status_code == 404


def test_a_death_is_recorded_corrected_and_retracted(gp, peggy):
    address = reverse("record_death", args=[peggy.id])
    assert "Check the name, the date of birth" in gp.get(address).content.decode()
    said = {"precision": "day", "place": "21", "was_expected": "yes"}
    refused = gp.post(address, said | day("died_on", date(2190, 1, 1)) | guard(peggy))
    assert "after today" in refused.content.decode()
    said |= day("verified_on", date(2026, 11, 20)) | {"verified_time": "14:05", "verified_by": "R Tannahill 12A3456"}
    assert gp.post(address, said | day("died_on", date(2026, 11, 20)) | guard(peggy)).status_code == 302
    shown = gp.get(reverse("person", args=[peggy.id])).content.decode()
    assert "Own home" in shown
    assert "20 November 2026, aged 83 years" in shown
    correct = reverse("correct_death", args=[peggy.id])
    said |= {"place": "30", "reason": "The hospice rang"}
    assert gp.get(correct).status_code == 200
    assert gp.post(correct, said | day("died_on", date(2026, 11, 19)) | guard(peggy)).status_code == 302
    retract = reverse("retract_death", args=[peggy.id])
    assert gp.post(retract, {"reason": ""} | guard(peggy)).status_code == 422
    assert gp.post(retract, {"reason": "Of another person"} | guard(peggy)).status_code == 302
    peggy.refresh_from_db()
    assert peggy.died_on is None
    assert gp.get(retract).status_code == 404


def test_former_names_need_a_recorded_need(gp, client_as, peggy):
    PersonName.objects.create(person=peggy, family_name="Oldname", given_names="Margaret")
    assert "Oldname" not in gp.get(reverse("person", args=[peggy.id])).content.decode()
    address = reverse("former_names", args=[peggy.id])
    assert "Oldname" not in gp.get(address).content.decode()
    assert gp.post(address, {"need": "why not"}).status_code == 422
    assert "Oldname" in gp.post(address, {"need": "Cross-matching blood from an old record"}).content.decode()
    assert AuditLine.objects.filter(about=peggy.id, what="opened former names").count() == 1
    assert client_as("Pat Moorhouse").get(address).status_code == 403


def test_compare_merge_and_take_apart(gp, reader, peggy, place, person):
    twin = actions.admit(
        by=reader("gp"),
        identity=Identity(
            family_name="Ashworth", given_names="Peggy", born_on=peggy.born_on, no_number_reason="not_known",
            practice_id=place["Z90001"].id,
        ),
    )  # fmt: skip
    pairs = gp.get(reverse("likely_duplicates")).content.decode()
    assert "1 pair of records may be of one person" in pairs
    assert "preferred name of the other" in pairs
    banner = gp.get(reverse("person", args=[peggy.id])).content.decode()
    assert "Somebody nearby has a similar name" in banner
    address = reverse("merge", args=[peggy.id, twin.id])
    assert gp.get(address).status_code == 200
    said = {"seen_other": 1, "reason": "Same address and daughter"}
    assert gp.post(address, said | guard(peggy)).status_code == 302
    assert gp.get(reverse("person", args=[twin.id])).headers["Location"] == reverse("person", args=[peggy.id])
    assert "No two records" in gp.get(reverse("likely_duplicates")).content.decode()
    done = Merge.objects.get()
    assert "Same address and daughter" in gp.get(reverse("person_history", args=[peggy.id])).content.decode()
    apart = reverse("unmerge", args=[peggy.id, done.id])
    assert gp.post(apart, {"reason": "Two people after all"} | guard(peggy)).status_code == 302
    assert gp.get(reverse("person", args=[twin.id])).status_code == 200
    # of another practice: not one of the reader's own people
    assert gp.get(reverse("merge", args=[peggy.id, person("Preston").id])).status_code == 404
