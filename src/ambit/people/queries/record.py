"""One person's record as its pages show it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed, Reader
from ambit.people.models import (
    Address,
    BirthSex,
    Death,
    ImportantPerson,
    Merge,
    ParentalResponsibility,
    Person,
    PersonDetails,
    PersonName,
    PersonNumber,
    PersonVersion,
)
from ambit.people.rules import age_words, values
from ambit.people.rules.dates import born_words
from ambit.people.rules.numbers import KINDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number, with how far it was traced."""

    words: str
    value: str
    status: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportantRow:
    """Somebody who matters, as a page shows them."""

    id: UUID
    name: str
    relation: str
    roles: tuple[str, ...]
    telephone: str
    other_telephone: str
    email: str
    rank: int
    may_share: bool | None
    is_under_18: bool | None
    notes: str
    parental: "ParentalRow | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParentalRow:
    """What is recorded of somebody's parental responsibility."""

    basis: str
    evidence: str
    restriction: str
    court_order: str
    is_disputed: bool
    from_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionRow:
    """One save: what, who, when."""

    number: int
    what: str
    at: datetime
    by: str
    role: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPage:
    """Everything the page of a person's details shows."""

    id: UUID
    version: int
    born: str
    age: str
    sex: str
    practice: str
    numbers: tuple[Number, ...]
    no_number_reason: str
    details: PersonDetails
    gender_identity: str
    ethnicity: str
    language: str
    communication_needs: tuple[str, ...]
    adjustments: tuple[str, ...]
    living_situation: str
    residence: str
    inclusion_groups: tuple[str, ...]
    addresses: tuple[Address, ...]
    past_addresses: tuple[Address, ...]
    important: tuple[ImportantRow, ...]
    death: Death | None
    death_place: str
    has_former_names: bool
    last_saved: VersionRow | None


def _words(codes: list[str], value_set: dict[str, str]) -> tuple[str, ...]:
    return tuple(value_set.get(code, code) for code in codes)


def person_page(person: Person, *, on: date) -> PersonPage:
    """A person's details, in the order of the page."""
    details = PersonDetails.objects.select_related("residence").filter(person=person).first() or PersonDetails(
        person=person
    )
    addresses = list(Address.objects.filter(person=person).order_by("-from_on"))
    death = Death.objects.filter(person=person, ended_at=None).first() if person.died_on else None
    practice = person.practice
    version = PersonVersion.objects.filter(person=person, number=person.version).first()
    return PersonPage(
        id=person.pk,
        version=person.version,
        born=born_words(person.born_on, person.birth_precision),
        age=age_words(person.born_on, person.birth_precision, person.died_on or on),
        sex=values.SEXES.get(person.sex, ""),
        practice=practice.name if practice else "",
        numbers=tuple(
            Number(
                words=KINDS[number.kind][1],
                value=number.value,
                status=number.get_status_display(),
                is_current=number.is_current,
            )
            for number in PersonNumber.objects.filter(person=person, withdrawn_at=None).order_by("-is_current", "kind")
        ),
        no_number_reason=values.NO_NUMBER_REASONS.get(person.no_number_reason, ""),
        details=details,
        gender_identity=values.GENDER_IDENTITIES.get(details.gender_identity, ""),
        ethnicity=values.ETHNICITIES.get(details.ethnicity, ""),
        language=values.LANGUAGES.get(details.language, details.language),
        communication_needs=_words(details.communication_needs, values.COMMUNICATION_NEEDS),
        adjustments=_words(details.adjustments, values.ADJUSTMENTS),
        living_situation=values.LIVING_SITUATIONS.get(details.living_situation, ""),
        residence=details.residence.name if details.residence else "",
        inclusion_groups=_words(details.inclusion_groups, values.INCLUSION_GROUPS),
        addresses=tuple(address for address in addresses if address.until_on is None),
        past_addresses=tuple(address for address in addresses if address.until_on is not None),
        important=important_people(person),
        death=death,
        death_place=values.DEATH_PLACES[death.place] if death else "",
        has_former_names=PersonName.objects.filter(person=person).exists(),
        last_saved=_version_row(version) if version else None,
    )


