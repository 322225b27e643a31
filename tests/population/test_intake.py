"""What comes in is kept as it came; what cannot be read is set aside with file, line and reason, and the rest goes on."""

import gzip
import json
import os
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.design.refusals import Refused
from ambit.population import actions, queries
from ambit.population.intake import run
from ambit.population.intake.fhir import Document
from ambit.population.intake.files import NothingThere, incoming
from ambit.population.intake.resources import Told, read_json
from ambit.population.intake.rows import Batch, Codes
from ambit.population.intake.run import take_in
from ambit.population.store import Busy, Store

TODAY = date(2026, 11, 3)
NOW = datetime(2026, 11, 3, 8, tzinfo=UTC)


def patient(key: str = "p1", **more) -> dict:
    return {"resourceType": "Patient", "id": key, "birthDate": "1942-05-09", "gender": "female", **more}


def condition(key: str, subject: str = "Patient/p1", on: str = "2020-01-01", code: str = "84114007", **more) -> dict:
    return {
        "resourceType": "Condition", "id": key, "subject": {"reference": subject}, "onsetDateTime": on,
        "code": {"coding": [{"system": "http://snomed.info/sct", "code": code, "display": "Heart failure"}]}, **more,
    }  # fmt: skip


def weight(key: str, value, unit: str, on: str = "2026-01-01") -> dict:
    return {
        "resourceType": "Observation", "id": key, "status": "final", "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": on, "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "valueQuantity": {"value": value, "unit": unit},
    }  # fmt: skip


def bundle(*resources: dict, kind: str = "transaction", method: str = "POST") -> str:
    entries = [
        {"fullUrl": f"urn:uuid:{r.get('id')}", "resource": r, "request": {"method": method, "url": r["resourceType"]}}
        for r in resources
    ]
    return json.dumps({"resourceType": "Bundle", "type": kind, "entry": entries}, indent=1)


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "population")


@pytest.fixture
def inbox(tmp_path) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    return folder


def take(store: Store, *paths: Path, source: str = "practice", mapped=frozenset()):
    return take_in(store, paths, source=source, today=TODAY, now=NOW, mapped=set(mapped))


def rows(store: Store, sql: str) -> list[tuple]:
    with store.open() as (con, _):
        return con.execute(sql).fetchall()


def test_what_too_little_memory_cannot_merge_is_merged_with_what_the_machine_has(store, inbox, monkeypatch):
    limits = []

    def watched(*given, memory_mb, **more):
        limits.append(memory_mb)
        return merge(*given, memory_mb=memory_mb, **more)

    merge = run.merge
    monkeypatch.setattr(run, "merge", watched)
    monkeypatch.setattr(run, "MEMORY_MB", 1)
    (inbox / "a.json").write_text(bundle(patient(), condition("c1")))
    taken = take(store, inbox)
    assert limits == [1, None]
    assert taken.people == 1
    assert rows(store, "SELECT count(*) FROM events") == [(1,)]


def test_codes_text_values_and_days_are_kept_as_they_came(store, inbox):
    observation = weight("w1", 80.25, "kg", "2026-10-30T23:30:00-05:00")
    (inbox / "a.json").write_text(
        bundle(
            patient(
                identifier=[{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "999 717 0326"}],
                generalPractitioner=[{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "Z90001"}}],
                deceasedDateTime="2026-11-01",
                name=[{"family": "Ashworth", "given": ["Margaret", "Jean"], "prefix": ["Mrs"]}],
            ),
            condition("c1", "urn:uuid:p1"),
            observation,
        )
    )  # fmt: skip
    taken = take(store, inbox)
    assert taken.quarantined == []
    assert rows(
        store, "SELECT nhs_number, title, given_names, family_name, practice, dead, died_on, first_event FROM people"
    ) == [("9997170326", "Mrs", "Margaret Jean", "Ashworth", "Z90001", True, date(2026, 11, 1), date(2020, 1, 1))]
    assert rows(
        store,
        "SELECT type, id, c.system, c.value, text, day, e.value, unit, original, original_unit FROM events e JOIN codes c "
        "USING (code) ORDER BY type",
    ) == [
        ("Condition", "c1", "http://snomed.info/sct", "84114007", "Heart failure", date(2020, 1, 1), None, "", "", ""),
        ("Observation", "w1", "http://loinc.org", "29463-7", "", date(2026, 10, 30), 80_250_000, "kg", "80.25", "kg"),
    ]


