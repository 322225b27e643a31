"""A practice's review of a month: who has a place, who comes back and why, and a wrong key put right."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.access.queries import NotAllowed
from ambit.audit.models import AuditLine
from ambit.casefinding import actions, facts, queries, rules
from ambit.casefinding.found import Evidence, Reason
from ambit.casefinding.models import Candidate, CandidateAnswer, PracticeRun, ReviewPlace, ReviewRound
from ambit.design.refusals import Refused, Stale
from ambit.register import actions as register
from ambit.register.models import RegisterEntry
from tests.casefinding.conftest import ADMISSIONS, DAY, FAILURE, found

FRAIL = Reason(
    "first-signs", "frail", "Frail: frailty recorded",
    (Evidence("snomed", "92703009", "Frailty", date(2026, 11, 25), "", "", "Condition/9"),),
)  # fmt: skip
EARLY = Reason(
    "first-signs", "on-the-list", "On a list of an EARLY search",
    (Evidence(rules.SEARCH_RESULTS, "early", "EARLY amber", date(2026, 11, 12), "", "", "Observation/3"),),
)  # fmt: skip
BY_AGE = Reason("first-signs", "old", "Old: aged 85 or over", ())
TODAY = timezone.localdate


def frozen(*reasons, version="0.1"):
    return [
        {
            "pack": r.pack, "version": version, "criterion": r.criterion, "text": r.text,
            "evidence": [
                {"system": e.system, "code": e.code, "display": e.display, "on": e.on.isoformat(), "value": e.value,
                 "unit": e.unit, "source": e.source}
                for e in r.evidence
            ],
        }
        for r in reasons
    ]  # fmt: skip


@pytest.fixture
def gp(reader):
    return reader("Amina Rahman")


@pytest.fixture
def several(keep):
    """Four people, the one with most grounds called Four."""
    reasons = (FAILURE, ADMISSIONS, FRAIL, EARLY)
    keep(
        *(
            found(f"p{n}", number="", family=name, reasons=reasons[:n])
            for n, name in enumerate(("One", "Two", "Three", "Four"), start=1)
        )
    )


def choose(by, people, *, seen=0, on=None, **but):
    return actions.choose_capacity(by=by, people=people, seen=seen, on=on or TODAY(), **but)


def answer_no(by, candidate, *, on=DAY, **but):
    given = {"seen": candidate.version, "surprise": "yes", "reason": "Recovered", "on": on}
    return actions.say_no(**{"by": by, "candidate_id": candidate.id} | given | but)


def names(rows):
    return [row.family_name for row in rows]


# ---- Rules ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reasons", "grounds"),
    [
        ((), 0),
        ((FAILURE,), 1),
        ((FAILURE, replace(FAILURE, pack="other")), 1),
        ((ADMISSIONS, replace(ADMISSIONS, criterion="one", evidence=ADMISSIONS.evidence[:1])), 1),
        ((ADMISSIONS, FAILURE), 2),
        ((BY_AGE, replace(BY_AGE, criterion="older", text="Older: aged 90 or over"), FAILURE), 3),
    ],
)
def test_reasons_on_the_same_records_count_once(reasons, grounds):
    assert rules.strength(frozen(*reasons)) == grounds


@pytest.mark.parametrize(
    ("now", "ran", "new"),
    [
        ((FAILURE,), {"first-signs": "0.1"}, []),
        ((FAILURE, FRAIL), {"first-signs": "0.1"}, ["Frail"]),
        ((FAILURE, FRAIL), {"another": "1"}, []),  # the pack did not run then: nothing changed about the person
        (
            (FAILURE, replace(FAILURE, criterion="renamed")),
            {"first-signs": "0.0"},
            [],
        ),  # a newer version, the same records
        ((FAILURE, replace(FRAIL, criterion="heart-failure")), {"first-signs": "0.1"}, []),  # a criterion that was met
        ((FAILURE, BY_AGE), {"first-signs": "0.1"}, ["Old"]),
        ((FAILURE, BY_AGE), {"first-signs": "0.0"}, []),
    ],
)
def test_what_no_clinician_has_answered(now, ran, new):
    assert rules.newly_met(frozen(*now), before=[frozen(FAILURE)], ran=ran) == new


@pytest.mark.parametrize(
    ("months", "on", "day"),
    [
        (1, date(2027, 1, 31), date(2027, 2, 28)),
        (12, date(2028, 2, 29), date(2029, 2, 28)),
        (3, date(2026, 11, 30), date(2027, 2, 28)),
    ],
)
def test_look_again_on(months, on, day):
    assert rules.look_again_on(months, on=on) == day


def test_share_accepted():
    told = {"accepted": {"a": 3}, "answered": {"a": 3, "b": 2}}
    assert rules.share_accepted(["a"], **told) == 0.8
    assert rules.share_accepted(["a", "b"], **told) == pytest.approx(0.525)
    assert rules.share_accepted(["never-answered"], **told) == 0.5


# ---- A month's review ----------------------------------------------------------------------------------------------


def test_the_strongest_have_a_place_and_the_rest_are_counted(several, gp, client_as):
    choose(gp, 2)
    review = queries.review(gp)
    assert names(review.rows) == ["Four", "Three"]
    assert (review.capacity, review.chosen_by) == (2, "Dr Amina Rahman")
    text = client_as("Amina Rahman").get("/case-finding/").text
    assert "2 people still to answer in" in text
    assert "2 more people wait outside" in text
    assert AuditLine.objects.filter(what="chose how many people to review this month").exists()


def test_places_stay_while_searches_go_on(several, keep, gp):
    choose(gp, 2)
    stronger = (FAILURE, ADMISSIONS, FRAIL, EARLY, BY_AGE)
    keep(found("p5", number="", family="Five", reasons=stronger))
    review = queries.review(gp)
    assert names(review.rows) == ["Four", "Three"]
    assert [row.gone for row in review.rows] == [True, True]
    assert names(queries.candidates(gp).waiting)[0] == "Five"


def test_a_place_leads_to_what_is_known_now(several, keep, gp):
    choose(gp, 2)
    keep(found("p3", number="", family="Three", reasons=(FAILURE, ADMISSIONS, FRAIL, BY_AGE)))
    three = queries.review(gp).rows[1]
    assert (three.family_name, three.came, three.strength, three.new_reasons) == ("Three", "grew", 4, ("Old",))
    assert not three.gone


def test_more_people_later_are_added_at_the_end(several, gp):
    choose(gp, 1)
    choose(gp, 3, seen=1)
    assert names(queries.review(gp).rows) == ["Four", "Three", "Two"]
    with pytest.raises(Refused, match="keep it"):
        choose(gp, 2, seen=2)
    with pytest.raises(Stale):
        choose(gp, 4, seen=1)
    assert ReviewRound.objects.get().capacity == 3


@pytest.mark.parametrize("people", [0, -1, 501])
def test_a_capacity_that_cannot_be(several, gp, people):
    with pytest.raises(Refused):
        choose(gp, people)
    assert not ReviewRound.objects.exists()


def test_nobody_chooses_before_a_search_nor_for_another_practice(gp, reader, place):
    with pytest.raises(Refused, match="No search"):
        choose(gp, 5)
    with pytest.raises(NotAllowed):
        choose(reader("Pat Moorhouse"), 5)


def test_another_practice_has_its_own(several, gp, reader):
    choose(gp, 2)
    shah = reader("Owen Shah")
    assert queries.review(shah) is None
    assert choose(shah, 2).places.count() == 0


def test_the_next_month_begins_anew_and_says_who_was_left(several, gp):
    last_month = TODAY().replace(day=1) - timedelta(days=1)
    choose(gp, 2, on=last_month)
    assert queries.review(gp) is None
    assert queries.left_from(gp, before=rules.month_of(TODAY())) == (rules.month_of(last_month), 2)


def test_whoever_is_no_longer_found_is_given_no_place(several, keep, gp):
    keep(found("p1", number="", family="One", reasons=(FAILURE,)))
    choose(gp, 4)
    assert names(queries.review(gp).rows) == ["One"]


def test_order_by_yield_needs_a_sign_off(several, gp, settings):
    with pytest.raises(Refused, match="signed off"):
        choose(gp, 2, by_yield=True)
    settings.CONFIG = settings.CONFIG.model_copy(update={"ranking_signed_off_by": "Dr Safety, 1 November 2026"})
    assert names(queries.review(gp).rows if choose(gp, 2, by_yield=True) else ()) == ["Four", "Three"]
    assert queries.review(gp).by_yield


def test_nothing_is_chosen_when_the_audit_line_fails(several, gp, monkeypatch):
    def fails(**_):
        raise OSError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(OSError, match="disk full"):
        choose(gp, 2)
    assert not ReviewRound.objects.exists()
    assert not ReviewPlace.objects.exists()


# ---- Held back, and back again (H14) ------------------------------------------------------------------------------


class TestBackAgain:
    def test_a_search_run_again_changes_nothing(self, keep, gp):
        """The words of a reason name the day of the search; the same records are no news, and nobody's open page grows stale."""
        keep(found(reasons=(replace(FAILURE, text="Heart failure: recorded in the 2 years to 21 November 2026"),)))
        run = keep(
            found(reasons=(replace(FAILURE, text="Heart failure: recorded in the 2 years to 22 November 2026"),)),
            on=DAY + timedelta(days=1),
        )
        assert run.held_back == {"already waiting": 1}
        assert Candidate.objects.get().version == 1

    def test_a_live_answer_gives_way_to_a_new_reason_and_says_so(self, keep, gp, client_as):
        keep(found())
        first = Candidate.objects.get()
        answer_no(gp, first)
        assert keep(found()).held_back == {"answered before": 1}
        keep(found(reasons=(ADMISSIONS, FAILURE, FRAIL)))
        (back,) = queries.candidates(gp).waiting
        assert (back.came, back.new_reasons) == ("evidence", ("Frail",))
        text = client_as("Amina Rahman").get(f"/case-finding/{back.id}/").text
        assert "Back: new reasons since the last answer" in text
        assert "Recovered" in text

    def test_one_more_record_of_the_same_reason_is_not_a_new_reason(self, keep, gp):
        keep(found(reasons=(ADMISSIONS,)))
        answer_no(gp, Candidate.objects.get())
        again = Evidence("snomed", "4525004", "Emergency admission", date(2026, 11, 20), "", "", "Encounter/3")
        more = replace(ADMISSIONS, evidence=(*ADMISSIONS.evidence, again))
        assert keep(found(reasons=(more,))).held_back == {"answered before": 1}

    def test_back_when_the_time_is_over(self, keep, gp):
        keep(found())
        answer_no(gp, Candidate.objects.get())
        keep(found(), on=DAY + timedelta(days=365))
        (back,) = queries.candidates(gp).waiting
        assert (back.came, back.new_reasons) == ("expired", ())
        assert queries.candidate(gp, back.id).earlier.reason == "Recovered"

    def test_back_after_leaving_the_register(self, keep, gp):
        keep(found())
        entry = accept(gp, Candidate.objects.get())
        register.leave(by=gp, person_id=entry.person_id, seen=1, reason="improved", on=DAY)
        keep(found())
        assert queries.candidates(gp).waiting[0].came == "left"

    def test_who_was_passed_on_stays_so_when_more_is_found(self, keep, gp, account_of):
        keep(found(reasons=(FAILURE,)))
        to = account_of("Amina Rahman").pk
        actions.pass_on(by=gp, candidate_id=Candidate.objects.get().id, seen=1, to=to, reason="", on=DAY)
        keep(found())
        (row,) = queries.candidates(gp).waiting
        assert row.passed_to_me


