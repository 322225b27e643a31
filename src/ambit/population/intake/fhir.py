"""FHIR R4 resources understood as rows: people, coded events, encounters. Original codes, text and values are kept.

Sources: HL7 FHIR R4 (4.0.1); UK Core STU2 for NHS number, ODS code and admission method.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import blake2b
from typing import Any

from ambit.population.intake.rows import Batch
from ambit.population.rules import (
    EARLIEST,
    FAR_AHEAD,
    LONGEST_ID,
    NotADay,
    days_of,
    in_millionths,
    in_ucum,
    nhs_number,
)

NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number"
ODS_CODE = "https://fhir.nhs.uk/Id/ods-organization-code"
ADMISSION_METHOD = "Extension-UKCore-AdmissionMethod"

# statuses with which a resource says "this did not happen" or "this is not known": kept, never searched
NOT_SO = frozenset(
    {"entered-in-error", "refuted", "not-done", "cancelled", "draft", "planned", "rejected", "nullified",
     "registered", "unknown", "preparation", "proposed"}
)  # fmt: skip


class SetAside(Exception):
    """This resource is not taken in; says why."""


@dataclass(frozen=True, slots=True)
class Kept:
    """How a resource type is read: who it is about, its code, when, and until when."""

    subject: str
    code: str
    when: tuple[str, ...]
    until: tuple[str, ...] = ()


KEPT: dict[str, Kept] = {
    "Condition": Kept("subject", "code", ("onsetDateTime", "onsetPeriod", "recordedDate"), ("abatementDateTime", "abatementPeriod")),
    "Observation": Kept("subject", "code", ("effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")),
    "MedicationRequest": Kept("subject", "medicationCodeableConcept", ("authoredOn",)),
    "MedicationStatement": Kept("subject", "medicationCodeableConcept", ("effectiveDateTime", "effectivePeriod", "dateAsserted")),
    "Procedure": Kept("subject", "code", ("performedDateTime", "performedPeriod")),
    "AllergyIntolerance": Kept("patient", "code", ("onsetDateTime", "recordedDate")),
    "Immunization": Kept("patient", "vaccineCode", ("occurrenceDateTime",)),
    "DiagnosticReport": Kept("subject", "code", ("effectiveDateTime", "effectivePeriod", "issued")),
    "ServiceRequest": Kept("subject", "code", ("authoredOn", "occurrenceDateTime")),
    "Flag": Kept("subject", "code", ("period",)),
}  # fmt: skip
STORED = frozenset({"Patient", "Encounter", *KEPT})


@dataclass
class Document:
    """The resources that came in one file, and how they refer to each other."""

    file: str
    today: date
    people: dict[str, str] = field(default_factory=dict)  # fullUrl: the person's key
    practices: dict[str, str] = field(default_factory=dict)  # fullUrl or Organization/id: ODS code


def record_number(kind: str, identity: str) -> int:
    """A number for a resource, the same in every run, by which its rows are told from another's."""
    return int.from_bytes(blake2b(f"{kind}/{identity}".encode(), digest_size=8).digest(), "big", signed=True)


def note_references(resource: dict[str, Any], full_url: str, document: Document) -> None:
    """Remember who and which practice a later reference in this file means."""
    kind, identity = resource["resourceType"], resource.get("id", "")
    if kind == "Patient":
        if full_url:
            document.people[full_url] = identity
    elif kind == "Organization":
        code = _identifier(resource.get("identifier"), ODS_CODE)
        if code:
            document.practices[full_url] = document.practices[f"Organization/{identity}"] = code


def take(resource: dict[str, Any], document: Document, batch: Batch, *, line: int) -> None:
    """Add a resource's rows to the batch; a type that is not kept adds none. Refuses with the reason, in words."""
    kind = resource["resourceType"]
    if kind not in STORED:
        return
    identity = resource.get("id")
    if not isinstance(identity, str) or not identity:
        raise SetAside("it has no id, so that it could not be recognised again")
    if len(identity) > LONGEST_ID:
        raise SetAside(f"its id has {len(identity)} characters; FHIR allows {LONGEST_ID}")
    try:
        if kind == "Patient":
            batch.people.append(_person(resource, identity, document, batch, line))
        elif kind == "Encounter":
            _encounter(resource, identity, document, batch)
        else:
            batch.events.extend(_events(resource, kind, identity, document, batch))
    except NotADay as error:
        raise SetAside(str(error)) from error
    except (AttributeError, TypeError, KeyError, IndexError) as error:
        raise SetAside(f"its shape is not that of a FHIR R4 {kind}") from error


# people -------------------------------------------------------------------------------------------


