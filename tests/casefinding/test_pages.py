"""Case-finding's pages and time line."""

from datetime import date

import pytest

from ambit.casefinding.models import Candidate
from ambit.casefinding.timeline import timeline
from ambit.register.models import RegisterEntry
from tests.casefinding.conftest import DAY, found


@pytest.fixture
def arthur(keep):
    keep(found())
    return Candidate.objects.get()


def test_candidates(client_as, arthur):
    gp = client_as("gp")
    answer = gp.get("/case-finding/")
    assert "1 person still to answer" in answer.text
    assert "LONGWORTH, Arthur" in answer.text
    assert "First signs 0.1 has not been reviewed by a clinician" in answer.text
    assert "LONGWORTH" not in client_as("Owen Shah").get("/case-finding/").text
    assert client_as("community_nurse").get("/case-finding/").status_code == 403


def test_no_search_yet(client_as, place):
    assert "No search has been run yet" in client_as("gp").get("/case-finding/").text


def test_a_candidate_shows_reasons_codes_and_what_is_not_known(client_as, arthur):
    answer = client_as("gp").get(f"/case-finding/{arthur.id}/")
    for words in ("Two unplanned admissions in 6 months", "9 October 2026", "84114007", "Frailty score", "<svg", "abc"):
        assert words in answer.text
    assert client_as("Owen Shah").get(f"/case-finding/{arthur.id}/").status_code == 404


def test_answer_candidate(client_as, arthur):
    gp = client_as("gp")
    where = f"/case-finding/{arthur.id}/"
    assert gp.post(where, {"seen": 1, "answer": "accepted", "stage": "months"}).status_code == 422
    said = {
        "seen": 1,
        "answer": "accepted",
        "stage": "months",
        "surprise": "no",
        "reason": "Two admissions",
        "told": "on",
    }
    answer = gp.post(where, said)
    entry = RegisterEntry.objects.get()
    assert answer.headers["Location"] == f"/people/{entry.person_id}/plan/need_to_know/"
    assert "Added to the register" in gp.get(where).text
    assert "1 answered" in gp.get(where).text
    assert gp.post(where, said).status_code == 409


def test_other_answers(client_as, keep, arthur):
    gp = client_as("gp")
    where = f"/case-finding/{arthur.id}/"
    assert gp.post(where, {"seen": 1, "answer": "not_now", "surprise": "yes", "stage": "weeks"}).status_code == 422
    assert (
        gp.post(where, {"seen": 1, "answer": "no", "surprise": "yes", "reason": "Well", "stage": "weeks"}).status_code
        == 302
    )
    assert "Not right" in gp.get("/case-finding/?answered").text


def test_an_administrator_sees_and_does_not_answer(client_as, arthur):
    pat = client_as("Pat Moorhouse")
    assert "A GP of the practice answers" in pat.get(f"/case-finding/{arthur.id}/").text


def test_timeline_keeps_what_is_older_at_the_edge(arthur, reader):
    from ambit.casefinding import queries

    drawn = timeline(queries.candidate(reader("gp"), arthur.id).reasons, until=DAY)
    admissions, failure = drawn.lanes
    assert [mark.before for mark in failure.marks] == [True]
    assert failure.marks[0].x == drawn.ticks[0].x
    assert drawn.recent_x > admissions.marks[0].x or admissions.marks[0].on > date(2026, 5, 21)
    assert admissions.marks[0].x < admissions.marks[1].x < drawn.width


def test_timeline_on_a_leap_day():
    assert timeline((), until=date(2028, 2, 29)).ticks[0].on == date(2026, 2, 28)