@pytest.mark.parametrize(
    ("unit", "value", "kept", "told"),
    [
        ("kg", 80, (80_000_000, "kg"), {}),
        ("[lb_av]", 100, (45_359_237, "kg"), {"[lb_av] to kg": 1}),
        ("lbs", 176.37, (80_000_086, "kg"), {"lbs to kg": 1}),
        ("furlong", 1, (1_000_000, "furlong"), {}),
        ("", 1, (1_000_000, ""), {}),
    ],
)
def test_pounds_become_kilograms_and_it_is_said(store, inbox, unit, value, kept, told):
    (inbox / "a.json").write_text(bundle(patient(), weight("w", value, unit)))
    taken = take(store, inbox)
    assert rows(store, "SELECT value, unit, original_unit FROM events") == [(*kept, unit)]
    assert taken.converted == told


BAD = [
    ("cut.json", bundle(patient())[:-40], "this is not JSON"),
    ("cut.json.gz", gzip.compress(bundle(patient()).encode())[:-40], "cannot be unpacked"),
    ("no_type.json", '{"id": "x"}', "no resourceType"),
    ("list.ndjson", '{"resourceType": "Patient", "id": "n1"}\n{"resourceType":', "this line is not JSON"),
    ("gets.json", bundle(condition("c9"), method="GET"), "a GET request carries nothing"),
    ("history.json", bundle(condition("c9"), kind="history"), "history"),
    ("empty_entry.json", '{"resourceType": "Bundle", "type": "collection", "entry": [{}]}', "carries no resource"),
    ("type.json", '{"resourceType": "Bundle", "entry": [{"resource": {"id": "x"}}]}', "no resourceType"),
    ("never.json", bundle(condition("c9", on="2021-02-30")), "not a day of the calendar"),
    ("words.json", bundle(condition("c9", on="last spring")), "is not a date"),
    ("future.json", bundle(condition("c9", on="2126-01-01")), "more than a year ahead"),
    ("past.json", bundle(condition("c9", on="1726-01-01")), "before anybody alive"),
    ("nobody.json", bundle({**condition("c9"), "subject": {}}), "whom it is about"),
    ("stranger.json", bundle(condition("c9", "Patient/p404")), "whom this source has not sent"),
    ("urn.json", bundle(condition("c9", "urn:uuid:404")), "is not in this file"),
    ("search.json", bundle(condition("c9", "Patient?identifier=1")), "a search"),
    ("group.json", bundle(condition("c9", "Group/1")), "not a person"),
    ("long.json", bundle(condition("c" * 65)), "65 characters"),
    ("noid.json", bundle({k: v for k, v in condition("c9").items() if k != "id"}), "no id"),
    ("codeless.json", bundle({**condition("c9"), "code": {}}), "neither a code nor a text"),
    ("shape.json", bundle({**condition("c9"), "code": "84114007"}), "not that of a FHIR R4 Condition"),
    ("unborn.json", bundle(patient(), condition("c9", on="1930-01-01")), "before the person was born"),
    ("ends.json", bundle({"resourceType": "Encounter", "id": "e", "subject": {"reference": "Patient/p1"},
                              "period": {"start": "2020-02-02", "end": "2020-02-01"}}), "before it begins"),
    ("dies.json", bundle(patient("p9", deceasedDateTime="1941-01-01")), "before the birth"),
    ("text.json", bundle(weight("w9", "80", "kg")), "text, not a number"),]  # fmt: skip


