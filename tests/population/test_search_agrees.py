"""The compiler and the interpreter answer alike: random people, random criteria, the edges of every window."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any as Anything

import duckdb
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ambit.population.codelists.rules import Code, CodeList
from ambit.population.search import duckdb_sql
from ambit.population.search.criteria import (
    EVER,
    After,
    Age,
    All,
    Any,
    AtLeast,
    Change,
    Codes,
    EncounterKind,
    Encounters,
    FoundBy,
    Increase,
    Latest,
    Medicines,
    Named,
    Not,
    NotInRecords,
    Points,
    Recorded,
    Ref,
    SearchPack,
    Tier,
    Twice,
    Window,
)
from ambit.population.search.interpret import EncounterRow, EventRow, Record, interpret
from ambit.population.search.plan import plan
from ambit.population.search.run import search
from ambit.population.store import TABLES

SYSTEM = "http://example.org/codes"
CODES = ["a", "b", "c", "d", ""]
WEIGHTS = {"one": ((SYSTEM, "a", 1500),), "two": ((SYSTEM, "b", 400), (SYSTEM, "c", 2100))}
LISTS = {
    "one": CodeList("one", "One", (Code(SYSTEM, "a", "A", "has"), Code(SYSTEM, "b", "B", "declined"))),
    "two": CodeList("two", "Two", (Code(SYSTEM, "b", "B", "has"), Code(SYSTEM, "c", "C", "has"))),
    "three": CodeList("three", "Three", (Code(SYSTEM, "c", "C", "has"), Code(SYSTEM, "a", "A", "has"))),
}
# a leap day, the end of a month that follows a shorter one, an ordinary day
DAYS_OF_SEARCH = [date(2024, 2, 29), date(2025, 2, 28), date(2025, 8, 31), date(2026, 11, 3)]
UNITS = ["kg", "g/L", ""]


def windows() -> st.SearchStrategy[Window]:
    return st.one_of(
        st.just(EVER),
        st.builds(Window, st.sampled_from([1, 30, 183, 366]), st.just("days")),
        st.builds(Window, st.sampled_from([1, 6, 12, 24]), st.just("months")),
        st.sampled_from(
            [Window(0, "ever", 6, "months"), Window(24, "months", 1, "months"), Window(366, "days", 30, "days")]
        ),
    )


def codes() -> st.SearchStrategy[Codes]:
    lists = st.lists(st.sampled_from(sorted(LISTS)), min_size=1, max_size=3, unique=True).map(tuple)
    return st.builds(Codes, lists, st.sampled_from(["has", "has", "has", "declined", "any"]))


def kinds() -> st.SearchStrategy[EncounterKind]:
    return st.builds(
        EncounterKind,
        st.sampled_from([("EMER",), ("IMP",), ("EMER", "IMP")]),
        st.sampled_from([(), ("emergency",), ("unknown",), ("emergency", "elective")]),
    )


VALUES = st.sampled_from([0, 53_999_999, 54_000_000, 54_000_001, 60_000_000, 66_000_000])
ABSENCE = st.sampled_from(["false", "unknown"])


def leaves_() -> st.SearchStrategy[Anything]:
    return st.one_of(
        st.sampled_from([Age(65), Age(0, 18), Age(2, 65), Age(85)]),
        st.builds(
            Recorded, codes(), windows(), ABSENCE, st.integers(1, 3), st.sampled_from(["records", "days", "lists"]),
            st.sampled_from(["counts", "excluded"]),
        ),
        st.builds(
            Latest, codes(), st.sampled_from(UNITS[:2]), st.sampled_from(["below", "at_most", "at_least", "above"]), VALUES,
            windows(), st.sampled_from(["lowest", "highest"]),
        ),
        st.builds(
            Change, codes(), st.sampled_from(UNITS[:2]), st.sampled_from(["fall", "rise"]),
            st.sampled_from([1000, 1, 6_000_000]), st.booleans(), windows(), windows(),
        ),
        st.builds(
            Change, codes(), st.sampled_from(UNITS[:2]), st.sampled_from(["fall", "rise"]),
            st.sampled_from([1000, 1]), st.booleans(), windows().filter(lambda w: not w.ago), windows(), st.just(True),
            st.booleans(),
        ),
        st.builds(
            Increase, codes(), st.sampled_from([Window(0, "ever", 12, "months"), Window(0, "ever", 183, "days")]),
            st.integers(1, 2), ABSENCE,
        ),
        st.builds(
            After, codes(), codes(), windows(), ABSENCE, st.booleans(), st.sampled_from([None, None, date(2024, 2, 1)])
        ),
        st.builds(
            Twice, codes(), st.sampled_from(UNITS[:2]), st.sampled_from(["below", "at_most", "at_least", "above"]), VALUES,
            windows(), st.sampled_from([0, 1, 29, 30, 31]),
        ),
        st.builds(Medicines, windows(), st.integers(1, 3)),
        st.builds(
            lambda name, *rest: Points(Codes((name,)), *rest, WEIGHTS[name]), st.sampled_from(sorted(WEIGHTS)), windows(), ABSENCE,
            st.sampled_from([400, 1500, 2100, 2500]), st.booleans(),
        ),
        st.just(NotInRecords("nobody codes it")),
        st.builds(
            Encounters, st.lists(kinds(), min_size=1, max_size=2).map(tuple), st.lists(kinds(), max_size=1).map(tuple),
            windows(), st.integers(1, 3), st.sampled_from(["records", "days"]),
        ),
    )  # fmt: skip


def criteria() -> st.SearchStrategy[Anything]:
    def grown(inner: st.SearchStrategy[Anything]) -> st.SearchStrategy[Anything]:
        several = st.lists(inner, min_size=1, max_size=3).map(tuple)
        weighted = st.lists(st.tuples(inner, st.integers(1, 3)), min_size=1, max_size=3).map(tuple)
        return st.one_of(
            st.builds(Not, inner), st.builds(FoundBy, st.just("other"), st.just("Other"), st.just(()), inner), st.builds(All, several), st.builds(Any, several),
            st.builds(AtLeast, st.integers(1, 5), weighted),
        )  # fmt: skip

    return st.recursive(leaves_(), grown, max_leaves=5)


@st.composite
def packs(draw: st.DrawFn) -> SearchPack:
    first, second = draw(criteria()), draw(criteria())
    third = draw(st.sampled_from([Not(Ref("c0")), All((Ref("c0"), Ref("c1"))), Any((Ref("c1"), Not(Ref("c0"))))]))
    named = tuple(Named(f"c{i}", f"C{i}", c) for i, c in enumerate((first, second, third)))
    return SearchPack("random", named, (Tier("strong", "", Ref("c2")), Tier("weak", "", Ref("c0"))))


@st.composite
def people(draw: st.DrawFn, on: date) -> dict[str, list[dict[str, Anything]]]:
    """Rows of the store for a few people; days crowd around the edges of the windows of this day."""
    edges = {on, on + timedelta(1), on + timedelta(400)}
    for window in [Window(n, "days") for n in (1, 30, 183, 366)] + [Window(n, "months") for n in (1, 6, 12, 24)]:
        opens = window.opens(on)
        assert opens is not None
        edges |= {opens - timedelta(1), opens, opens + timedelta(1)}
    days = st.sampled_from(sorted(edges))
    births = [date(on.year - years, 2, 28) for years in (2, 18, 65, 85)] + [date(1960, 2, 29), date(1960, 3, 1), on]
    births += [on.replace(year=on.year - 64, day=28), on.replace(year=on.year - 18, day=1)]
    rows: dict[str, list[dict[str, Anything]]] = {"people": [], "events": [], "encounters": []}
    for person in range(1, draw(st.integers(1, 4)) + 1):
        events = [
            {
                "person": person, "type": draw(st.sampled_from(["Observation", "MedicationRequest"])), "id": f"e{draw(st.integers(1, 3))}", "part": draw(st.sampled_from([0, 0, 1])),
                "record": draw(st.integers(1, 3)), "code": draw(st.integers(1, 5)), "text": draw(st.sampled_from(["x", "y"])), "day": draw(st.none() | days),
                "written": "", "ended": draw(st.none() | days), "value": draw(st.none() | VALUES),
                "unit": draw(st.sampled_from(UNITS)), "original": "", "original_unit": "", "status": "",
                "usable": draw(st.sampled_from([True, True, True, False])),
            }
            for i in range(draw(st.integers(0, 6)))
        ]  # fmt: skip
        met = [
            {
                "person": person, "id": f"m{i}", "record": i, "class": draw(st.sampled_from(["EMER", "IMP", "AMB"])),
                "method": draw(st.sampled_from(["emergency", "elective", "unknown"])), "code": 1, "text": "",
                "day": draw(days), "until": None, "written": "", "status": "",
                "usable": draw(st.sampled_from([True, True, False])),
            }
            for i in range(draw(st.integers(0, 4)))
        ]  # fmt: skip
        born = draw(st.none() | st.sampled_from(births))
        vague = draw(st.sampled_from([0, 0, 30, 364]))
        died = draw(st.none() | st.none() | days)
        rows["people"].append(
            {
                "person": person, "source": "s", "key": f"p{person}", "nhs_number": "", "title": "", "given_names": "",
                "family_name": "", "born_on": born, "born_until": born and born + timedelta(vague), "sex": "",
                "dead": died is not None or draw(st.sampled_from([False, False, True])), "died_on": died, "practice": "",
                "address": "", "postcode": "", "active": True,
                "first_event": min((e["day"] for e in events if e["usable"] and e["day"]), default=None),
                "first_encounter": min((m["day"] for m in met if m["usable"] and m["day"]), default=None),
            }
        )  # fmt: skip
        rows["events"] += events
        rows["encounters"] += met
    return rows


KINDS = {
    "BIGINT": pa.int64(),
    "SMALLINT": pa.int16(),
    "VARCHAR": pa.string(),
    "DATE": pa.date32(),
    "BOOLEAN": pa.bool_(),
}


def shown(con: duckdb.DuckDBPyConnection, rows: dict[str, list[dict[str, Anything]]]) -> None:
    """These rows as the store's tables."""
    rows = {
        "codes": [{"code": i, "system": SYSTEM, "value": code, "display": code} for i, code in enumerate(CODES, 1)]
    } | rows
    for table, several in rows.items():
        columns = [told.split() for told in TABLES[table].split(",")]
        schema = pa.schema([(name, KINDS[kind]) for name, kind in columns])
        con.register(table, pa.Table.from_pylist(several, schema=schema))