def accept(by, candidate, **but):
    given = {"seen": candidate.version, "surprise": "no", "stage": "months", "reason": "", "told": True, "on": DAY}
    return actions.accept_candidate(**{"by": by, "candidate_id": candidate.id} | given | but)


def test_who_joined_the_register_another_way_waits_no_longer(keep, gp):
    keep(found())
    entry = accept(gp, Candidate.objects.get())
    keep(found("again", number=entry.person.numbers.get().value, reasons=(FRAIL,)))
    assert queries.candidates(gp).waiting == ()


# ---- A wrong key ---------------------------------------------------------------------------------------------------


class TestTakeBack:
    def test_both_answers_stay_and_the_person_waits_again(self, keep, gp):
        keep(found())
        candidate = answer_no(gp, Candidate.objects.get())
        actions.take_back_answer(by=gp, candidate_id=candidate.id, seen=2, reason="", on=DAY)
        assert names(queries.candidates(gp).waiting) == ["Longworth"]
        shown = queries.candidate(gp, candidate.id)
        assert [answer.answer for answer in shown.answers] == ["Answer taken back", "Not right"]
        assert shown.version == 3
        accept(gp, Candidate.objects.get())

    def test_what_was_taken_back_is_not_measured_as_an_answer(self, keep, gp):
        keep(found())
        candidate = answer_no(gp, Candidate.objects.get())
        assert facts.suggestions()[0].answered_on == TODAY()
        actions.take_back_answer(by=gp, candidate_id=candidate.id, seen=2, reason="", on=DAY)
        assert facts.suggestions()[0].answered_on is None

    def test_an_acceptance_ends_the_entry_it_made(self, keep, gp):
        keep(found())
        entry = accept(gp, Candidate.objects.get())
        actions.take_back_answer(by=gp, candidate_id=Candidate.objects.get().id, seen=2, reason="", on=DAY)
        entry.refresh_from_db()
        assert (entry.left_on, entry.reason) == (DAY, "wrong")
        assert Candidate.objects.get().state == "open"

    def test_not_once_somebody_has_worked_on(self, keep, gp):
        keep(found())
        entry = accept(gp, Candidate.objects.get())
        register.change_stage(by=gp, person_id=entry.person_id, seen=1, stage="weeks", reason="", on=DAY)
        with pytest.raises(Refused, match="changed since"):
            actions.take_back_answer(by=gp, candidate_id=Candidate.objects.get().id, seen=2, reason="", on=DAY)
        assert RegisterEntry.objects.get().left_on is None
        assert CandidateAnswer.objects.count() == 1

    def test_refusals(self, keep, gp, reader):
        keep(found())
        candidate = Candidate.objects.get()
        with pytest.raises(Refused, match="no answer"):
            actions.take_back_answer(by=gp, candidate_id=candidate.id, seen=1, reason="", on=DAY)
        answer_no(gp, candidate)
        with pytest.raises(Stale):
            actions.take_back_answer(by=gp, candidate_id=candidate.id, seen=1, reason="", on=DAY)
        with pytest.raises(NotAllowed):
            actions.take_back_answer(by=reader("Owen Shah"), candidate_id=candidate.id, seen=2, reason="", on=DAY)