def important_people(person: Person) -> tuple[ImportantRow, ...]:
    """Those who matter to the person now, in the order in which they are to be rung."""
    held = {
        row.holder_id: ParentalRow(
            basis=row.get_basis_display(),
            evidence=row.evidence,
            restriction=row.restriction,
            court_order=row.court_order,
            is_disputed=row.is_disputed,
            from_on=row.from_on,
        )
        for row in ParentalResponsibility.objects.filter(person=person, until_on=None)
    }
    found = ImportantPerson.objects.filter(person=person, until_on=None).order_by("rank", "name")
    return tuple(
        ImportantRow(
            id=row.pk,
            name=row.name,
            relation=row.get_relation_display(),
            roles=_words(row.roles, values.ROLES),
            telephone=row.telephone,
            other_telephone=row.other_telephone,
            email=row.email,
            rank=row.rank,
            may_share=row.may_share,
            is_under_18=row.is_under_18,
            notes=row.notes,
            parental=held.get(row.pk),
        )
        for row in found
    )


def important_person(person: Person, important_id: UUID) -> ImportantPerson | None:
    """One of those who matter, to be edited."""
    return ImportantPerson.objects.filter(person=person, pk=important_id, until_on=None).first()


def details_for_editing(person: Person) -> dict[str, Any]:
    """The details of a person as a form begins with them."""
    details = PersonDetails.objects.filter(person=person).first() or PersonDetails(person=person)
    return {field.attname: getattr(details, field.attname) for field in PersonDetails._meta.concrete_fields}


def _version_row(version: PersonVersion) -> VersionRow:
    return VersionRow(
        number=version.number,
        what=version.what,
        at=version.at,
        by=version.by_name,
        role=version.by_role.replace("_", " "),
        organisation=version.by_organisation,
    )


def versions(person: Person, *, limit: int = 50) -> list[VersionRow]:
    """Who saved the record when, newest first. What it said then may hold a former name, so it is not here."""
    return [
        _version_row(version) for version in PersonVersion.objects.filter(person=person).order_by("-number")[:limit]
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerNames:
    """Names somebody had before, and sex as registered at birth."""

    names: tuple[PersonName, ...]
    sex_at_birth: str


def former_names(reader: Reader, person: Person, *, since: datetime) -> FormerNames:
    """Guarded facts, for a reader who recorded a clinical need for this person since then (`actions.open_former_names`)."""
    reader.must("see_former_names")
    asked = AuditLine.objects.filter(
        about=person.pk, what="opened former names", account_id=reader.account_id, at__gte=since
    )
    if not asked.exists():
        raise NotAllowed(
            "Former names are opened for a clinical need.",
            what_to_do="Say on the person’s page what you need them for.",
        )
    ids = all_ids(person.pk)
    sex = BirthSex.objects.filter(person_id__in=ids).first()
    return FormerNames(
        names=tuple(PersonName.objects.filter(person_id__in=ids).order_by("-until_on", "-pk")),
        sex_at_birth=sex.get_sex_display() if sex else "",
    )


def kept_id(person_id: UUID) -> UUID:
    """The record that now stands for this one: itself, or where a chain of merges ends."""
    at: UUID = person_id
    while onward := Person.objects.filter(pk=at).values_list("merged_into_id", flat=True).first():
        at = onward
    return at


def all_ids(person_id: UUID) -> list[UUID]:
    """The record and every one merged into it: for what is kept by id alone, such as the audit trail."""
    found: list[UUID] = [person_id]
    new = found
    while new:
        new = list(Person.objects.filter(merged_into_id__in=new).values_list("pk", flat=True))
        found = found + new
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRow:
    """Two records made one: who decided, why, and whether it was undone."""

    id: UUID
    other_id: UUID
    other_name: str
    reason: str
    at: datetime
    by: str
    undone_at: datetime | None
    undone_reason: str


def merges_of(person: Person) -> list[MergeRow]:
    """The merges this record took part in, newest first."""
    found = Merge.objects.select_related("other").filter(Q(kept=person) | Q(other=person)).order_by("-at")
    return [
        MergeRow(
            id=row.pk,
            other_id=row.other_id,
            other_name=f"{row.other.family_name.upper()}, {row.other.given_names}",
            reason=row.reason,
            at=row.at,
            by=row.by_name,
            undone_at=row.undone_at,
            undone_reason=row.undone_reason,
        )
        for row in found
    ]
