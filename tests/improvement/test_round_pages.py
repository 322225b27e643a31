"""Pages of self-assessment: who sees which, what they say, how many statements they ask of the database."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ambit.audit.models import AuditLine
from ambit.improvement import actions, queries
from ambit.improvement.models import Answer, Assessor, Carrying, Evidence, Round, SignOff
from ambit.improvement.rules.rounds import Said
from tests.improvement.conftest import MET

GP, NURSE = "Amina Rahman", "Ruth Tannahill"
ROUTES = ("round", "answering", "moderation", "sign_round")


def text_of(answer):
    return answer.content.decode()


def post(client, name, *args, follow=False, **said):
    return client.post(reverse(name, args=args), said, follow=follow)


@pytest.fixture
def under_way(start, ask, reader):
    """A round with two assessors: the GP has handed in, the nurse has not."""
    one = start()
    ask(one, GP)
    ask(one, NURSE)
    for who, level in ((GP, "met"), (NURSE, "not_met")):
        actions.answer_statement(
            by=reader(who),
            round_id=one.pk,
            node_id="scot.c1",
            seen=0,
            said=replace(MET, level=level, position=f"Says {who}."),
        )
    actions.hand_in(by=reader(GP), round_id=one.pk)
    return one


@pytest.fixture
def signed(start, agree, lead):
    def make(said=MET, **more):
        one = start(**more)
        agree(one, said)
        actions.sign_round(by=lead, round_id=one.pk, seen=queries.state_of(one.pk))
        return one

    return make


def test_before_there_is_any(client_as):
    assert "Start a self-assessment" in text_of(client_as("place_lead").get(reverse("rounds")))
    said = text_of(client_as("gp").get(reverse("rounds")))
    assert "No self-assessment yet" in said
    assert "Start a self-assessment" not in said


@pytest.mark.parametrize("role", ["auditor", "urgent_clinician", "privacy_officer", "system_administrator"])
def test_who_has_nothing_to_do_with_it(client_as, under_way, role):
    client = client_as(role)
    assert client.get(reverse("rounds")).status_code == 403
    assert {client.get(reverse(name, args=[under_way.pk])).status_code for name in ROUTES} == {403}


def test_who_is_neither_asked_nor_leads_finds_nothing(client_as, under_way):
    client = client_as("educator")
    assert client.get(reverse("round", args=[under_way.pk])).status_code == 404
    assert client.get(reverse("answering", args=[under_way.pk])).status_code == 404
    assert client.get(reverse("moderation", args=[under_way.pk])).status_code == 403
    assert "Autumn 2026" not in text_of(client.get(reverse("rounds")))


def test_the_list_begins_with_what_waits(client_as, under_way):
    said = text_of(client_as("community_nurse").get(reverse("rounds")))
    assert "1 self-assessment waits for your answers" in said
    assert "1 of 5" in said
    assert "1 self-assessment is under way" in text_of(client_as("place_lead").get(reverse("rounds")))


def test_a_round_is_started_from_its_page(client_as):
    client = client_as("place_lead")
    days = {f"period_from-{part}": number for part, number in (("day", 1), ("month", 4), ("year", 2026))}
    days |= {f"period_until-{part}": number for part, number in (("day", 31), ("month", 3), ("year", 2027))}
    answer = post(client, "start_round", framework="scotland-ia-advice", title="Autumn 2026", whole="whole", **days)
    assert answer.url == reverse("round", args=[Round.objects.get().pk])
    answer = post(client, "start_round", framework="scotland-ia-advice", title="Again", whole="whole", **days)
    assert answer.status_code == 422
    assert "open already" in text_of(answer)


def test_the_lead_sees_who_has_not_answered_and_not_what_they_say(client_as, under_way):
    client = client_as("place_lead")
    said = text_of(client.get(reverse("round", args=[under_way.pk])))
    assert "1 of 2 have not handed in" in said
    assert "1 of 5 answered" in said
    beside = text_of(client.get(reverse("moderation", args=[under_way.pk])))
    assert "Brackenhill Surgery" in beside
    assert "Eskvale Community Nursing" not in beside
    one = text_of(client.get(reverse("moderate_statement", args=[under_way.pk, "scot.c1"])))
    assert "Says Amina Rahman." in one
    assert "Says Ruth Tannahill." not in one


def test_asked_reminded_and_no_longer_asked_from_the_page(client_as, under_way, account_of):
    client = client_as("place_lead")
    asked = post(
        client,
        "invite_assessor",
        under_way.pk,
        account_id=account_of("educator").pk,
        speaks_for="Carers’ group",
        follow=True,
    )
    assert "Edie Marchetti is asked" in text_of(asked)
    assert "2 people are reminded." in text_of(post(client, "remind_assessors", under_way.pk, follow=True))
    gone = Assessor.objects.get(speaks_for="Carers’ group")
    assert "no longer asked" in text_of(
        client.post(reverse("remove_assessor", args=[under_way.pk, gone.pk]), follow=True)
    )
    assert post(client, "invite_assessor", under_way.pk, account_id="").status_code == 422


def test_an_assessor_answers_and_goes_on_to_the_next(client_as, under_way):
    client = client_as("community_nurse")
    there = reverse("answer_statement", args=[under_way.pk, "scot.c2"])
    said = text_of(client.get(there))
    assert "Statement 2 of 5" in said
    assert "What assessors said" not in said
    answer = client.post(there, {"level": "met", "position": "Here.", "confidence": "high", "seen": 0})
    assert answer.url == reverse("answer_statement", args=[under_way.pk, "scot.c3"])
    assert Answer.objects.get(node="scot.c2").position == "Here."
    wrong = client.post(there, {"not_applicable": "on", "seen": 1})
    assert wrong.status_code == 422
    assert "Say why this does not apply here." in text_of(wrong)


def test_two_who_save_at_once_see_both(client_as, under_way):
    client = client_as("place_lead")
    there = reverse("moderate_statement", args=[under_way.pk, "scot.c1"])
    assert client.post(there, {"level": "met", "position": "First.", "seen": 0}).status_code == 302
    answer = client.post(there, {"level": "partly_met", "position": "Second.", "seen": 0})
    assert answer.status_code == 409
    assert all(words in text_of(answer) for words in ("First.", "Second."))
    settled = {"yours|level|level": "partly_met", "saved|level|level": "met", "keep|level|": "yours", "keep|position|": "saved",
               "yours|position|position": "Second.", "saved|position|position": "First.", "seen": 1}  # fmt: skip
    kept = client.post(there, settled)
    if kept.status_code == 302:
        assert Answer.objects.get(assessor=None).revision == 2


def test_handed_in_and_taken_back(client_as, under_way):
    client = client_as("gp")
    assert "You have handed in" in text_of(client.get(reverse("answer_statement", args=[under_way.pk, "scot.c1"])))
    refused = client.post(reverse("answer_statement", args=[under_way.pk, "scot.c1"]), {"level": "met", "seen": 1})
    assert "Take them back first" in text_of(refused)
    assert "yours again" in text_of(post(client, "take_back", under_way.pk, follow=True))
    assert "Handed in. Thank you." in text_of(post(client, "hand_in", under_way.pk, follow=True))


def test_evidence_is_brought_taken_out_and_withdrawn(client_as, under_way):
    client = client_as("community_nurse")
    there = reverse("add_evidence", args=[under_way.pk, "scot.c1"])
    file = SimpleUploadedFile("Minutes of Mrs Smith.pdf", b"%PDF-1.7 minutes")
    assert client.post(there, {"title": "Minutes", "file": file, "key": uuid4()}).status_code == 302
    row = Evidence.objects.get()
    taken = client.get(reverse("evidence_file", args=[under_way.pk, row.pk]))
    assert (taken.content, taken["Content-Disposition"]) == (
        b"%PDF-1.7 minutes",
        f'attachment; filename="{row.sha256[:12]}.pdf"',
    )
    assert AuditLine.objects.filter(what="took out evidence").count() == 1
    # before she hands in, nobody else finds it
    assert client_as("place_lead").get(reverse("evidence_file", args=[under_way.pk, row.pk])).status_code == 404
    assert client_as("gp").get(reverse("evidence_file", args=[under_way.pk, row.pk])).status_code == 404
    page = SimpleUploadedFile("page.pdf", b"<html><script>alert(1)</script>")
    refused = client.post(there, {"title": "Page", "file": page, "key": uuid4()})
    assert "no file that can be attached" in text_of(refused)
    refused = client.post(there, {"title": "Link", "url": "javascript:alert(1)", "key": uuid4()})
    assert "Give the whole address" in text_of(refused)
    assert client.post(reverse("withdraw_evidence", args=[under_way.pk, row.pk])).status_code == 302
    assert Evidence.objects.get().withdrawn_by == "Ruth Tannahill"


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "{{ 7 * 7 }}", "=HYPERLINK(1)"])
def test_what_people_write_stays_words(client_as, under_way, words):
    client = client_as("place_lead")
    there = reverse("moderate_statement", args=[under_way.pk, "scot.c1"])
    client.post(there, {"level": "met", "position": words, "seen": 0})
    for said in (text_of(client.get(there)), text_of(client.get(reverse("moderation", args=[under_way.pk])))):
        assert "<script>alert" not in said
        assert "49" not in said.split("Where we are")[-1][:200] or "7 * 7" in said


def test_signing_from_its_page(client_as, under_way, agree):
    client = client_as("place_lead")
    there = reverse("sign_round", args=[under_way.pk])
    assert "5 of 5 statements are not agreed" in text_of(client.get(there))
    agree(under_way)
    refused = client.post(there, {"seen": 5})
    assert refused.status_code == 422
    assert "Not handed in yet: 1." in text_of(refused)
    older = client.post(there, {"seen": 4, "without_waiting": "on"})
    assert older.status_code == 409
    assert client.post(there, {"seen": 5, "without_waiting": "on", "words": "Agreed."}).status_code == 302
    said = text_of(client.get(reverse("round", args=[under_way.pk])))
    assert "is signed: 5 of 5 statements answered" in said
    assert SignOff.objects.get().words == "Agreed."


def test_a_signed_round_reads_as_it_was_signed(client_as, signed):
    one = signed()
    for role in ("place_lead", "analyst", "gp"):
        client = client_as(role)
        assert "Signed as “Met”" in text_of(client.get(reverse("answer_statement", args=[one.pk, "scot.c1"])))
        assert "what was signed" in text_of(client.get(reverse("answering", args=[one.pk])))
    assert client_as("social_worker").get(reverse("round", args=[one.pk])).status_code == 404


def test_what_is_carried_over_is_reviewed_on_a_page(client_as, signed, start):
    before = signed()
    after = start(title="Spring 2027", follows=before.pk)
    client = client_as("place_lead")
    there = reverse("decide_carrying", args=[after.pk])
    assert "5 statements wait" in text_of(client.get(there))
    first = {f"node-{n}": f"scot.c{n + 1}" for n in range(4)} | {"node-4": "later"}
    assert client.post(there, first).url == there
    assert Carrying.objects.filter(decision="taken").count() == 4
    assert client.post(there, {"node-0": ""}).url == reverse("round", args=[after.pk])
    assert "Carried over: confirm" in text_of(client.get(reverse("moderation", args=[after.pk])))
    assert client_as("analyst").get(there).status_code == 404


def test_two_rounds_beside_each_other(client_as, signed):
    first = signed(Said(level="partly_met", position="Some."), title="Autumn 2025")
    last = signed(title="Autumn 2026")
    there = reverse("compare_rounds") + f"?round={first.pk}&round={last.pk}"
    said = text_of(client_as("place_lead").get(there))
    assert "Since last time 5 went up, 0 went down, 0 stand as they were" in said
    assert "Choose two" in text_of(client_as("place_lead").get(reverse("compare_rounds") + f"?round={first.pk}"))
    assert client_as("social_worker").get(there).status_code == 404
    assert client_as("place_lead").get(reverse("compare_rounds") + "?round=x&round=y").status_code == 404


def test_statements_of_the_database_do_not_grow_with_what_is_asked(
    client_as, start, ask, agree, reader, django_assert_num_queries
):
    """A hundred statements and several assessors cost as many as five with one."""
    small, large = start(), start("ambitions-2015")
    for one in (small, large):
        ask(one, GP)
    ask(large, NURSE)
    for node in ("amb.f1.s1", "amb.f1.s2"):
        actions.answer_statement(by=reader(GP), round_id=large.pk, node_id=node, seen=0, said=Said(level="partly"))
    gp, leads = client_as("gp"), client_as("place_lead")
    counted = {
        (gp, "answering", ()): 6, (leads, "moderation", ()): 6, (leads, "round", ()): 9, (leads, "sign_round", ()): 10,
    }  # fmt: skip
    for (client, name, more), most in counted.items():
        for one in (small, large):
            client.get(reverse(name, args=[one.pk, *more]))
            with django_assert_num_queries(most):
                client.get(reverse(name, args=[one.pk, *more]))
