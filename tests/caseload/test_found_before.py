"""After a death: found or not, by which search, why not; for the person's own practice alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.casefinding import actions, search
from tests.casefinding.test_validation import PALLIATIVE, take

WHERE = "/caseload/deaths/found/"
NUMBER = "9990000018"


@pytest.fixture
def died(place, home, monkeypatch):
    """Of one practice three died: one found half a year before, one never, one on a day not recorded; one of another practice."""
    monkeypatch.setattr(search, "packs_that_may_run", lambda: ["qof-pc001"])
    monkeypatch.setattr("ambit.casefinding.deaths.packs_that_may_run", lambda: ["qof-pc001"])
    today = timezone.localdate()
    people = [
        (key, "1930-01-01", "female", number, practice, "yes")
        for key, number, practice in (("found", "", "Z90001"), ("never", NUMBER, "Z90001"), ("no-day", "", "Z90001"), ("other", "", "Z90002"), ("long-ago", "", "Z90001"))
    ]  # fmt: skip
    events = [("found", today - timedelta(days=400), PALLIATIVE), ("never", today - timedelta(days=5), PALLIATIVE)]
    take(home, people, events, [])
    actions.run_search(by=operator(), run=actions.ask_for_run(by=operator(), on=today - timedelta(days=200)))
    deaths = [("found", today - timedelta(days=20)), ("never", today - timedelta(days=10)), ("no-day", ""),
              ("other", today - timedelta(days=9)), ("long-ago", today - timedelta(days=900))]  # fmt: skip
    take(home, people, events, deaths)
    return today


def test_deaths_by_finding(died, client_as):
    page = client_as("gp").get(WHERE).text
    assert "A search had found 1 of 3 people who died in the last year since searches began" in page
    assert "180 days before" in page
    assert page.count("Never found") == 2
    assert "Day not recorded" in page
    assert page.count("Never on it") == 3
    other = client_as("Owen Shah").get(WHERE).text
    assert "A search had found 0 of 1 person who died in the last year since searches began" in other
    assert "Your role does not see plans" in client_as("Pat Moorhouse").get(WHERE).text
    assert client_as("community_nurse").get(WHERE).status_code == 403
    assert AuditLine.objects.filter(what="listed deaths by what searches had found").count() == 3


def test_death_by_finding(died, client_as):
    gp = client_as("gp")
    page = gp.get(WHERE + "one/?source=practice&key=found").text
    assert "found on" in page
    assert "Would have found this person the day before" in page
    assert "it would first have found this person 361 days before death" in page
    page = gp.get(WHERE + "one/?source=practice&key=never").text
    assert "never found by a search" in page
    assert "Would not have found this person the day before" in page  # what was coded after the death is no evidence
    assert "At no time in the two years before" in page
    assert "Palliative care coded and not ended since" in page
    assert "cannot be asked again" in gp.get(WHERE + "one/?source=practice&key=no-day").text
    assert AuditLine.objects.filter(what="reviewed a death by what searches had found").count() == 3


def test_nobody_elses_deaths(died, client_as):
    gp = client_as("gp")
    for key in ("other", "nobody", "long-ago"):
        assert gp.get(WHERE + f"one/?source=practice&key={key}").status_code == (200 if key == "long-ago" else 404)
    assert client_as("Owen Shah").get(WHERE + "one/?source=practice&key=found").status_code == 404
    assert client_as("place_lead").get(WHERE).status_code == 403


def test_no_deaths(place, home, client_as):
    assert "Nobody of your practice died in the last year" in client_as("gp").get(WHERE).text


def test_before_the_first_search_nobody_could_be_found(died, client_as):
    assert "no search had run yet" in client_as("gp").get(WHERE + "one/?source=practice&key=long-ago").text