def record_of(person: dict[str, Anything], rows: dict[str, list[dict[str, Anything]]]) -> Record:
    """A person as the interpreter reads them, made here and not by the store."""

    def lists_of(code: str) -> frozenset[tuple[str, str]]:
        return frozenset(
            (name, sense)
            for name, several in LISTS.items()
            for c in several.codes
            if c.code == code
            for sense in (c.polarity, "any")
        )

    events = tuple(
        EventRow(
            lists_of(CODES[e["code"] - 1]), e["record"], f"{e['type']}/", SYSTEM, CODES[e["code"] - 1], e["text"], e["day"], e["ended"],
            e["value"], e["unit"], "", "", e["usable"], e["part"],
        )
        for e in rows["events"]
        if e["person"] == person["person"]
    )  # fmt: skip
    met = tuple(
        EncounterRow(m["record"], "", "", "", "", m["day"], m["class"], m["method"], m["usable"])
        for m in rows["encounters"]
        if m["person"] == person["person"]
    )
    return Record(
        person["born_on"], person["born_until"], person["first_event"], person["first_encounter"], events, met
    )


@pytest.fixture(scope="module")
def con():
    connection = duckdb.connect(config={"threads": 1})
    yield connection
    connection.close()


@settings(max_examples=15)
@given(data=st.data())
def test_compiler_and_interpreter_agree(con, data):
    agree_on_one_world(con, data)


