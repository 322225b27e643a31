"""What is measured is right: the twelve rules as packs find whom the SQL by hand finds, over a small made-up population."""

import json
from datetime import UTC, datetime

import duckdb
import pytest

from ambit.population.bench import by_hand, casefinding, daily, extracts, twelve
from ambit.population.bench.published import publish
from ambit.population.intake import merge
from ambit.population.intake.gp_csv import incoming_csv
from ambit.population.intake.run import take_in
from ambit.population.search.explain import Explainer
from ambit.population.searchable import Searchable
from ambit.population.store import Store

PEOPLE, ROWS = 600, 200_000
LISTS = [f"efi_{n:02d}" for n in range(1, 37)] + [f"chr_{n:02d}" for n in range(1, 21)] + by_hand.NAMES


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """Everybody has a little of everything, so that each rule finds some and not others."""
    folder = tmp_path_factory.mktemp("made-up")
    con = duckdb.connect(config={"threads": 1})
    con.execute("SELECT setseed(0.4)")
    day = "DATE '2026-11-01' - (random() * random() * 3000)::INT"
    for name, sql in {
        "patients": f"SELECT i::INT AS patient_id, DATE '2026-11-01' - (6000 + random() * 29000)::INT AS dob, 1::SMALLINT AS practice_id, "
        f"CASE WHEN random() < 0.05 THEN {day} END AS dod FROM range(1, {PEOPLE + 1}) r(i)",
        "codelist": f"SELECT list, (1000 + n * 3 + k)::BIGINT AS code FROM (SELECT unnest({LISTS}) AS list, unnest(range({len(LISTS)})) AS n), range(3) r(k)",
        "admissions": f'SELECT (1 + random() * {PEOPLE})::INT AS patient_id, {day} AS start, {day} AS "end", '
        f"CASE WHEN random() < 0.5 THEN 21 ELSE 11 END::TINYINT AS method FROM range({PEOPLE * 4})",
        "events": f"SELECT (1 + random() * {PEOPLE})::INT AS patient_id, (1000 + random() * 900)::BIGINT AS code, {day} AS date, "
        f"(CASE WHEN random() < 0.8 THEN round(10 * (10 + random() * random() * 90)) / 10 END)::FLOAT AS value FROM range({ROWS}) ORDER BY ALL",
    }.items():
        con.execute(f"COPY ({sql}) TO '{folder}/{name}.parquet' (FORMAT parquet)")
    con.close()
    return folder


def connected():
    return duckdb.connect(config={"threads": 1})


def test_packs_and_sql_by_hand_find_the_same_people(data, tmp_path):
    packs, lists = twelve.read(tmp_path / "packs", data)
    con = connected()
    casefinding.as_store(con, data, PEOPLE)
    found = {name: set(people) for name, people in casefinding.compiled(con, data, PEOPLE, packs, lists).items()}
    assert found == {name: set(people) for name, people in by_hand.branch(connected(), data, PEOPLE).items()}
    assert found == {name: set(people) for name, people in by_hand.per_rule(connected(), data, PEOPLE).items()}
    assert {name for name, people in found.items() if not 0 < len(people) < PEOPLE} == set()

    store = publish(con, tmp_path / "population", PEOPLE)
    codes = {(twelve.SYSTEM, code.code) for told in lists.values() for code in told.codes}
    with Explainer(Searchable(store, codes), packs, lists) as explainer:
        for person in sorted(found["r12"])[:20] + sorted(set(range(1, PEOPLE)) - found["r12"])[:20]:
            explained = explainer.explain(person, by_hand.ON)
            dead = con.execute(
                "SELECT dead AND died_on <= ? FROM people WHERE person = ?", [by_hand.ON, person]
            ).fetchone()[0]
            assert dead or {name for name, told in explained.items() if told.tier} == {
                n for n in found if person in found[n]
            }


def test_a_days_rows_are_taken_in_and_their_people_looked_at_anew(data, tmp_path, monkeypatch):
    monkeypatch.setattr(merge, "LEAST", 1)
    packs, lists = twelve.read(tmp_path / "packs", data)
    con = connected()
    casefinding.as_store(con, data, PEOPLE)
    store = publish(con, tmp_path / "population", PEOPLE)
    con.close()
    before = store.current_number()
    told = daily.a_day(store, packs, lists, PEOPLE, tmp_path)
    assert (told["day_people"], store.current_number()) == (1, before + 1)
    assert told["searched"] > 500


def test_the_loop_counts_every_resource_and_the_made_up_extract_can_be_taken_in(tmp_path):
    (tmp_path / "a.json").write_text(
        '{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "id": "p", "birthDate": "1950-01-01"}}]}'
    )
    assert extracts.loop(tmp_path)["loop_resources"] == 1
    bulk = tmp_path / "bulk"
    bulk.mkdir()
    extracts.write_bulk(tmp_path, bulk, 2)
    assert [json.loads(line)["id"] for line in (bulk / "Patient.ndjson").read_text().splitlines()] == ["p-0", "p-1"]
    assert extracts.same_rules_loop(bulk, tmp_path / "loop")["same_rules_loop_new"] == 2
    assert extracts.intake_beside(bulk, tmp_path / "beside")["beside_new"] == 2
    told = extracts.keeping_loop(bulk, tmp_path)
    assert (told["keeping_loop_rows"], told["keeping_loop_aside"]) == (2, 0)
    assert extracts.write_extract(tmp_path, 40) > 1_000
    taken = take_in(
        Store(tmp_path / "store"), [tmp_path], find=incoming_csv, source="made up", today=by_hand.ON, mapped=set(),
        now=datetime(2026, 11, 1, tzinfo=UTC),
    )  # fmt: skip
    assert (taken.people, taken.new, taken.quarantined) == (4, {"Observation": 40, "Patient": 4}, [])
