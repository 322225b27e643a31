"""Pages on which parts of a record are sealed, shared outside care and with services, and on which somebody moves home."""

from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.urls import reverse
from django.utils import timezone

from ambit.access import actions
from ambit.access.models import Grant, OutsideConsent, Seal
from ambit.access.queries import operator, residents_of
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.design.refusals import Refused, Stale
from ambit.people.models import Person, PersonDetails

TODAY = timezone.localdate()


@pytest.fixture
def ashworth(person):
    return person("Ashworth")


def day(name, value):
    return {f"{name}-day": value.day, f"{name}-month": value.month, f"{name}-year": value.year}


# --- seals ---


def sealing(**changed):
    said = {"item": "prognosis", "hides_from": "staff", "why": "sensitive", "words": "She asked that only we see it."}
    return said | day("until_on", TODAY + timedelta(days=30)) | changed


def test_seal_item(client_as, ashworth):
    client, here = client_as("gp"), reverse("seal_item", args=[ashworth.id])
    assert "Nothing that you may know of is sealed" in client.get(here).text
    assert client.post(here, sealing(roles=["palliative_specialist"])).status_code == 302
    row = Seal.objects.get()
    assert (row.item, row.roles, row.hides_from) == ("prognosis", ["palliative_specialist"], "staff")
    said = client.get(here).text
    assert "1 part of this record is sealed" in said
    assert "She asked that only we see it." in said


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"item": ""}, "Choose what is to be sealed."),
        ({"words": ""}, "Say in your own words why it has to be hidden."),
        ({"item": "cpr"}, "CPR decisions and allergies are never sealed from staff"),
        (day("until_on", TODAY), "The day on which it opens again must be after today."),
        (day("until_on", TODAY + timedelta(days=500)), "Choose a day within a year"),
    ],
)
def test_a_seal_that_cannot_be_says_what_to_do_at_its_field(client_as, ashworth, changed, words):
    answer = client_as("gp").post(reverse("seal_item", args=[ashworth.id]), sealing(**changed))
    assert answer.status_code == 422
    assert words in answer.text
    assert not Seal.objects.exists()


def test_who_is_not_named_learns_only_that_it_is_there_and_only_if_the_site_says_so(
    client_as, ashworth, place, settings
):
    client_as("gp").post(reverse("seal_item", args=[ashworth.id]), sealing())
    actions.give_grant(by=operator(), person_id=ashworth.id, kind="care_team", organisation_id=place["ZC1"].id)
    nurse, here = client_as("community_nurse"), reverse("seal_item", args=[ashworth.id])
    said = nurse.get(here).text
    assert "What may come" in said
    assert "She asked" not in said
    assert "Open the seal" not in said
    assert "Seal a part" not in said
    assert nurse.post(here, sealing(item="illness")).status_code in (403, 422)
    assert nurse.get(reverse("end_seal", args=[ashworth.id, Seal.objects.get().pk])).status_code == 403
    settings.CONFIG = settings.CONFIG.model_copy(update={"sealed_existence": "hidden"})
    assert "What may come" not in nurse.get(here).text


def test_end_seal(client_as, ashworth, place):
    client, list_of = client_as("gp"), reverse("seal_item", args=[ashworth.id])
    client.post(list_of, sealing())
    here = reverse("end_seal", args=[ashworth.id, Seal.objects.get().pk])
    assert client.get(here).status_code == 200
    assert "Say why it no longer has to be hidden." in client.post(here, {"why": ""}).text
    assert client.post(here, {"why": "She told everybody herself"}).status_code == 302
    assert Seal.objects.get().ended_why == "She told everybody herself"
    assert client.get(here).status_code == 404
    # a hospital clinician may open seals, and not one under which they do not see
    client.post(list_of, sealing())
    actions.give_grant(by=operator(), person_id=ashworth.id, kind="shared", organisation_id=place["ZH1"].id)
    other = reverse("end_seal", args=[ashworth.id, Seal.objects.get(ended_at=None).pk])
    assert client_as("hospital_clinician").post(other, {"why": "I want to see it"}).status_code == 404


# --- outside care ---


def agreement(**changed):
    said = {"party": "Ms Vane, Vane and Co", "purpose": "Her will", "items": ["what_matters"], "basis": "person"}
    return said | day("agreed_on", TODAY) | day("until_on", TODAY + timedelta(days=14)) | changed


def test_agree_outside_and_end_it(client_as, ashworth):
    client, here = client_as("gp"), reverse("agree_outside", args=[ashworth.id])
    assert "Nobody outside their care may have a copy" in client.get(here).text
    assert client.post(here, agreement()).status_code == 302
    said = client.get(here).text
    assert "1 agreement to share outside care stands" in said
    assert "Ms Vane, Vane and Co" in said
    ends = reverse("end_outside", args=[ashworth.id, OutsideConsent.objects.get().pk])
    for _twice in range(2):
        assert client.post(ends).status_code == 302
    assert "Nobody outside their care may have a copy" in client.get(here).text
    assert "No longer standing" in client.get(here).text


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"party": ""}, "Say who is to have it"),
        ({"items": []}, "Choose what they may have."),
        ({"basis": "best_interests"}, "There is a problem"),
        ({"basis": "attorney"}, "Give the name of who agreed for the person."),
        (day("until_on", TODAY - timedelta(days=1)), "The last day must not be before today."),
    ],
)
def test_an_agreement_that_is_not_explicit_is_refused_at_its_field(client_as, ashworth, changed, words):
    answer = client_as("gp").post(reverse("agree_outside", args=[ashworth.id]), agreement(**changed))
    assert answer.status_code == 422
    assert words in answer.text
    assert not OutsideConsent.objects.exists()