@pytest.mark.long
@settings(max_examples=600)
@given(data=st.data())
def test_compiler_and_interpreter_agree_at_length(con, data):
    agree_on_one_world(con, data)


def agree_on_one_world(con: duckdb.DuckDBPyConnection, data: st.DataObject) -> None:
    on = data.draw(st.sampled_from(DAYS_OF_SEARCH))
    pack = data.draw(packs())
    rows = data.draw(people(on))
    shown(con, rows)

    answers = duckdb_sql.run(con, plan([pack], on), LISTS, everybody=True)
    told = {row[0]: dict(zip([name for _, name in answers.columns], row[1:], strict=True)) for row in answers.rows}

    eligible = [
        p
        for p in rows["people"]
        if not (p["dead"] and (p["died_on"] is None or p["died_on"] <= on))
        and (p["born_on"] is None or p["born_on"] <= on)
    ]
    assert set(told) == {p["person"] for p in eligible}
    for row in answers.fetched:
        assert [row[1][place] is True for _, _, place in answers.tiers] == [
            told[row[0]][f"tier:{t}"] is True for _, t, _ in answers.tiers
        ]
    assert answers.searched == len(eligible)
    for person in eligible:
        answered = interpret(pack, record_of(person, rows), on)
        for name, answer in answered.criteria.items():
            assert told[person["person"]][name] is answer.value, (name, pack, person)
            if answer.value is not True:
                assert not answer.rows
        for name, answer in answered.tiers.items():
            assert told[person["person"]][f"tier:{name}"] is answer.value
    ran = search(con, [pack], LISTS, on)  # refuses to answer when the two disagree
    assert {one.person for one in ran.found} == {
        n for n, answers_ in told.items() if answers_["tier:strong"] or answers_["tier:weak"]
    }