def _person(resource: dict[str, Any], identity: str, document: Document, batch: Batch, line: int) -> tuple[Any, ...]:
    born_on = born_until = None
    if resource.get("birthDate"):
        born_on, born_until = days_of(resource["birthDate"])
        if born_on > document.today + FAR_AHEAD or born_on < EARLIEST:
            raise SetAside(f"the birth date {resource['birthDate']} cannot be")
    died_on = None
    if resource.get("deceasedDateTime"):
        died_on = days_of(resource["deceasedDateTime"])[1]
        if died_on > document.today:
            raise SetAside(f"the death is dated {died_on}, which is still to come")
        if born_on and died_on < born_on:
            raise SetAside(f"the death ({died_on}) is dated before the birth ({born_on})")
    written = _identifier(resource.get("identifier"), NHS_NUMBER)
    number = nhs_number(written) if written else ""
    if written and not number:
        batch.count(document.file, "note", "NHS number without a right check digit: the person is kept without it")
    names = resource.get("name") or [{}]
    name = next((n for n in names if n.get("use") == "official"), names[0])
    places = resource.get("address") or [{}]
    place = next((a for a in places if a.get("use") == "home"), places[0])
    address = ", ".join(part for part in (*place.get("line", ()), place.get("city"), place.get("district")) if part)
    return (
        identity, number, " ".join(name.get("prefix", ())), " ".join(name.get("given", ())), name.get("family") or "",
        born_on, born_until, resource.get("gender") or "unknown",
        bool(died_on or resource.get("deceasedBoolean")), died_on, _practice(resource, document), address,
        place.get("postalCode") or "", resource.get("active", True), False, False, document.file, line, batch.seq,
    )  # fmt: skip


def _practice(resource: dict[str, Any], document: Document) -> str:
    """ODS code of the practice: named as general practitioner, else as the managing organisation."""
    for reference in (*resource.get("generalPractitioner", ()), resource.get("managingOrganization") or {}):
        code = _identifier([reference.get("identifier") or {}], ODS_CODE)
        code = code or document.practices.get(reference.get("reference") or "", "")
        if code:
            return code
    return ""


def _identifier(identifiers: Iterable[dict[str, Any]] | None, system: str) -> str:
    return next((str(i.get("value") or "") for i in identifiers or () if i.get("system") == system), "")


def _key(resource: dict[str, Any], subject: str, document: Document) -> str:
    """The key of the person whom a resource is about."""
    reference = (resource.get(subject) or {}).get("reference")
    if not reference:
        raise SetAside("it does not say whom it is about")
    known = document.people.get(reference)
    if known is not None:
        return known
    if "?" in reference:
        raise SetAside(f"it is about “{reference[:60]}”, a search; send the person in the same Bundle")
    kind, _, key = reference.rpartition("/")
    if kind == "Patient" or kind.endswith("/Patient"):
        if len(key) > LONGEST_ID:
            raise SetAside(f"the id of whom it is about has {len(key)} characters; FHIR allows {LONGEST_ID}")
        return key
    if reference.startswith("urn:"):
        raise SetAside(f"it is about “{reference[:60]}”, who is not in this file")
    raise SetAside(f"it is about “{reference[:60]}”, which is not a person")


# days ---------------------------------------------------------------------------------------------


def _days(resource: dict[str, Any], names: Iterable[str]) -> tuple[date | None, date | None, str]:
    for name in names:
        written = resource.get(name)
        if isinstance(written, dict):
            written = written.get("start") or written.get("end")
        if written:
            first, last = days_of(written)
            return first, last, written
    return None, None, ""


def possible_day(day: date | None, today: date) -> date | None:
    """The day, unless nobody alive can have it."""
    if day is not None and day > today + FAR_AHEAD:
        raise SetAside(f"it is dated {day}, more than a year ahead")
    if day is not None and day < EARLIEST:
        raise SetAside(f"it is dated {day}, before anybody alive was born")
    return day


# coded events -------------------------------------------------------------------------------------


