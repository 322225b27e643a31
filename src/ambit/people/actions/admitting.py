"""Admitting people: each exactly once, however many ask at the same moment."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.organisations.models import Organisation
from ambit.organisations.rules import postcode_problem, telephone_problem, tidy_postcode
from ambit.people.actions.saving import version_of, words_of
from ambit.people.models import Address, NameWord, Person, PersonDetails, PersonNumber, PersonVersion
from ambit.people.rules import Admission, Details, Home, Identity, checked, disagreements, name_key
from ambit.people.rules.identity import details_problems
from ambit.people.rules.values import ADDRESS_KINDS
from ambit.people.snapshots import snapshot_of
from ambit.statements import Prepared, loaded_id

LSOA = re.compile(r"[A-Z0-9]{8,9}", re.ASCII)
ADMITTED = "admitted a person"
# what slices upstairs do, in the same transaction, for people who were not here before
_after_admitting: list[Callable[[Reader, Sequence[Person]], None]] = []
NUMBER_WORDS = {"nhs": "NHS number", "chi": "CHI number", "hc": "H&C number"}


def after_admitting(act: Callable[[Reader, Sequence[Person]], None]) -> None:
    """Let a slice upstairs act with every admission, as access does when it ties who admits to the person."""
    _after_admitting.append(act)


def _tell(by: Reader, people: Sequence[Person]) -> None:
    for act in _after_admitting:
        act(by, people)


@transaction.atomic
def admit(
    *,
    by: Reader,
    identity: Identity,
    details: Details | None = None,
    home: Home | None = None,
    person_id: UUID | None = None,
) -> Person:
    """Make a `Person` of this identity, or give back the one who already has its number.

    `person_id` is chosen by the form, so that a form sent twice makes one person. A number whose holder has another
    birth date or name is refused, never merged (H11).
    """
    by.must("admit_people")
    admission = _checked(by, Admission(identity=identity, details=details or Details(), home=home))
    practices_are_here(by=by, admissions=[admission])
    # a form sent twice is told by its id when the row is there already
    if known := _known(admission.identity):
        return known
    try:
        with transaction.atomic():
            return _made(by, admission, person_id)
    except IntegrityError:
        # somebody else admitted them since we looked
        if known := _known(admission.identity, person_id):
            return known
        raise


def _checked(by: Reader, admission: Admission) -> Admission:
    """The admission as it is stored; every problem of every field is told at once."""
    identity, problems = checked(admission.identity, on=timezone.localdate(), demonstration=settings.DEMONSTRATION)
    problems |= problems_of_details(by=by, details=admission.details)
    home = admission.home
    if home:
        home, wrong = tidied_home(by=by, home=home)
        problems |= wrong
    if problems:
        raise Refused(problems)
    return Admission(identity=identity, details=admission.details, home=home)


def problems_of_details(*, by: Reader, details: Details) -> dict[str, str]:
    problems = details_problems(details)
    for name in ("telephone", "mobile"):
        if words := telephone_problem(getattr(details, name)):
            problems[name] = words
    return problems


def tidied_home(*, by: Reader, home: Home) -> tuple[Home, dict[str, str]]:
    problems: dict[str, str] = {}
    postcode = tidy_postcode(home.postcode)
    if words := postcode_problem(postcode):
        problems["postcode"] = words
    if not home.lines.strip():
        problems["lines"] = "Enter the address, or say that there is no fixed home under “living situation”."
    if home.kind not in ADDRESS_KINDS:
        problems["kind"] = "Choose what kind of address this is."
    if home.lsoa and not LSOA.fullmatch(home.lsoa):
        problems["lsoa"] = f"“{home.lsoa}” is not an LSOA code. Write it like E01000001."
    if home.from_on and home.from_on > timezone.localdate():
        problems["from_on"] = "Enter the day they moved in, today or earlier."
    return replace(home, lines=home.lines.strip(), postcode=postcode), problems


_kinds = Prepared(lambda ids: Organisation.objects.filter(pk__in=ids).values_list("pk", "kind"))
_person = Prepared(lambda person_id: Person.objects.filter(pk=person_id))


def practices_are_here(*, by: Reader, admissions: Sequence[Admission]) -> None:
    practices = {a.identity.practice_id for a in admissions if a.identity.practice_id}
    residences = {a.details.residence_id for a in admissions if a.details.residence_id}
    found = dict(_kinds([*practices | residences]))
    if any(found.get(pk) != "practice" for pk in practices):
        raise Refused({"practice_id": "Choose a GP practice from the list; the one given is not here."})
    if residences - set(found):
        raise Refused({"residence_id": "Choose a care home from the list; the one given is not here."})


def _holders(identities: Iterable[Identity]) -> dict[tuple[str, str], Person]:
    """Who has which of these numbers, also those superseded since."""
    asked: dict[str, set[str]] = {}
    for identity in identities:
        for kind, value in identity.numbers().items():
            asked.setdefault(kind, set()).add(value)
    if not asked:
        return {}
    # written out: asked for everybody who is admitted, and nearly always nobody is there yet
    wanted = " OR ".join(f"kind = %s AND value IN ({', '.join(['%s'] * len(values))})" for values in asked.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT kind, value, person_id FROM people_personnumber WHERE withdrawn_at IS NULL AND ({wanted})",  # noqa: S608  (its own text; every value is a parameter)
            [word for kind, values in asked.items() for word in (kind, *values)],
        )
        held = {(kind, value): loaded_id(person_id) for kind, value, person_id in cursor.fetchall()}
    people = Person.objects.in_bulk(held.values()) if held else {}
    return {number: people[person_id] for number, person_id in held.items()}


def _known(identity: Identity, person_id: UUID | None = None) -> Person | None:
    person = _same_person(identity, _holders([identity]))
    if person is None and person_id:
        person = next(iter(_person(person_id)), None)
        if person and disagreements(person, identity):
            raise Refused("This form was sent before, for somebody else. Open a new form to add another person.")
    return person


def _same_person(identity: Identity, holders: dict[tuple[str, str], Person]) -> Person | None:
    """The holder of the identity's numbers, when everything known of both agrees; otherwise refused in words."""
    held = {kind: holders[kind, value] for kind, value in identity.numbers().items() if (kind, value) in holders}
    if not held:
        return None
    if len({person.pk for person in held.values()}) > 1:
        names = " and the ".join(NUMBER_WORDS[kind] for kind in held)
        raise Refused({f"{kind}_number": f"The {names} belong to two different records. Check both." for kind in held})
    kind, person = next(iter(held.items()))
    if differing := disagreements(person, identity):
        raise Refused(
            {
                f"{kind}_number": f"Somebody here already has this {NUMBER_WORDS[kind]}, with another "
                f"{' and '.join(differing)}. Check the number. If it is the same person, correct their record instead."
            }
        )
    return person