def test_for_the_next_meeting(keep, gp):
    keep(found())
    candidate = Candidate.objects.get()
    actions.discuss(by=gp, candidate_id=candidate.id, seen=1, reason="Ask the nurse", on=DAY)
    assert queries.candidates(gp).waiting[0].state_in_words == "For the next meeting"
    keep(found(reasons=(ADMISSIONS, FAILURE, FRAIL)))
    assert queries.candidates(gp).waiting[0].state == "discuss"


# ---- Pages ---------------------------------------------------------------------------------------------------------


def test_choose_capacity(several, client_as):
    gp = client_as("Amina Rahman")
    where = reverse("choose_capacity")
    assert "4 people of your practice wait" in gp.get(where).text
    assert "predicted yield" not in gp.get(where).text.replace("learnt or predicted", "")
    assert gp.post(where, {"seen": 0, "people": ""}).status_code == 422
    assert gp.post(where, {"seen": 0, "people": 2}).status_code == 302
    assert gp.post(where, {"seen": 0, "people": 3}).status_code == 409
    assert gp.post(where, {"seen": 1, "people": 1}).status_code == 422
    assert client_as("Pat Moorhouse").get(where).status_code == 403


def test_answers_of_one_key(several, client_as, gp):
    choose(gp, 3)
    client = client_as("Amina Rahman")
    four, three, two = queries.review(gp).rows
    said = {"seen": 1, "stage": "not_staged"}
    no = client.post(f"/case-finding/{four.id}/", said | {"answer": "no", "surprise": "yes", "why_no": "stable"})
    assert no.headers["Location"] == f"/case-finding/{three.id}/?after={four.id}"
    later = client.post(
        f"/case-finding/{three.id}/", said | {"answer": "not_now", "surprise": "cannot_say", "wait": "3"}
    )
    assert later.headers["Location"].startswith(f"/case-finding/{two.id}/")
    assert Candidate.objects.get(pk=three.id).recheck_on == rules.look_again_on(3, on=TODAY())
    assert "Saved: FOUR, Arthur. Not right." in client.get(no.headers["Location"]).text
    assert "Well or stable" in client.get(f"/case-finding/{four.id}/").text
    back = client.post(reverse("take_back_answer", args=[four.id]), {"seen": 2})
    assert back.headers["Location"] == f"/case-finding/{four.id}/"
    assert "1 of 3 answered" in client.get("/case-finding/").text
    assert client.post(reverse("take_back_answer", args=[four.id]), {"seen": 2}).status_code == 409


