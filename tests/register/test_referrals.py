"""Referring somebody to the register: anybody who gives care may ask, a clinician of the person's practice decides."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.http import Http404
from django.utils import timezone

from ambit.access.queries import NotAllowed, operator
from ambit.audit.models import AuditLine
from ambit.coordination.models import Task
from ambit.design.refusals import Refused, Stale
from ambit.events.delivery import deliver_due
from ambit.people import actions as people
from ambit.people.models import Person
from ambit.people.rules import Identity
from ambit.register import actions, queries, rules
from ambit.register.models import Referral, ReferralAnswer, RegisterEntry

TODAY = timezone.localdate()
WHY = "Sleeps in the chair now; third fall since summer."


@pytest.fixture
def paramedic(reader):
    return reader("Sam Okafor")


@pytest.fixture
def gp(reader):
    return reader("Amina Rahman")


@pytest.fixture
def peggy(person):
    return person("Ashworth")


def identity_of(person, **other):
    said = {
        "family_name": person.family_name,
        "given_names": person.given_names,
        "born_on": person.born_on,
        "nhs_number": person.numbers.get().value,
        "practice_id": person.practice_id,
    }
    return Identity(**(said | other))


@pytest.fixture
def referred(paramedic, peggy):
    return actions.refer_by_identity(by=paramedic, identity=identity_of(peggy), reason=WHY, knows="yes")


def answer(by, referral, answer, seen=0, **said):
    return actions.answer_referral(by=by, referral_id=referral.id, seen=seen, answer=answer, on=TODAY, **said)


# --- referring ---


def test_the_practice_is_asked_and_a_task_raised(referred, gp, peggy):
    deliver_due()
    (row,) = queries.referrals(gp).to_answer
    assert (row.family_name, row.by_name, row.waits_for) == ("Ashworth", "Sam Okafor", "practice")
    task = Task.objects.get()
    assert (task.what, task.owner_organisation_id, task.person_id) == (
        "Answer a referral to the register", peggy.practice_id, peggy.id,
    )  # fmt: skip
    assert not RegisterEntry.objects.exists()
    assert AuditLine.objects.filter(what="referred somebody to the register", about=peggy.id).count() == 1


def test_whoever_holds_the_number_has_their_own_practice_asked(paramedic, gp, reader, peggy, place):
    """The practice named was a guess; its people learn nothing."""
    identity = identity_of(peggy, practice_id=place["Z90002"].id)
    made = actions.refer_by_identity(by=paramedic, identity=identity, reason=WHY, knows="could_not")
    assert [row.id for row in queries.referrals(gp).to_answer] == [made.id]
    assert queries.referrals(reader("Owen Shah")).to_answer == ()
    assert queries.referrals(paramedic).ours[0].practice == "Old Tannery Practice"


@pytest.mark.parametrize("known", ["nobody", "alive", "on the register", "dead", "another name"])
def test_the_referrer_learns_nothing(known, client_as, peggy, gp, place):
    """H16: whatever is known of somebody, the page and what it says are the same."""
    identity = identity_of(peggy, family_name="Somebody" if known == "another name" else "Ashworth")
    if known == "nobody":
        identity = Identity(
            family_name="Ashworth", given_names="Margaret Jean", born_on=date(1943, 3, 14), nhs_number="9991234586"
        )
    elif known == "on the register":
        actions.add_to_register(by=gp, person=peggy, on=TODAY, found_by="by_hand")
    elif known == "dead":
        Person.objects.filter(pk=peggy.pk).update(died_on=TODAY)
    client = client_as("Sam Okafor")
    said = {
        "nhs_number": identity.nhs_number, "family_name": identity.family_name, "given_names": identity.given_names,
        "born_on-day": 14, "born_on-month": 3, "born_on-year": 1943, "practice_id": place["Z90002"].id,
        "reason": WHY, "knows": "no",
    }  # fmt: skip
    sent = client.post("/register/referrals/new/", said)
    assert sent.status_code == 302
    shown = client.get(sent.headers["Location"])
    assert "Referred: the practice has been asked" in shown.text
    for word in ("On the register", "died", "Died", "Brackenhill", "Open the record"):
        assert word not in shown.text
    assert "Waits for the practice" in client.get("/register/referrals/").text


def test_what_is_missing_is_told(paramedic, peggy):
    nobody = Identity(family_name="", nhs_number="9990000000", practice_id=None)
    with pytest.raises(Refused) as refused:
        actions.refer_by_identity(by=paramedic, identity=nobody, reason=" ", knows="")
    assert set(refused.value.problems) >= {"family_name", "nhs_number", "reason", "knows", "born_on"}
    with pytest.raises(Refused) as refused:
        actions.refer_by_identity(by=paramedic, identity=identity_of(peggy, practice_id=None), reason=WHY, knows="yes")
    assert set(refused.value.problems) == {"practice_id"}
    assert not Referral.objects.exists()


def test_twice_is_refused_while_the_first_waits(referred, paramedic, gp, peggy):
    with pytest.raises(Refused, match="Sam Okafor referred this person"):
        actions.refer_by_identity(by=paramedic, identity=identity_of(peggy), reason=WHY, knows="yes")
    answer(gp, referred, rules.DECLINED, words="Not this winter.")
    actions.refer_by_identity(by=paramedic, identity=identity_of(peggy), reason="Worse now.", knows="yes")
    assert Referral.objects.count() == 2


def test_refer_person(reader, gp, person, peggy):
    """Whoever has the record open hears at once that a referral would be in vain."""
    nurse = reader("Ruth Tannahill")
    made = actions.refer_person(by=nurse, person=peggy, reason=WHY, knows="yes")
    assert (made.nhs_number, made.by_identity) == ("9997170326", False)
    actions.add_to_register(by=gp, person=peggy, on=TODAY, found_by="by_hand")
    with pytest.raises(Refused, match="has been on the register since"):
        actions.refer_person(by=nurse, person=peggy, reason=WHY, knows="yes")
    longworth = person("Longworth")
    longworth.died_on = TODAY
    with pytest.raises(Refused, match="Nobody joins the register after death"):
        actions.refer_person(by=nurse, person=longworth, reason=WHY, knows="yes")


@pytest.mark.parametrize("who", ["Leila Garside", "Niall Byrne", "Edie Marchetti", "Priya Venn", "Dana Whitlock"])
def test_who_gives_no_care_refers_nobody(who, reader, peggy):
    with pytest.raises(NotAllowed):
        actions.refer_by_identity(by=reader(who), identity=identity_of(peggy), reason=WHY, knows="yes")


# --- answering ---


def test_accepted(referred, gp, peggy, paramedic):
    deliver_due()
    answer(gp, referred, rules.ACCEPTED, stage="weeks", told=True)
    entry = RegisterEntry.objects.get()
    assert (entry.person_id, entry.found_by, entry.stage, entry.told) == (peggy.id, "referral", "weeks", True)
    assert entry.referred_by == "Sam Okafor, out-of-hours, 111 or 999 clinician, Northmarch Ambulance Service"
    assert entry.stages.get().reason == WHY
    deliver_due()
    assert Task.objects.get(what="Answer a referral to the register").done_at
    (row,) = queries.referrals(paramedic).ours
    assert row.in_words == "Added to the register"
    assert queries.referrals(gp).to_answer == ()
    with pytest.raises(Refused, match="has been answered"):
        answer(gp, referred, rules.DECLINED, seen=1, words="No.")


def test_everybody_who_referred_has_an_answer(referred, gp, reader, peggy):
    nurse = reader("Ruth Tannahill")
    actions.refer_person(by=nurse, person=peggy, reason="Losing weight.", knows="yes")
    answer(gp, referred, rules.ACCEPTED)
    assert queries.referrals(nurse).ours[0].in_words == "On the register already"


def test_somebody_not_known_here_is_admitted_or_chosen(paramedic, gp, person, place, peggy):
    practice = place["Z90001"].id
    nora = Identity(family_name="Dunne", given_names="Nora", born_on=date(1950, 5, 17), practice_id=practice)
    made = actions.refer_by_identity(by=paramedic, identity=nora, reason=WHY, knows="yes")
    assert queries.referral(gp, made.id).alike == ()
    answer(gp, made, rules.ACCEPTED)
    assert RegisterEntry.objects.get().person.family_name == "Dunne"
    peg = Identity(family_name="Ashworth", given_names="Peggy", born_on=date(1943, 3, 14), practice_id=practice)
    made = actions.refer_by_identity(by=paramedic, identity=peg, reason=WHY, knows="yes")
    ((chosen, words),) = queries.referral(gp, made.id).alike
    assert (chosen, words) == (
        str(peggy.id),
        "ASHWORTH, Margaret Jean (Mrs), born 14 March 1943, 999\N{NO-BREAK SPACE}717\N{NO-BREAK SPACE}0326",
    )
    elsewhere = person("Preston")
    with pytest.raises(Refused, match="your practice's list"):
        answer(gp, made, rules.ACCEPTED, person_id=elsewhere.id)
    answer(gp, made, rules.ACCEPTED, person_id=peggy.id)
    assert RegisterEntry.objects.filter(person=peggy, left_on=None).exists()
    made.refresh_from_db()
    assert made.person_id == peggy.id


def test_a_number_of_another_practice_is_settled_there(paramedic, reader, gp, place):
    made = actions.refer_by_identity(
        by=paramedic,
        identity=Identity(
            family_name="Preston", given_names="Joan", born_on=date(1942, 5, 9), nhs_number="9990000018",
            practice_id=place["Z90001"].id,
        ),
        reason=WHY,
        knows="yes",
    )  # fmt: skip
    people.admit(
        by=operator(),
        identity=Identity(
            family_name="Preston", given_names="Joan", born_on=date(1942, 5, 9), nhs_number="9990000018",
            practice_id=place["Z90002"].id,
        ),
    )  # fmt: skip
    with pytest.raises(Refused, match="another practice's list"):
        answer(gp, made, rules.ACCEPTED)
    assert not ReferralAnswer.objects.exists()


def test_asked_told_and_declined(referred, gp, paramedic, reader):
    deliver_due()
    with pytest.raises(Refused) as refused:
        answer(gp, referred, rules.ASKED)
    assert set(refused.value.problems) == {"words"}
    answer(gp, referred, rules.ASKED, words="Who lives with her?")
    deliver_due()
    assert not Task.objects.filter(done_at=None).exists()
    with pytest.raises(NotAllowed):
        actions.tell_more(by=reader("Amir Haddad"), referral_id=referred.id, seen=1, words="I do not know.")
    actions.tell_more(by=paramedic, referral_id=referred.id, seen=1, words="Nobody since June.")
    deliver_due()
    deliver_due()
    assert Task.objects.filter(done_at=None).count() == 1
    with pytest.raises(Stale):
        answer(gp, referred, rules.DECLINED, seen=1, words="No.")
    answer(gp, referred, rules.DECLINED, seen=2, words="Reviewed yesterday; recovering well.")
    shown = queries.referral(paramedic, referred.id)
    assert [said.in_words for said in shown.said] == ["More was asked", "More was told", "Not added"]
    assert not RegisterEntry.objects.exists()


def test_events_may_come_twice(referred):
    from ambit.coordination.reactions import ask_to_answer
    from ambit.register.events import PersonReferred

    event = PersonReferred(
        referral_id=referred.id, person_id=referred.person_id, practice_id=referred.practice_id, referred_on=TODAY
    )
    ask_to_answer(event)
    ask_to_answer(event)
    assert Task.objects.get().done_at is None


def test_after_death_nothing_is_asked_and_nobody_joins(referred, gp, peggy):
    people.record_death(by=operator(), person_id=peggy.id, seen=peggy.version, died_on=TODAY, place="21")
    deliver_due()
    assert not Task.objects.exists()
    shown = queries.referral(gp, referred.id)
    assert shown.row.died_on == TODAY
    with pytest.raises(Refused, match="Nobody joins the register after death"):
        answer(gp, referred, rules.ACCEPTED)
    answer(gp, referred, rules.DECLINED, words="She died at home, as she wished.")


def test_only_a_clinician_of_the_practice_answers(referred, reader):
    for who in ("Pat Moorhouse", "Owen Shah", "Ruth Tannahill", "Sam Okafor"):
        with pytest.raises(NotAllowed):
            answer(reader(who), referred, rules.ACCEPTED)
    assert not queries.referral(reader("Pat Moorhouse"), referred.id).may_answer
    for who in ("Owen Shah", "Ruth Tannahill", "Tom Fenwick"):
        with pytest.raises(Http404):
            queries.referral(reader(who), referred.id)


def test_a_failed_audit_line_undoes_it(referred, gp, monkeypatch):
    def fails(**_):
        raise IntegrityError

    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(IntegrityError):
        answer(gp, referred, rules.ACCEPTED)
    assert not ReferralAnswer.objects.exists()
    assert not RegisterEntry.objects.exists()


# --- pages ---


def test_referral_page(client_as, referred, peggy, django_assert_max_num_queries):
    gp, where = client_as("Amina Rahman"), f"/register/referrals/{referred.id}/"
    with django_assert_max_num_queries(20):
        shown = gp.get(where)
    assert "Sam Okafor asks you to consider this person for the register" in shown.text
    assert "1 referral waits for your answer" in gp.get("/register/").text
    assert "1 referral to the register is open at your practice" in gp.get("/register/referrals/").text
    wrong = gp.post(where, {"seen": 0, "answer": "declined", "words": ""})
    assert wrong.status_code == 422
    assert "Write why not." in wrong.text
    assert gp.post(where, {"seen": 0, "answer": "asked", "words": "Who is with her?"}).status_code == 302
    stale = gp.post(where, {"seen": 0, "answer": "accepted", "stage": "days"})
    assert stale.status_code == 409
    paramedic = client_as("Sam Okafor")
    assert "The practice asks you for more" in paramedic.get(where).text
    assert paramedic.post(where, {"seen": 1, "words": "Her sister."}).status_code == 302
    assert gp.post(where, {"seen": 2, "answer": "accepted", "stage": "weeks"}).status_code == 302
    assert "Answered: added to the register" in paramedic.get(where).text
    assert "Referral: Sam Okafor" in gp.get(f"/register/people/{peggy.id}/").text
    assert client_as("Pat Moorhouse").get(where).status_code == 200


def test_refer_person_page(client_as, peggy, person):
    gp = client_as("Amina Rahman")
    where = f"/register/people/{peggy.id}/refer/"
    assert "Ask Brackenhill Surgery to consider this person" in gp.get(where).text
    assert gp.post(where, {"reason": "", "knows": "yes"}).status_code == 422
    assert gp.post(where, {"reason": WHY, "knows": "yes"}).status_code == 302
    assert client_as("Tom Fenwick").get(where).status_code == 403
