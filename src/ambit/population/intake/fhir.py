"""FHIR R4 resources understood as rows: people, coded events, encounters. Original codes, text and values are kept.

Sources: HL7 FHIR R4 (4.0.1); UK Core STU2 for NHS number, ODS code and admission method.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from ambit.population.intake.rows import Batch
from ambit.population.intake.shapes import (
    KEPT,
    Address,
    Clinical,
    Coded,
    Component,
    Concept,
    Encounter,
    Identifier,
    Name,
    Observation,
    Organization,
    Patient,
    Period,
    Quantity,
    Reference,
)
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


@dataclass
class Document:
    """The resources that came in one file, and how they refer to each other."""

    file: str
    today: date
    people: dict[str, str] = field(default_factory=dict)  # fullUrl: the person's key
    practices: dict[str, str] = field(default_factory=dict)  # fullUrl or Organization/id: ODS code


def record_number(kind: str, identity: str) -> int:
    """A number for a resource, the same in every run, by which its rows are told from another's."""
    digest = of_kind(kind)
    digest.update(identity.encode())
    return int.from_bytes(digest.digest(), "big", signed=True)


def of_kind(kind: str) -> blake2b:
    """What every record number of this kind begins with."""
    return blake2b(f"{kind}/".encode(), digest_size=8)


def note_references(resource: object, full_url: str, document: Document) -> None:
    """Remember who and which practice a later reference in this file means."""
    if isinstance(resource, Patient):
        if full_url:
            document.people[full_url] = resource.id or ""
    elif isinstance(resource, Organization):
        code = _identifier(resource.identifier, ODS_CODE)
        if code:
            document.practices[full_url] = document.practices[f"Organization/{resource.id or ''}"] = code


def take(resource: Any, document: Document, batch: Batch, *, line: int) -> None:
    """Add a resource's rows to the batch; a type that is not kept adds none. Refuses with the reason, in words."""
    understood = UNDERSTOOD.get(type(resource))
    if understood is None:
        return
    identity = resource.id
    if not identity:
        raise SetAside("it has no id, so that it could not be recognised again")
    if len(identity) > LONGEST_ID:
        raise SetAside(f"its id has {len(identity)} characters; FHIR allows {LONGEST_ID}")
    try:
        understood(resource, identity, document, batch, line)
    except NotADay as error:
        raise SetAside(str(error)) from error


# people -------------------------------------------------------------------------------------------


def _person(patient: Patient, identity: str, document: Document, batch: Batch, line: int) -> None:
    born_on = born_until = None
    if patient.birth_date:
        born_on, born_until = days_of(patient.birth_date)
        if born_on > document.today + FAR_AHEAD or born_on < EARLIEST:
            raise SetAside(f"the birth date {patient.birth_date} cannot be")
    died_on = None
    if patient.deceased_date_time:
        died_on = days_of(patient.deceased_date_time)[1]
        if died_on > document.today:
            raise SetAside(f"the death is dated {died_on}, which is still to come")
        if born_on and died_on < born_on:
            raise SetAside(f"the death ({died_on}) is dated before the birth ({born_on})")
    written = _identifier(patient.identifier, NHS_NUMBER)
    number = nhs_number(written) if written else ""
    if written and not number:
        batch.count(document.file, "note", "NHS number without a right check digit: the person is kept without it")
    names = patient.name or [Name()]
    name = next((n for n in names if n.use == "official"), names[0])
    places = patient.address or [Address()]
    place = next((a for a in places if a.use == "home"), places[0])
    address = ", ".join(part for part in (*(place.line or ()), place.city, place.district) if part)
    batch.people.append((
        identity, number, _words(name.prefix), _words(name.given), name.family or "",
        born_on, born_until, patient.gender or "unknown",
        bool(died_on or patient.deceased_boolean), died_on, _practice(patient, document), address,
        place.postal_code or "", patient.active is not False, False, False, document.file, line, batch.seq,
    ))  # fmt: skip


def _words(several: Iterable[str | None] | None) -> str:
    return " ".join(word for word in several or () if word)