def test_imported_results_stand_in_the_same_list_with_name_and_day(several, client_as):
    text = client_as("Amina Rahman").get("/case-finding/?waiting").text
    assert "Brought in: EARLY amber, 12 Nov 2026" in text


def test_what_the_last_search_changed(several, keep, gp, client_as):
    two = Candidate.objects.get(family_name="Two")
    answer_no(gp, two)
    keep(
        found("p2", number="", family="Two", reasons=(FAILURE, ADMISSIONS, FRAIL)),
        found("p1", number="", family="One", reasons=(FAILURE, ADMISSIONS)),
        found("p4", number="", family="Four", reasons=(FAILURE, ADMISSIONS, FRAIL, EARLY)),
        found("p9", number="", family="Nine", reasons=(FAILURE,)),
    )
    changes = queries.changes(gp)
    assert [names(rows) for rows in (changes.new, changes.grew, changes.back, changes.gone)] == [
        ["Nine"], ["One"], ["Two"], ["Three"],
    ]  # fmt: skip
    assert (
        "1 new, 1 with more evidence, 1 back, 1 no longer found" in client_as("gp").get("/case-finding/changes/").text
    )
    told = PracticeRun.objects.order_by("-id").first()
    assert (told.found, told.kept, told.gone, told.held_back) == (4, 3, 1, {"already waiting": 1})


