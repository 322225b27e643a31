"""Asking for a search, running it in the background and at night."""

import pytest
from django_tasks_db.models import DBTaskResult

from ambit.access.queries import operator
from ambit.casefinding import search, tasks
from ambit.casefinding.models import Candidate, Run
from ambit.design.refusals import Refused
from ambit.packs import actions as packs
from tests.casefinding import conftest


@pytest.fixture
def finds_arthur(monkeypatch):
    monkeypatch.setattr(search, "packs_that_may_run", lambda: ["first-signs"])
    monkeypatch.setattr(search, "run", lambda **_: conftest.search(conftest.found(practice="")))


def test_run_case_finding(client_as, place, finds_arthur):
    administrator = client_as("system_administrator")
    where = "/case-finding/run/"
    assert "No search has been run yet" in administrator.get(where).text
    assert client_as("gp").get(where).status_code == 403
    assert administrator.post(where, {"practice": str(place["Z90002"].id)}).status_code == 302
    assert "waiting to begin" in administrator.get(where).text
    assert DBTaskResult.objects.count() == 1
    run = Run.objects.get()
    for _ in range(2):
        tasks.search_for_candidates.call(str(run.id))
    assert Candidate.objects.get().practice == place["Z90002"]
    assert "1 found among 100 people; 1 new to answer" in administrator.get(where).text


def test_a_run_that_is_refused_says_why(client_as, place, monkeypatch):
    def refuses(**_):
        raise Refused("The population store is empty.")

    monkeypatch.setattr(search, "packs_that_may_run", lambda: ["first-signs"])
    monkeypatch.setattr(search, "run", refuses)
    tasks.search_tonight()
    assert Run.objects.get().state == "failed"
    assert "The population store is empty." in client_as("system_administrator").get("/case-finding/run/").text


def test_a_run_that_breaks_says_so_and_is_raised(place, monkeypatch):
    def breaks(**_):
        raise OSError("disk")

    monkeypatch.setattr(search, "packs_that_may_run", lambda: ["first-signs"])
    monkeypatch.setattr(search, "run", breaks)
    with pytest.raises(OSError, match="disk"):
        tasks.search_tonight()
    assert "Nothing was kept" in Run.objects.get().words


def test_no_pack_may_run(place, monkeypatch):
    monkeypatch.setattr(search, "packs_that_may_run", list)
    tasks.search_tonight()
    assert "No case-finding pack may run here" in Run.objects.get().words


def test_the_shipped_packs_that_run_every_night_may_run_in_the_demonstration(db):
    assert search.packs_that_may_run() == ["ambit-first-signs", "early-import"]  # the others are run when asked for


def test_a_pack_made_elsewhere_runs_only_when_it_answers_its_own_examples(db, tmp_path, settings, reader):
    settings.HOME = tmp_path
    folder = packs.begin(by=operator(), kind="casefinding", pack_id="our-search")
    assert [pack.id for pack in search.packs_to_run(["our-search"])] == ["our-search"]
    pack = folder / "pack.yaml"
    pack.write_text(pack.read_text().replace("at_least: 2", "at_least: 1").replace("nightly: false", "nightly: true"))
    with pytest.raises(Refused, match="does not answer its own examples"):
        search.packs_to_run(["our-search"])
    assert "our-search" not in search.packs_that_may_run()


def test_a_pack_that_waits_for_a_list_says_which(db):
    with pytest.raises(Refused, match=r"109 ICD-10 codes .* is not shipped\. Import it"):
        search.packs_to_run(["hfrs"])
