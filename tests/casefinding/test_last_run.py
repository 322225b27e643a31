"""The nightly run searches those who may be answered otherwise than last night, and finds whom a search of everybody finds."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.casefinding import last_run, search, tasks
from ambit.casefinding.models import Run
from ambit.population import actions, queries
from ambit.population.intake import merge
from tests.casefinding.test_find import person

ON = date(2026, 11, 3)
PACK = "ambit-first-signs"


@pytest.fixture
def send(db, tmp_path, settings, monkeypatch):
    """Take these resources in, and what has changed beside what has not, as in a large place."""
    settings.HOME = tmp_path
    monkeypatch.setattr(merge, "LEAST", 1)

    def sent(*people: list[dict]) -> None:
        inbox = tmp_path / f"in-{queries.store().current_number()}"
        inbox.mkdir()
        (inbox / "a.ndjson").write_text("\n".join(json.dumps(one) for several in people for one in several))
        actions.take_in(by=operator(), paths=[inbox], source="practice")

    sent(*(person(f"p{n:02d}", "Z90001", birthDate=f"19{30 + n}-05-09") for n in range(30)))
    return sent


def night(on: date) -> tuple[search.Search, int]:
    """Tonight's run, which is what a search of everybody is; and how many it looked at."""
    tonight = search.run(by=operator(), pack_ids=[PACK], on=on, from_last=True)
    looked_at = AuditLine.objects.filter(what="searched the population store").last().details["looked_at_anew"]
    whole = search.run(by=operator(), pack_ids=[PACK], on=on)
    assert replace(tonight, seconds=0) == replace(whole, seconds=0)
    return tonight, looked_at


def test_only_who_may_be_answered_otherwise_is_searched(send):
    assert night(ON)[1] == 30
    assert night(ON)[1] == 0
    send(person("p03", "Z90001", active=False), person("new", "Z90002"))
    tonight, looked_at = night(ON)
    assert looked_at == 1  # the new one; who has left is searched by nobody
    assert {"p03", "new"} & {one.person_key for one in tonight.flagged} == {"new"}
    assert night(ON + timedelta(days=1))[1] == 30  # an admission of each is six months ago, and goes
    tonight, looked_at = night(ON + timedelta(days=2))
    assert looked_at == 0
    assert "to 5 November 2026" in str(tonight.flagged[0].reasons)
    assert night(ON)[1] == 30  # a day before the last run's: everybody


def test_everybody_is_searched_when_the_question_is_another_or_the_last_run_cannot_be_read(send):
    night(ON)
    file = queries.store().folder / last_run.NAME
    assert file.stat().st_mode & 0o077 == 0
    told = json.loads(file.read_text())
    file.write_text(json.dumps(told | {"asked": "something else"}))
    assert night(ON)[1] == 30
    file.write_text('{"asked": "x", "on"')
    assert night(ON)[1] == 30
    assert night(ON)[1] == 0


def test_the_nightly_run_goes_on_from_the_last(send, monkeypatch):
    monkeypatch.setattr(search, "packs_that_may_run", lambda: [PACK])
    for _ in range(2):
        tasks.search_tonight()
    first, second = Run.objects.order_by("asked_at")
    assert (first.state, second.state) == ("done", "done")
    assert (second.searched, second.found) == (first.searched, first.found)
    looked_at = AuditLine.objects.filter(what="searched the population store").order_by("pk")
    assert [line.details["looked_at_anew"] for line in looked_at] == [30, 0]