def test_found_again_is_no_longer_gone(several, keep, gp):
    keep(found("p9", number="", family="Nine", reasons=(FAILURE,)))
    keep(found("p1", number="", family="One", reasons=(FAILURE,)))
    assert [row.family_name for row in queries.candidates(gp).waiting if not row.gone] == ["One"]


@pytest.mark.parametrize(
    ("by_practice", "flagged", "says"),
    [
        ({}, (), "had no records of your practice"),
        ({"Z90001": 6120}, (), "6120 people of your practice and none met the rules"),
    ],
)
def test_a_practice_that_finds_nobody_sees_why(place, client_as, by_practice, flagged, says):
    from ambit.access.queries import operator
    from tests.casefinding.conftest import search

    run = actions.ask_for_run(by=operator(), on=DAY)
    actions.keep_candidates(by=operator(), found=replace(search(*flagged), by_practice=by_practice), run=run)
    assert says in client_as("gp").get("/case-finding/").text


def test_a_practice_whose_people_are_all_answered_sees_that(keep, gp, client_as):
    keep(found())
    answer_no(gp, Candidate.objects.get())
    keep(found())
    text = client_as("gp").get("/case-finding/?waiting").text
    assert "1: answered before" in text


def test_lists_take_at_most_four_statements(several, gp, django_assert_num_queries):
    choose(gp, 3)
    with django_assert_num_queries(2):
        assert len(queries.review(gp).rows) == 3
    with django_assert_num_queries(3):
        queries.candidates(gp)
    with django_assert_num_queries(3):
        queries.changes(gp)


@pytest.mark.parametrize("address", ["/case-finding/?month", "/case-finding/?waiting", "/case-finding/changes/?last"])
def test_pages_ask_no_more_for_more_people(keep, gp, client_as, address, django_assert_max_num_queries):
    keep(*(found(f"p{n}", number="", family=f"Person{n}") for n in range(30)))
    choose(gp, 20)
    client = client_as("Amina Rahman")
    client.get(address)
    with django_assert_max_num_queries(14):
        assert "PERSON" in client.get(address).text
