"""One person's record as its pages show it, read from its newest version: one statement for all of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import F, FilteredRelation, Q
from django.utils.dateparse import parse_datetime
from django.utils.timezone import localtime

from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed, Reader
from ambit.design.rules import Banner
from ambit.organisations.models import Organisation
from ambit.organisations.queries import telephone_of
from ambit.people.models import (
    BirthSex,
    Death,
    ImportantPerson,
    Person,
    PersonDetails,
    PersonName,
    PersonNumber,
    PersonVersion,
)
from ambit.people.queries.likeness import Similar
from ambit.people.queries.merges import all_ids
from ambit.people.rules import age_words, values
from ambit.people.rules.dates import born_words, long_date
from ambit.people.rules.numbers import KINDS
from ambit.statements import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number, with how far it was traced."""

    kind: str
    words: str
    value: str
    status: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressRow:
    """Where somebody lives, stays or receives letters; `until_on` of a past address."""

    kind: str
    lines: str
    postcode: str
    lsoa: str
    from_on: date | None
    until_on: date | None


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
    parental: ParentalRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeathRow:
    """A death as it is recorded now."""

    died_on: date
    died_at: str
    precision: str
    place: str
    place_name: str
    was_usual_residence: bool | None
    was_expected: bool | None
    cause: str
    verified_by: str
    verified_at: datetime | None


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
    gender_identity: str
    pronouns: str
    ethnicity: str
    religion: str
    language: str
    needs_interpreter: bool | None
    communication_needs: tuple[str, ...]
    communication_notes: str
    adjustments: tuple[str, ...]
    adjustment_notes: str
    telephone: str
    mobile: str
    email: str
    living_situation: str
    residence: str
    inclusion_groups: tuple[str, ...]
    addresses: tuple[AddressRow, ...]
    past_addresses: tuple[AddressRow, ...]
    important: tuple[ImportantRow, ...]
    death: DeathRow | None
    saved: VersionRow

    @property
    def nhs_number(self) -> str:
        return next((n.value for n in self.numbers if n.kind == "nhs" and n.is_current), "")


def _words(codes: list[str], value_set: dict[str, str]) -> tuple[str, ...]:
    return tuple(value_set.get(code, code) for code in codes)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


_names = Prepared(lambda ids: Organisation.objects.filter(pk__in=ids).values_list("pk", "name"))


with_details = Prepared(
    lambda person_id: (
        Person.objects.filter(pk=person_id)
        .annotate(last=FilteredRelation("versions", condition=Q(versions__number=F("version"))))
        .annotate(
            said=F("last__data"),
            said_at=F("version"),
            saved_what=F("last__what"),
            saved_at=F("last__at"),
            saved_by=F("last__by_name"),
            saved_role=F("last__by_role"),
            saved_organisation=F("last__by_organisation"),
            practice_name=F("practice__name"),
        )
    )
)
"""Somebody with everything recorded about them and who saved it, in one statement: a page about them asks for all."""


_numbers_in_use: Prepared[tuple[str, str]] = Prepared(
    lambda person_id: (
        PersonNumber.objects.filter(person_id=person_id, is_current=True).order_by("-kind").values_list("kind", "value")
    )
)


def number_of(person: Person) -> tuple[str, str]:
    """Kind and value of the number by which somebody is named, the NHS number first; two empty words without one."""
    return next(iter(_numbers_in_use(person.pk)), ("", ""))


def _with_details(person: Person) -> Any:
    """The person as `with_details` reads them: as they were opened, unless their record was changed since."""
    if getattr(person, "said", None) and getattr(person, "said_at", 0) == person.version:
        return person
    return with_details(person.pk)[0]


def details_of(person: Person) -> Mapping[str, Any]:
    """Everything recorded about somebody besides the plan: the last version of their details."""
    return _with_details(person).said or {}


