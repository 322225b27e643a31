"""A GP extract as CSV: the same guarantees as FHIR, line by line."""

import gzip
import os
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ambit.population.intake.files import NothingThere
from ambit.population.intake.gp_csv import incoming_csv
from ambit.population.intake.merge import Terms
from ambit.population.intake.run import take_in
from ambit.population.store import Store

TODAY = date(2026, 11, 3)
NOW = datetime(2026, 11, 3, 8, tzinfo=UTC)
PEOPLE = "person,nhs_number,family_name,born_on,sex,practice,type_1_opt_out,national_opt_out\n"
EVENTS = "person,date,system,code,term,value,unit,ended_on,status\n"
MET = "person,id,kind,method,started_on,ended_on\n"
MEDICINES = "person,date,system,code,term\n"
DEATHS = "person,died_on\n"
ANN, BOB = "p1,999 717 0326,Ashworth,1942-05-09,female,Z90001,no,yes\n", "p2,,Barlow,1950,M,Z90001,,\n"
OBJECTS = ("http://snomed.info/sct", "827241000000103")
WITHDRAWS = ("http://snomed.info/sct", "827261000000102")


@pytest.fixture
def store(tmp_path) -> Store:
    return Store(tmp_path / "population")


@pytest.fixture
def folder(tmp_path) -> Path:
    made = tmp_path / "extract"
    made.mkdir()
    return made


def take(store: Store, folder: Path, *, source: str = "practice", **terms):
    return take_in(
        store, [folder], source=source, today=TODAY, now=NOW, mapped=set(), find=incoming_csv, terms=Terms(**terms)
    )


def rows(store: Store, sql: str) -> list[tuple]:
    with store.open() as (con, _):
        return con.execute(sql).fetchall()


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.csv").write_text(text)


def test_an_extract_goes_in_as_it_came(store, folder):
    write(
        folder,
        people=PEOPLE + ANN + BOB,
        events=EVENTS
        + "p1,2026-01-02,snomed,27113001,Body weight,176.37,lb,,\n"
        + "p1,2025-06,snomed,84114007,Heart failure,,,,\n"
        + 'p2,2026-02-03,snomed,1011481000000105,"eGFR, estimated",<5,mL/min/1.73m2,,\n'
        + "p2,2026-02-04,,,Fell in the kitchen,,,,\n",
        encounters=MET + "p1,e1,inpatient,21,2026-03-01,2026-03-04\np2,e2,emergency,,2026-03-05,\n",
        medicines=MEDICINES + "p1,2026-04-01,dmd,322341003,Paracetamol 500mg tablets\n",
        deaths=DEATHS + "p2,2026-10-01\n",
    )
    taken = take(store, folder)
    assert taken.quarantined == []
    assert taken.resources == {"Death": 1, "Encounter": 2, "MedicationRequest": 1, "Observation": 4, "Patient": 2}
    assert taken.new == {"Encounter": 2, "MedicationRequest": 1, "Observation": 4, "Patient": 2}
    assert taken.converted == {"lb to kg": 1}
    assert rows(
        store, "SELECT key, nhs_number, born_on, born_until, sex, dead, died_on, national_opt_out FROM people ORDER BY key"
    ) == [
        ("p1", "9997170326", date(1942, 5, 9), date(1942, 5, 9), "female", False, None, True),
        ("p2", "", date(1950, 1, 1), date(1950, 12, 31), "male", True, date(2026, 10, 1), False),
    ]  # fmt: skip
    assert rows(
        store,
        "SELECT p.key, c.value, e.text, e.day, e.written, e.value, unit, original, original_unit FROM events e "
        "JOIN people p USING (person) JOIN codes c USING (code) WHERE type = 'Observation' ORDER BY p.key, day",
    ) == [
        ("p1", "84114007", "Heart failure", date(2025, 6, 1), "2025-06", None, "", "", ""),
        ("p1", "27113001", "Body weight", date(2026, 1, 2), "2026-01-02", 80_000_086, "kg", "176.37", "lb"),
        ("p2", "1011481000000105", "eGFR, estimated", date(2026, 2, 3), "2026-02-03", None, "", "<5", "mL/min/1.73m2"),
        ("p2", "", "Fell in the kitchen", date(2026, 2, 4), "2026-02-04", None, "", "", ""),
    ]  # fmt: skip
    assert rows(store, "SELECT id, class, method FROM encounters ORDER BY id") == [
        ("e1", "IMP", "emergency"), ("e2", "EMER", "unknown")
    ]  # fmt: skip
    again = take(store, folder)
    assert (again.new, again.changed, again.removed) == ({}, 0, 0)


