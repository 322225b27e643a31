"""What comes in day by day: few changes are written beside, and the store says the same as if all had been written anew."""

import json
import os
import random

import pytest

from ambit.population.intake import merge
from ambit.population.search.explain import Explainer
from ambit.population.searchable import Searchable
from ambit.population.store import Store
from tests.population.test_intake import condition, patient, take

SNOMED = "http://snomed.info/sct"
EVERYTHING = ("people", "events", "encounters")


def a_day(draw: random.Random, first: bool) -> list[dict]:
    """Everybody on the first day; then somebody new, somebody sent again, resources sent alone, a correction, a withdrawal."""
    people = [f"p{n}" for n in (range(30) if first else draw.sample(range(34), 3))]
    told = []
    for key in people:
        if first or draw.random() < 0.5:
            told.append(patient(key, active=draw.random() < 0.9))
        for n in draw.sample(range(4), draw.randint(0, 3)):
            on = f"20{draw.randint(10, 25)}-{draw.randint(1, 12):02d}-01"
            more = draw.choice([{}, {}, {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}])
            told.append(condition(f"{key}-c{n}", f"Patient/{key}", on, **more))
        if draw.random() < 0.4:
            told.append(
                {
                    "resourceType": "Encounter", "id": f"{key}-e", "status": "finished", "class": {"code": "EMER"},
                    "subject": {"reference": f"Patient/{key}"}, "period": {"start": f"2026-{draw.randint(1, 9):02d}-02"},
                }
            )  # fmt: skip
    return told


def contents(store: Store) -> dict[str, list[tuple]]:
    with store.open() as (con, _):
        return {table: sorted(con.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for table in EVERYTHING}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_few_changes_beside_say_the_same_as_everything_written_anew(tmp_path, monkeypatch, seed):
    draw = random.Random(seed)
    beside, anew = Store(tmp_path / "beside"), Store(tmp_path / "anew")
    were_beside = 0
    for number in range(7):
        folder = tmp_path / f"day-{number}"
        folder.mkdir()
        (folder / "a.ndjson").write_text("\n".join(json.dumps(r) for r in a_day(draw, first=not number)))
        taken = []
        for store, least, share in ((beside, 1, 4), (anew, 10**9, 4)):
            monkeypatch.setattr(merge, "LEAST", least)
            monkeypatch.setattr(merge, "SHARE", share)
            taken.append(take(store, folder))
        assert (taken[0].new, taken[0].changed, taken[0].removed) == (taken[1].new, taken[1].changed, taken[1].removed)
        assert contents(beside) == contents(anew), number
        files = beside.snapshot(beside.current_number()).files
        were_beside += "changed" in files
        searched = Searchable(beside, {(SNOMED, "84114007")})
        with searched.open() as (con, _):
            usable = sorted(row for row in contents(beside)["events"] if row[-1])
            assert sorted(con.execute("SELECT * FROM events").fetchall()) == usable
        with Explainer(searched, [], {}) as explainer:
            for person, *_ in contents(beside)["people"]:
                record = explainer.record(person)
                assert {row.source for row in record.events} == {f"{e[1]}/{e[2]}" for e in usable if e[0] == person}
    assert 2 <= were_beside < 7  # and when they were many, everything was written anew


def test_a_snapshot_that_is_read_stays_whole_while_days_come_in(tmp_path, monkeypatch):
    monkeypatch.setattr(merge, "LEAST", 1)
    store = Store(tmp_path / "population")

    def day(number: int) -> None:
        folder = tmp_path / f"day-{number}"
        folder.mkdir()
        people = [patient(f"p{n}") for n in range(30)] if not number else []
        told = [*people, condition(f"c{number}", "Patient/p1", on=f"2026-0{number + 1}-01")]
        (folder / "a.ndjson").write_text("\n".join(json.dumps(r) for r in told))
        take(store, folder)

    day(0)
    with store.open() as (con, _):
        for number in range(1, 6):
            day(number)
            assert con.execute("SELECT count(*) FROM events").fetchone() == (1,)
    with store.open() as (con, _):
        assert con.execute("SELECT count(*) FROM events").fetchone() == (6,)


def test_what_nobody_needs_any_more_is_tidied_and_what_counts_is_found_once(tmp_path):
    store = Store(tmp_path / "population")
    (tmp_path / "a.ndjson").write_text("\n".join(map(json.dumps, (patient(), condition("c1")))))
    take(store, tmp_path / "a.ndjson")
    searchable = Searchable(store, {(SNOMED, "84114007")})
    with searchable.open() as (con, _):
        assert con.execute("SELECT count(*) FROM events").fetchone() == (1,)
    (known,) = searchable.folder.glob("known-*")
    of_an_earlier_version = searchable.folder.parent / "0123.duckdb"
    without_a_reader = searchable.folder / "000000-abcdef"
    young = searchable.folder / "known-young.parquet"
    without_a_reader.mkdir()
    for path in (of_an_earlier_version, young):
        path.write_text("")
    for path in (of_an_earlier_version, without_a_reader, known):
        os.utime(path, (0, 0))
    found = known.stat().st_ino
    (tmp_path / "a.ndjson").write_text("\n".join(map(json.dumps, (patient(), condition("c2")))))
    take(store, tmp_path / "a.ndjson")
    with searchable.open() as (con, _):
        assert con.execute("SELECT id FROM events").fetchall() == [("c2",)]
    assert known.stat().st_ino == found
    assert [path.exists() for path in (of_an_earlier_version, without_a_reader, young)] == [False, False, True]