ON = date(2026, 11, 3)


def one_person(events=(), met=(), **about) -> dict[str, list[dict[str, Anything]]]:
    """The store's rows of one person born in 1960: events as (day, value), encounters as days."""
    told = {"source": "s", "key": "p1", "born_on": date(1960, 1, 1), "born_until": date(1960, 1, 1), "dead": False}
    return {
        "people": [
            told
            | {"person": 1, "active": True, "first_event": min((d for d, _ in events), default=None)}
            | {"first_encounter": min(met, default=None), "died_on": None}
            | about
        ],
        "events": [
            {
                "person": 1,
                "record": i,
                "type": "MedicationRequest",
                "part": 0,
                "text": "",
                "code": 1,
                "day": when,
                "ended": None,
                "value": value,
                "unit": "kg",
                "usable": True,
            }
            for i, (when, value) in enumerate(events)
        ],
        "encounters": [
            {"person": 1, "record": i, "class": "EMER", "method": "unknown", "day": when, "usable": True}
            for i, when in enumerate(met)
        ],
    }


TENTH = Change(Codes(("one",)), "kg", "fall", 1000, True, EVER, EVER)
MORE_THAN_A_TENTH = replace(TENTH, more=True)
FROM_LATEST = replace(TENTH, within=Window(6, "months"), latest_within=Window(6, "months"), from_latest=True)
TWO_NEW = Increase(Codes(("one", "three")), Window(0, "ever", 12, "months"), 2, "false")
LONG_AGO = Recorded(Codes(("one",)), Window(0, "ever", 6, "months"), "false")
ATTENDED = Encounters((EncounterKind(("EMER",)),), (), Window(6, "months"), 1, "days")
REGISTER = After(Codes(("one",), "any"), Codes(("two",)), EVER, "false", True, date(2008, 4, 1))
LOW = Twice(Codes(("one",)), "kg", "below", 10, EVER, 90)
HAS = Recorded(Codes(("one",)), Window(6, "months"), "false")
FIFTEEN = Points(Codes(("one",)), Window(6, "months"), "unknown", 1500, False, WEIGHTS["one"])
MORE_THAN_FIFTEEN = replace(FIFTEEN, more=True)