BAD = [
    ("people", "p9,,X,2126-01-01,female,,,\n", "cannot be"),
    ("people", "p9,,X,1942-05-09,woman,,,\n", "write female"),
    ("people", f"{'p' * 65},,X,1942-05-09,female,,,\n", "65 characters"),
    ("people", ",,X,1942-05-09,female,,,\n", "“person” is empty"),
    ("people", "p9,,X,1942-05-09,female,,perhaps,\n", "yes or no"),
    ("people", "p9,,X,1942-05-09\n", "4 columns where the first line has 8"),
    ("events", "p1,2126-01-01,snomed,84114007,Heart failure,,,,\n", "more than a year ahead"),
    ("events", "p1,03/11/2026,snomed,84114007,Heart failure,,,,\n", "is not a date"),
    ("events", "p1,2021-02-30,snomed,84114007,Heart failure,,,,\n", "not a day of the calendar"),
    ("events", "p1,2021-02-03,snomed,9.25862E+14,Frailty,,,,\n", "check digit is wrong"),
    ("events", "p1,2021-02-03,snowmed,84114007,Heart failure,,,,\n", "is not known"),
    ("events", "p1,2021-02-03,snomed,,,,,,\n", "neither a code nor a term"),
    ("events", "p1,1940-02-03,snomed,84114007,Heart failure,,,,\n", "before the person was born"),
    ("events", "p404,2021-02-03,snomed,84114007,Heart failure,,,,\n", "whom this source has not sent"),
    ("events", "p1,2021-02-03,snomed,84114007,Heart failure,,,2020-01-01,\n", "before it begins"),
    ("events", "p1,2021-02-03,snomed,84114007,Heart \udcff failure,,,,\n", "not UTF-8"),
    ("events", 'p1,2021-02-03,snomed,84114007,"Heart" failure,,,,\n', "not CSV"),
    ("encounters", "p1,e9,visit,,2026-01-01,\n", "write emergency"),
    ("encounters", "p1,e9,inpatient,by bus,2026-01-01,\n", "Data Dictionary"),
    ("deaths", "p1,2026-12-01\n", "still to come"),
    ("deaths", "p1,1941-12-01\n", "before the birth"),
    ("deaths", "p404,2026-01-01\n", "does not hold"),
]
HEADS = {"people": PEOPLE + ANN, "events": EVENTS, "encounters": MET, "deaths": DEATHS}


