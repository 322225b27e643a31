"""A brother or sister with a record of their own: tied once, read from both sides, by nobody who may not open both."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.queries import Person, operator
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.careplan import actions, queries
from ambit.careplan.models import SiblingTie
from ambit.design.refusals import Refused
from ambit.people import actions as people
from ambit.people.rules import Identity

TODAY = timezone.localdate()


@pytest.fixture
def gp(reader):
    return reader("Amina Rahman")


@pytest.fixture
def family(place):
    """Isla and Rowan Thorne of Brackenhill Surgery, seven and ten."""

    def admitted(given, years):
        return people.admit(
            by=operator(),
            identity=Identity(
                given_names=given, family_name="Thorne", born_on=TODAY.replace(day=1, year=TODAY.year - years),
                birth_precision="exact", no_number_reason="newborn", practice_id=place["Z90001"].id,
            ),
        )  # fmt: skip

    return admitted("Isla", 7), admitted("Rowan", 10)


@pytest.fixture
def nurse(reader, place, family):
    """Dr Quayle of the hospice, who looks after Isla only."""
    access.give_grant(by=operator(), person_id=family[0].id, kind="care_team", organisation_id=place["ZHS"].id)
    return reader("Sofia Quayle")


def names(reader, person):
    return [one.name for one in queries.siblings_of(reader, person.id)]


def test_tie_sibling(family, client_as):
    isla, rowan = family
    browser, where = client_as("Amina Rahman"), f"/people/{isla.id}/plan/siblings/"
    assert "No record of a brother or sister is tied" in browser.get(where).text
    found = browser.get(f"{where}tie/?search=thorne").text
    assert f'value="{rowan.id}"' in found
    assert f'value="{isla.id}"' not in found
    refused = browser.post(f"{where}tie/?search=thorne", {"sibling": ""})
    assert refused.status_code == 422
    assert "Choose one of those who were found." in refused.text
    assert browser.post(f"{where}tie/?search=thorne", {"sibling": str(rowan.id)}).status_code == 302
    for one, other in ((isla, rowan), (rowan, isla)):
        shown = browser.get(f"/people/{one.id}/plan/").text
        assert f'href="/people/{other.id}/plan/">THORNE, {other.given_names}' in shown
    again = browser.post(f"{where}tie/?search=thorne", {"sibling": str(rowan.id)})
    assert "tied already" in again.text


def test_untie_sibling(gp, family, client_as):
    isla, rowan = family
    tie = actions.tie_sibling(by=gp, person=isla, sibling_id=rowan.id)
    browser, where = client_as("Amina Rahman"), f"/people/{rowan.id}/plan/siblings/{tie.pk}/end/"
    assert "Write why" in browser.post(where, {"reason": " "}).text
    assert browser.post(where, {"reason": "Cousins"}).status_code == 302
    assert names(gp, isla) == names(gp, rowan) == []
    assert browser.get(where).status_code == 404
    with pytest.raises(Refused, match="by somebody else"):
        actions.untie_sibling(by=gp, person=isla, tie_id=tie.pk, reason="Cousins")
    actions.tie_sibling(by=gp, person=rowan, sibling_id=isla.id)
    assert SiblingTie.objects.count() == 2


def test_who_may_open_one_of_them_does_not_learn_of_the_other(gp, nurse, family, client_as):
    isla, rowan = family
    tie = actions.tie_sibling(by=gp, person=rowan, sibling_id=isla.id)
    assert names(nurse, isla) == []
    browser, where = client_as("Sofia Quayle"), f"/people/{isla.id}/plan/siblings/"
    for page in (f"/people/{isla.id}/plan/", where, f"{where}tie/?search=rowan"):
        answer = browser.get(page)
        assert answer.status_code == 200
        assert str(rowan.id) not in answer.text
        assert "THORNE, Rowan" not in answer.text
    assert browser.get(f"{where}{tie.pk}/end/").status_code == 404
    for words in ("Nobody among the people you look after", "same record", "Choose one of those"):
        sibling = {"Nobody": rowan.id, "same r": isla.id, "Choose": None}[words[:6]]
        with pytest.raises(Refused, match=words):
            actions.tie_sibling(by=nurse, person=isla, sibling_id=sibling)
    with pytest.raises(Refused, match="by somebody else"):
        actions.untie_sibling(by=nurse, person=isla, tie_id=tie.pk, reason="Cousins")
    assert all(str(rowan.id) not in str(line.details) for line in AuditLine.objects.filter(about=isla.id))


def test_an_objection_in_one_record_takes_it_off_the_other_at_once(gp, nurse, family, place):
    isla, rowan = family
    actions.tie_sibling(by=gp, person=isla, sibling_id=rowan.id)
    access.give_grant(by=operator(), person_id=rowan.id, kind="care_team", organisation_id=place["ZHS"].id)
    assert names(nurse, isla) == ["THORNE, Rowan"]
    access.record_objection(
        by=operator(), person_id=rowan.id, basis="parental", decided_by="Joe Thorne", informed_on=TODAY
    )
    assert names(nurse, isla) == []
    assert names(gp, isla) == ["THORNE, Rowan"]


def test_two_records_that_were_of_one_child_are_no_siblings(gp, family):
    isla, rowan = family
    actions.tie_sibling(by=gp, person=isla, sibling_id=rowan.id)
    Person.objects.filter(pk=rowan.id).update(born_on=isla.born_on)
    people.merge(
        by=gp, keep_id=isla.id, other_id=rowan.id, reason="Same letter", seen_keep=isla.version,
        seen_other=rowan.version,
    )  # fmt: skip
    assert names(gp, isla) == []


def test_who_may_not_write_ties_nobody_and_a_failed_line_undoes_it(gp, reader, family, monkeypatch):
    isla, rowan = family
    with pytest.raises(NotAllowed):
        actions.tie_sibling(by=reader("auditor"), person=isla, sibling_id=rowan.id)

    def fails(**_):
        raise DatabaseError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(DatabaseError):
        actions.tie_sibling(by=gp, person=isla, sibling_id=rowan.id)
    assert not SiblingTie.objects.exists()


def test_a_childs_plan_with_siblings_takes_few_statements(gp, family):
    isla, rowan = family
    actions.tie_sibling(by=gp, person=isla, sibling_id=rowan.id)
    person = Person.objects.get(pk=isla.id)
    with CaptureQueriesContext(connection) as asked:
        assert names(gp, person) == ["THORNE, Rowan"]
    assert len(asked) == 1