def person_page(person: Person, *, on: date) -> PersonPage:
    """A person's details, in the order of the page."""
    read = _with_details(person)
    said = read.said
    details: Mapping[str, Any] = said.get("details", {})
    residence_id = details.get("residence_id")
    addresses = tuple(
        AddressRow(
            kind=values.ADDRESS_KINDS[row["kind"]],
            lines=row["lines"],
            postcode=row["postcode"],
            lsoa=row["lsoa"],
            from_on=_day(row["from_on"]),
            until_on=_day(row["until_on"]),
        )
        for row in sorted(said.get("addresses", ()), key=lambda row: row["from_on"] or "", reverse=True)
    )
    return PersonPage(
        id=person.pk,
        version=person.version,
        born=born_words(person.born_on, person.birth_precision),
        age=age_words(person.born_on, person.birth_precision, person.died_on or on),
        sex=values.SEXES.get(person.sex, ""),
        practice=read.practice_name or "",
        numbers=tuple(
            Number(
                kind=number["kind"],
                words=KINDS[number["kind"]][1],
                value=number["value"],
                status=values.NUMBER_STATUSES[number["status"]],
                is_current=number["is_current"],
            )
            for number in said["numbers"]
        ),
        no_number_reason=values.NO_NUMBER_REASONS.get(person.no_number_reason, ""),
        gender_identity=values.GENDER_IDENTITIES.get(details.get("gender_identity", ""), ""),
        pronouns=details.get("pronouns", ""),
        ethnicity=values.ETHNICITIES.get(details.get("ethnicity", ""), ""),
        religion=details.get("religion", ""),
        language=values.LANGUAGES.get(details.get("language", ""), details.get("language", "")),
        needs_interpreter=details.get("needs_interpreter"),
        communication_needs=_words(details.get("communication_needs", []), values.COMMUNICATION_NEEDS),
        communication_notes=details.get("communication_notes", ""),
        adjustments=_words(details.get("adjustments", []), values.ADJUSTMENTS),
        adjustment_notes=details.get("adjustment_notes", ""),
        telephone=details.get("telephone", ""),
        mobile=details.get("mobile", ""),
        email=details.get("email", ""),
        living_situation=values.LIVING_SITUATIONS.get(details.get("living_situation", ""), ""),
        residence=dict(_names([UUID(residence_id)])).get(UUID(residence_id), "") if residence_id else "",
        inclusion_groups=_words(details.get("inclusion_groups", []), values.INCLUSION_GROUPS),
        addresses=tuple(address for address in addresses if address.until_on is None),
        past_addresses=tuple(address for address in addresses if address.until_on is not None),
        important=_important(said),
        death=_death(said) if person.died_on else None,
        saved=VersionRow(
            number=read.version,
            what=read.saved_what,
            at=read.saved_at,
            by=read.saved_by,
            role=read.saved_role.replace("_", " "),
            organisation=read.saved_organisation,
        ),
    )


def _important(said: Mapping[str, Any]) -> tuple[ImportantRow, ...]:
    held = {
        row["holder_id"]: ParentalRow(
            basis=values.PARENTAL_BASES[row["basis"]],
            evidence=row["evidence"],
            restriction=row["restriction"],
            court_order=row["court_order"],
            is_disputed=row["is_disputed"],
            from_on=_day(row["from_on"]),
        )
        for row in said.get("parental_responsibilities", ())
        if row["until_on"] is None
    }
    now = [row for row in said.get("important_people", ()) if row["until_on"] is None]
    return tuple(
        ImportantRow(
            id=UUID(row["id"]),
            name=row["name"],
            relation=values.RELATIONS[row["relation"]],
            roles=_words(row["roles"], values.ROLES),
            telephone=row["telephone"],
            other_telephone=row["other_telephone"],
            email=row["email"],
            rank=row["rank"],
            may_share=row["may_share"],
            is_under_18=row["is_under_18"],
            notes=row["notes"],
            parental=held.get(row["id"]),
        )
        for row in sorted(now, key=lambda row: (row["rank"], row["name"]))
    )


def people_who_matter(person: Person) -> tuple[ImportantRow, ...]:
    """Those who matter now to somebody who was opened, the first to ring first."""
    return _important(details_of(person))


def _death(said: Mapping[str, Any]) -> DeathRow | None:
    row = next((row for row in said.get("deaths", ()) if row["ended_at"] is None), None)
    if row is None:
        return None
    return DeathRow(
        died_on=date.fromisoformat(row["died_on"]),
        died_at=(row["died_at"] or "")[:5],
        precision=values.DEATH_PRECISIONS[row["precision"]],
        place=values.DEATH_PLACES[row["place"]],
        place_name=row["place_name"],
        was_usual_residence=row["was_usual_residence"],
        was_expected=row["was_expected"],
        cause=row["cause"],
        verified_by=row["verified_by"],
        verified_at=parse_datetime(row["verified_at"]) if row["verified_at"] else None,
    )