@pytest.fixture(scope="module")
def bad(tmp_path_factory):
    """One intake of every bad file beside a sound one."""
    inbox = tmp_path_factory.mktemp("bad")
    (inbox / "sound.json").write_text(bundle(patient(), condition("c1")))
    for name, content, _ in BAD:
        (inbox / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    store = Store(tmp_path_factory.mktemp("store") / "population")
    return take(store, inbox), store


@pytest.mark.parametrize(("name", "reason"), [(name, reason) for name, _, reason in BAD])
def test_what_cannot_be_read_is_set_aside(bad, name, reason):
    taken, store = bad
    (told,) = [q for q in taken.quarantined if q["file"] == name]
    assert reason in told["reason"]
    assert told["line"] >= 1
    assert (name, told["reason"]) in rows(store, "SELECT file, reason FROM quarantine")


def test_the_rest_goes_on(bad):
    taken, store = bad
    assert len(taken.quarantined) == len(BAD)
    assert rows(store, "SELECT id FROM events") == [("c1",)]
    assert rows(store, "SELECT key FROM people ORDER BY key") == [("n1",), ("p1",)]


def test_one_resource_of_another_shape_is_set_aside_with_its_place_and_the_rest_of_its_bundle_goes_on(store, inbox):
    odd = [
        {**condition("c2"), "code": {"coding": [{"code": 84114007}]}},
        {"resourceType": "Poem", "id": "x", "lines": 3},
        "a word",
    ]
    told = json.loads(bundle(patient(name=None, given=[None]), condition("c1", "urn:uuid:p1"), condition("c3")))
    told["entry"][2:2] = [{"resource": one} for one in odd] + ["no entry"]
    (inbox / "a.json").write_text(json.dumps(told))
    taken = take(store, inbox)
    assert [(q["entry"], q["id"], q["reason"]) for q in taken.quarantined] == [
        (
            3,
            "c2",
            "its shape is not that of a FHIR R4 Condition: Expected `str | null`, got `int` - at `$.code.coding[0].code`",
        ),
        (5, "", "it carries no resource"),
        (6, "", "it carries no resource"),
    ]
    assert taken.resources == {"Condition": 3, "Patient": 1, "Poem": 1}
    assert rows(store, "SELECT id FROM events ORDER BY id") == [("c1",), ("c3",)]


DAYS_AS_WRITTEN = st.sampled_from(
    ["1999", "2019-02", "2020-02-29", "2021-02-30", "2026-10-30T23:30:00-05:00", "soon", "2126-01-01"]
)
CONCEPTS = st.fixed_dictionaries(
    {},
    optional={
        "text": st.sampled_from(["", "Frailty"]),
        "coding": st.lists(
            st.fixed_dictionaries(
                {}, optional={"system": st.just("http://loinc.org"), "code": st.sampled_from(["1", ""])}
            ),
            max_size=2,
        ),
    },
)
RESOURCES = st.fixed_dictionaries(
    {
        "resourceType": st.sampled_from(["Condition", "Observation", "Immunization", "Flag", "Encounter", "Claim"]),
        "subject": st.fixed_dictionaries({"reference": st.sampled_from(["Patient/p1", "urn:uuid:p1", "Group/1", ""])}),
    },
    optional={
        "id": st.sampled_from(["a", "b", "c" * 65]),
        "patient": st.just({"reference": "Patient/p1"}),
        "code": CONCEPTS,
        "vaccineCode": CONCEPTS,
        "onsetDateTime": DAYS_AS_WRITTEN,
        "effectivePeriod": st.fixed_dictionaries({}, optional={"start": DAYS_AS_WRITTEN, "end": DAYS_AS_WRITTEN}),
        "period": st.fixed_dictionaries({}, optional={"start": DAYS_AS_WRITTEN, "end": DAYS_AS_WRITTEN}),
        "status": st.sampled_from(["final", "entered-in-error"]),
        "verificationStatus": CONCEPTS,
        "valueQuantity": st.fixed_dictionaries(
            {}, optional={"value": st.sampled_from([0.1, 80, -3.25, 1e300, "9"]), "unit": st.sampled_from(["kg", "[lb_av]"]), "comparator": st.just("<")}
        ),
        "component": st.lists(st.fixed_dictionaries({}, optional={"code": CONCEPTS, "valueString": st.just("x")}), max_size=2),
    },
)  # fmt: skip


@given(st.lists(RESOURCES, max_size=6))
def test_what_fits_gives_the_same_rows_read_as_a_whole_and_one_by_one(several):
    """Straight from bytes, and after something else in the Bundle had another shape."""
    entries = [{"fullUrl": "urn:uuid:p1", "resource": patient()}, *({"resource": one} for one in several)]
    told = {"resourceType": "Bundle", "entry": entries}
    odd = {"resource": {"resourceType": "Flag", "id": "odd", "code": 5}}
    whole, one_by_one = Batch(Codes()), Batch(Codes())
    for batch, sent in ((whole, told), (one_by_one, told | {"entry": [*entries, odd]})):
        read_json(Told("a.json", True, Document("a.json", TODAY), batch, json.dumps(sent).encode()))
    assert (one_by_one.people, one_by_one.events, one_by_one.encounters) == (
        whole.people,
        whole.events,
        whole.encounters,
    )
    assert one_by_one.quarantine[1:] == whole.quarantine
    assert one_by_one.codes == whole.codes


def test_what_is_set_aside_is_not_listed_twice(store, inbox):
    (inbox / "a.json").write_text(bundle(patient(), condition("c9", on="2126-01-01")))
    for _ in range(2):
        take(store, inbox)
    assert rows(store, "SELECT count(*) FROM quarantine") == [(1,)]
    (inbox / "a.json").write_text(bundle(patient(), condition("c9", on="2026-01-01")))
    take(store, inbox)
    assert rows(store, "SELECT count(*) FROM quarantine") == [(0,)]


def test_the_line_of_what_is_set_aside_is_named(store, inbox):
    text = bundle(patient(), condition("good"), condition("bad", on="2021-02-30"))
    (inbox / "a.json").write_text(text)
    (told,) = take(store, inbox).quarantined
    assert '"urn:uuid:bad"' in text.splitlines()[told["line"] - 2] or '"bad"' in text.splitlines()[told["line"] - 1]
    assert told["entry"] == 3


def test_withdrawn_and_refuted_rows_are_kept_and_not_searched(store, inbox):
    refuted = {"verificationStatus": {"coding": [{"code": "refuted"}]}}
    wrong = {"verificationStatus": {"coding": [{"code": "entered-in-error"}]}}
    (inbox / "a.json").write_text(
        bundle(patient(), condition("c1"), condition("c2", **refuted), condition("c3", **wrong))
    )
    take(store, inbox)
    assert rows(store, "SELECT id, usable FROM events ORDER BY id") == [("c1", True), ("c2", False), ("c3", False)]


def test_a_re_extract_replaces_exactly_its_people(store, inbox):
    (inbox / "a.json").write_text(bundle(patient("p1"), condition("c1"), condition("c2")))
    (inbox / "b.json").write_text(bundle(patient("p2"), condition("d1", "Patient/p2")))
    take(store, inbox)
    take(store, inbox / "a.json", source="hospital")
    before = rows(store, "SELECT person FROM people WHERE source = 'practice' AND key = 'p1'")

    (inbox / "a.json").write_text(bundle(patient("p1"), condition("c1", on="2021-01-01"), condition("c3")))
    taken = take(store, inbox / "a.json")
    assert (taken.new, taken.changed, taken.removed) == ({"Condition": 1}, 1, 1)
    assert rows(store, "SELECT e.id FROM events e JOIN people USING (person) WHERE source = 'practice' ORDER BY 1") == [
        ("c1",), ("c3",), ("d1",)
    ]  # fmt: skip
    assert rows(store, "SELECT e.id FROM events e JOIN people USING (person) WHERE source = 'hospital' ORDER BY 1") == [
        ("c1",), ("c2",)
    ]  # fmt: skip
    assert rows(store, "SELECT person FROM people WHERE source = 'practice' AND key = 'p1'") == before


def test_a_resource_sent_without_its_person_replaces_itself_only(store, inbox):
    (inbox / "a.json").write_text(bundle(patient("p1"), condition("c1"), condition("c2")))
    take(store, inbox)
    (inbox / "more.ndjson").write_text(
        json.dumps(condition("c2", on="2022-02-02")) + "\n" + json.dumps(condition("c3"))
    )
    taken = take(store, inbox / "more.ndjson")
    assert (taken.new, taken.changed, taken.removed) == ({"Condition": 1}, 1, 0)
    assert rows(store, "SELECT id, day FROM events ORDER BY id") == [
        ("c1", date(2020, 1, 1)), ("c2", date(2022, 2, 2)), ("c3", date(2020, 1, 1))
    ]  # fmt: skip
    assert rows(store, "SELECT key FROM people") == [("p1",)]


@pytest.mark.parametrize("cut", [lambda raw: raw[:-30], lambda raw: gzip.compress(raw)[:-9]])
def test_a_file_of_lines_that_was_cut_takes_nothing_out(store, inbox, cut):
    several = "\n".join(json.dumps(condition(f"c{n}")) for n in range(3)).encode()
    (inbox / "Patient.ndjson").write_text(json.dumps(patient()))
    (inbox / "Condition.ndjson").write_bytes(several)
    take(store, inbox)
    (inbox / "Patient.ndjson").write_text(json.dumps(patient(gender="male")))
    (inbox / "Condition.ndjson").write_bytes(cut(several))
    taken = take(store, inbox)
    assert taken.removed == 0
    assert "Condition.ndjson could not be read to the end" in taken.held_back
    assert rows(store, "SELECT sex, count(*) FROM people JOIN events USING (person) GROUP BY ALL") == [("male", 3)]


def test_bulk_ndjson_of_one_kind_a_file(store, inbox):
    lines = "\n".join(json.dumps(condition(f"c{n}")) for n in range(3))
    (inbox / "Condition.ndjson.gz").write_bytes(gzip.compress(lines.encode()))
    (inbox / "Patient.ndjson").write_text(json.dumps(patient()))
    taken = take(store, inbox)
    assert taken.resources == {"Condition": 3, "Patient": 1}
    assert rows(store, "SELECT count(*) FROM events") == [(3,)]


def test_codes_no_list_knows_are_ranked(store, inbox):
    (inbox / "a.json").write_text(
        bundle(patient(), condition("c1"), condition("c2", code="22298006"), condition("c3", code="22298006"))
    )
    taken = take(store, inbox, mapped={("http://snomed.info/sct", "84114007")})
    assert taken.unmapped_codes == [
        {"system": "http://snomed.info/sct", "code": "22298006", "display": "Heart failure", "count": 2}
    ]


def test_one_writer_at_a_time(store, inbox):
    (inbox / "a.json").write_text(bundle(patient()))
    with store.writing(), pytest.raises(Busy, match="Wait until it has finished"):
        take(store, inbox)


def test_a_reader_keeps_its_snapshot_while_writers_go_on(store, inbox):
    (inbox / "a.json").write_text(bundle(patient(), condition("c1")))
    take(store, inbox)
    with store.open() as (con, snapshot):
        for n in range(2, 7):
            (inbox / "a.json").write_text(bundle(patient(), condition(f"c{n}")))
            take(store, inbox)
        assert con.execute("SELECT id FROM events").fetchall() == [("c1",)]
        assert snapshot.number == 1
    take(store, inbox)
    assert sorted(int(p.stem) for p in store.snapshots.glob("*.json")) == [5, 6, 7]
    assert rows(store, "SELECT id FROM events") == [("c6",)]


STOPPED = """
import os, signal, sys
from datetime import UTC, date, datetime
from pathlib import Path
from ambit.population.intake import run
from ambit.population.intake.fhir import Document
from ambit.population.store import Store
run.ROWS_IN_A_CHUNK = 5
at = int(sys.argv[3])
def progress(done, of, seen=[]):
    seen.append(done)
    if len(seen) == at:
        os.kill(os.getpid(), signal.SIGKILL)
run.take_in(Store(Path(sys.argv[1])), [Path(sys.argv[2])], source="practice", today=date(2026, 11, 3),
            now=datetime(2026, 11, 3, 8, tzinfo=UTC), mapped=set(), progress=progress)
"""


@pytest.mark.parametrize("at", [2, 9, 20])
def test_killed_halfway_and_run_again_gives_the_same(tmp_path, inbox, at):
    for n in range(20):
        made = [condition(f"c{n}-{i}", f"Patient/k{n}") for i in range(3)]
        (inbox / f"{n:02d}.json").write_text(bundle(patient(f"k{n}"), *made, condition(f"x{n}", on="2126-01-01")))
    whole = take(Store(tmp_path / "whole"), inbox)
    halfway = Store(tmp_path / "halfway")
    run = subprocess.run(
        [sys.executable, "-c", STOPPED, str(halfway.folder), str(inbox), str(at)],
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2] / "src")},
        capture_output=True,
    )
    assert run.returncode == -signal.SIGKILL, run.stderr
    assert halfway.current_number() == 0  # nothing of it is seen
    again = take(halfway, inbox)
    assert (again.resources, again.new, again.quarantined, again.people) == (
        whole.resources, whole.new, whole.quarantined, whole.people
    )  # fmt: skip
    assert again.resumed_files == {2: 0, 9: 7, 20: 18}[at]
    told = "SELECT p.key, e.id, e.day, c.value FROM events e JOIN people p USING (person) JOIN codes c USING (code) ORDER BY ALL"
    assert rows(halfway, told) == rows(Store(tmp_path / "whole"), told)


