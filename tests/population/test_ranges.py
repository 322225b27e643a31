"""An intake gives the same, and counts the same, whether its people are all in one range or in several, new or here before."""

import json
from datetime import UTC, date, datetime

import pytest

from ambit.population.intake import merge
from ambit.population.intake.run import take_in
from ambit.population.store import Store


def about(person: int, *days: str) -> list[dict]:
    """Somebody with a condition in two codes for each day, and with a stay."""
    whose = {"subject": {"reference": f"Patient/p{person}"}}
    codes = {
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": one} for one in ("84114007", "13645005")]}
    }
    return [
        {"resourceType": "Patient", "id": f"p{person}", "birthDate": "1950-01-01"},
        {"resourceType": "Encounter", "id": f"e{person}", **whose, "period": {"start": "2020-01-01"}},
        *({"resourceType": "Condition", "id": f"c{person}-{n}", **whose, **codes, "onsetDateTime": day} for n, day in enumerate(days)),
    ]  # fmt: skip


def told(store: Store, folder, several: list[dict]) -> tuple:
    path = folder / "a.ndjson"
    path.write_text("\n".join(map(json.dumps, several)))
    now = datetime(2026, 11, 3, 8, tzinfo=UTC)
    taken = take_in(store, [path], source="practice", today=now.date(), now=now, mapped=set())
    with store.open() as (con, _):
        rows = [
            con.execute(f"SELECT * FROM {name} ORDER BY ALL").fetchall() for name in ("people", "events", "encounters")
        ]
    return taken.new, taken.changed, taken.removed, rows


@pytest.mark.parametrize("people", [1, 2, merge.PEOPLE_IN_A_FILE])
def test_who_is_new_and_who_was_here_before_are_counted_and_kept(tmp_path, monkeypatch, people):
    monkeypatch.setattr(merge, "PEOPLE_IN_A_FILE", people)
    store = Store(tmp_path / "store")
    twice = about(4, "2021-01-01")[-1] | {"onsetDateTime": "2022-02-02"}  # of two with one id the later stands
    first = [one for person in range(5) for one in about(person, "2020-01-01", "2020-05-05")]
    new, changed, removed, rows = told(store, tmp_path, [*first, twice])
    assert (new, changed, removed) == ({"Condition": 10, "Encounter": 5, "Patient": 5}, 0, 0)
    assert list(map(len, rows)) == [5, 20, 5]
    assert {row[7] for row in rows[1] if row[2] == "c4-0"} == {date(2022, 2, 2)}

    more = [*about(1, "2019-01-01"), *about(5, "2020-01-01"), *about(6)]
    new, changed, removed, again = told(store, tmp_path, more)
    assert (new, changed, removed) == ({"Condition": 1, "Encounter": 2, "Patient": 2}, 1, 1)
    assert list(map(len, again)) == [7, 20, 7]
    assert [row for row in rows[1] if row[0] != rows[0][1][0]] == [
        row for row in again[1] if row[0] not in {again[0][n][0] for n in (1, 5, 6)}
    ]