@pytest.mark.parametrize(
    ("criterion", "rows", "expected"),
    [
        (TENTH, one_person([(date(2026, 1, 1), 60_000_000), (date(2026, 2, 1), 54_000_000)]), True),
        (TENTH, one_person([(date(2026, 1, 1), 60_000_000), (date(2026, 2, 1), 54_000_001)]), False),
        (TENTH, one_person([(date(2026, 1, 1), 0), (date(2026, 2, 1), 0)]), None),
        (TENTH, one_person([(date(2026, 2, 1), 54_000_000)]), None),
        (MORE_THAN_A_TENTH, one_person([(date(2026, 1, 1), 60_000_000), (date(2026, 2, 1), 54_000_000)]), False),
        (MORE_THAN_A_TENTH, one_person([(date(2026, 1, 1), 60_000_000), (date(2026, 2, 1), 53_999_999)]), True),
        (FROM_LATEST, one_person([(date(2026, 1, 1), 60_000_000), (date(2026, 7, 1), 54_000_000)]), None),
        (FROM_LATEST, one_person([(date(2026, 1, 2), 60_000_000), (date(2026, 7, 1), 54_000_000)]), True),
        (FROM_LATEST, one_person([(date(2025, 12, 1), 60_000_000), (date(2026, 5, 3), 54_000_000)]), None),
        (TWO_NEW, one_person([(date(2025, 11, 3), None)]), False),
        (TWO_NEW, one_person([(date(2025, 11, 4), None)]), True),
        (TWO_NEW, one_person([(date(2025, 11, 3), None), (date(2025, 11, 4), None)]), False),
        (TWO_NEW, one_person(), None),
        (LONG_AGO, one_person([(date(2026, 5, 3), None)]), True),
        (LONG_AGO, one_person([(date(2026, 5, 4), None)]), False),
        (ATTENDED, one_person(met=[date(2026, 5, 4)]), True),
        (ATTENDED, one_person(met=[date(2026, 5, 3)]), False),
        (ATTENDED, one_person(met=[date(2026, 11, 4)]), None),
        (ATTENDED, one_person(), None),
        (HAS, one_person([(date(2026, 5, 4), None)]), True),
        (HAS, one_person([(date(2026, 5, 3), None)]), False),
        (All((HAS, Recorded(Codes(("one",)), EVER, "false"))), one_person([(date(2026, 5, 3), None)]), False),
        (HAS, one_person([(date(2126, 1, 1), None)]), None),
        (HAS, one_person(), None),
        (AtLeast(1, ((HAS, 1), (Age(65), 1))), one_person(), True),
        (AtLeast(2, ((HAS, 1), (Age(65), 1))), one_person(), None),
        (AtLeast(2, ((HAS, 1), (Age(70), 1))), one_person(), False),
        (Not(HAS), one_person(), None),
        (All((HAS, Age(70))), one_person(), False),
        (Any((HAS, Age(65))), one_person(), True),
        (REGISTER, one_person([(date(2008, 3, 31), None)]), False),
        (REGISTER, one_person([(date(2008, 4, 1), None)]), True),
        (REGISTER, one_person(), None),
        (LOW, one_person([(date(2026, 1, 1), 9), (date(2026, 4, 1), 9)]), True),
        (LOW, one_person([(date(2026, 1, 2), 9), (date(2026, 4, 1), 9)]), False),
        (LOW, one_person([(date(2026, 1, 1), 9), (date(2026, 4, 1), 10)]), False),
        (LOW, one_person([(date(2026, 1, 1), None)]), None),
        (Medicines(Window(6, "months"), 1), one_person([(date(2026, 5, 4), None)]), True),
        (Medicines(Window(6, "months"), 1), one_person([(date(2026, 5, 3), None)]), False),
        (Medicines(Window(6, "months"), 2), one_person([(date(2026, 5, 4), None)] * 2), False),
        (Medicines(Window(6, "months"), 1), one_person(), None),
        (NotInRecords("nobody codes it"), one_person([(date(2026, 5, 4), None)]), None),
        (FIFTEEN, one_person([(date(2026, 5, 4), None)] * 3), True),
        (MORE_THAN_FIFTEEN, one_person([(date(2026, 5, 4), None)] * 3), False),
        (FIFTEEN, one_person([(date(2026, 5, 3), None)]), None),
        (FIFTEEN, one_person(), None),
        (Age(65), one_person(born_until=date(1962, 1, 1)), None),
        (Age(0, 18), one_person(born_on=ON, born_until=ON + timedelta(30)), True),
    ],
)
def test_named_edges_are_the_same_in_both(con, criterion, rows, expected):
    pack = SearchPack("edge", (Named("asked", "", criterion),), (Tier("t", "", Ref("asked")),))
    shown(con, rows)
    (row,) = duckdb_sql.run(con, plan([pack], ON), LISTS, everybody=True).rows
    everything = {
        "events": [{"original": "", **e} for e in rows["events"]],
        "encounters": rows["encounters"],
        "people": rows["people"],
    }
    answered = interpret(pack, record_of(rows["people"][0], everything), ON)
    assert (row[1], answered.criteria["asked"].value) == (expected, expected)