def test_a_path_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(NothingThere, match=r"There is no .*missing"):
        incoming([tmp_path / "missing"])
    with pytest.raises(NothingThere, match=r"No \.json"):
        incoming([tmp_path])


@pytest.mark.django_db
def test_take_in_is_audited_and_only_for_those_who_may(home, inbox, reader):
    (inbox / "a.json").write_text(bundle(patient(), condition("c1")))
    with pytest.raises(NotAllowed):
        actions.take_in(by=reader("gp"), paths=[inbox], source="practice")
    actions.take_in(by=reader("operator"), paths=[inbox], source="practice")
    told = AuditLine.objects.get(what="took an extract into the population store").details
    assert (told["people"], told["new"], told["set_aside"]) == (1, 2, 0)
    with pytest.raises(Refused, match="There is no"):
        actions.take_in(by=reader("operator"), paths=[inbox / "none"], source="practice")


@pytest.mark.django_db
def test_nothing_is_taken_in_when_the_trail_cannot_be_written(home, inbox, reader, monkeypatch):
    (inbox / "a.json").write_text(bundle(patient()))

    def full(**_):
        raise OSError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", full)
    with pytest.raises(OSError, match="disk full"):
        actions.take_in(by=reader("operator"), paths=[inbox], source="practice")
    assert queries.store().current_number() == 0


