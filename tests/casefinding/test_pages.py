"""Case-finding's pages and time line."""

from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from django.utils import timezone

from ambit.casefinding import queries, rules
from ambit.casefinding.found import Evidence, Reason
from ambit.casefinding.models import Candidate
from ambit.casefinding.packs import criteria_in_words, never_coded
from ambit.casefinding.timeline import timeline
from ambit.packs.queries import site_library
from ambit.people import actions as people
from ambit.register.models import RegisterEntry
from tests.casefinding.conftest import ADMISSIONS, DAY, FAILURE, found
from tests.world.browser import axe, sideways, sign_in


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


def test_what_no_coded_record_says_is_told_from_what_this_one_lacks(client_as, keep, place):
    pack = site_library().get("casefinding", "necpal")
    says, (why, *_) = next(iter(never_coded(pack.content).items()))
    several = replace(found(), pack_id="necpal", unknown=(says, "Frailty score"))
    keep(several)
    answer = client_as("gp").get(f"/case-finding/{Candidate.objects.get().id}/").text
    assert f"no coded record says this: {why}" in unescape(answer)
    assert answer.count("could not be answered from this record") == 1


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
        "then": "plan",
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
    drawn = timeline(queries.candidate(reader("gp"), arthur.id).reasons, until=DAY)
    admissions, failure = drawn.lanes
    assert (admissions.kind, failure.kind) == ("admission", "recorded")
    assert [mark.before for mark in failure.marks] == [True]
    assert failure.marks[0].label == "since Feb 2024"
    assert failure.marks[0].x == drawn.ticks[0].x
    assert [mark.label for mark in admissions.marks] == ["27 Jun", "9 Oct"]
    assert admissions.marks[0].x < admissions.marks[1].x < drawn.width


def test_timeline_draws_what_is_measured_as_a_line_and_each_record_once(keep, reader):
    weight = Reason(
        "first-signs", "weight", "Weight down: by a tenth",
        tuple(
            Evidence("loinc", "29463-7", "Body weight", day, kg, "kg", f"Observation/{kg}")
            for day, kg in ((date(2026, 1, 8), "81.5"), (date(2026, 10, 3), "72.4"))
        ),
    )  # fmt: skip
    again = Reason("first-signs", "one-admission", "An admission", ADMISSIONS.evidence)
    keep(found(reasons=(ADMISSIONS, again, weight)))
    lanes = timeline(queries.candidate(reader("gp"), Candidate.objects.get().id).reasons, until=DAY).lanes
    assert [(lane.kind, len(lane.marks)) for lane in lanes] == [("admission", 2), ("measured", 2)]
    first, last = lanes[1].marks
    assert (first.label, last.label) == ("81.5kg", "72.4kg")
    assert first.y < last.y
    assert lanes[1].line == f"{first.x},{first.y} {last.x},{last.y}"


def test_the_list_says_what_happened_last_and_how_far_the_practice_is(client_as, keep, arthur):
    keep(found("vera", family="Wren", number="9990000042", reasons=(FAILURE,)))
    gp = client_as("gp")
    gp.post(
        f"/case-finding/{arthur.id}/",
        {"seen": 1, "answer": "no", "surprise": "yes", "reason": "Well", "stage": "weeks"},
    )
    text = gp.get("/case-finding/").text
    assert "1 of 2 answered" in text
    assert "1 not right" in text
    assert "Heart failure" in text
    answered = gp.get("/case-finding/?answered").text
    assert "Two unplanned admissions in 6 months" in answered


def test_whoever_has_died_waits_for_no_answer(client_as, arthur, person, reader):
    """H12: a candidate whose number belongs to somebody who has died leaves the list at once."""
    longworth = person("Longworth")
    assert arthur.nhs_number == "9997900960"
    people.record_death(
        by=reader("gp"), person_id=longworth.id, seen=longworth.version, died_on=timezone.localdate(), place="21"
    )
    assert "Nobody waits for an answer" in client_as("gp").get("/case-finding/").text


def test_pages_ask_few_questions(keep, reader, django_assert_num_queries):
    keep(*(found(f"p{n}", number="", family=f"Person{n}") for n in range(30)))
    gp = reader("gp")
    with django_assert_num_queries(3):
        assert len(queries.candidates(gp).waiting) == 30


def test_unknown_criteria_are_kept_in_the_words_of_their_pack():
    library = site_library()
    says = criteria_in_words(library, ["ambit-first-signs", "not-here"])
    assert says["ambit-first-signs", "heart-failure"] == "Heart failure"


@pytest.mark.parametrize(
    ("value", "is_one"), [("72.4", True), ("72", True), ("", False), ("<5", False), ("1.2.3", False), ("٣", False)]
)
def test_what_is_a_plain_number(value, is_one):
    assert rules.is_number(value) is is_one


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 1024, 375, 320])
def test_seen_in_a_browser(keep, client_as, open_browser, live_server, width):
    keep(found(), found("vera", family="Wren", number="9990000042", reasons=(FAILURE,)))
    page = open_browser(width=width)
    sign_in(page, live_server, client_as("gp"))
    page.goto("/case-finding/")
    assert axe(page) == []
    assert sideways(page) == 0
    page.get_by_role("link", name="LONGWORTH, Arthur").click()
    assert axe(page) == []
    assert sideways(page) == 0


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_candidate_is_answered_with_keys_which_can_be_turned_off(keep, client_as, open_browser, live_server):
    keep(found(), found("vera", family="Wren", number="9990000042", reasons=(FAILURE,)))
    page = open_browser()
    sign_in(page, live_server, client_as("gp"))
    page.goto("/case-finding/")
    page.get_by_role("link", name="LONGWORTH, Arthur").click()
    page.locator("body.cf-keys").wait_for()
    page.keyboard.press("n")
    page.keyboard.press("x")
    assert page.locator("input[name=surprise][value=no]").is_checked()
    page.locator("textarea[name=reason]").fill("")
    page.keyboard.type("Says no.")
    assert page.locator("textarea[name=reason]").input_value() == "Says no."
    page.get_by_role("button", name="Turn keys off").click()
    page.locator("h1").click()
    page.keyboard.press("s")
    page.keyboard.press("a")
    assert page.locator("input[name=answer][value=no]").is_checked()
    page.get_by_role("button", name="Turn keys on").click()
    page.locator("h1").click()
    page.keyboard.press("s")
    page.get_by_text("WREN", exact=False).first.wait_for()
    page.wait_for_url(lambda url: str(Candidate.objects.get(family_name="Wren").id) in url)
    assert Candidate.objects.get(family_name="Longworth").state == "no"


def test_timeline_on_a_leap_day():
    assert timeline((), until=date(2028, 2, 29)).ticks[0].on == date(2026, 2, 28)