# --- services ---


def test_give_grant_and_end_grant(client_as, ashworth, place):
    client, here = client_as("gp"), reverse("give_grant", args=[ashworth.id])
    hospital, plan = client_as("hospital_clinician"), reverse("plan", args=[ashworth.id])
    assert "Only the practice sees this record" in client.get(here).text
    assert hospital.get(plan).status_code == 403
    shared = {"organisation_id": str(place["ZH1"].id), "basis": "Referred for a scan"}
    assert client.post(here, {"organisation_id": "", "basis": ""}).status_code == 422
    assert client.post(here, shared).status_code == 302
    assert "1 service besides the practice sees this record" in client.get(here).text
    assert hospital.get(plan).status_code == 200
    ends = reverse("end_grant", args=[ashworth.id, Grant.objects.get(kind="shared").pk])
    assert client.post(ends).status_code == 302
    assert hospital.get(plan).status_code == 403
    assert client.post(ends).status_code == 404


def test_what_was_not_shared_here_is_not_ended_here(client_as, ashworth, place):
    grant = actions.give_grant(by=operator(), person_id=ashworth.id, kind="care_team", organisation_id=place["ZHS"].id)
    assert client_as("gp").post(reverse("end_grant", args=[ashworth.id, grant.pk])).status_code == 404


# --- moving home ---


@pytest.fixture
def moves(ashworth, reader):
    def move(into, on=TODAY, by="gp"):
        seen = Person.objects.get(pk=ashworth.id).version
        return actions.move_home(
            by=reader(by), person_id=ashworth.id, seen=seen, residence_id=into.id if into else None, moved_on=on
        )

    return move


@pytest.fixture
def other_home(place):
    from ambit.organisations.models import Organisation

    return Organisation.objects.create(code="ZCH9", name="Larkrigg House", kind="care_home", part_of=place["ZZ01"])


def test_move_home(client_as, ashworth, place, other_home):
    """The residents' list, the record and the details follow in one act, and the former home is out at once."""
    client, grace = client_as("gp"), client_as("care_home_senior")
    here, plan = reverse("move_home", args=[ashworth.id]), reverse("plan", args=[ashworth.id])
    assert "No care home is recorded." in client.get(here).text

    def moved(home, on):
        seen = Person.objects.get(pk=ashworth.id).version
        return client.post(here, {"seen": seen, "residence_id": str(home.id) if home else ""} | day("moved_on", on))

    assert grace.get(plan).status_code == 403
    assert moved(place["ZCH1"], TODAY - timedelta(days=3)).status_code == 302
    assert grace.get(plan).status_code == 200
    assert "ASHWORTH" in grace.get(reverse("residents")).text.upper()
    assert "They live in Ferry View Care Home" in client.get(here).text
    assert PersonDetails.objects.get(person=ashworth).residence_id == place["ZCH1"].id
    assert moved(other_home, TODAY).status_code == 302
    assert grace.get(plan).status_code == 403
    assert "ASHWORTH" not in grace.get(reverse("residents")).text.upper()
    assert moved(None, TODAY).status_code == 302
    assert not Grant.objects.filter(person=ashworth, until_at=None, kind="residence").exists()
    lines = AuditLine.objects.filter(what__contains="of a care home", about=ashworth.id)
    assert lines.get().details["out_of"] == [str(other_home.id)]


def test_the_former_home_is_out_however_it_came_in(moves, ashworth, place, other_home, reader):
    actions.give_grant(by=operator(), person_id=ashworth.id, kind="shared", organisation_id=place["ZCH1"].id)
    moves(place["ZCH1"])
    moves(other_home)
    assert not Grant.objects.filter(person=ashworth, organisation=place["ZCH1"], until_at=None).exists()
    assert residents_of(reader("care_home_senior")) == []


def test_somebody_without_a_tie_moves_nobody(ashworth, place, reader):
    with pytest.raises(NotAllowed):
        actions.move_home(
            by=reader("palliative_specialist"), person_id=ashworth.id, seen=ashworth.version,
            residence_id=place["ZCH1"].id, moved_on=TODAY,
        )  # fmt: skip
    assert not Grant.objects.filter(person=ashworth, kind="residence").exists()


def test_moves_that_cannot_be(moves, ashworth, place, reader):
    for into, on, words in (
        (None, TODAY, "do not live in a care home"),
        (place["ZHS"], TODAY, "Choose a care home from the list"),
        (place["ZCH1"], TODAY + timedelta(days=1), "Record the move on the day"),
        (place["ZCH1"], ashworth.born_on - timedelta(days=1), "before the person was born"),
    ):
        with pytest.raises(Refused, match=words):
            moves(into, on)
    moves(place["ZCH1"])
    with pytest.raises(Refused, match="live there already"):
        moves(place["ZCH1"])
    with pytest.raises(NotAllowed):
        moves(None, by="care_home_senior")
    with pytest.raises(Stale):
        actions.move_home(by=reader("gp"), person_id=ashworth.id, seen=1, residence_id=None, moved_on=TODAY)
    Person.objects.filter(pk=ashworth.id).update(died_on=TODAY)
    with pytest.raises(Refused, match="has died"):
        moves(None)


def test_nothing_moves_when_the_audit_line_fails(moves, ashworth, place, monkeypatch):
    def fails(**_):
        raise DatabaseError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(DatabaseError):
        moves(place["ZCH1"])
    assert not Grant.objects.filter(person=ashworth, kind="residence").exists()
    assert not PersonDetails.objects.filter(person=ashworth, residence__isnull=False).exists()