@pytest.mark.django_db
def test_status_says_how_complete_each_list_is(home, inbox, reader):
    (inbox / "a.json").write_text(bundle(patient("p1"), condition("c1"), patient("p2", deceasedBoolean=True)))
    actions.take_in(by=reader("operator"), paths=[inbox], source="practice")
    now = queries.status(reader("operator"))
    assert (now.people, now.events, now.deaths, now.newest_event) == (2, 1, 1, date(2020, 1, 1))
    (source,) = now.sources
    assert (source.name, source.people) == ("practice", 2)
    assert source.completeness["heart-failure"] == 0.5
    assert source.completeness["dementia"] == 0


def test_a_practice_whose_codes_never_arrive_is_seen(home, inbox, reader):
    def of(practice: str, key: str) -> dict:
        ods = "https://fhir.nhs.uk/Id/ods-organization-code"
        return patient(key, generalPractitioner=[{"identifier": {"system": ods, "value": practice}}])

    told = [of("Z90001", f"a{n}") for n in range(20)] + [of("Z90002", f"b{n}") for n in range(20)]
    told += [condition(f"c{n}", f"Patient/a{n}") for n in range(12)] + [of("Z90003", "few")]
    (inbox / "a.json").write_text(bundle(*told))
    actions.take_in(by=reader("operator"), paths=[inbox], source="place")
    first, second, third = queries.status(reader("operator")).practices
    assert (first.code, first.people, first.completeness["heart-failure"], first.newest) == (
        "Z90001",
        20,
        0.6,
        date(2020, 1, 1),
    )
    assert "heart-failure" not in first.silent
    assert (second.completeness["heart-failure"], second.newest) == (0, None)
    assert "heart-failure" in second.silent
    assert "dementia" not in second.silent  # nobody anywhere has it: nothing can be said
    assert third.silent == ()  # of one person nothing is expected
