"""Copying forward from records: offered with its source, taken by a press into a draft, never silent."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from ambit.access.queries import NotAllowed, operator
from ambit.audit.models import AuditLine
from ambit.careplan import actions, queries, registry
from ambit.careplan.models import SectionDraft, SectionVersion
from ambit.careplan.rules import copying
from ambit.careplan.rules.copying import ALLERGY, CONDITION, CONTACT, MEDICINE, Said, copied, offers
from ambit.design.refusals import Refused
from ambit.people import actions as people
from ambit.people.models import Person
from ambit.population import actions as population

TODAY = timezone.localdate()
ON = date(2026, 11, 25)
GP = "the GP record (practices), 3 March 2026"


def said(words="Heart failure", kind=CONDITION, **but):
    return Said(**{"kind": kind, "words": words, "source": GP, "since": date(2024, 2, 1), **but})


# --- rules ---


@pytest.mark.parametrize(
    ("section", "one", "content", "row"),
    [
        ("illness", said(), {}, {"name": "Heart failure", "since": "February 2024", "source": GP}),
        ("illness", said(since=None), {}, {"name": "Heart failure", "source": GP}),
        ("illness", said(ended=ON), {}, None),
        ("illness", said(ended=date(2026, 11, 26)), {}, {"name": "Heart failure", "since": "February 2024", "source": GP}),
        ("illness", said(), {"illness.main": "heart  FAILURE"}, None),
        ("illness", said(), {"illness.others": [{"name": "Heart failure"}]}, None),
        ("illness", said(kind=ALLERGY), {}, None),
        ("illness", said(" "), {}, None),
        ("allergies", said("Penicillin", ALLERGY), {}, {"substance": "Penicillin", "when": "2024", "source": GP}),
        ("allergies", said("Penicillin"), {}, None),
        ("regular_medicines", said("Furosemide 40mg", MEDICINE, since=date(2025, 11, 25)), {}, {"name": "Furosemide 40mg", "source": GP}),
        ("regular_medicines", said("Furosemide 40mg", MEDICINE, since=date(2025, 11, 24)), {}, None),
        ("regular_medicines", said("Furosemide 40mg", MEDICINE, since=None), {}, None),
        ("people_to_ring", said("Helen", CONTACT, more=(("relation", "daughter"), ("telephone", "07700 900418"))), {},
         {"name": "Helen", "relation": "daughter", "telephone": "07700 900418"}),
    ],
)  # fmt: skip
def test_what_is_offered(section, one, content, row):
    assert [dict(offer.row) for offer in offers(section, [one], content, on=ON)] == ([row] if row else [])


def test_the_newest_first_and_each_once():
    told = [
        said("Asthma", since=date(2020, 1, 1)),
        said(),
        said("HEART failure", since=date(2025, 1, 1)),
        said("Gout", since=None),
    ]
    found = offers("illness", told, {}, on=ON)
    assert [(one.words, one.since) for one in found] == [
        ("HEART failure", date(2025, 1, 1)), ("Asthma", date(2020, 1, 1)), ("Gout", None),
    ]  # fmt: skip
    assert len({one.key for one in found}) == 3


def test_every_row_fits_the_section_and_no_dose_is_among_its_parts():
    for name, into in copying.INTO.items():
        parts = {part.id for part in registry.section(name).item(into.rows).items}
        (offer,) = offers(name, [said("X", into.kinds[0], since=ON)], {}, on=ON)
        assert set(offer.row) <= parts
        assert not {"how", "dose", "count"} & set(offer.row)


@given(st.lists(st.sampled_from(["Asthma", "Gout", "COPD", "Angina"]), unique=True), st.integers(0, 15))
def test_nothing_that_stands_there_is_changed_or_lost(there, chosen):
    content = {"illness.main": "Cancer", "illness.others": [{"name": name} for name in there]}
    found = offers("illness", [said(name) for name in ("Asthma", "Gout", "COPD", "Angina")], content, on=ON)
    taken = [one for at, one in enumerate(found) if chosen >> at & 1]
    after = copied("illness", content, taken)
    assert after["illness.main"] == "Cancer"
    assert after["illness.others"][: len(there)] == content["illness.others"]
    assert [row["name"] for row in after["illness.others"][len(there) :]] == [one.words for one in taken]
    assert content["illness.others"] == [{"name": name} for name in there]


# --- from the store ---


@pytest.fixture
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def coded(kind, key, words, on, **more):
    who = {"AllergyIntolerance": "patient"}.get(kind, "subject")
    what, when = {
        "MedicationRequest": ("medicationCodeableConcept", "authoredOn"),
        "AllergyIntolerance": ("code", "recordedDate"),
    }.get(kind, ("code", "onsetDateTime"))
    return {"resourceType": kind, "id": key, who: {"reference": "urn:uuid:p1"}, what: {"text": words}, when: on, **more}


@pytest.fixture
def taken_in(home, db):
    def taken(*, number="9997170326", born="1943-03-14", practice="Z90001"):
        patient = {
            "resourceType": "Patient", "id": "p1", "birthDate": born, "gender": "female",
            "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": number}],
            "generalPractitioner": [{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": practice}}],
        }  # fmt: skip
        resources = [
            patient,
            coded("Condition", "c1", "Heart failure", "2024-02-01"),
            coded("Condition", "c2", "Chest infection", "2024-02-01", abatementDateTime="2024-03-01"),
            coded("AllergyIntolerance", "a1", "Penicillin", "2009-05-01"),
            coded("MedicationRequest", "m1", "Furosemide 40mg tablets", TODAY.isoformat()),
        ]
        entries = [
            {
                "fullUrl": f"urn:uuid:{one['id']}",
                "resource": one,
                "request": {"method": "POST", "url": one["resourceType"]},
            }
            for one in resources
        ]
        inbox = home / "inbox"
        inbox.mkdir(exist_ok=True)
        (inbox / "a.json").write_text(json.dumps({"resourceType": "Bundle", "type": "transaction", "entry": entries}))
        population.take_in(by=operator(), paths=[inbox], source="practices")

    return taken


@pytest.fixture
def ashworth(person):
    return person()


@pytest.fixture
def gp(reader):
    return reader("Amina Rahman")


def found(by, person, section):
    return [one.words for one in queries.to_copy(by, person, registry.section(section), on=TODAY)[1]]


def test_the_form_offers_the_gp_record_and_takes_it_with_its_source(taken_in, ashworth, client_as):
    taken_in()
    gp, form = client_as("Amina Rahman"), reverse("save_section", args=[ashworth.id, "allergies"])
    page = reverse("copy_from_record", args=[ashworth.id, "allergies"])
    assert page in gp.get(form).text
    offered = gp.get(page).text
    source = f"the GP record (practices), {TODAY:%-d %B %Y}"
    assert "1 thing could be copied" in offered
    assert f"Penicillin, since 1 May 2009, from {source}" in offered
    assert "checked" not in offered.split("<form", 1)[1]
    key = offered.split('name="chosen"')[1].split('value="')[1].split('"')[0]
    assert gp.post(page, {"chosen": [key]}).status_code == 302
    assert not SectionVersion.objects.exists()
    drafted = gp.get(form).text
    assert "Penicillin" in drafted
    assert source in drafted
    assert AuditLine.objects.filter(what="copied from a record into a draft").count() == 1
    assert AuditLine.objects.filter(what="looked what to copy into the plan").exists()


def test_nothing_chosen_is_refused_in_words(taken_in, ashworth, client_as):
    taken_in()
    answer = client_as("Amina Rahman").post(reverse("copy_from_record", args=[ashworth.id, "illness"]), {})
    assert answer.status_code == 422
    assert "Choose what to copy, or go back to the form." in answer.text
    assert not SectionDraft.objects.exists()


def test_what_is_current_is_offered_and_what_is_over_is_not(taken_in, ashworth, gp):
    taken_in()
    assert found(gp, ashworth, "illness") == ["Heart failure"]
    assert found(gp, ashworth, "regular_medicines") == ["Furosemide 40mg tablets"]


@pytest.mark.parametrize(
    "but", [{"born": "1944-03-14"}, {"born": "1943-03"}, {"number": "9990000042"}, {"practice": "Z90002"}]
)
def test_another_person_of_the_same_number_is_nobody_here(taken_in, ashworth, gp, but):
    """H11: number, birth date and practice must all be theirs."""
    taken_in(**but)
    assert found(gp, ashworth, "illness") == []


def test_who_does_not_hold_the_record_copies_nothing(taken_in, ashworth, gp, reader, client_as):
    taken_in()
    nurse = reader("Ruth Tannahill")
    with pytest.raises(NotAllowed, match="own practice"):
        actions.copy_from_record(by=nurse, person=ashworth, section=registry.section("illness"), chosen=["x"], on=TODAY)
    with pytest.raises(NotAllowed):
        queries.to_copy(replace(gp, abilities=frozenset()), ashworth, registry.section("illness"), on=TODAY)
    with pytest.raises(NotAllowed):
        queries.to_copy(gp, ashworth, registry.section("what_matters"), on=TODAY)
    Person.objects.filter(pk=ashworth.pk).update(died_on=TODAY)
    assert not queries.may_copy(gp, Person.objects.get(pk=ashworth.pk), registry.section("illness"))


def test_a_failed_audit_line_leaves_no_draft(taken_in, ashworth, gp, monkeypatch):
    taken_in()
    section = registry.section("illness")
    (offer,) = queries.to_copy(gp, ashworth, section, on=TODAY)[1]

    def fails(**_):
        raise OSError("disk full")

    monkeypatch.setattr("ambit.careplan.actions.copying.audit.record", fails)
    with pytest.raises(OSError, match="disk full"):
        actions.copy_from_record(by=gp, person=ashworth, section=section, chosen=[offer.key], on=TODAY)
    assert not SectionDraft.objects.exists()


def test_a_copy_goes_to_what_the_writer_had_begun(taken_in, ashworth, gp):
    taken_in()
    section = registry.section("illness")
    actions.keep_draft(by=gp, person=ashworth, section=section, base=0, content={"illness.main": "Frailty"})
    (offer,) = queries.to_copy(gp, ashworth, section, on=TODAY)[1]
    draft = actions.copy_from_record(by=gp, person=ashworth, section=section, chosen=[offer.key], on=TODAY)
    assert draft.content["illness.main"] == "Frailty"
    actions.save_section(by=gp, person=ashworth, section=section, base=0, content=draft.content, on=TODAY)
    row = queries.current(gp, ashworth.id).says("illness")["illness.others"][0]
    assert (row["name"], row["since"]) == ("Heart failure", "February 2024")
    assert row["source"].startswith("the GP record (practices)")


def test_those_who_matter_are_offered_to_be_rung_and_no_more_than_there_is_room_for(home, ashworth, gp):
    for number in range(6):
        people.add_important_person(
            by=gp, person_id=ashworth.id, seen=number + 1, name=f"Friend {number}", relation="friend", roles=[],
            telephone=f"07700 90041{number}",
        )  # fmt: skip
    section = registry.section("people_to_ring")
    person = Person.objects.get(pk=ashworth.pk)
    offered = queries.to_copy(gp, person, section, on=TODAY)[1]
    assert len(offered) == 6
    with pytest.raises(Refused, match="room for 5"):
        actions.copy_from_record(by=gp, person=person, section=section, chosen=[one.key for one in offered], on=TODAY)
    draft = actions.copy_from_record(by=gp, person=person, section=section, chosen=[offered[0].key], on=TODAY)
    assert draft.content["people_to_ring.people"][0]["telephone"].startswith("07700")