def banner_of(person: Person, shown: PersonPage, similar: list[Similar]) -> Banner:
    """Who a page is about, with a warning when somebody among the reader's people is easily mistaken for them (H1)."""
    return Banner(
        family_name=person.family_name,
        given_names=person.given_names,
        title=person.title,
        preferred_name=person.preferred_name,
        born_on=person.born_on,
        born_words=shown.born,
        age=shown.age,
        sex=shown.sex,
        number=shown.nhs_number,
        no_number_reason=shown.no_number_reason,
        similar=similar_words(similar),
        died_on=person.died_on,
        died_words=f"{long_date(person.died_on)}, aged {shown.age}" if person.died_on else "",
    )


def similar_words(similar: list[Similar]) -> str:
    """How those who are easily mistaken differ: name, birth and number of at most three of them."""
    each = [
        f"{s.person.name}, born {born_words(s.person.born_on, s.person.birth_precision)}"
        + (f", NHS number {s.person.number}" if s.person.nhs_number else "")
        for s in similar[:3]
    ]
    if len(similar) > 3:
        each.append(f"and {len(similar) - 3} more")
    return "; ".join(each) + ". Check the date of birth and the number." if each else ""


def _row(instance: Any) -> dict[str, Any]:
    return {field.attname: getattr(instance, field.attname) for field in instance._meta.concrete_fields}


def details_now(person: Person) -> dict[str, Any]:
    """The identity and details of a person as a form begins with them."""
    details = PersonDetails.objects.filter(person=person).first() or PersonDetails(person=person)
    return _row(person) | _row(details)


def important_person_now(person: Person, important_id: UUID) -> dict[str, Any] | None:
    """One of those who matter, as a form begins with them."""
    found = ImportantPerson.objects.filter(person=person, pk=important_id, until_on=None).first()
    return _row(found) if found else None


def details_at(person: Person, number: int) -> dict[str, Any] | None:
    """What a form about identity and details began with at one version; None when that version is not kept."""
    version = PersonVersion.objects.filter(person=person, number=number).first()
    if version is None:
        return None
    said: dict[str, Any] = version.data | version.data.get("details", {})
    said["born_on"] = date.fromisoformat(said["born_on"]) if said.get("born_on") else None
    return said


def important_person_at(person: Person, important_id: UUID, number: int) -> dict[str, Any] | None:
    """One of those who matter as they stood at one version."""
    version = PersonVersion.objects.filter(person=person, number=number).first()
    rows = version.data.get("important_people", []) if version else []
    found: dict[str, Any] | None = next((row for row in rows if row["id"] == str(important_id)), None)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class LastSave:
    """Who saved last, when, and on what number they or their organisation are reached."""

    by: str
    at: datetime
    telephone: str


def last_save(person: Person) -> LastSave:
    """The newest version of a record, and whom to ring about it."""
    version = PersonVersion.objects.filter(person=person).defer("data").latest("number")
    return LastSave(
        by=version.by_name, at=version.at, telephone=telephone_of(version.by_name, at=version.by_organisation)
    )


def death_now(person: Person) -> dict[str, Any] | None:
    """The death as a form begins with it."""
    found = Death.objects.filter(person=person, ended_at=None).first()
    if found is None:
        return None
    said = _row(found)
    if found.verified_at:
        at = localtime(found.verified_at)
        said |= {"verified_on": at.date(), "verified_time": f"{at:%H:%M}"}
    return said


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
    found = PersonVersion.objects.filter(person=person).defer("data").order_by("-number")[:limit]
    return [_version_row(version) for version in found]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormerNames:
    """Names somebody had before, and sex as registered at birth."""

    names: tuple[PersonName, ...]
    sex_at_birth: str


def former_names(reader: Reader, person: Person, *, since: datetime) -> FormerNames:
    """Guarded facts, for a reader who recorded a clinical need since then (`actions.open_former_names`)."""
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
