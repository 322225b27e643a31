"""The thread on real input: 70 whole lives go in, and the search equals a recount that knows nothing of our criteria.

The recount below is written from pack.yaml's words in plain Python over the Bundles themselves.
"""

import csv
import gzip
import json
import os
from collections import Counter
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest

from ambit.casefinding import search
from ambit.casefinding.packs import lists_for
from ambit.packs.library import shipped
from ambit.packs.queries import site_library
from ambit.population import actions
from ambit.population.queries import store
from ambit.population.search import duckdb_sql
from ambit.population.search.plan import plan

DATA = Path(os.environ.get("AMBIT_TEST_DATA", Path(__file__).resolve().parents[3] / "shared" / "data")) / "synthea-r4"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"AMBIT_TEST_DATA names no folder with synthea-r4 ({DATA})")

# days on which somebody is found, days around a death, leap days, and days on which nobody is
DAYS = [
    date(1980, 11, 15), date(2001, 9, 15), date(2005, 7, 15), date(2012, 2, 29), date(2012, 5, 15), date(2012, 6, 1),
    date(2012, 6, 2), date(2020, 11, 15), date(2021, 2, 20), date(2021, 2, 21), date(2026, 11, 3),
]  # fmt: skip


@pytest.fixture(scope="module")
def bundles() -> list[list[dict]]:
    return [
        [entry["resource"] for entry in json.loads(gzip.decompress(path.read_bytes()))["entry"]]
        for path in sorted(DATA.glob("*.json.gz"))
    ]