def _practice(patient: Patient, document: Document) -> str:
    """ODS code of the practice: named as general practitioner, else as the managing organisation."""
    for reference in (*(patient.general_practitioner or ()), patient.managing_organization or Reference()):
        code = _identifier([reference.identifier or Identifier()], ODS_CODE)
        code = code or document.practices.get(reference.reference or "", "")
        if code:
            return code
    return ""


def _identifier(identifiers: Iterable[Identifier] | None, system: str) -> str:
    return next((str(i.value or "") for i in identifiers or () if i.system == system), "")


def key_of(subject: Reference | None, document: Document) -> str:
    """The key of the person whom a resource is about."""
    reference = subject.reference if subject is not None else None
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


def days_said(resource: Coded | Encounter, names: Iterable[str]) -> tuple[date | None, date | None, str]:
    for name in names:
        written = getattr(resource, name)
        if type(written) is Period:
            written = written.start or written.end
        if written:
            first, last = days_of(written)
            return first, last, written
    return None, None, ""


@lru_cache(maxsize=200_000)
def possible_day(day: date | None, today: date) -> date | None:
    """The day, unless nobody alive can have it."""
    if day is not None and day > today + FAR_AHEAD:
        raise SetAside(f"it is dated {day}, more than a year ahead")
    if day is not None and day < EARLIEST:
        raise SetAside(f"it is dated {day}, before anybody alive was born")
    return day


# coded events -------------------------------------------------------------------------------------


def codings_of(concept: Concept | None) -> list[tuple[str, str, str]]:
    """System, code and display of each coding; free text alone gives one without a code."""
    if concept is None:
        return []
    text = concept.text or ""
    found = [(c.system or "", c.code, c.display or text) for c in concept.coding or () if c.code]
    return found or ([("", "", text)] if text else [])


def status_of(resource: Coded | Encounter) -> tuple[str, bool]:
    """Every word of its status, and whether a search may use it."""
    words: tuple[str, ...] = (resource.status,) if resource.status else ()
    if isinstance(resource, Clinical):
        for concept in (resource.clinical_status, resource.verification_status):
            if concept is not None:
                words += tuple(c.code for c in concept.coding or () if c.code)
    told, usable = _told(words)
    return told, usable and not (isinstance(resource, Coded) and resource.do_not_perform)


@lru_cache(maxsize=1_000)
def _told(words: tuple[str, ...]) -> tuple[str, bool]:
    return " ".join(words), NOT_SO.isdisjoint(words)


Value = tuple[int | None, str, str, str]
NOTHING: Value = (None, "", "", "")


def _value(told: Observation | Component, document: Document, batch: Batch) -> Value:
    """Millionths and UCUM unit for rules, then value and unit as written."""
    if told.value_quantity is None:
        return other_value(told)
    value, converted = measured(told.value_quantity)
    if converted:
        batch.count(document.file, "converted", converted)
    return value


def measured(quantity: Quantity) -> tuple[Value, str]:
    """What a quantity says, and from which unit to which it was converted, if it was. A “<5” has no number that rules may compare."""
    number = quantity.value
    as_written = quantity.unit or quantity.code or ""
    if number is None:
        return (None, "", "", as_written), ""
    if isinstance(number, str):
        raise SetAside(f"its value “{number[:40]}” is text, not a number")
    if quantity.comparator:
        return (None, "", f"{quantity.comparator}{number!r}", as_written), ""
    millionths, unit, changed, written = _in_ucum(number, quantity.code or as_written)
    return (millionths, unit, written, as_written), f"{as_written} to {unit}" if changed else ""


@lru_cache(maxsize=50_000, typed=True)
def _in_ucum(number: int | float, unit: str) -> tuple[int | None, str, bool, str]:
    """Millionths, UCUM unit, whether it was converted, and the number as written; the same ones come again and again."""
    written = repr(number)
    converted, ucum, changed = in_ucum(Decimal(written), unit)
    return in_millionths(converted), ucum, changed, written


def other_value(told: Observation | Component) -> Value:
    if told.value_codeable_concept is not None:
        codings = codings_of(told.value_codeable_concept)
        return None, "", codings[0][2] if codings else "", ""
    if told.value_integer is not None:
        return in_millionths(Decimal(told.value_integer)), "", str(told.value_integer), ""
    for other in (told.value_string, told.value_boolean, told.value_date_time):
        if other is not None:
            return None, "", str(other), ""
    return NOTHING


