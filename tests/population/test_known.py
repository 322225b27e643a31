"""Lines put together from what is remembered give exactly the rows, counts and reasons that reading each by itself gives."""

import gzip
import json
import os
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ambit.population.intake import files, known
from ambit.population.intake.files import incoming, read_file
from ambit.population.intake.rows import Batch, Codes
from ambit.population.intake.shapes import STORED

TODAY = date(2026, 11, 3)
SNOMED, LOINC, ICD10 = "http://snomed.info/sct", "http://loinc.org", "http://hl7.org/fhir/sid/icd-10"
MET_BEFORE = [("", ""), (SNOMED, "86406008"), (SNOMED, "84114007"), (LOINC, "29463-7")]
RESTRICTED = {(SNOMED, "86406008"): "hiv"}


def one_of(*several):
    return st.sampled_from(several)


def some(**several):
    return st.fixed_dictionaries({}, optional=several)


NOTHING_LIKE_IT = one_of(None, 5, 5.5, True, "", "x", [], {}, [5], {"coding": 5}, {"coding": [None]}, {"reference": 5})
DAYS = one_of(
    "2020-01-01", "2020-01-01T09:00:00Z", "2020-02", "2019", "2020-02-30", "1069-01-01", "2031-05-05", "soon", ""
)  # fmt: skip
CODINGS = some(
    system=one_of(SNOMED, LOINC, ICD10),
    code=one_of("84114007", "29463-7", "I50.0", "", "86406008"),
    display=one_of("A", "B", "Ünï"),
)
CONCEPTS = some(coding=st.lists(CODINGS, max_size=2), text=one_of("", "free words", "other words"))
PERIODS = some(start=DAYS, end=DAYS)
QUANTITIES = some(
    value=one_of(5, 5.0, 80.25, 1e-7, 1e300, -0.0, 10**25, "9", None),
    unit=one_of("kg", "lb", "g/dL", "?", ""),
    code=one_of("kg", "[lb_av]"),
    comparator=one_of("<", None),
)
VALUES = {
    "valueQuantity": QUANTITIES,
    "valueCodeableConcept": CONCEPTS,
    "valueString": one_of("words", ""),
    "valueInteger": one_of(0, 7),
    "valueBoolean": st.booleans(),
    "valueDateTime": DAYS,
}
METHOD = st.fixed_dictionaries(
    {"url": one_of("https://x/Extension-UKCore-AdmissionMethod", "else")}, optional={"valueCodeableConcept": CONCEPTS}
)
SUBJECTS = one_of(
    *({"reference": told} for told in ("Patient/p1", "Patient/p2", "http://x/Patient/p1", "Patient?x=/Patient/a", "urn:uuid:p1", "", "Group/1", f"Patient/{'k' * 65}")),
    {},
)  # fmt: skip
ORDINARY = {"id": one_of("a", "b", "c"), "subject": st.just({"reference": "Patient/p1"}), "status": st.just("final")}
OFTEN = {
    "Condition": {
        "code": CONCEPTS, "onsetDateTime": DAYS, "onsetPeriod": PERIODS, "recordedDate": DAYS, "abatementDateTime": DAYS,
        "abatementPeriod": PERIODS, "clinicalStatus": CONCEPTS, "verificationStatus": CONCEPTS,
    },
    "Observation": {
        "code": CONCEPTS, "effectiveDateTime": DAYS, "effectivePeriod": PERIODS, "effectiveInstant": DAYS, "issued": DAYS, **VALUES,
        "component": st.lists(some(code=CONCEPTS, **VALUES), max_size=2),
    },
    "MedicationRequest": {"medicationCodeableConcept": CONCEPTS, "authoredOn": DAYS, "doNotPerform": st.booleans()},
    "MedicationStatement": {"medicationCodeableConcept": CONCEPTS, "effectiveDateTime": DAYS, "effectivePeriod": PERIODS, "dateAsserted": DAYS},
    "Procedure": {"code": CONCEPTS, "performedDateTime": DAYS, "performedPeriod": PERIODS},
    "AllergyIntolerance": {"code": CONCEPTS, "patient": SUBJECTS, "onsetDateTime": DAYS, "verificationStatus": CONCEPTS},
    "Immunization": {"vaccineCode": CONCEPTS, "patient": SUBJECTS, "occurrenceDateTime": DAYS},
    "DiagnosticReport": {"code": CONCEPTS, "effectiveDateTime": DAYS, "effectivePeriod": PERIODS, "issued": DAYS},
    "ServiceRequest": {"code": CONCEPTS, "authoredOn": DAYS, "occurrenceDateTime": DAYS},
    "Flag": {"code": CONCEPTS, "period": PERIODS},
    "Encounter": {
        "class": CODINGS, "type": st.lists(CONCEPTS, max_size=2), "period": PERIODS, "priority": CONCEPTS,
        "extension": st.lists(METHOD, max_size=1), "hospitalization": some(extension=st.lists(METHOD, max_size=1)),
    },
    "Patient": {"birthDate": DAYS, "deceasedDateTime": DAYS},
    "Claim": {"use": st.just("claim")},
    "Organization": {"name": st.just("x")},
}  # fmt: skip
assert set(OFTEN) >= STORED


