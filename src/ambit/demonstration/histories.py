"""What the invented people's practices and hospitals have coded about them, as FHIR R4 Bundles in the UK's identifiers."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import batched
from pathlib import Path
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import orjson

from ambit.demonstration import findings, signs
from ambit.demonstration.rules import LIFE_LIMITING, Invented, age_on

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
SNOMED = "http://snomed.info/sct"
LOINC = "http://loinc.org"
UCUM = "http://unitsofmeasure.org"

# condition: SNOMED CT code, its preferred term, how many days before today it is usually coded, at the most
CODES = {
    "hypertension": ("59621000", "Essential hypertension", 7000),
    "diabetes": ("44054006", "Diabetes mellitus type 2", 5000),
    "asthma": ("195967001", "Asthma", 9000),
    "depression": ("35489007", "Depressive disorder", 4000),
    "chronic_kidney_disease_4": ("431857002", "Chronic kidney disease stage 4", 1200),
    "heart_failure": ("84114007", "Heart failure", 1800),
    "copd": ("13645005", "Chronic obstructive pulmonary disease", 4000),
    "dementia": ("52448006", "Dementia", 1600),
    "metastatic_cancer": ("128462008", "Secondary malignant neoplastic disease", 500),
    "stroke": ("230690007", "Cerebrovascular accident", 2500),
    "parkinsons": ("49049000", "Parkinson's disease", 2500),
    "motor_neurone_disease": ("37340000", "Motor neuron disease", 700),
    "cirrhosis": ("19943007", "Cirrhosis of liver", 1500),
    "severe_frailty": ("925861000000102", "Severe frailty", 700),
    "cystic_fibrosis": ("190905008", "Cystic fibrosis", 6000),
    "duchenne": ("76670001", "Duchenne muscular dystrophy", 3000),
    "severe_cerebral_palsy": ("128188000", "Cerebral palsy", 3000),
}
ADMISSION_METHOD = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AdmissionMethod"
METHODS = "https://fhir.hl7.org.uk/CodeSystem/UKCore-AdmissionMethodEngland"
EMERGENCY = ("21", "Emergency Admission: Emergency Care Department or dental casualty department")
ADMITTED = ("183452005", "Emergency hospital admission")
# what is measured: LOINC code, its name, unit in UCUM
MEASURED = {
    "weight": ("29463-7", "Body weight", "kg"),
    "egfr": ("33914-3", "Estimated glomerular filtration rate", "mL/min/{1.73_m2}"),
    "albumin": ("1751-7", "Albumin in serum or plasma", "g/L"),
}
UNCODED_PRACTICE = "Z90008"  # keeps its records in free text, so that a search finds nobody there


def _id(*parts: object) -> str:
    return str(uuid5(NAMESPACE_URL, "ambit-demonstration:" + "/".join(map(str, parts))))


def _coded(system: str, code: str, display: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code, "display": display}], "text": display}


def _patient(somebody: Invented) -> dict[str, Any]:
    patient: dict[str, Any] = {
        "resourceType": "Patient",
        "id": _id(somebody.nhs_number),
        "identifier": [{"system": NHS_NUMBER, "value": somebody.nhs_number}],
        "name": [{"use": "official", "family": somebody.family_name, "given": somebody.given_names.split()}],
        "gender": somebody.sex,
        "birthDate": somebody.born_on.isoformat(),
        "address": [
            {"use": "home", "line": [somebody.address[0]], "city": somebody.address[1], "postalCode": somebody.postcode}
        ],
        "generalPractitioner": [{"identifier": {"system": ODS_CODE, "value": somebody.practice}}],
        "managingOrganization": {"identifier": {"system": ODS_CODE, "value": somebody.practice}},
    }
    if somebody.title:
        patient["name"][0]["prefix"] = [somebody.title]
    if somebody.died_on:
        patient["deceasedDateTime"] = somebody.died_on.isoformat()
    return patient


def _condition(somebody: Invented, name: str, recorded: date) -> dict[str, Any]:
    code, display, _ = CODES[name]
    return {
        "resourceType": "Condition",
        "id": _id(somebody.nhs_number, name),
        "clinicalStatus": _coded("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active"),
        "verificationStatus": _coded(
            "http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed", "Confirmed"
        ),
        "code": _coded(SNOMED, code, display),
        "subject": {"reference": f"Patient/{_id(somebody.nhs_number)}"},
        "onsetDateTime": recorded.isoformat(),
        "recordedDate": recorded.isoformat(),
    }


def _admission(somebody: Invented, day: date, nights: int) -> dict[str, Any]:
    ends = min(day + timedelta(days=nights), somebody.died_on or date.max)
    return {
        "resourceType": "Encounter",
        "id": _id(somebody.nhs_number, "admission", day),
        "status": "finished",
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": "IMP",
            "display": "inpatient encounter",
        },
        "type": [_coded(SNOMED, *ADMITTED)],
        "subject": {"reference": f"Patient/{_id(somebody.nhs_number)}"},
        "period": {"start": day.isoformat(), "end": ends.isoformat()},
        "serviceProvider": {"identifier": {"system": ODS_CODE, "value": "ZH1"}, "display": "Eskmouth General Hospital"},
        "hospitalization": {
            "extension": [{"url": ADMISSION_METHOD, "valueCodeableConcept": _coded(METHODS, *EMERGENCY)}]
        },
    }


def _measured(somebody: Invented, what: str, day: date, value: float) -> dict[str, Any]:
    code, display, unit = MEASURED[what]
    return {
        "resourceType": "Observation",
        "id": _id(somebody.nhs_number, what, day),
        "status": "final",
        "code": _coded(LOINC, code, display),
        "subject": {"reference": f"Patient/{_id(somebody.nhs_number)}"},
        "effectiveDateTime": day.isoformat(),
        "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
    }


def resources(somebody: Invented, *, on: date, seed: int = 2026) -> Iterator[dict[str, Any]]:
    """The person and what is coded about them up to the day, or to their death."""
    yield _patient(somebody)
    if somebody.practice == UNCODED_PRACTICE:
        return
    dice = Random(f"{seed}/{somebody.nhs_number}")  # noqa: S311  (the same history each time)
    last = min(on, somebody.died_on or on)
    for name in somebody.conditions:
        recorded = last - timedelta(days=dice.randint(20, CODES[name][2]))
        yield _condition(somebody, name, max(recorded, somebody.born_on))
    for day in somebody.admissions:
        yield _admission(somebody, day, nights=dice.randint(1, 12))
    yield from _signs(somebody, on, seed)
    yield from _findings(somebody, on, seed)
    if age_on(somebody.born_on, on) < 40:
        return
    ill = bool(LIFE_LIMITING & set(somebody.conditions))
    kilograms = dice.uniform(52, 96)
    for months in (10, 5, 1):
        day = last - timedelta(days=months * 30 + dice.randint(0, 20))
        kilograms *= dice.uniform(0.88, 1.0) if ill else dice.uniform(0.97, 1.03)
        yield _measured(somebody, "weight", day, round(kilograms, 1))
    recent = last - timedelta(days=dice.randint(10, 150))
    if "chronic_kidney_disease_4" in somebody.conditions:
        yield _measured(somebody, "egfr", recent, dice.randint(15, 29))
        earlier = recent - timedelta(days=signs.dice_for(somebody, seed).randint(30, 200))
        yield _measured(somebody, "egfr", earlier, 27)
    elif "heart_failure" in somebody.conditions:
        yield _measured(somebody, "egfr", recent, signs.dice_for(somebody, seed).randint(28, 75))
    if ill and dice.random() < 0.5:
        yield _measured(somebody, "albumin", recent, dice.randint(19, 36))


def _signs(somebody: Invented, on: date, seed: int) -> Iterator[dict[str, Any]]:
    about = {"reference": f"Patient/{_id(somebody.nhs_number)}"}
    dice = signs.dice_for(somebody, seed)
    for code, term, day in signs.coded(somebody, dice, on):
        yield {
            "resourceType": "Observation",
            "id": _id(somebody.nhs_number, code, day),
            "status": "final",
            "code": _coded(SNOMED, code, term),
            "subject": about,
            "effectiveDateTime": day.isoformat(),
        }
    for code, name, unit, value, day in signs.scores(somebody, dice, on):
        yield {
            "resourceType": "Observation",
            "id": _id(somebody.nhs_number, code, day),
            "status": "final",
            "code": _coded(LOINC, code, name),
            "subject": about,
            "effectiveDateTime": day.isoformat(),
            "valueQuantity": {"value": value, "unit": unit, "system": UCUM, "code": unit},
        }
    for name, day in signs.medicines(somebody, dice, on):
        yield {
            "resourceType": "MedicationRequest",
            "id": _id(somebody.nhs_number, name, day),
            "status": "active",
            "intent": "order",
            "medicationCodeableConcept": {"text": name},
            "subject": about,
            "authoredOn": day.isoformat(),
        }


def _findings(somebody: Invented, on: date, seed: int) -> Iterator[dict[str, Any]]:
    dice = findings.dice_for(somebody, seed)
    several: list[tuple[str, str, str, date, tuple[float, str] | None]] = [
        (*told, None) for told in findings.coded(somebody, dice, on)
    ]
    several += [
        (system, code, name, day, (value, unit))
        for system, code, name, unit, value, day in findings.measured(somebody, dice, on)
    ]
    for number, (system, code, term, day, value) in enumerate(several):
        yield {
            "resourceType": "Observation",
            "id": _id(somebody.nhs_number, "finding", number, code, day),
            "status": "final",
            "code": _coded(system, code, term),
            "subject": {"reference": f"Patient/{_id(somebody.nhs_number)}"},
            "effectiveDateTime": day.isoformat(),
        } | (
            {"valueQuantity": {"value": value[0], "unit": value[1], "system": UCUM, "code": value[1]}} if value else {}
        )


def write_bundles(people: Iterable[Invented], folder: Path, *, on: date) -> list[Path]:
    """One collection Bundle for each hundred people, as a practice system exports them."""
    files = []
    for number, some in enumerate(batched(people, 100), start=1):
        entries = [
            {"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource}
            for somebody in some
            for resource in resources(somebody, on=on)
        ]
        path = folder / f"extract-{number:03}.json"
        path.write_bytes(
            orjson.dumps(
                {"resourceType": "Bundle", "type": "collection", "timestamp": f"{on}T00:00:00Z", "entry": entries}
            )
        )
        files.append(path)
    return files
