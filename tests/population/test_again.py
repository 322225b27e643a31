"""A search that knows an earlier one looks again at few; of all others every answer and every row of “why” is the same."""

import json
import random
import shutil
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ambit.population.intake import merge
from ambit.population.search.again import whom_to_search_again
from ambit.population.search.interpret import interpret
from ambit.population.search.plan import plan
from ambit.population.search.run import read_records, search
from ambit.population.searchable import Searchable
from ambit.population.store import Store
from tests.population.test_intake import patient, take
from tests.population.test_search_agrees import CODES, LISTS, SYSTEM, UNITS, packs

LISTED = {code.key for one in LISTS.values() for code in one.codes}
FIRST = date(2025, 8, 28)  # the days about it, and those a window of the packs before it, are full of things
PEOPLE = 60


def near(draw: random.Random) -> str:
    """A day about a boundary of the packs' windows, or any."""
    back = draw.choice([0, 1, 30, 31, 183, 184, 365, 366, 730, draw.randint(0, 3000)])
    return (FIRST - timedelta(days=back - draw.randint(-4, 9))).isoformat()


def things(draw: random.Random, key: str, few: int) -> list[dict]:
    told: list[dict] = []
    for n in draw.sample(range(6), few):
        about = {"id": f"{key}-{n}", "subject": {"reference": f"Patient/{key}"}}
        code = {"coding": [{"system": SYSTEM, "code": draw.choice(CODES[:-1])}]}
        kind = draw.choice(["Condition", "Observation", "MedicationRequest", "Encounter"])
        if kind == "Condition":
            more = {"code": code, "onsetDateTime": near(draw), **draw.choice([{}, {"abatementDateTime": near(draw)}])}
        elif kind == "Observation":
            value = {"value": draw.choice([53, 54, 60, 66]), "unit": draw.choice(UNITS[:2])}
            more = {"code": code, "status": "final", "effectiveDateTime": near(draw), "valueQuantity": value}
        elif kind == "MedicationRequest":
            more = {"medicationCodeableConcept": code, "status": "active", "authoredOn": near(draw)}
        else:
            more = {
                "status": "finished",
                "class": {"code": draw.choice(["EMER", "IMP"])},
                "period": {"start": near(draw)},
            }
        told.append({"resourceType": kind, **about, **more})
    return told


def a_birth(draw: random.Random) -> str:
    year = FIRST.year - draw.choice([2, 18, 65, 85, 40])
    return draw.choice([f"{year}-08-{draw.randint(26, 31)}", f"{year}-08", f"{year}", f"{year}-09-01"])


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """The store on one night and on the next, when a few have changed, one is new and one has left."""
    folder, draw = tmp_path_factory.mktemp("nights"), random.Random(7)
    least, merge.LEAST = merge.LEAST, 1
    store = Store(folder / "population")
    born = {f"p{n}": a_birth(draw) for n in range(PEOPLE + 1)}
    for number, keys in enumerate([sorted(born)[:PEOPLE], ["p3", "p7", f"p{PEOPLE}"]]):
        inbox = folder / f"day-{number}"
        inbox.mkdir()
        told = []
        for key in keys:
            if key != "p7" or not number:  # of one only something comes, not the person
                told.append(patient(key, birthDate=born[key], active=not (number and key == "p3")))
            told += things(draw, key, 3)
        (inbox / "a.ndjson").write_text("\n".join(json.dumps(one) for one in told))
        take(store, inbox)
        if not number:
            shutil.copytree(store.folder, folder / "before")
    merge.LEAST = least
    assert "changed" in store.snapshot(store.current_number()).files
    return Searchable(Store(folder / "before"), LISTED), Searchable(store, LISTED)


def everything(searchable, several, on):
    with searchable.open() as (con, _):
        con.execute("SET threads = 1")
        people = [person for (person,) in con.execute("SELECT person FROM people").fetchall()]
        records = read_records(con, plan(several, on), LISTS, people)
        found = {(one.person, one.pack): (one.tier, one.answered) for one in search(con, several, LISTS, on).found}
    return {one: [interpret(pack, told[0], on) for pack in several] for one, told in records.items()}, found


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pack=packs(), since=st.integers(0, 3), passed=st.sampled_from([0, 1, 1, 2, 6, 400]), same=st.booleans())
def test_whoever_is_not_looked_at_again_is_answered_as_before(nights, pack, since, passed, same):
    before, after = nights
    if same:
        after = before
    then = FIRST + timedelta(days=since)
    on = then + timedelta(days=passed)
    was, was_found = everything(before, [pack], then)
    now, now_found = everything(after, [pack], on)
    earlier = before.store.snapshot(before.store.current_number())
    with after.open() as (con, snapshot):
        con.execute("SET threads = 1")
        again = whom_to_search_again(con, after.store.data, snapshot, earlier, [pack], then=then, on=on)
        assert {one for one in now if one not in again and now[one] != was.get(one)} == set()
        assert {one for one in was if one not in now and one not in again} == set()
        fresh = {
            (one.person, one.pack): (one.tier, one.answered)
            for one in search(con, [pack], LISTS, on, among=again).found
        }
    assert {one: told for one, told in was_found.items() if one[0] not in again} | fresh == now_found
    if same and not passed:
        assert not again.people


def test_a_range_that_was_written_anew_is_looked_at_whole(nights, tmp_path):
    before, _ = nights
    other = Store(tmp_path / "population")
    (tmp_path / "a.ndjson").write_text(json.dumps(patient("p1")))
    take(other, tmp_path / "a.ndjson")
    earlier = before.store.snapshot(before.store.current_number())
    renamed = {table: {part: f"other-{name}" for part, name in told.items()} for table, told in earlier.files.items()}
    searchable = Searchable(other, LISTED)
    with searchable.open() as (con, snapshot):
        earlier = type(earlier)(0, renamed)
        again = whom_to_search_again(con, other.data, snapshot, earlier, [], then=FIRST, on=FIRST)
    assert 1 in again
    assert 99_999 in again
    assert 100_000 not in again