@st.composite
def resources(draw) -> dict:
    kind = draw(one_of(*OFTEN))
    told = draw(st.fixed_dictionaries(ORDINARY, optional=OFTEN[kind])) | {"resourceType": kind}
    if kind in {"AllergyIntolerance", "Immunization"}:
        told.setdefault("patient", told.pop("subject"))
    for _ in range(draw(one_of(0, 0, 0, 1))):
        field = draw(one_of(*told))
        told[field] = draw(NOTHING_LIKE_IT)
    if draw(one_of(False, False, False, True)):
        told |= draw(
            some(
                id=one_of("", "l" * 65), subject=SUBJECTS, status=one_of("entered-in-error", ""), extra=NOTHING_LIKE_IT
            )
        )
    return told


NO_RESOURCE = one_of(
    b"",
    b"  ",
    b"[]",
    b"5",
    b"{",
    b'{"resourceType":"Flag","id":"\xff"}',
    b'{"resourceType":"Nothing"}',
    b"\xef\xbb\xbf{}",
    b'{"id":"x"}',
)
BUNDLED = st.lists(resources(), max_size=2).map(
    lambda several: {"resourceType": "Bundle", "entry": [{"fullUrl": "urn:uuid:p1", "resource": one} for one in several]}
)  # fmt: skip
LINES = st.lists(
    st.one_of(*[resources().map(lambda told: json.dumps(told, ensure_ascii=False).encode())] * 6, NO_RESOURCE, BUNDLED.map(lambda told: json.dumps(told).encode())),
    min_size=1, max_size=12,
)  # fmt: skip


def read(path: Path, most: int) -> tuple:
    """Every row, set aside thing and count that reading gives, and the numbers of codes."""
    kept: dict[str, list] = {}
    counts: Counter = Counter()
    chunks = []

    def put_away(batch: Batch) -> None:
        chunks.append(len(batch))
        for name, table in batch.tables().items():
            kept.setdefault(name, []).extend(table.to_pylist())
        for counted in batch.counts.values():
            counts.update(counted)
        batch.begin_anew(batch.seq)

    codes = Codes({code: n for n, code in enumerate(MET_BEFORE, 1)}, following=len(MET_BEFORE) + 1)
    batch = Batch(codes, RESTRICTED, most=most, put_away=put_away)
    (file,) = incoming([path])
    read_file(file, batch, today=TODAY)
    put_away(batch)
    del kept["counts"]  # of each batch
    for rows in (kept["events"], kept["encounters"]):
        rows.sort(key=lambda row: (row["seq"], row.get("part", 0)))
    return kept, counts, max(chunks) < 10 * most


@given(LINES, one_of(b"\n", b"\r\n"), one_of("a.ndjson", "a.ndjson.gz"), one_of(1, 10**9), st.integers(0, 30))
def test_what_is_remembered_changes_nothing(lines, end, name, most, cut):
    """Twice the same lines, so that everything in them has been met before."""
    raw = end.join([*lines, *lines])
    raw = gzip.compress(raw) if name.endswith(".gz") else raw
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        path = Path(folder) / name
        path.write_bytes(raw[: len(raw) - cut] if cut < 10 else raw)
        patched.setattr(known, "LINES_BETWEEN", 2)
        quick = read(path, most)
        patched.setattr(known.Known, "others", each_by_itself)
        assert quick == read(path, most)


def each_by_itself(self, lines):
    for self.line, raw in enumerate(lines, 1):
        yield self.line, raw
        self.batch.between_lines()


def about(
    identity: str, code: str = "84114007", subject: str = "Patient/p1", kind: str = "Observation", **more
) -> bytes:
    coded = {"code": {"coding": [{"system": SNOMED, "code": code}]}, "subject": {"reference": subject}}
    return json.dumps({"resourceType": kind, "id": identity, **coded, **more}).encode()