class _Rows:
    """All the rows that admitting one person makes."""

    def __init__(self, by: Reader, admission: Admission, person_id: UUID | None) -> None:
        identity = admission.identity
        self.person = Person(
            title=identity.title,
            given_names=identity.given_names,
            family_name=identity.family_name,
            preferred_name=identity.preferred_name,
            name_key=name_key(identity.family_name, identity.given_names),
            born_on=identity.born_on,
            birth_precision=identity.birth_precision,
            sex=identity.sex,
            practice_id=identity.practice_id,
            no_number_reason=identity.no_number_reason,
        )
        if person_id:
            self.person.pk = person_id
        self.numbers = [
            PersonNumber(person=self.person, kind=kind, value=value) for kind, value in identity.numbers().items()
        ]
        self.words = words_of(by=by, person=self.person)
        said = asdict(admission.details)
        self.details = PersonDetails(person=self.person, **_as_stored(said)) if admission.details != Details() else None
        self.home = Address(person=self.person, **asdict(admission.home)) if admission.home else None
        self.version = version_of(
            by=by,
            person=self.person,
            what=ADMITTED,
            data=snapshot_of(
                self.person,
                numbers=self.numbers,
                details=self.details,
                addresses=[self.home] if self.home else [],
            ),
        )


def _as_stored(said: dict[str, Any]) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}


def _made(by: Reader, admission: Admission, person_id: UUID | None) -> Person:
    rows = _Rows(by, admission, person_id)
    rows.person.save(force_insert=True)
    for number in rows.numbers:
        number.save(force_insert=True)
    NameWord.objects.bulk_create(rows.words)
    for row in (rows.details, rows.home, rows.version):
        if row is not None:
            row.save(force_insert=True)
    audit.record(by=by, what=ADMITTED, about=rows.person.pk)
    _tell(by, [rows.person])
    return rows.person


@transaction.atomic
def admit_many(*, by: Reader, admissions: Sequence[Identity | Admission]) -> list[Person]:
    """Admit many people in few statements, by the same rules; all or none. Problems are named by place in the list.

    Gives back one person for each, in order; those who were already here are given back as they are.
    """
    by.must("admit_people")
    stored: list[Admission] = []
    problems: dict[str, list[str]] = {}
    for place, given in enumerate(admissions):
        try:
            stored.append(_checked(by, given if isinstance(given, Admission) else Admission(identity=given)))
        except Refused as refused:
            _number_problems(problems, place, refused)
    if problems:
        raise Refused(problems)
    practices_are_here(by=by, admissions=stored)
    holders = _holders(admission.identity for admission in stored)
    people: list[Person] = []
    made: list[_Rows] = []
    for place, admission in enumerate(stored):
        try:
            person = _same_person(admission.identity, holders)
        except Refused as refused:
            _number_problems(problems, place, refused)
            continue
        if person is None:
            rows = _Rows(by, admission, None)
            made.append(rows)
            person = rows.person
            holders |= {(number.kind, number.value): person for number in rows.numbers}
        people.append(person)
    if problems:
        raise Refused(problems)
    Person.objects.bulk_create([rows.person for rows in made], batch_size=500)
    PersonNumber.objects.bulk_create([number for rows in made for number in rows.numbers], batch_size=500)
    NameWord.objects.bulk_create([word for rows in made for word in rows.words], batch_size=1000)
    PersonDetails.objects.bulk_create([rows.details for rows in made if rows.details], batch_size=500)
    Address.objects.bulk_create([rows.home for rows in made if rows.home], batch_size=500)
    PersonVersion.objects.bulk_create([rows.version for rows in made], batch_size=500)
    audit.record_many(by=by, what=ADMITTED, about=[rows.person.pk for rows in made])
    _tell(by, [rows.person for rows in made])
    return people


def _number_problems(problems: dict[str, list[str]], place: int, refused: Refused) -> None:
    for name, several in refused.problems.items():
        problems[f"{place}.{name}"] = several