@pytest.mark.parametrize("about", [{"dead": True}, {"dead": True, "died_on": ON}, {"born_on": ON + timedelta(1)}])
def test_the_dead_and_the_unborn_are_not_searched(con, about):
    pack = SearchPack("edge", (Named("asked", "", HAS),), (Tier("t", "", Ref("asked")),))
    shown(con, one_person([(date(2026, 5, 4), None)], **about))
    assert duckdb_sql.run(con, plan([pack], ON), LISTS, everybody=True).searched == 0


ICD = "http://hl7.org/fhir/sid/icd-10"
BENEATH = {
    "dementia": CodeList("dementia", "", (Code(ICD, "F00", "", "has", 7100), Code(ICD, "N39.0", "", "has", 3200))),
}


@pytest.mark.parametrize(
    ("codes", "points"),
    [
        (["F00"], 7100), (["F00.1"], 7100), (["F001", "F00.9"], 7100), (["f00.1", "N390"], 10_300), (["N39.0"], 3200),
        (["N39"], None), (["N39.9"], None), (["F0"], None), (["F03X"], None),
    ],
)  # fmt: skip
def test_a_listed_icd_10_code_stands_for_the_codes_beneath_it_however_they_are_written(con, codes, points):
    rows = one_person([(date(2026, 5, 4), None)] * len(codes))
    rows["events"] = [event | {"code": i} for i, event in enumerate(rows["events"], 1)]
    rows["codes"] = [{"code": i, "system": ICD, "value": code, "display": code} for i, code in enumerate(codes, 1)]
    shown(con, rows)
    weights = tuple((*code.key, code.points) for code in BENEATH["dementia"].codes)
    told = Codes(("dementia",))
    asked = [Recorded(told, EVER, "unknown")] + [
        Points(told, EVER, "unknown", limit, False, weights) for limit in (points or 0, (points or 0) + 1)
    ]
    named = tuple(Named(f"c{i}", "", criterion) for i, criterion in enumerate(asked))
    pack = SearchPack("icd", named, (Tier("t", "", Ref("c0")),))
    (row,) = duckdb_sql.run(con, plan([pack], ON), BENEATH, everybody=True).rows
    assert row[1:4] == ((True, True, False) if points else (None, None, None))
    ran = search(con, [pack], BENEATH, ON)  # the interpreter agrees, or it refuses
    assert len(ran.found) == bool(points)