NAMED = {"fullUrl": "Patient/p1", "resource": {"resourceType": "Patient", "id": "another"}}
POUNDS, TEXT = {"valueQuantity": {"value": 9, "unit": "lb"}}, {"valueQuantity": {"value": "9"}}
ORDINARY_LINES = [about("a"), about("b"), about("c", **POUNDS)]
ODD_LINES = {
    "somebody else by the name that lines before had": [json.dumps({"resourceType": "Bundle", "entry": [NAMED]}).encode(), about("d")],
    "an id that is too long": [about("l" * 65)],
    "no id": [about("")],
    "pounds, each counted": [about("d", **POUNDS), about("e", **POUNDS)],
    "pounds beside what is set aside": [about("d", **POUNDS, component=[TEXT])],
    "a restricted code": [about("d", code="86406008"), about("e", code="86406008"), about("f", kind="Encounter", type=[{"coding": [{"system": SNOMED, "code": "86406008"}]}])],
    "a value of another shape beside a quantity": [about("d", **POUNDS, valueCodeableConcept=5)],
    "a period of another shape that is not looked at": [about("d", effectiveDateTime="2020-01-01", effectivePeriod={"start": 5})],
    "no concept and no quantity beside a text": [about("d", valueCodeableConcept=None, valueString="x"), about("e", valueQuantity=None, valueString="x")],
    "what is null": [about("d", component=None, effectivePeriod=None), about("e", kind="Encounter", type=None, period=None, **{"class": None})],
    "cut": [about("d")[:-5]],
    "not JSON, with more after it": [b"{", about("d")],
    "not JSON, with nothing but space after it": [b"{", b"", b" "],
    "no resource after what is not JSON": [b"{", b"5"],
    "an encounter that ends before it begins": [about("d", kind="Encounter", period={"start": "2020-02-01", "end": "2020-01-01"})],
    "a day to come": [about("d", effectiveDateTime="2031-01-01")],
}  # fmt: skip


@pytest.mark.parametrize("odd", ODD_LINES.values(), ids=ODD_LINES)
@pytest.mark.parametrize("most", [2, 10**9])
def test_what_is_out_of_the_ordinary_is_read_by_itself(tmp_path, monkeypatch, odd, most):
    path = tmp_path / "a.ndjson"
    path.write_bytes(b"\n".join([*ORDINARY_LINES, *ORDINARY_LINES, *odd]))
    monkeypatch.setattr(known, "LINES_BETWEEN", 2)
    monkeypatch.setattr(known, "SEVERAL", 1)  # what is forgotten is worked out again
    quick = read(path, most)
    monkeypatch.setattr(known.Known, "others", each_by_itself)
    assert quick == read(path, most)


def test_most_lines_are_put_together_from_what_is_remembered(tmp_path):
    """Else nothing is gained: each code once by itself, the rest without."""
    quantity = {"value": 80.5, "unit": "lb"}
    pressure = {"code": {"coding": [{"code": "8480-6"}]}, "valueQuantity": {"value": 120, "unit": "mmHg"}}
    shared = {"subject": {"reference": "Patient/p1"}, "code": {"coding": [{"code": "84114007"}]}}
    several = [
        {"resourceType": "Condition", **shared, "clinicalStatus": {"coding": [{"code": "active"}]}},
        {"resourceType": "Observation", **shared, "valueQuantity": quantity},
        {"resourceType": "Observation", **shared, "component": [pressure, pressure]},
        {"resourceType": "Observation", **shared, "valueCodeableConcept": {"text": "never"}},
        {"resourceType": "Encounter", **shared, "class": {"code": "IMP"}, "period": {"start": "2020-01-01"}},
        {"resourceType": "Claim"},
    ]
    path = tmp_path / "a.ndjson"
    path.write_text("\n".join(json.dumps(one | {"id": f"r{n}"}) for n in range(20) for one in several))
    asked = []
    with pytest.MonkeyPatch.context() as patched:
        others = known.Known.others
        patched.setattr(
            known.Known, "others", lambda self, lines: (asked.append(told) or told for told in others(self, lines))
        )
        read(path, 10**9)
    assert len(asked) <= len(several)


@pytest.mark.parametrize("length", [0, 10, 40, 41, 1000])
def test_a_file_that_was_changed_is_not_taken_for_the_one_that_was_read(tmp_path, monkeypatch, length):
    monkeypatch.setattr(files, "PART", 10)
    monkeypatch.setattr(files, "PARTS", 4)
    path = tmp_path / "a.ndjson"

    def fingerprint(told: bytes, at: int) -> str:
        path.write_bytes(told)
        os.utime(path, ns=(at, at))
        return files.fingerprint(path)

    as_read = fingerprint(b"a" * length, 1)
    assert fingerprint(b"a" * length, 1) == as_read
    assert fingerprint(b"a" * length + b"b", 1) != as_read
    for changed in {0, length // 2, length - 1} if length else ():
        assert fingerprint(b"a" * changed + b"b" + b"a" * (length - changed - 1), 2) != as_read
