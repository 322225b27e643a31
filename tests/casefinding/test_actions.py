"""Candidates kept from a search, and answered."""

from datetime import date, timedelta

import pytest

from ambit.access.queries import NotAllowed
from ambit.audit.models import AuditLine
from ambit.casefinding import actions, queries
from ambit.casefinding.models import Candidate, CandidateAnswer, Run
from ambit.design.refusals import Refused, Stale
from ambit.people.models import Person
from ambit.register.models import RegisterEntry
from tests.casefinding.conftest import ADMISSIONS, DAY, FAILURE, found


@pytest.fixture
def gp(reader):
    return reader("Amina Rahman")


@pytest.fixture
def arthur(keep):
    keep(found())
    return Candidate.objects.get()


def accept(by, candidate, **but):
    given = {
        "seen": candidate.version, "surprise": "no", "stage": "months", "reason": "Two admissions", "told": True, "on": DAY,
    }  # fmt: skip
    return actions.accept_candidate(**{"by": by, "candidate_id": candidate.id} | given | but)


def no(by, candidate, **but):
    given = {"seen": candidate.version, "surprise": "yes", "reason": "Recovered", "on": DAY}
    return actions.say_no(**{"by": by, "candidate_id": candidate.id} | given | but)


def test_a_search_keeps_reasons_and_evidence_and_registers_nobody(arthur, gp):
    page = queries.candidate(gp, arthur.id)
    assert [r.text for r in page.reasons] == ["Two unplanned admissions in 6 months", "Heart failure"]
    assert page.reasons[0].evidence[0].on == date(2026, 6, 27)
    assert page.reasons[0].version == "0.1"
    assert page.unknown == ("Frailty score",)
    assert page.unreviewed_packs == ("First signs 0.1",)
    assert page.records_used == 3
    assert not RegisterEntry.objects.exists()
    assert not Person.objects.exists()
    assert AuditLine.objects.filter(what="opened a candidate").exists()


def test_two_packs_make_one_candidate(keep):
    keep(found(reasons=[ADMISSIONS]), found(reasons=[FAILURE]))
    assert Candidate.objects.get().number_of_reasons == 2


def test_accept_admits_and_registers(arthur, gp):
    entry = accept(gp, arthur)
    assert entry.person.numbers.get().value == "9997900960"
    assert (entry.found_by, entry.stage, entry.told) == ("case_finding", "months", True)
    arthur.refresh_from_db()
    assert (arthur.state, arthur.person_id) == ("accepted", entry.person_id)
    answer = CandidateAnswer.objects.get()
    assert (answer.surprise, answer.timeframe, answer.by_name) == ("no", "12 months", "Dr Amina Rahman")


def test_somebody_without_a_number_is_admitted_with_the_reason(keep, gp):
    keep(found(number=""))
    entry = accept(gp, Candidate.objects.get())
    assert entry.person.no_number_reason == "source_has_none"


def test_an_accepted_candidate_is_answered_once(arthur, gp):
    accept(gp, arthur)
    with pytest.raises(Refused, match="already"):
        accept(gp, arthur, seen=2)


def test_a_stale_answer_is_refused_with_both(arthur, gp):
    no(gp, arthur)
    with pytest.raises(Stale) as stale:
        accept(gp, arthur, seen=1)
    assert stale.value.saved == "Not right, Dr Amina Rahman: Recovered"
    assert stale.value.yours == "Add to the register: Two admissions"
    assert not RegisterEntry.objects.exists()


def test_an_answer_can_be_changed_and_each_is_kept(arthur, gp):
    no(gp, arthur)
    accept(gp, arthur, seen=2)
    assert [a.answer for a in queries.candidate(gp, arthur.id).answers] == ["Added to the register", "Not right"]


def test_another_practice_sees_and_answers_nothing(arthur, reader):
    shah = reader("Owen Shah")
    assert queries.candidates(shah).waiting == ()
    with pytest.raises(NotAllowed):
        accept(shah, arthur)
    with pytest.raises(NotAllowed):
        accept(reader("Pat Moorhouse"), arthur)


def test_a_number_on_another_practices_list_is_settled_first(keep, gp, person):
    person("Preston")
    keep(found(number="9990000018"))
    with pytest.raises(Refused):
        accept(gp, Candidate.objects.get())
    assert not RegisterEntry.objects.exists()