def test_each_line_that_cannot_be_read_is_set_aside_with_its_line_and_the_rest_goes_on(store, folder):
    text = dict(HEADS)
    expected = []
    for name, line, reason in BAD:
        expected.append((f"{name}.csv", text[name].count("\n") + 1, reason))
        text[name] += line
    text["events"] += "p1,2021-02-03,snomed,84114007,Heart failure,,,,\n"
    for name, whole in text.items():
        (folder / f"{name}.csv").write_bytes(whole.encode("utf-8", "surrogateescape"))
    taken = take(store, folder)
    told = {(q["file"], q["line"]): q["reason"] for q in taken.quarantined}
    assert len(told) == len(taken.quarantined) == len(BAD)
    for file, line, reason in expected:
        assert reason in told[file, line]
    assert rows(store, "SELECT text, day FROM events") == [("Heart failure", date(2021, 2, 3))]
    assert rows(store, "SELECT key, dead FROM people") == [("p1", False)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("events.csv", b"", "empty"),
        (
            "events.csv",
            b"person,date,code,term\np1,2020-01-01,1,x\n",
            "“system” is missing among its columns; it must have person, date,",
        ),
        ("events.csv", b"person,date,code\np1,2020-01-01,1\n", "“system” and “term” are missing"),
        ("events.csv", (EVENTS.strip() + ",mood\n").encode(), "“mood” is not one of"),
        ("events.csv.gz", gzip.compress((EVENTS + os.urandom(3000).hex()).encode())[:-900], "ends in the middle"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(store, folder, name, content, reason):
    write(folder, people=PEOPLE + ANN)
    (folder / name).write_bytes(content)
    taken = take(store, folder)
    assert [q["file"] for q in taken.quarantined] == [name]
    assert reason in taken.quarantined[0]["reason"]
    assert rows(store, "SELECT key FROM people") == [("p1",)]


def test_files_may_be_gzip_and_a_folder_must_hold_some(store, folder):
    with pytest.raises(NothingThere, match=r"None of people\.csv"):
        incoming_csv([folder])
    with pytest.raises(NothingThere, match="is not a folder"):
        incoming_csv([folder / "people.csv"])
    (folder / "people.csv.gz").write_bytes(gzip.compress((PEOPLE + ANN).encode()))
    assert take(store, folder).people == 1
    write(folder, people=PEOPLE)
    with pytest.raises(NothingThere, match="holds both"):
        incoming_csv([folder])


HEART = "p{},2020-01-01,snomed,84114007,Heart failure,,,,\n"


def test_a_re_extract_replaces_its_people_and_a_full_one_removes_who_is_gone(store, folder):
    write(folder, people=PEOPLE + ANN + BOB, events=EVENTS + HEART.format(1) + HEART.format(2))
    take(store, folder)
    take(store, folder, source="hospital")
    write(folder, people=PEOPLE + ANN, events=EVENTS)
    part = take(store, folder)
    assert (part.changed, part.removed) == (0, 1)  # Ann's event has gone; Bob was not sent and stays
    assert rows(store, "SELECT key FROM people WHERE source = 'practice' ORDER BY key") == [("p1",), ("p2",)]
    full = take(store, folder, full=True)
    assert (full.people, full.removed, full.held_back) == (1, 2, "")
    assert rows(store, "SELECT key FROM people WHERE source = 'practice'") == [("p1",)]
    assert rows(store, "SELECT count(*) FROM people JOIN events USING (person) WHERE source = 'hospital'") == [(2,)]


def test_nobody_is_taken_for_gone_when_people_could_not_be_read(store, folder):
    write(folder, people=PEOPLE + ANN + BOB)
    take(store, folder)
    write(folder, people=PEOPLE + ANN + BOB.replace("1950", "1950-02-30"))
    taken = take(store, folder, full=True)
    assert "nobody was taken for having left" in taken.held_back
    assert rows(store, "SELECT key FROM people ORDER BY key") == [("p1",), ("p2",)]


@pytest.mark.parametrize(
    "name_and_content",
    [
        ("events.csv", b"person,date,code,term\np1,2020-01-01,1,x\n"),
        ("events.csv", b""),
        ("events.csv", (EVENTS + HEART.format(2) + "p1,2021-01-01,snomed,8411").encode()),
        ("events.csv", (EVENTS + HEART.format(2) + 'p1,2021-01-01,snomed,84114007,"Heart').encode()),
        ("events.csv.gz", gzip.compress((EVENTS + HEART.format(2) + os.urandom(3000).hex()).encode())[:-900]),
    ],
)
def test_what_a_file_that_was_cut_does_not_say_is_not_gone(store, folder, name_and_content):
    """Half an extract, by its columns or its lines, takes nothing out: it is said, and the whole one then replaces as always."""
    write(folder, people=PEOPLE + ANN + BOB, events=EVENTS + HEART.format(1) + HEART.format(2))
    take(store, folder)
    (folder / "events.csv").unlink()
    name, content = name_and_content
    (folder / name).write_bytes(content)
    taken = take(store, folder)
    assert taken.removed == 0
    assert (
        taken.held_back
        == f"{name} could not be read to the end, so nothing kept before of these people was taken out; mend that and send it again"
    )
    assert rows(store, "SELECT key, count(*) FROM people JOIN events USING (person) GROUP BY key ORDER BY key") == [
        ("p1", 1),
        ("p2", 1),
    ]
    assert rows(store, "SELECT count(*), count(DISTINCT person) FROM people") == [(2, 2)]
    (folder / name).unlink()
    write(folder, people=PEOPLE + ANN + BOB, events=EVENTS + HEART.format(2))
    whole = take(store, folder)
    assert (whole.removed, whole.held_back) == (1, "")


@pytest.mark.parametrize(
    ("second", "there"),
    [
        ("", []),
        ("p2,2026-01-01,snomed,827261000000102,Objection withdrawn,,,,\n", []),
        ("p2,2026-01-02,snomed,827261000000102,Objection withdrawn,,,,\n", [("p2",)]),
    ],
)
def test_somebody_who_objects_is_not_taken_in_and_is_taken_out(store, folder, second, there):
    write(folder, people=PEOPLE + ANN + BOB, events=EVENTS + HEART.format(1) + HEART.format(2))
    take(store, folder)
    objects = "p2,2026-01-01,snomed,827241000000103,Objection,,,,\n"
    write(
        folder,
        people=PEOPLE + ANN.replace(",no,", ",yes,") + BOB,
        events=EVENTS + HEART.format(1) + HEART.format(2) + objects + second,
    )
    for _ in range(2):  # and a second time, when they are no longer known
        taken = take(store, folder, objects=frozenset({OBJECTS}), withdraws=frozenset({WITHDRAWS}))
        assert rows(store, "SELECT key FROM people") == there
        assert rows(store, "SELECT DISTINCT person FROM events ANTI JOIN people USING (person)") == []
        assert taken.objected == 2 - len(there)
        assert taken.quarantined == []


def test_restricted_codes_are_counted_and_never_stored(store, folder):
    line = "p1,2020-01-01,snomed,84114007,Heart failure,,,,\n"
    write(folder, people=PEOPLE + ANN, events=EVENTS + line + "p1,2020-01-01,snomed,27113001,Body weight,80,kg,,\n")
    taken = take(store, folder, restricted={("http://snomed.info/sct", "84114007"): "restricted-example"})
    assert taken.restricted == {"restricted-example": 1}
    assert rows(store, "SELECT text FROM events") == [("Body weight",)]
    assert rows(store, "SELECT value FROM codes WHERE value = '84114007'") == []
    assert all("84114007" not in p.read_bytes().decode("latin-1") for p in store.folder.rglob("*") if p.is_file())


def test_the_legal_basis_is_kept_until_it_is_said_anew(store, folder):
    write(folder, people=PEOPLE + ANN)
    take(store, folder, basis="Direct care")
    take(store, folder)
    assert rows(store, "SELECT name, basis FROM sources") == [("practice", "Direct care")]
    take(store, folder, basis="Section 251, 26/CAG/0001")
    assert rows(store, "SELECT basis FROM sources") == [("Section 251, 26/CAG/0001",)]


def test_a_long_file_is_read_in_parts_and_stopped_within_it_gives_the_same(tmp_path, folder, monkeypatch):
    """A million lines are never in memory at once; who stops in the middle of a file reads that file again."""
    from ambit.population.intake import run

    lines = [f"p1,2026-01-{1 + n % 28:02d},snomed,84114007,Heart failure,e{n}" for n in range(60)]
    (folder / "events.csv").write_text(
        "\n".join(["person,date,system,code,term,id", *lines, "p1,never,snomed,84114007,,bad"])
    )
    whole = take(Store(tmp_path / "whole"), folder)
    monkeypatch.setattr(run, "ROWS_IN_A_CHUNK", 7)
    write, sizes = run._write, []

    def writes(store, number, batch, files):
        if stops and number == 4:
            raise OSError("the power is off")
        sizes.append(len(batch))
        write(store, number, batch, files)

    monkeypatch.setattr(run, "_write", writes)
    parts, stops = Store(tmp_path / "parts"), True
    with pytest.raises(OSError, match="power"):
        take(parts, folder)
    stops = False
    again = take(parts, folder)
    assert max(sizes) <= 8
    assert len(sizes) > 10
    assert (again.resources, again.new, again.quarantined, again.people) == (
        whole.resources, whole.new, whole.quarantined, whole.people
    )  # fmt: skip
    told = "SELECT e.id, e.day, c.value FROM events e JOIN codes c USING (code) ORDER BY ALL"
    assert rows(parts, told) == rows(Store(tmp_path / "whole"), told)
