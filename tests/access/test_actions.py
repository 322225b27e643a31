"""What is done about access: each act, each refusal, and nothing half-saved."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.access import actions
from ambit.access.actions import (
    break_glass,
    deactivate_account,
    end_grant,
    give_grant,
    keep_draft,
    make_account,
    put_on_duty,
    record_consent,
    record_objection,
    review_break_glass,
    withdraw_objection,
)
from ambit.access.models import Account, BreakGlass, Draft, Duty, Grant, SharingDecision
from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.design.refusals import Refused
from ambit.events.models import OutboxEvent
from ambit.organisations.models import Staff


def today():
    return timezone.localdate()


def said(person, **more):
    return {"by": operator(), "person_id": person.id, "basis": "person", "informed_on": today(), **more}


# --- accounts ---


def test_make_account_gives_a_password_once(place):
    staff = Staff.objects.create(name="Nell Carrick", email="nell@ambit.example")
    account, password = make_account(by=operator(), email="Nell@Ambit.example", staff=staff)
    assert account.check_password(password)
    assert len(password) >= 12
    assert password not in str(AuditLine.objects.get(what="made an account").details)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"email": "nobody"}, "email"),
        ({"email": "AMINA.RAHMAN@ambit.example"}, "email"),
        ({"role": ""}, "role"),
        ({"role": "person"}, "person"),
        ({"password": "short"}, "password"),
        ({"password": "password1234"}, "password"),
    ],
)
def test_make_account_says_what_is_wrong(place, wrong, field):
    with pytest.raises(Refused) as refused:
        make_account(**{"by": operator(), "email": "new@ambit.example", "role": "carer", **wrong})
    assert field in refused.value.problems
    assert not Account.objects.filter(email="new@ambit.example").exists()


def test_one_account_for_a_member_of_staff(account_of):
    with pytest.raises(Refused) as refused:
        make_account(by=operator(), email="second@ambit.example", staff=account_of("gp").staff)
    assert "staff" in refused.value.problems


def test_only_administrators_make_and_close_accounts(reader, account_of):
    with pytest.raises(NotAllowed):
        make_account(by=reader("gp"), email="new@ambit.example", role="carer")
    with pytest.raises(NotAllowed):
        deactivate_account(by=reader("gp"), account_id=account_of("gp").pk)
    admin = reader("system_administrator")
    with pytest.raises(Refused):
        deactivate_account(by=admin, account_id=admin.account_id)
    deactivate_account(by=admin, account_id=account_of("gp").pk)
    assert not account_of("gp").is_active


# --- grants and duty ---


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"organisation_id": None}, ""),
        ({"kind": "proxy"}, "account"),
        ({"until_at": timezone.now() - timedelta(days=1)}, "until_at"),
    ],
)
def test_give_grant_says_what_is_wrong(place, person, wrong, field):
    with pytest.raises(Refused) as refused:
        give_grant(
            **{
                "by": operator(),
                "person_id": person().id,
                "kind": "care_team",
                "organisation_id": place["ZC1"].id,
                **wrong,
            }
        )
    assert field in refused.value.problems
    assert not Grant.objects.exists()


def test_a_proxy_has_a_basis_and_a_living_person(person):
    account, _ = make_account(by=operator(), email="proxy@example.org", role="proxy", name="Jean")
    ashworth = person("Ashworth")
    grant = {"by": operator(), "person_id": ashworth.id, "kind": "proxy", "account_id": account.pk}
    with pytest.raises(Refused) as refused:
        give_grant(**grant)
    assert "basis" in refused.value.problems
    ashworth.died_on = today()
    ashworth.save()
    with pytest.raises(Refused):
        give_grant(**grant, basis="attorney")


def test_an_ended_grant_is_kept(place, person):
    grant = give_grant(by=operator(), person_id=person().id, kind="care_team", organisation_id=place["ZC1"].id)
    ended = end_grant(by=operator(), grant_id=grant.pk)
    assert end_grant(by=operator(), grant_id=grant.pk).until_at == ended.until_at
    assert AuditLine.objects.filter(what="ended access").count() == 1


def test_on_duty_is_one_member_or_one_organisation(reader, place, account_of):
    with pytest.raises(Refused):
        put_on_duty(by=operator(), area=place["QZZ"])
    with pytest.raises(Refused) as refused:
        put_on_duty(by=operator(), area=place["QZZ"], organisation=place["ZAM"], until_at=timezone.now())
    assert "until_at" in refused.value.problems
    with pytest.raises(NotAllowed):
        put_on_duty(by=reader("urgent_clinician"), area=place["QZZ"], organisation=place["ZAM"])
    assert not Duty.objects.exists()


# --- sharing ---


def test_a_new_decision_ends_the_one_before_and_keeps_it(person):
    ashworth = person()
    record_consent(**said(ashworth))
    decision = record_objection(**said(ashworth, note="After the letter"))
    assert decision.outcome == "withdrawn"
    assert SharingDecision.objects.count() == 2
    assert SharingDecision.objects.get(ended_at=None) == decision
    withdraw_objection(by=operator(), decision_id=decision.pk)
    assert not SharingDecision.objects.filter(ended_at=None).exists()
    with pytest.raises(Refused):
        withdraw_objection(by=operator(), decision_id=decision.pk)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"basis": "neighbour"}, "basis"),
        ({"basis": "attorney"}, "decided_by"),
        ({"informed_on": timezone.localdate() + timedelta(days=1)}, "informed_on"),
        ({"scope": "organisation"}, "organisation"),
        ({"scope": "item"}, "item"),
        ({"not_even_in_emergency": True}, "told_what_would_not_be_seen"),
    ],
)
def test_an_objection_says_what_is_missing(person, wrong, field):
    with pytest.raises(Refused) as refused:
        record_objection(**said(person(), **wrong))
    assert field in refused.value.problems
    assert not SharingDecision.objects.exists()


def test_never_is_recorded_only_after_telling_what_will_not_be_seen(person):
    """Architecture: they are told first what a paramedic will then not see."""
    with pytest.raises(Refused) as refused:
        record_objection(**said(person(), not_even_in_emergency=True))
    told = " ".join(refused.value.problems["told_what_would_not_be_seen"])
    assert "resuscitation" in told
    assert "allergies" in told
    with pytest.raises(IntegrityError), transaction.atomic():
        SharingDecision.objects.create(
            person=person(),
            basis="person",
            outcome="objected",
            scope="whole_record",
            informed_on=today(),
            not_even_in_emergency=True,
            recorded_by="x",
            recorded_at=timezone.now(),
        )


def test_nobody_objects_to_the_own_practice(person):
    ashworth = person()
    with pytest.raises(Refused) as refused:
        record_objection(**said(ashworth, scope="organisation", organisation_id=ashworth.practice_id))
    assert "organisation" in refused.value.problems


def test_only_those_who_look_after_the_person_record_decisions(reader, person):
    ashworth = person("Ashworth")
    record_objection(**{**said(ashworth), "by": reader("Amina Rahman")})
    for who in ("Owen Shah", "Sam Okafor", "auditor"):
        with pytest.raises(NotAllowed):
            record_consent(**{**said(ashworth), "by": reader(who)})


# --- emergencies ---


@pytest.mark.parametrize(
    ("wrong", "field"), [({"reason": "curious"}, "reason"), ({"words": " ... "}, "words"), ({"words": ""}, "words")]
)
def test_break_glass_needs_a_reason(reader, person, wrong, field):
    with pytest.raises(Refused) as refused:
        break_glass(
            **{"by": reader("Sam Okafor"), "person_id": person().id, "reason": "other", "words": "Fire", **wrong}
        )
    assert field in refused.value.problems


@pytest.mark.parametrize("who", ["auditor", "privacy_officer", "social_worker", "practice_administrator"])
def test_roles_that_may_not_break_glass(reader, person, who):
    with pytest.raises(NotAllowed):
        break_glass(by=reader(who), person_id=person("Preston").id, reason="other", words="I am curious")
    with pytest.raises(NotAllowed):
        break_glass(by=operator(), person_id=person("Preston").id, reason="other", words="I am curious")


def test_nothing_is_half_saved_when_the_audit_fails(reader, person, place, monkeypatch):
    """H7 and H22: an emergency that cannot be audited does not open."""
    sam, joan = reader("Sam Okafor"), person("Preston")

    def refuse(**_):
        raise RuntimeError("the audit line cannot be written")

    monkeypatch.setattr("ambit.audit.actions.record", refuse)
    for act in (
        lambda: break_glass(by=sam, person_id=joan.id, reason="other", words="Found on the floor"),
        lambda: give_grant(by=operator(), person_id=joan.id, kind="care_team", organisation_id=place["ZC1"].id),
        lambda: put_on_duty(by=operator(), area=place["QZZ"], organisation=place["ZAM"]),
        lambda: record_objection(**said(joan)),
        lambda: make_account(by=operator(), email="new@ambit.example", role="carer"),
        lambda: keep_draft(by=sam, path="/", data={}),
    ):
        with pytest.raises(RuntimeError):
            act()
    assert not BreakGlass.objects.exists()
    assert not Grant.objects.exists()
    assert not Duty.objects.exists()
    assert not SharingDecision.objects.exists()
    assert not Account.objects.filter(email="new@ambit.example").exists()
    assert not Draft.objects.exists()
    assert not OutboxEvent.objects.filter(name="access.EmergencyOpened").exists()


@pytest.fixture
def opened(reader, person):
    return break_glass(
        by=reader("Sam Okafor"), person_id=person("Preston").id, reason="cannot_say", words="Found unconscious"
    )


def test_a_review_is_made_once(reader, opened):
    officer = reader("privacy_officer")
    review_break_glass(by=officer, opening_id=opened.pk, outcome="needs_follow_up", note="Ask the crew")
    opened.refresh_from_db()
    assert (opened.outcome, opened.reviewed_by_id) == ("needs_follow_up", officer.account_id)
    with pytest.raises(Refused):
        review_break_glass(by=officer, opening_id=opened.pk, outcome="proper", note="")


def test_a_review_has_an_outcome_and_a_note(reader, opened):
    for outcome, note, field in [("", "", "outcome"), ("not_proper", "", "note")]:
        with pytest.raises(Refused) as refused:
            review_break_glass(by=reader("privacy_officer"), opening_id=opened.pk, outcome=outcome, note=note)
        assert field in refused.value.problems


def test_nobody_else_reviews(reader, opened):
    for who in ("auditor", "Sam Okafor", "system_administrator"):
        with pytest.raises(NotAllowed):
            review_break_glass(by=reader(who), opening_id=opened.pk, outcome="proper", note="")


# --- drafts ---


def test_drafts_are_few_and_short_lived(reader):
    sam = reader("Sam Okafor")
    old = keep_draft(by=sam, path="/old", data={})
    Draft.objects.filter(pk=old.pk).update(saved_at=timezone.now() - timedelta(days=8))
    for number in range(25):
        keep_draft(by=sam, path=f"/{number}", data={"words": ["x"]})
    assert Draft.objects.count() == actions.DRAFTS_AT_MOST
    assert not Draft.objects.filter(path__in=["/old", "/0"]).exists()