def _events(resource: Coded, identity: str, document: Document, batch: Batch, _line: int) -> None:
    """A row for each coding of the resource, and of each of its parts; all of them or none."""
    kind = type(resource).__name__
    key = key_of(resource.subject, document)
    day, _, at = days_said(resource, resource.when)
    possible_day(day, document.today)
    ended = days_said(resource, resource.until)[1] if resource.until else None
    status, usable = status_of(resource)
    record = record_number(kind, identity)
    parts: tuple[Any, ...] = (resource,)
    if observed := isinstance(resource, Observation):
        parts = (resource, *(resource.component or ()))
    several = [(told, codings_of(told.code)) for told in parts]
    if batch.restricted and any(
        batch.is_restricted(document.file, system, code) for _, codings in several for system, code, _ in codings
    ):
        return
    number = batch.codes.number
    rows: list[tuple[Any, ...]] = []
    for told, codings in several:
        value = _value(told, document, batch) if observed else NOTHING
        for system, code, display in codings:
            rows.append(
                (
                    key, kind, identity, len(rows), record, number(system, code, display), display, day, at,
                    ended, *value, status, usable, document.file, 0, batch.seq,
                )
            )  # fmt: skip
    if not rows:
        raise SetAside("it has neither a code nor a text")
    batch.events += rows


# encounters ---------------------------------------------------------------------------------------

METHOD_OF_PRIORITY = {"EM": "emergency", "UR": "emergency", "EL": "elective", "R": "elective"}


def _encounter(encounter: Encounter, identity: str, document: Document, batch: Batch, _line: int) -> None:
    key = key_of(encounter.subject, document)
    day, until, at, status, usable = stay_of(encounter)
    sort, method, system, code, display = sort_of(encounter)
    if batch.is_restricted(document.file, system, code):
        return
    batch.encounters.append((
        key, identity, record_number("Encounter", identity), sort, method, batch.codes.number(system, code, display), display,
        possible_day(day, document.today), until, at, status, usable, document.file, 0, batch.seq,
    ))  # fmt: skip


def stay_of(encounter: Encounter) -> tuple[date | None, date | None, str, str, bool]:
    """First and last day, how the first was written, the status, and whether a search may use it."""
    day, _, at = days_said(encounter, ("period",))
    until = days_of(encounter.period.end)[1] if encounter.period and encounter.period.end else None
    if day and until and until < day:
        raise SetAside(f"it ends ({until}) before it begins ({day})")
    return day, until, at, *status_of(encounter)


def sort_of(encounter: Encounter) -> tuple[str, str, str, str, str]:
    """Class, how somebody came in, and system, code and display of its type."""
    codings = codings_of(encounter.type[0]) if encounter.type else []
    return (
        (encounter.class_ and encounter.class_.code) or "",
        _method(encounter),
        *(codings[0] if codings else ("", "", "")),
    )


def method_of_admission(code: str) -> str:
    """The NHS Data Dictionary's ADMISSION METHOD: 11 to 13 elective; 21 to 28 and the letters of 2 emergency."""
    return {"1": "elective", "2": "emergency"}.get(code[:1], "other")


def _method(encounter: Encounter) -> str:
    """How somebody came in: "emergency", "elective", "other", or "unknown" when the source does not say.

    The NHS Data Dictionary's admission method comes first (21 to 28 and letters of 2: emergency; 11 to 13: elective),
    then FHIR's priority.
    """
    hospital = encounter.hospitalization
    for extension in (*(encounter.extension or ()), *((hospital and hospital.extension) or ())):
        if (extension.url or "").endswith(ADMISSION_METHOD):
            for _, code, _ in codings_of(extension.value_codeable_concept):
                return method_of_admission(code)
    for _, code, _ in codings_of(encounter.priority):
        if code in METHOD_OF_PRIORITY:
            return METHOD_OF_PRIORITY[code]
    return "unknown"


UNDERSTOOD: dict[type, Callable[[Any, str, Document, Batch, int], None]] = {
    Patient: _person,
    Encounter: _encounter,
    **dict.fromkeys(KEPT, _events),
}