def months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    for last in (day.day, 30, 29, 28):
        try:
            return date(index // 12, index % 12 + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


def day_of(written: str | None) -> date | None:
    return date.fromisoformat(written[:10]) if written else None


@cache
def codes(name: str, sense: str = "has") -> frozenset[str]:
    with (shipped() / "codelists" / name / "codes.csv").open() as file:
        return frozenset(row["code"] for row in csv.DictReader(file) if sense in (row["polarity"], "any"))


WHEN = {
    "Condition": "onsetDateTime", "Observation": "effectiveDateTime", "MedicationRequest": "authoredOn",
    "AllergyIntolerance": "recordedDate", "Immunization": "occurrenceDateTime", "DiagnosticReport": "effectiveDateTime",
}  # fmt: skip


class Life:
    """One Bundle, flattened: (day, code, resource, value, unit), and hospital contacts as (day, class, resource)."""

    def __init__(self, resources: list[dict]) -> None:
        self.rows, self.met, self.medicines = [], [], []
        for r in resources:
            kind = r["resourceType"]
            name = f"{kind}/{r['id']}"
            if kind == "Patient":
                self.key, self.born, self.died = (
                    r["id"],
                    day_of(f"{r['birthDate']}-01-01"[:10]),
                    day_of(r.get("deceasedDateTime")),
                )
            elif kind == "Encounter":
                method = [
                    e["valueCodeableConcept"]["coding"][0]["code"][0]
                    for e in r.get("hospitalization", {}).get("extension", ())
                ]
                stay = "EMER" if method == ["2"] else r["class"]["code"]
                self.met.append((day_of(r["period"]["start"]), stay, name))
            elif kind in WHEN or kind == "Procedure":
                written = r["performedPeriod"]["start"] if kind == "Procedure" else r[WHEN[kind]]
                if kind == "MedicationRequest":
                    medicine = r["medicationCodeableConcept"]
                    what = medicine["coding"][0]["code"] if medicine.get("coding") else medicine["text"]
                    self.medicines.append((day_of(written), what, name))
                concept = r.get("code") or r.get("medicationCodeableConcept") or r.get("vaccineCode")
                for part, told in [(concept, r), *((c["code"], c) for c in r.get("component", []))]:
                    value = told.get("valueQuantity", {})
                    for coding in part.get("coding") or [{"code": ""}]:
                        self.rows.append((day_of(written), coding["code"], name, value.get("value"), value.get("unit")))

    def ever(self, name: str, on: date, after: date = date.min, sense: str = "has"):
        wanted = codes(name, sense)
        rows = {row[2] for row in self.rows if row[1] in wanted and after < row[0] <= on}
        if rows:
            return True, rows
        return (False if any(row[0] <= on for row in self.rows) else None), set()

    def unplanned(self, on: date, at_least: int, opens: date | None = None):
        opens = opens or months_before(on, 6)
        here = [m for m in self.met if opens < m[0] <= on]
        surely = [m for m in here if m[1] == "EMER"]
        perhaps = [m for m in here if m[1] in ("EMER", "IMP")]  # no Bundle gives an admission method
        if len({m[0] for m in surely}) >= at_least:
            return True, {m[2] for m in surely}
        if not any(m[0] <= on for m in self.met) or len({m[0] for m in perhaps}) >= at_least:
            return None, set()
        return False, set()

    def latest_below(self, name: str, limit: float, units: dict[str, float], on: date):
        wanted, opens = codes(name), months_before(on, 12)
        here = [r for r in self.rows if r[1] in wanted and opens < r[0] <= on and r[3] is not None and r[4] in units]
        if not here:
            return None, set()
        last = max(r[0] for r in here)
        value, row = min((r[3] * units[r[4]], r[2]) for r in here if r[0] == last)
        return (True, {row}) if value < limit else (False, set())

    def weight_loss(self, on: date):
        wanted = codes("weight")
        all_ = [r for r in self.rows if r[1] in wanted and r[0] <= on and r[3] is not None and r[4] == "kg"]
        recent = [r for r in all_ if r[0] > months_before(on, 6)]
        if not recent:
            return None, set()
        last = max(r[0] for r in recent)
        earlier = [r for r in all_ if months_before(on, 12) < r[0] < last]
        if not earlier:
            return None, set()
        now = min(r for r in recent if r[0] == last)
        best = max(r[3] for r in earlier)
        fallen = 10 * (round(best * 1000) - round(now[3] * 1000)) >= round(best * 1000)
        return fallen, {now[2], *(r[2] for r in earlier if r[3] == best)} if fallen else set()


def kleene_any(*values):
    return True if True in values else None if None in values else False


def kleene_all(*values):
    return False if False in values else None if None in values else True


def recount(life: Life, on: date):
    """Tier, reasons with the resources behind each, and what is unknown."""
    said = {
        "heart-failure": life.ever("heart-failure", on),
        "lung-disease": life.ever("copd", on),
        "dementia": life.ever("dementia", on),
        "kidney-disease": life.ever("ckd-4-5", on),
        "liver-disease": life.ever("liver-cirrhosis", on),
        "stroke": life.ever("stroke", on),
        "neurological-disease": life.ever("neurological-progressive", on),
        "two-unplanned-admissions": life.unplanned(on, 2),
        "unplanned-admission": life.unplanned(on, 1),
        "weight-loss": life.weight_loss(on),
        "low-kidney-function": life.latest_below("egfr", 30, {"mL/min/{1.73_m2}": 1}, on),
        "low-albumin": life.latest_below("albumin", 25, {"g/dL": 10, "g/L": 1}, on),
    }
    spread = life.ever("cancer-metastatic", on)
    grave = life.ever("cancer-poor-prognosis", on, months_before(on, 60))
    said["advanced-cancer"] = (kleene_any(spread[0], grave[0]), spread[1] | grave[1])
    age = on.year - life.born.year - ((on.month, on.day) < (life.born.month, life.born.day))
    said["aged-85"] = (age >= 85, set())
    conditions = ("heart-failure", "lung-disease", "dementia", "advanced-cancer", "kidney-disease", "liver-disease",
                  "stroke", "neurological-disease")  # fmt: skip
    limiting = kleene_any(*(said[name][0] for name in conditions))
    signs = [
        said[n][0] for n in ("unplanned-admission", "weight-loss", "low-kidney-function", "low-albumin", "aged-85")
    ]
    worse = True if signs.count(True) >= 2 else False if signs.count(True) + signs.count(None) < 2 else None
    tier = ""
    if kleene_all(limiting, said["two-unplanned-admissions"][0]):
        tier = "likely"
    elif kleene_all(limiting, worse):
        tier = "possible"
    return (
        tier,
        {name: rows for name, (value, rows) in said.items() if value},
        {name for name, (value, _) in said.items() if value is None},
    )


@pytest.mark.django_db
def test_every_bundle_goes_in_and_the_search_equals_a_recount(home, bundles, reader):
    operator = reader("operator")
    counted = Counter(resource["resourceType"] for bundle in bundles for resource in bundle)

    taken = actions.take_in(by=operator, paths=[DATA], source="synthea")
    assert taken.files == len(bundles) == 70
    assert taken.people == counted["Patient"] == 70
    assert taken.resources == dict(counted)
    assert taken.quarantined == []
    assert taken.new == {kind: n for kind, n in counted.items() if kind not in taken.counted_only}

    again = actions.take_in(by=operator, paths=[DATA], source="synthea")
    assert (again.new, again.changed, again.removed) == ({}, 0, 0)
    assert again.resources == taken.resources

    lives = [Life(bundle) for bundle in bundles]
    found_ever = 0
    for on in DAYS:
        told = search.run(by=operator, pack_ids=["ambit-first-signs"], on=on)
        alive = [x for x in lives if x.born <= on and (x.died is None or x.died > on)]
        assert told.searched == len(alive), on
        expected = {life.key: counted_ for life in alive if (counted_ := recount(life, on))[0]}
        assert {one.person_key for one in told.flagged} == set(expected), on
        for one in told.flagged:
            tier, reasons, unknown = expected[one.person_key]
            assert one.tier == tier
            assert {r.criterion: {row.source for row in r.evidence} for r in one.reasons} == reasons, (
                on,
                one.person_key,
            )
            assert set(one.unknown) == unknown, (on, one.person_key)
        found_ever += len(told.flagged)
    assert found_ever >= 5

    # and not only for those found: every criterion of every person, true, false or unknown
    library = site_library()
    pack = library.get("casefinding", "ambit-first-signs").content
    seen = set()
    with store().open() as (con, _):
        keys = dict(con.execute("SELECT person, key FROM people").fetchall())
        for on in DAYS[:6]:
            answers = duckdb_sql.run(con, plan([pack], on), lists_for([pack], library), everybody=True)
            by_key = {life.key: life for life in lives}
            for row in answers.rows:
                told = dict(zip([name for _, name in answers.columns], row[1:], strict=True))
                _, reasons, unknown = recount(by_key[keys[row[0]]], on)
                for named in pack.criteria:
                    if named.reason:
                        value = True if named.id in reasons else None if named.id in unknown else False
                        assert told[named.id] is value, (on, keys[row[0]], named.id)
                        seen.add((named.id, value))
    assert {value for _, value in seen} == {True, False, None}


def test_the_window_of_the_recount():
    assert months_before(date(2012, 8, 31), 6) == date(2012, 2, 29)
    assert months_before(date(2011, 8, 31), 6) == date(2011, 2, 28)
    assert months_before(date(2012, 1, 15), 12) == date(2012, 1, 15) - timedelta(365)