@pytest.mark.parametrize(
    ("recheck_on", "refused"),
    [(None, True), (DAY, True), (DAY + timedelta(days=400), True), (DAY + timedelta(days=90), False)],
)
def test_not_now_needs_a_day(arthur, gp, recheck_on, refused):
    def answer():
        return actions.not_now(
            by=gp, candidate_id=arthur.id, seen=1, surprise="cannot_say", recheck_on=recheck_on, reason="", on=DAY
        )

    if refused:
        with pytest.raises(Refused) as said:
            answer()
        assert "recheck_on" in said.value.problems
        assert not CandidateAnswer.objects.exists()
    else:
        assert answer().recheck_on == recheck_on


@pytest.mark.parametrize(("but", "field"), [({"surprise": ""}, "surprise"), ({"reason": " "}, "reason")])
def test_no_needs_its_reason_and_the_surprise_question(arthur, gp, but, field):
    with pytest.raises(Refused) as refused:
        no(gp, arthur, **but)
    assert field in refused.value.problems


def test_pass_on_to_a_colleague_of_the_practice(arthur, gp, account_of):
    with pytest.raises(Refused):
        actions.pass_on(by=gp, candidate_id=arthur.id, seen=1, to=account_of("Owen Shah").pk, reason="x", on=DAY)
    actions.pass_on(
        by=gp, candidate_id=arthur.id, seen=1, to=account_of("Amina Rahman").pk, reason="You know him", on=DAY
    )
    (row,) = queries.candidates(gp).waiting
    assert row.passed_to_me


def test_nothing_is_saved_when_the_audit_line_fails(arthur, gp, monkeypatch):
    def fails(**_):
        raise OSError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(OSError, match="disk full"):
        accept(gp, arthur)
    assert not Person.objects.exists()
    assert not RegisterEntry.objects.exists()
    arthur.refresh_from_db()
    assert arthur.state == "open"


class TestFoundAgain:
    def test_for_the_same_reasons_waits_once(self, keep):
        keep(found())
        run = keep(found(), on=DAY + timedelta(days=1))
        assert run.held_back == {"already waiting": 1}
        assert Candidate.objects.count() == 1

    def test_for_other_reasons_is_a_newer_candidate(self, keep, gp):
        keep(found(reasons=[FAILURE]))
        old = Candidate.objects.get()
        keep(found())
        assert [row.number_of_reasons for row in queries.candidates(gp).waiting] == [2]
        with pytest.raises(Stale):
            accept(gp, old, seen=1)
        with pytest.raises(Refused, match="newer"):
            accept(gp, old, seen=2)

    def test_held_back_until_the_recheck_day(self, keep, gp, arthur):
        again = DAY + timedelta(days=90)
        actions.not_now(by=gp, candidate_id=arthur.id, seen=1, surprise="yes", recheck_on=again, reason="", on=DAY)
        assert keep(found(), on=again - timedelta(days=1)).held_back == {"answered before": 1}
        assert keep(found(), on=again).kept == 1

    def test_a_no_holds_for_a_year(self, keep, gp, arthur):
        no(gp, arthur)
        assert keep(found(), on=DAY + timedelta(days=364)).kept == 0
        assert keep(found(), on=DAY + timedelta(days=365)).kept == 1

    def test_not_when_on_the_register_or_dead(self, keep, gp, arthur):
        accept(gp, arthur)
        assert keep(found()).held_back == {"on the register or died": 1}
        RegisterEntry.objects.update(left_on=DAY, reason="moved")
        assert keep(found()).kept == 1
        Person.objects.update(died_on=DAY)
        assert keep(found(reasons=[FAILURE])).held_back == {"on the register or died": 1}


def test_whose_practice_is_not_known(keep, place):
    assert keep(found(practice="")).held_back == {"practice not known here": 1}
    assert keep(found(practice="X99999")).held_back == {"practice not known here": 1}
    assert keep(found(practice=""), practice=place["Z90002"]).kept == 1
    assert Candidate.objects.get().practice.code == "Z90002"


def test_a_failed_run_says_why(place, reader):
    operator = reader("operator")
    run = actions.ask_for_run(by=operator, on=DAY)
    actions.fail_run(by=operator, run=run, words="The population store is empty.")
    assert Run.objects.get().state == "failed"
    assert queries.last_run(operator).words == "The population store is empty."


def test_lists_in_three_statements(keep, gp, django_assert_num_queries):
    keep(*(found(key=str(n), number="", family=f"Family {n}") for n in range(5)))
    with django_assert_num_queries(3):
        assert len(queries.candidates(gp).waiting) == 5
