"""Figures of each run: whom it found by group, and later what became of them; taken once, hidden where they leave their owner."""

from datetime import timedelta

import pytest

from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.casefinding import actions, run_figures, search
from ambit.casefinding.models import Candidate, CandidateGroups, RunFigures
from tests.casefinding.test_validation import LEARNING, ON, PALLIATIVE, take
from tests.world.browser import axe, sideways, sign_in

BORN = {"old": "1930-01-01", "young": "1990-01-01"}


@pytest.fixture
def ran(place, home, monkeypatch):
    """A run over forty people of one practice and ten of another: of the first twelve are found, of the other two."""
    monkeypatch.setattr(search, "packs_that_may_run", lambda: ["qof-pc001"])
    one = [
        (f"a{n}", BORN["old" if n < 20 else "young"], "female" if n % 2 else "male", "", "Z90001", "yes")
        for n in range(40)
    ]
    other = [(f"b{n}", BORN["old"], "female", "", "Z90002", "yes") for n in range(10)]
    found = [f"a{n}" for n in range(12)] + ["b0", "b1"]
    events = [(who, ON - timedelta(days=9), PALLIATIVE) for who in found] + [
        ("a0", ON, LEARNING),
        ("a1", ON + timedelta(days=1), LEARNING),
    ]
    take(
        home,
        one + other,
        events,
        [("a0", ON + timedelta(days=100)), ("a1", ON + timedelta(days=300)), ("a2", ON + timedelta(days=400))],
    )
    return actions.run_search(by=operator(), run=actions.ask_for_run(by=operator(), on=ON))


def cells(kind="found", practice=None):
    return RunFigures.objects.get(kind=kind, practice=practice).cells


def test_a_run_is_counted_by_group_when_it_ends(ran, place):
    whole = cells()
    assert whole[""][""] == [50, 14]
    assert whole["age"] == {"18-44": [20, 0], "85+": [30, 14]}
    assert whole["learning_disability"] == {"yes": [1, 1], "no": [49, 13]}
    assert whole["ethnicity"] == {"unknown": [50, 14]}
    for groups in whole.values():
        assert [sum(counts) for counts in zip(*groups.values(), strict=True)] == [50, 14]
    own, other = cells(practice=place["Z90001"]), cells(practice=place["Z90002"])
    assert (own[""][""], other[""][""]) == ([40, 12], [10, 2])
    assert ran.searched == 50
    assert Candidate.objects.count() == CandidateGroups.objects.count() == 14
    assert AuditLine.objects.filter(what="took the figures of a run").count() == 1


def test_what_the_record_of_care_knows_is_used(place, home, monkeypatch):
    number = "9990000018"
    monkeypatch.setattr(search, "packs_that_may_run", lambda: ["qof-pc001"])
    take(home, [("a", BORN["old"], "female", number, "Z90001", "yes")], [("a", ON, PALLIATIVE)], [])
    monkeypatch.setattr("ambit.casefinding.actions.figures.known_of_care", lambda: {number: ("K", "1")})
    actions.run_search(by=operator(), run=actions.ask_for_run(by=operator(), on=ON))
    assert cells()["ethnicity"] == {"K": [1, 1]}
    assert cells()["deprivation"] == {"1": [1, 1]}


def test_what_became_of_them_is_taken_once_when_its_time_has_passed(ran, place):
    by = operator()
    assert actions.take_later_figures(by=by, on=ON + timedelta(days=181)) == 0
    candidate = Candidate.objects.get(person_key="a3")
    Candidate.objects.filter(pk=candidate.pk).update(state="no", answered_on=ON + timedelta(days=200))
    assert actions.take_later_figures(by=by, on=ON + timedelta(days=200)) == 1
    assert actions.take_later_figures(by=by, on=ON + timedelta(days=500)) == 1
    assert actions.take_later_figures(by=by, on=ON + timedelta(days=500)) == 0
    assert cells("after_182")[""][""] == [14, 1, 0, 0, 0]
    assert cells("after_365")[""][""] == [14, 2, 0, 0, 1]
    assert cells("after_365")["age"]["85+"] == [14, 2, 0, 0, 1]
    assert cells("after_365", place["Z90002"])[""][""] == [2, 0, 0, 0, 0]


def test_a_practice_sees_its_own_and_everybody_else_no_small_numbers(ran, client_as, reader):
    own, whole = run_figures.rates(reader("gp"))
    assert own.whole.found.count == 12
    assert whole.whole.found.count == 14
    (only,) = run_figures.rates(reader("place_lead"))
    learning = dict(only.breakdowns)["Learning disability"]
    assert [row.found for row in learning] == [None, None]
    ages = {row.name: row for row in dict(only.breakdowns)["Age"]}
    assert ages["85+"].found.count == 14
    assert ages["85+"].ratio[0] == pytest.approx((14 / 30) / (14 / 50))
    page = client_as("place_lead").get("/case-finding/figures/").text
    assert "The last search found 14 of 50 people of every practice" in page
    assert "The last search found 12 of 40 people" in client_as("gp").get("/case-finding/figures/").text
    assert client_as("community_nurse").get("/case-finding/figures/").status_code == 403


def test_no_run_yet(client_as, place):
    assert "No search has been counted yet" in client_as("place_lead").get("/case-finding/figures/").text


def test_later_figures_are_shown(ran, client_as):
    actions.take_later_figures(by=operator(), on=ON + timedelta(days=500))
    page = client_as("gp").get("/case-finding/figures/").text
    assert "Twelve months later" in page
    assert "2 of 12" in page


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_seen_in_a_browser(ran, client_as, open_browser, live_server):
    page = open_browser(width=375)
    for who in ("gp", "place_lead"):
        sign_in(page, live_server, client_as(who))
        page.goto("/case-finding/figures/")
        assert axe(page) == []
        assert sideways(page) == 0