def _codings(concept: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    """System, code and display of each coding; free text alone gives one without a code."""
    concept = concept or {}
    text = concept.get("text") or ""
    found = [
        (c.get("system") or "", c["code"], c.get("display") or text) for c in concept.get("coding", ()) if c.get("code")
    ]
    return found or ([("", "", text)] if text else [])


def _status(resource: dict[str, Any]) -> tuple[str, bool]:
    told = [resource.get("status") or ""]
    for name in ("clinicalStatus", "verificationStatus"):
        told += [c.get("code") or "" for c in (resource.get(name) or {}).get("coding", ())]
    words = [word for word in told if word]
    return " ".join(words), not NOT_SO.intersection(words) and not resource.get("doNotPerform")


def _value(resource: dict[str, Any], document: Document, batch: Batch) -> tuple[int | None, str, str, str]:
    """Millionths and UCUM unit for rules, then value and unit as written. A “<5” has no number that rules may compare."""
    quantity = resource.get("valueQuantity")
    if quantity is None:
        for name in ("valueCodeableConcept", "valueString", "valueInteger", "valueBoolean", "valueDateTime"):
            if name in resource:
                told = resource[name]
                if name == "valueInteger":
                    return in_millionths(Decimal(told)), "", str(told), ""
                return None, "", _codings(told)[0][2] if isinstance(told, dict) and _codings(told) else str(told), ""
        return None, "", "", ""
    number = quantity.get("value")
    as_written = quantity.get("unit") or quantity.get("code") or ""
    if number is None:
        return None, "", "", as_written
    exact = Decimal(repr(number)) if not isinstance(number, str) else None
    if exact is None:
        raise SetAside(f"its value “{number[:40]}” is text, not a number")
    if quantity.get("comparator"):
        return None, "", f"{quantity['comparator']}{number!r}", as_written
    converted, unit, changed = in_ucum(exact, quantity.get("code") or as_written)
    if changed:
        batch.count(document.file, "converted", f"{as_written} to {unit}")
    return in_millionths(converted), unit, repr(number), as_written


def _events(
    resource: dict[str, Any], kind: str, identity: str, document: Document, batch: Batch
) -> list[tuple[Any, ...]]:
    kept = KEPT[kind]
    key = _key(resource, kept.subject, document)
    day, _, at = _days(resource, kept.when)
    possible_day(day, document.today)
    _, ended, _ = _days(resource, kept.until)
    status, usable = _status(resource)
    record = record_number(kind, identity)
    rows: list[tuple[Any, ...]] = []
    several = [
        (told, _codings(told.get(kept.code if told is resource else "code")))
        for told in (resource, *resource.get("component", ()))
    ]
    if any(batch.is_restricted(document.file, system, code) for _, codings in several for system, code, _ in codings):
        return []
    for told, codings in several:
        value, unit, original, original_unit = _value(told, document, batch)
        for system, code, display in codings:
            rows.append(
                (
                    key, kind, identity, len(rows), record, batch.codes.number(system, code, display), display, day, at,
                    ended, value, unit, original, original_unit, status, usable, document.file, 0,
                    batch.seq,
                )
            )  # fmt: skip
    if not rows:
        raise SetAside("it has neither a code nor a text")
    return rows


# encounters ---------------------------------------------------------------------------------------

METHOD_OF_PRIORITY = {"EM": "emergency", "UR": "emergency", "EL": "elective", "R": "elective"}


def _encounter(resource: dict[str, Any], identity: str, document: Document, batch: Batch) -> None:
    key = _key(resource, "subject", document)
    period = resource.get("period") or {}
    day, _, at = _days(resource, ("period",))
    until = days_of(period["end"])[1] if period.get("end") else None
    if day and until and until < day:
        raise SetAside(f"it ends ({until}) before it begins ({day})")
    system, code, display = (_codings((resource.get("type") or [{}])[0]) or [("", "", "")])[0]
    if batch.is_restricted(document.file, system, code):
        return
    status, usable = _status(resource)
    batch.encounters.append((
        key, identity, record_number("Encounter", identity), (resource.get("class") or {}).get("code") or "",
        _method(resource), batch.codes.number(system, code, display), display, possible_day(day, document.today), until, at,
        status, usable, document.file, 0, batch.seq,
    ))  # fmt: skip


def method_of_admission(code: str) -> str:
    """The NHS Data Dictionary's ADMISSION METHOD: 11 to 13 elective; 21 to 28 and the letters of 2 emergency."""
    return {"1": "elective", "2": "emergency"}.get(code[:1], "other")


def _method(resource: dict[str, Any]) -> str:
    """How somebody came in: "emergency", "elective", "other", or "unknown" when the source does not say.

    The NHS Data Dictionary's admission method comes first (21 to 28 and letters of 2: emergency; 11 to 13: elective),
    then FHIR's priority.
    """
    hospital = resource.get("hospitalization") or {}
    for extension in (*resource.get("extension", ()), *hospital.get("extension", ())):
        if str(extension.get("url", "")).endswith(ADMISSION_METHOD):
            for _, code, _ in _codings(extension.get("valueCodeableConcept")):
                return method_of_admission(code)
    for _, code, _ in _codings(resource.get("priority")):
        if code in METHOD_OF_PRIORITY:
            return METHOD_OF_PRIORITY[code]
    return "unknown"
