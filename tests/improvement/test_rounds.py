"""A round begins, people are asked, answer, hand in; what is agreed is signed, and then nothing changes it."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.http import Http404

from ambit.access.queries import NotAllowed
from ambit.audit.models import AuditLine
from ambit.coordination.models import Task
from ambit.design.refusals import Refused, Stale
from ambit.events.delivery import deliver_due
from ambit.improvement import actions, queries
from ambit.improvement.actions import Shown
from ambit.improvement.models import (
    Answer,
    AnswerVersion,
    Assessor,
    Carrying,
    Edition,
    Evidence,
    Reminder,
    Round,
    SignedStatement,
    SignOff,
)
from ambit.improvement.rules.editions import digest
from ambit.improvement.rules.rounds import Said
from ambit.organisations.models import Membership
from tests.improvement.conftest import MET, PERIOD

GP, NURSE, EDUCATOR = "Amina Rahman", "Ruth Tannahill", "Edie Marchetti"


# --- begin ---


def test_a_round_is_begun_on_the_words_of_today(start, lead):
    one = start()
    assert (one.audience, one.area, one.started_by) == ("place", "ZZ01", "Leila Garside")
    assert Edition.objects.get().title == queries.wording(one.edition_id).framework.title
    assert AuditLine.objects.get(what="started a self-assessment").details["round"] == str(one.pk)
    assert start("ambitions-2015").edition_id != one.edition_id


@pytest.mark.parametrize(
    ("who", "audience", "area"), [("analyst", "commissioner", "QZZ"), ("place_lead", "place", "ZZ01")]
)
def test_whose_round_it_is_follows_from_the_organisation(start, reader, who, audience, area):
    one = start("ambitions-2015", by=reader(who))
    assert (one.audience, one.area) == (audience, area)


def test_a_provider_that_has_a_lead_assesses_itself(start, place, reader):
    Membership.objects.filter(staff__name="Leila Garside").update(organisation=place["ZHS"])
    one = start("ambitions-2015", by=reader("place_lead"))
    assert (one.audience, one.area, one.organisation.code) == ("provider", "ZZ01", "ZHS")


@pytest.mark.parametrize("who", ["gp", "educator", "auditor", "operator"])
def test_who_does_not_begin_one(start, reader, who):
    with pytest.raises(NotAllowed):
        start(by=reader(who))


@pytest.mark.parametrize(
    ("more", "field"),
    [({"title": " "}, "title"), ({"framework": "nothing"}, "framework"), ({"follows": uuid4()}, "follows")],
)
def test_what_is_no_round(start, more, field):
    with pytest.raises(Refused) as refused:
        start(**more)
    assert list(refused.value.problems) == [field]
    assert not Round.objects.exists()


def test_a_period_ends_after_it_begins(start, lead):
    with pytest.raises(Refused, match="cannot end before"):
        actions.start_round(
            by=lead, framework_id="scotland-ia-advice", title="x", period=replace(PERIOD, until_on=date(2026, 3, 31))
        )


def test_a_round_rates_the_whole_or_what_is_asked_of_its_kind(start, place, lead):
    one = start("ambitions-2015", whole=False)
    assert (one.rates, len(queries.positions(lead, one.pk))) == ("place", 38)
    with pytest.raises(Refused, match="Rate the whole of it"):
        start(whole=False)
    assert len(queries.positions(lead, start().pk)) == 5


def test_one_open_round_on_a_framework(start):
    start()
    with pytest.raises(Refused, match="open already"):
        start()


# --- ask ---


def test_somebody_is_asked_mailed_without_content_and_finds_it_among_their_tasks(start, ask, settings):
    one = start()
    assessor = ask(one, GP)
    assert (assessor.name, assessor.speaks_for) == ("Dr Amina Rahman", "Brackenhill Surgery")
    while deliver_due():
        pass
    (sent,) = mail.outbox
    assert "Autumn" not in sent.subject + sent.body
    assert "Brackenhill" not in sent.subject + sent.body
    assert Task.objects.get(source_event=f"improvement.Assessor/{assessor.pk}").owner_account_id == assessor.account_id


def test_who_has_no_list_of_tasks_is_mailed_only(start, ask):
    ask(start(), EDUCATOR)
    while deliver_due():
        pass
    assert len(mail.outbox) == 1
    assert not Task.objects.filter(source_event__startswith="improvement.").exists()


def test_nobody_is_mailed_twice_a_day_and_nobody_who_has_handed_in(start, ask, lead, reader):
    one = start()
    ask(one, GP)
    actions.remind_assessors(by=lead, round_id=one.pk)
    while deliver_due():
        pass
    assert len(mail.outbox) == 1
    assert Reminder.objects.count() == 2
    actions.hand_in(by=reader(GP), round_id=one.pk)
    with pytest.raises(Refused, match="Everybody has handed in"):
        actions.remind_assessors(by=lead, round_id=one.pk)


def test_handing_in_ends_the_task(start, ask, reader):
    one = start()
    assessor = ask(one, GP)
    while deliver_due():
        pass
    actions.hand_in(by=reader(GP), round_id=one.pk)
    while deliver_due():
        pass
    assert Task.objects.get(source_event=f"improvement.Assessor/{assessor.pk}").done_at is not None


def test_who_is_asked_twice_or_from_elsewhere_is_refused(start, ask, lead):
    one = start()
    ask(one, GP)
    with pytest.raises(Refused, match="asked already"):
        ask(one, GP)
    with pytest.raises(Refused, match="works in this system"):
        actions.invite_assessor(by=lead, round_id=one.pk, account_id=987654)


def test_who_was_left_out_is_asked_again_and_finds_their_answers(start, ask, lead, reader):
    one = start()
    assessor = ask(one, GP)
    actions.answer_statement(by=reader(GP), round_id=one.pk, node_id="scot.c1", seen=0, said=MET)
    actions.remove_assessor(by=lead, round_id=one.pk, assessor_id=assessor.pk)
    with pytest.raises(Http404):
        queries.open_round(reader(GP), one.pk)
    assert ask(one, GP).pk == assessor.pk
    assert Answer.objects.get(assessor=assessor).level == "met"


@pytest.mark.parametrize("who", ["gp", "analyst"])
def test_only_who_leads_the_round_asks(start, reader, who):
    one = start()
    with pytest.raises((NotAllowed, Http404)):
        actions.remind_assessors(by=reader(who), round_id=one.pk)


# --- answer ---


def test_an_answer_has_revisions_and_a_stale_one_is_refused_with_both(start, ask, reader):
    one = start()
    ask(one, GP)
    gp = reader(GP)
    first = actions.answer_statement(by=gp, round_id=one.pk, node_id="scot.c1", seen=0, said=MET)
    again = actions.answer_statement(by=gp, round_id=one.pk, node_id="scot.c1", seen=1, said=MET)
    assert first.revision == again.revision == 1  # nothing new was said
    actions.answer_statement(by=gp, round_id=one.pk, node_id="scot.c1", seen=1, said=replace(MET, level="partly_met"))
    with pytest.raises(Stale) as stale:
        actions.answer_statement(by=gp, round_id=one.pk, node_id="scot.c1", seen=1, said=replace(MET, level="not_met"))
    assert (stale.value.saved["level"], stale.value.yours["level"]) == ("partly_met", "not_met")
    assert (stale.value.seen, stale.value.current) == (1, 2)
    kept = AnswerVersion.objects.filter(answer=first).order_by("revision").values_list("said__level", flat=True)
    assert list(kept) == ["met", "partly_met"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (Said(level="excellent"), "level"),
        (Said(level="met", not_applicable=True, why_not_applicable="x"), "level"),
        (Said(not_applicable=True), "why_not_applicable"),
        (Said(level="met", confidence="very"), "confidence"),
        (Said(level="met", gap="red"), "gap"),
    ],
)
def test_what_is_no_answer(start, ask, reader, said, field):
    one = start()
    ask(one, GP)
    with pytest.raises(Refused) as refused:
        actions.answer_statement(by=reader(GP), round_id=one.pk, node_id="scot.c1", seen=0, said=said)
    assert list(refused.value.problems) == [field]
    assert not Answer.objects.exists()


def test_who_was_not_asked_does_not_answer(start, reader, lead):
    one = start()
    with pytest.raises(NotAllowed):
        actions.answer_statement(by=lead, round_id=one.pk, node_id="scot.c1", seen=0, said=MET)
    with pytest.raises(Http404):
        actions.answer_statement(by=reader(GP), round_id=one.pk, node_id="scot.c1", seen=0, said=MET)


def test_a_statement_of_another_framework_is_refused(start, agree):
    with pytest.raises(Refused, match="no such statement"):
        agree(start(), nodes=["amb.f1.s1"])


def test_what_assessors_say_is_read_by_others_once_they_hand_in(start, ask, reader, lead):
    one = start()
    ask(one, GP)
    ask(one, NURSE)
    gp = reader(GP)
    actions.answer_statement(by=gp, round_id=one.pk, node_id="scot.c1", seen=0, said=MET)
    (first, *_) = queries.positions(lead, one.pk)
    assert (first.assessors, first.answered_by) == ((), 1)
    actions.hand_in(by=gp, round_id=one.pk)
    (first, *_) = queries.positions(lead, one.pk)
    assert [(said.speaks_for, said.said.level) for said in first.assessors] == [("Brackenhill Surgery", "met")]
    (theirs, *_) = queries.positions(reader(NURSE), one.pk)
    assert (theirs.assessors, theirs.agreed) == ((), None)
    with pytest.raises(Refused, match="Take them back"):
        actions.answer_statement(by=gp, round_id=one.pk, node_id="scot.c1", seen=1, said=replace(MET, level="not_met"))
    actions.take_back(by=gp, round_id=one.pk)
    assert queries.positions(lead, one.pk)[0].assessors == ()


def test_the_three_ratings_are_kept_apart(start, agree, lead):
    one = start()
    agree(one, replace(MET, level="partly_met", gap="amber"), ["scot.c1"])
    agree(one, replace(MET, level="partly_met", gap="red"), ["scot.c2"])
    several = queries.positions(lead, one.pk)
    assert [(row.agreed.level.word, row.gap) for row in several[:2]] == [("Partly", "amber"), ("Partly", "red")]
    assert several[2].gap == "unrated"


def test_on_a_scale_of_gaps_the_level_is_the_gap(start, agree, lead):
    one = start("lsc-cyp-gap")
    agree(one, Said(level="red"), ["cyp.r1"])
    assert queries.positions(lead, one.pk)[0].gap == "red"


def test_an_answer_is_not_kept_when_its_audit_line_fails(start, agree, monkeypatch):
    one = start()
    monkeypatch.setattr("ambit.improvement.actions.answers.audit.record", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        agree(one, nodes=["scot.c1"])
    assert not Answer.objects.exists()


# --- evidence ---


def test_evidence_is_brought_and_withdrawn_and_kept(start, ask, reader, lead):
    one = start()
    ask(one, GP)
    gp = reader(GP)
    link = actions.add_evidence(
        by=gp, round_id=one.pk, node_id="scot.c1", shown=Shown(title="Minutes"), url="https://board.example/minutes"
    )
    words = actions.add_evidence(
        by=lead, round_id=one.pk, node_id="scot.c1", shown=Shown(title="Carers", note="Six times")
    )
    assert (link.kind, link.assessor.name, words.kind, words.assessor) == ("link", "Dr Amina Rahman", "words", None)
    with pytest.raises(Refused, match="no such evidence"):
        actions.withdraw_evidence(by=gp, round_id=one.pk, evidence_id=words.pk)
    actions.withdraw_evidence(by=gp, round_id=one.pk, evidence_id=link.pk)
    assert Evidence.objects.count() == 2
    assert queries.positions(lead, one.pk)[0].evidence == 1


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "https://"}, "url"),
        ({"url": "https://x.example", "indicator": "ind.acp.offered"}, "url"),
        ({"indicator": "ind.nothing"}, "indicator"),
        ({}, "note"),
    ],
)
def test_what_is_no_evidence(start, lead, more, field):
    with pytest.raises(Refused) as refused:
        actions.add_evidence(by=lead, round_id=start().pk, node_id="scot.c1", shown=Shown(title="x"), **more)
    assert list(refused.value.problems) == [field]
    assert not Evidence.objects.exists()


def test_a_file_is_kept_once_and_a_program_is_refused(start, lead):
    one, key = start(), uuid4()

    def send(content, key):
        return actions.add_evidence_file(
            by=lead, round_id=one.pk, node_id="scot.c1", shown=Shown(title="Plan"), name="plan.pdf", chunks=[content],
            size=len(content), key=key,
        )  # fmt: skip

    assert send(b"%PDF-1.7 plan", key).pk == send(b"%PDF-1.7 plan", key).pk
    assert Evidence.objects.get().content_type == "application/pdf"
    with pytest.raises(Refused, match="no file that can be attached"):
        send(b"MZ\x90\x00", uuid4())
    assert Evidence.objects.count() == 1


# --- sign ---


def test_signing_keeps_everything_and_ends_the_round(start, agree, ask, reader, lead):
    one = start()
    ask(one, GP)
    actions.answer_statement(
        by=reader(GP), round_id=one.pk, node_id="scot.c1", seen=0, said=replace(MET, level="not_met")
    )
    actions.hand_in(by=reader(GP), round_id=one.pk)
    agree(one)
    before = queries.positions(lead, one.pk)
    signed = actions.sign_round(by=lead, round_id=one.pk, seen=queries.state_of(one.pk), words="Agreed by the board.")
    assert (signed.answered, signed.not_answered, signed.signed_by) == (5, 0, "Leila Garside")
    assert [replace(row, mine=None) for row in queries.positions(lead, one.pk)] == list(before)
    for act in (
        lambda: agree(one, nodes=["scot.c1"]),
        lambda: ask(one, NURSE),
        lambda: actions.take_back(by=reader(GP), round_id=one.pk),
        lambda: actions.add_evidence(by=lead, round_id=one.pk, node_id="scot.c1", shown=Shown(title="x", note="y")),
        lambda: actions.sign_round(by=lead, round_id=one.pk, seen=5),
    ):
        with pytest.raises(Refused, match="This round is signed"):
            act()


def test_a_round_is_not_signed_before_it_is_ready(start, agree, ask, lead):
    one = start()
    assessor = ask(one, GP)
    agree(one, nodes=["scot.c1"])
    seen = queries.state_of(one.pk)
    with pytest.raises(Refused) as refused:
        actions.sign_round(by=lead, round_id=one.pk, seen=seen)
    assert set(refused.value.problems) == {"without_waiting", "leave_unanswered"}
    with pytest.raises(Stale):
        actions.sign_round(by=lead, round_id=one.pk, seen=seen - 1)
    assert not SignOff.objects.exists()
    signed = actions.sign_round(by=lead, round_id=one.pk, seen=seen, without_waiting=True, leave_unanswered=True)
    assert (signed.answered, signed.not_answered) == (1, 4)
    assert Assessor.objects.get(pk=assessor.pk).handed_in_at is None


def test_signing_is_undone_when_its_audit_line_fails(start, agree, lead, monkeypatch):
    one = start()
    agree(one)
    seen = queries.state_of(one.pk)
    monkeypatch.setattr("ambit.improvement.actions.rounds.audit.record", lambda **_: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        actions.sign_round(by=lead, round_id=one.pk, seen=seen)
    assert not SignOff.objects.exists()
    assert Round.objects.get(pk=one.pk).signed_at is None


def test_the_database_refuses_to_change_what_was_signed(start, agree, lead):
    one = start()
    agree(one)
    actions.sign_round(by=lead, round_id=one.pk, seen=queries.state_of(one.pk))
    with pytest.raises(IntegrityError), transaction.atomic():
        SignedStatement.objects.update(number=9)


def test_what_was_signed_can_be_proved(start, agree, lead):
    one = start()
    agree(one)
    signed = actions.sign_round(by=lead, round_id=one.pk, seen=queries.state_of(one.pk))
    fields = ("node", "number", "answer", "assessors", "evidence", "figures", "proposal")
    kept = list(SignedStatement.objects.filter(sign_off=signed).order_by("number").values(*fields))
    assert digest([one.edition_id, kept]) == signed.sha256


# --- who reads what was signed ---


@pytest.fixture
def signed(start, agree, lead):
    def make(**more):
        one = start()
        agree(one)
        actions.sign_round(by=lead, round_id=one.pk, seen=queries.state_of(one.pk), **more)
        return one

    return make


@pytest.mark.parametrize(
    ("who", "sees"),
    [("place_lead", True), ("analyst", True), ("gp", True), ("educator", True), ("social_worker", False)],
)
def test_a_signed_round_is_read_above_and_below_its_organisation(signed, reader, who, sees):
    """A GP of the place reads it, its system too; the council, which is of the system and not of the place, does not."""
    one = signed()
    assert (one in queries.rounds_of(reader(who))) is sees


def test_another_place_compares_only_what_is_shared(signed, reader, place):
    from ambit.organisations.models import Organisation

    other = Organisation.objects.create(code="ZZ02", name="Harrowfell and Coast", kind="place", part_of=place["QZZ"])
    kept, shared = signed(), signed(share=True)
    Membership.objects.filter(staff__name="Leila Garside").update(organisation=other)
    assert set(queries.rounds_of(reader("place_lead"))) == {shared}
    with pytest.raises(Http404):
        queries.open_round(reader("place_lead"), kept.pk)
    with pytest.raises(NotAllowed):
        actions.remind_assessors(by=reader("gp"), round_id=shared.pk)


def test_an_open_round_is_read_by_who_leads_or_answers_it(start, ask, reader):
    one = start()
    ask(one, NURSE)
    seen = {who: one in queries.rounds_of(reader(who)) for who in ("place_lead", "community_nurse", "gp", "analyst")}
    assert seen == {"place_lead": True, "community_nurse": True, "gp": False, "analyst": False}


def test_who_may_see_no_rounds(reader):
    with pytest.raises(NotAllowed):
        queries.rounds_of(reader("auditor"))


# --- the round after it ---


def test_answers_are_carried_over_as_people_decide_and_looked_at_again(signed, start, lead):
    before = signed()
    after = start(title="Spring 2027", follows=before.pk)
    assert {row.kind for row in Carrying.objects.filter(round=after)} == {"same"}
    actions.decide_carrying(by=lead, round_id=after.pk, decisions={"scot.c1": "scot.c1", "scot.c2": ""})
    answer = Answer.objects.get(round=after)
    assert (answer.node, answer.level, answer.is_carried, answer.carried_from.sign_off_id) == (
        "scot.c1",
        "met",
        True,
        before.pk,
    )
    with pytest.raises(Refused, match="nobody has looked at them"):
        actions.sign_round(by=lead, round_id=after.pk, seen=queries.state_of(after.pk), leave_unanswered=True)
    kept = actions.moderate_statement(by=lead, round_id=after.pk, node_id="scot.c1", seen=1, said=MET)
    assert (kept.revision, kept.is_carried) == (2, False)
    actions.sign_round(by=lead, round_id=after.pk, seen=queries.state_of(after.pk), leave_unanswered=True)


@pytest.mark.parametrize("decisions", [{"scot.c1": "scot.c2"}, {"scot.c9": ""}, {"scot.c2": "", "amb.f1": ""}])
def test_what_is_no_decision_takes_none(signed, start, lead, decisions):
    after = start(title="Spring 2027", follows=signed().pk)
    with pytest.raises(Refused):
        actions.decide_carrying(by=lead, round_id=after.pk, decisions=decisions)
    assert not Carrying.objects.exclude(decision="").exists()


def test_a_decision_is_made_once(signed, start, lead):
    after = start(title="Spring 2027", follows=signed().pk)
    actions.decide_carrying(by=lead, round_id=after.pk, decisions={"scot.c1": ""})
    with pytest.raises(Refused, match="decided already"):
        actions.decide_carrying(by=lead, round_id=after.pk, decisions={"scot.c1": "scot.c1"})
