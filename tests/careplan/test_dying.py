"""Recognising dying, verifying a death, closing a record: rules, acts and pages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.careplan import actions, facts, queries, registry
from ambit.careplan.actions import ClosureForm, RecognitionForm, VerificationForm
from ambit.careplan.events import DeathVerified
from ambit.careplan.models import Closure, Recognition, Verification
from ambit.careplan.rules import dying
from ambit.coordination import queries as coordination
from ambit.coordination.actions import raise_task
from ambit.coordination.models import Task
from ambit.coordination.reactions import ask_to_record_a_death
from ambit.design.refusals import Refused
from ambit.events.models import OutboxEvent
from ambit.people import actions as people
from ambit.people.models import Death
from ambit.register import actions as register

NOW = timezone.now()
TODAY = timezone.localdate()
SIGNS = ("no_breathing", "no_heartbeat", "pupils", "no_response")


@pytest.fixture
def ashworth(person):
    return person()


@pytest.fixture
def gp(reader):
    return reader("gp")


def judgement(kind="dying", hours_ago=1, **but):
    said = {
        "kind": kind, "at": NOW - timedelta(hours=hours_ago), "judged_by": "Dr Amina Rahman", "judged_by_role": "GP",
        "causes": "considered" if kind == "dying" else "", "words": "" if kind == "dying" else "Eating again.",
    }  # fmt: skip
    return RecognitionForm(**said | but)


def verification(**but):
    said = {
        "verified_at": NOW - timedelta(minutes=5), "asked_at": NOW - timedelta(minutes=80),
        "verified_by": "Ruth Tannahill, NMC 99A9999E", "signs": SIGNS, "was_expected": "yes", "implanted": "none",
        "infection": "none_known", "practice_told": "told", "examiner_told": "not_yet", "coroner_told": "not_needed",
    }  # fmt: skip
    return VerificationForm(**said | but)


def closure(**but):
    answers = {"medicines": "returned", "documents": "retired", "team": "told", "bereaved": "nobody"}
    return ClosureForm(**{"outcome": "met", "answers": answers} | but)


def dies(person, by, *, on=TODAY, place="21"):
    person.refresh_from_db()
    people.record_death(by=by, person_id=person.id, seen=person.version, died_on=on, place=place)
    person.refresh_from_db()


def wants(person, by, first, second="", *, on=TODAY):
    said = {"place_of_care.care_first": "own_home", "place_of_care.death_first": first}
    section = registry.section("place_of_care")
    base = queries.section_page(by, person.id, section).number
    said |= {"place_of_care.death_second": second} if second else {}
    return actions.save_section(by=by, person=person, section=section, base=base, content=said, on=on)


# --- rules ---


@pytest.mark.parametrize(
    ("but", "refused"),
    [
        ({}, set()),
        ({"role": "care_coordinator"}, {""}),
        ({"kind": ""}, {"kind"}),
        ({"at": None}, {"at"}),
        ({"at": NOW + timedelta(hours=1)}, {"at"}),
        ({"judged_by": " "}, {"judged_by"}),
        ({"causes": ""}, {"causes"}),
        # that nobody considered causes is kept and said; a judgement is never refused for it
        ({"causes": "not_considered"}, set()),
        ({"kind": "recovering", "causes": ""}, {"words"}),
        ({"kind": "recovering", "causes": "", "words": "Awake"}, set()),
    ],
)
def test_what_a_judgement_needs(but, refused):
    said = {
        "kind": "dying", "role": "gp", "at": NOW, "judged_by": "Dr Shah", "causes": "considered", "words": "", "now": NOW,
    }  # fmt: skip
    assert set(dying.problems_of_recognising(**said | but)) == refused


@pytest.mark.parametrize(
    ("but", "refused"),
    [
        ({}, set()),
        ({"role": "urgent_clinician"}, set()),
        ({"role": "care_coordinator"}, {""}),
        ({"verified_at": None}, {"verified_at"}),
        ({"verified_at": NOW + timedelta(minutes=1)}, {"verified_at"}),
        ({"asked_at": NOW + timedelta(minutes=1)}, {"asked_at"}),
        ({"verified_by": ""}, {"verified_by"}),
        ({"signs": ()}, {"signs"}),
        ({"signs": ("pupils",)}, set()),
        ({"answers": {}}, {*dying.ASKED}),
    ],
)
def test_what_a_verification_needs(but, refused):
    answers = {name: next(iter(known)) for name, known in dying.ASKED.items()}
    said = {
        "role": "gp", "verified_at": NOW, "asked_at": None, "verified_by": "Dr Shah", "signs": SIGNS, "answers": answers,
        "now": NOW,
    }  # fmt: skip
    assert set(dying.problems_of_verifying(**said | but)) == refused


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (None, "When it was asked for is not recorded"),
        (0, "0 minutes after it was asked for"),
        (1, "1 minute after it was asked for"),
        (60, "1 hour after it was asked for"),
        (135, "2 hours 15 minutes after it was asked for"),
    ],
)
def test_how_long_they_waited(minutes, words):
    done = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # across the hour that comes twice
    assert dying.waited(None if minutes is None else done - timedelta(minutes=minutes), done) == words


# --- recognising ---


def test_recognised_and_no_longer(gp, ashworth):
    assert queries.current(gp, ashworth.id).dying is None
    actions.recognise_dying(by=gp, person=ashworth, form=judgement(hours_ago=30), key=uuid4())
    assert queries.current(gp, ashworth.id).dying.judge == "Dr Amina Rahman, GP"
    actions.recognise_dying(by=gp, person=ashworth, form=judgement("recovering", hours_ago=2), key=uuid4())
    assert queries.current(gp, ashworth.id).dying is None
    # order follows when it was judged, never when it was typed
    actions.recognise_dying(by=gp, person=ashworth, form=judgement(hours_ago=20), key=uuid4())
    assert queries.current(gp, ashworth.id).dying is None
    assert [one.kind for one in queries.current(gp, ashworth.id).judgements] == ["recovering", "dying", "dying"]


def test_sent_twice_is_one(gp, ashworth):
    key = uuid4()
    for _ in range(2):
        actions.recognise_dying(by=gp, person=ashworth, form=judgement(), key=key)
        actions.verify_death(by=gp, person=ashworth, form=verification(), key=key)
    assert Recognition.objects.count() == Verification.objects.count() == 1


def test_who_may_recognise(reader, gp, ashworth):
    with pytest.raises(Refused):
        actions.recognise_dying(by=reader("care_coordinator"), person=ashworth, form=judgement(), key=uuid4())
    with pytest.raises(NotAllowed):
        actions.recognise_dying(by=reader("urgent_clinician"), person=ashworth, form=judgement(), key=uuid4())
    dies(ashworth, gp)
    with pytest.raises(Refused, match="no longer changed"):
        actions.recognise_dying(by=gp, person=ashworth, form=judgement(), key=uuid4())


def test_a_failed_audit_undoes_each_act(gp, ashworth, monkeypatch):
    def broken(**_said):
        raise OSError("disk full")

    def refuses(act, **said):
        with monkeypatch.context() as patched:
            patched.setattr("ambit.careplan.actions.dying.audit.record", broken)
            with pytest.raises(OSError, match="disk full"):
                act(by=gp, person=ashworth, key=uuid4(), **said)

    refuses(actions.recognise_dying, form=judgement())
    refuses(actions.verify_death, form=verification())
    dies(ashworth, gp)
    refuses(actions.close_record, form=closure(outcome="no_record"))
    assert not Recognition.objects.exists()
    assert not Verification.objects.exists()
    assert not Closure.objects.exists()


# --- verifying ---


def test_a_paramedic_verifies_and_the_practice_is_asked_to_record_it(reader, gp, ashworth):
    actions.verify_death(by=reader("urgent_clinician"), person=ashworth, form=verification(), key=uuid4())
    assert OutboxEvent.objects.filter(name__endswith="DeathVerified").count() == 1
    heard = DeathVerified(person_id=ashworth.id, verification_id=Verification.objects.get().id)
    for _ in range(2):
        ask_to_record_a_death(heard)
    task = Task.objects.get()
    assert task.what == "Record the death: it was verified"
    assert task.owner_organisation_id == ashworth.practice_id
    # once the death is recorded nothing more is asked
    dies(ashworth, gp)
    ask_to_record_a_death(replace(heard, verification_id=uuid4()))
    assert Task.objects.count() == 1


def test_verifying_tells_the_recorded_death(gp, ashworth):
    dies(ashworth, gp)
    actions.verify_death(by=gp, person=ashworth, form=verification(), key=uuid4())
    death = Death.objects.get(ended_at=None)
    assert death.verified_by == "Ruth Tannahill, NMC 99A9999E"
    shown = queries.verified(gp, ashworth)
    assert shown.waited == "1 hour 15 minutes after it was asked for"
    assert shown.not_looked_for == ()
    early = verification(verified_at=NOW - timedelta(days=3), asked_at=None)
    with pytest.raises(Refused, match="Check both days"):
        actions.verify_death(by=gp, person=ashworth, form=early, key=uuid4())


def test_a_sign_nobody_looked_for_is_shown(gp, ashworth):
    actions.verify_death(by=gp, person=ashworth, form=verification(signs=("no_breathing",)), key=uuid4())
    assert "Pupils fixed, do not react to light" in queries.verified(gp, ashworth).not_looked_for
    later = verification(signs=("unmistakable",))
    actions.verify_death(by=gp, person=ashworth, form=later, key=uuid4())
    assert queries.verified(gp, ashworth).not_looked_for == ()


# --- closing ---


def test_nobody_closes_the_record_of_the_living(gp, ashworth):
    with pytest.raises(Refused, match="No death is recorded"):
        actions.close_record(by=gp, person=ashworth, form=closure(), key=uuid4())


def test_the_preference_that_stood_on_the_day_is_compared(gp, ashworth):
    wants(ashworth, gp, "own_home", "hospice")
    wants(ashworth, gp, "hospice")
    dies(ashworth, gp, place="30")
    found = queries.closing_of(gp, ashworth)
    assert (found.proposal.outcome, found.preference.first) == ("met", "hospice")
    assert found.preferred_words == "In a hospice or specialist unit"


def test_what_was_written_after_death_is_not_looked_at(gp, ashworth):
    """A death recorded a week late: what the plan said in between is not what they wanted when they died."""
    wants(ashworth, gp, "own_home")
    dies(ashworth, gp, on=TODAY - timedelta(days=7))
    found = queries.closing_of(gp, ashworth)
    assert found.proposal.outcome == "no_record"
    assert found.preference_written_on is None


def test_close_record(gp, ashworth):
    wants(ashworth, gp, "own_home")
    dies(ashworth, gp, place="11")
    assert len(queries.closing_of(gp, ashworth).missing) == 6
    with pytest.raises(Refused) as refused:
        actions.close_record(by=gp, person=ashworth, form=closure(outcome="not_met"), key=uuid4())
    assert set(refused.value.problems) == {"variance"}
    said = closure(outcome="not_met", variance="needed", days_in_hospital=3)
    actions.close_record(by=gp, person=ashworth, form=said, key=uuid4())
    assert queries.closing_of(gp, ashworth).missing == ("Verification of death",)
    actions.verify_death(by=gp, person=ashworth, form=verification(), key=uuid4())
    found = queries.closing_of(gp, ashworth)
    assert found.is_whole
    assert found.closure.proposed == "not_met"
    assert AuditLine.objects.filter(what="closed a record").count() == 1
    fact = facts.deaths()[0]
    assert (fact.outcome, fact.variance, fact.days_in_hospital, fact.preferred) == ("not_met", "needed", 3, "own_home")
    assert fact.had_plan


def test_a_retracted_death_reopens_everything_and_loses_nothing(gp, ashworth):
    wants(ashworth, gp, "own_home")
    dies(ashworth, gp)
    actions.verify_death(by=gp, person=ashworth, form=verification(), key=uuid4())
    actions.close_record(by=gp, person=ashworth, form=closure(), key=uuid4())
    ashworth.refresh_from_db()
    people.retract_death(by=gp, person_id=ashworth.id, seen=ashworth.version, reason="Another Mrs Ashworth")
    ashworth.refresh_from_db()
    assert queries.verified(gp, ashworth) is None
    assert facts.deaths() == []
    wants(ashworth, gp, "hospice")
    dies(ashworth, gp, place="30")
    found = queries.closing_of(gp, ashworth)
    assert found.closure is None
    assert found.verified is None
    assert [one.outcome for one in found.earlier] == ["met"]
    assert facts.deaths()[0].outcome is None


def test_what_is_published_of_each_death(gp, ashworth, person):
    register.add_to_register(
        by=gp, person=ashworth, on=TODAY - timedelta(days=40), found_by="by_hand", stage="weeks",
    )  # fmt: skip
    dies(ashworth, gp)
    dies(person("Longworth"), gp, on=TODAY - timedelta(days=1), place="11")
    longworth, ours = facts.deaths()
    assert (ours.days_on_register, ours.had_plan, ours.outcome) == (40, False, None)
    assert (longworth.joined_on, longworth.days_on_register, longworth.place) == (None, None, "11")


def test_stopped_tasks_are_kept_and_shown(gp, ashworth):
    owner = coordination.Owner(name="Brackenhill Surgery", organisation_id=ashworth.practice_id)
    raise_task(by=gp, what="Ring Helen", owner=owner, person_id=ashworth.id, due_on=TODAY)
    assert coordination.tasks_stopped(gp, ashworth.id) == ()
    dies(ashworth, gp)
    assert [task.what for task in coordination.tasks_stopped(gp, ashworth.id)] == ["Ring Helen"]
    assert coordination.open_tasks_about(gp, ashworth.id, on=TODAY) == ()


# --- pages ---


def moment(name, at):
    at = timezone.localtime(at)
    return {
        f"{name}on-day": str(at.day), f"{name}on-month": str(at.month), f"{name}on-year": str(at.year),
        f"{name}at": f"{at:%H:%M}",
    }  # fmt: skip


def test_recognise_dying_page(client_as, ashworth):
    gp, where = client_as("gp"), f"/people/{ashworth.id}/plan/dying/"
    assert "Nobody has recorded that this person is dying" in gp.get(where).text
    refused = gp.post(where, {"key": str(uuid4())})
    assert refused.status_code == 422
    assert "Choose what is thought now." in refused.text
    said = {"key": str(uuid4()), "kind": "dying", "judged_by": "Dr Amina Rahman", "causes": "not_considered"}
    assert gp.post(where, said | moment("", NOW - timedelta(hours=1))).status_code == 302
    shown = gp.get(where).text
    assert "Thought to be dying since" in shown
    assert "Causes that can be reversed were not considered yet" in shown
    assert "Thought to be dying since" in gp.get(f"/people/{ashworth.id}/plan/").text
    assert "Thought to be dying" in gp.get(f"/urgent/{ashworth.id}/").text


def test_verify_death_page(client_as, ashworth):
    gp, where = client_as("gp"), f"/people/{ashworth.id}/plan/verification/"
    assert "No death is recorded yet" in gp.get(where).text
    assert gp.post(where, {"key": str(uuid4())}).status_code == 422
    said = {
        "key": str(uuid4()), "verified_by": "Dr Amina Rahman, GMC 9999999", "signs": list(SIGNS), "was_expected": "yes",
        "implanted": "defibrillator_on", "infection": "none_known", "practice_told": "told", "examiner_told": "told",
        "coroner_told": "not_needed",
    }  # fmt: skip
    half = gp.post(where, said | moment("", NOW) | {"asked_at": "14:05"})
    assert "Write both the day and the time at which somebody asked" in half.text
    assert gp.post(where, said | moment("", NOW - timedelta(minutes=2))).status_code == 302
    assert "Defibrillator, not switched off yet" in gp.get(where).text
    assert client_as("care_coordinator").get(where).status_code == 403


def test_the_plan_of_somebody_who_died_has_no_forms_but_those_after_death(client_as, gp, ashworth):
    wants(ashworth, gp, "own_home")
    dies(ashworth, gp)
    browser, where = client_as("gp"), f"/people/{ashworth.id}/plan/"
    shown = browser.get(where).text
    assert "Plan, kept as it was" in shown
    assert "Close the record" in shown
    assert "Is this person dying?" not in shown
    assert not any(words in shown for words in ("Ask again", "Not asked", "review due", "review overdue"))
    assert browser.get(f"{where}place_of_care/").url.endswith("/history/")
    assert '<form method="post" novalidate>' not in browser.get(f"{where}dying/").text
