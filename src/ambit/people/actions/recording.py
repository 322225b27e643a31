"""Changing what is known of somebody: names, birth, characteristics, contact, numbers, addresses."""

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.events.actions import announce
from ambit.people.actions.admitting import practices_are_here, problems_of_details, tidied_home
from ambit.people.actions.saving import locked, saved, words_of
from ambit.people.events import PersonMoved
from ambit.people.models import Address, BirthSex, NameWord, Person, PersonDetails, PersonName, PersonNumber
from ambit.people.rules import Admission, Details, Home, Identity, NumberRefused, checked, tidy
from ambit.people.rules.names import name_words
from ambit.people.rules.numbers import number_of_kind
from ambit.people.rules.values import NUMBER_STATUSES, SEXES
from ambit.people.snapshots import NAMES

IDENTITY_FIELDS = (*NAMES, "born_on", "birth_precision", "sex", "practice_id", "no_number_reason")
DETAILS_FIELDS = tuple(field.name for field in fields(Details))
# who lives in a care home is seen by its staff, so that a move is `access.actions.move_home`, which ends and gives their ties
NOT_CHANGED_HERE = frozenset({"residence_id"})


@transaction.atomic
def change_details(*, by: Reader, person_id: UUID, seen: int, changes: Mapping[str, Any]) -> Person:
    """Change any fields of the identity and details; what is not named stays. A changed name is kept as a former one.

    The care home somebody lives in is not changed here: see `record_residence`.
    """
    by.must("edit_people")
    foreign = sorted(set(changes) - ({*IDENTITY_FIELDS, *DETAILS_FIELDS} - NOT_CHANGED_HERE))
    if foreign:
        raise Refused(dict.fromkeys(foreign, "This cannot be changed here."))
    return _change(by=by, person_id=person_id, seen=seen, changes=changes)


@transaction.atomic
def record_residence(*, by: Reader, person_id: UUID, seen: int, residence_id: UUID | None) -> Person:
    """Note the care home in somebody's details: one half of `access.actions.move_home`, the only caller."""
    by.must("give_access")
    return _change(by=by, person_id=person_id, seen=seen, changes={"residence_id": residence_id})


def _change(*, by: Reader, person_id: UUID, seen: int, changes: Mapping[str, Any]) -> Person:
    person = locked(by=by, person_id=person_id, seen=seen, yours=changes)
    identity = _changed_identity(person, changes)
    before = {name: getattr(person, name) for name in IDENTITY_FIELDS}
    details = PersonDetails.objects.filter(person=person).first()
    old_details = _details_of(details)
    new_details = replace(old_details, **{name: changes[name] for name in DETAILS_FIELDS if name in changes})
    problems = problems_of_details(by=by, details=new_details)
    if problems:
        raise Refused(problems)
    practices_are_here(by=by, admissions=[Admission(identity=identity, details=new_details)])
    changed = [name for name in IDENTITY_FIELDS if before[name] != getattr(identity, name)]
    changed += [name for name in DETAILS_FIELDS if getattr(old_details, name) != getattr(new_details, name)]
    if not changed:
        return person
    for name in IDENTITY_FIELDS:
        setattr(person, name, getattr(identity, name))
    if {"given_names", "family_name"} & set(changed):
        PersonName.objects.create(
            person=person,
            title=before["title"],
            given_names=before["given_names"],
            family_name=before["family_name"],
            until_on=timezone.localdate(),
        )
    if set(NAMES) & set(changed):
        NameWord.objects.filter(person=person).delete()
        NameWord.objects.bulk_create(words_of(by=by, person=person))
    if old_details != new_details:
        said = {name: list(v) if isinstance(v, tuple) else v for name, v in asdict(new_details).items()}
        PersonDetails.objects.update_or_create(person=person, defaults=said)
    saved(by=by, person=person, what="changed details", details={"changed": sorted(changed)})
    if {"residence_id", "living_situation"} & set(changed):
        announce(PersonMoved(person_id=person.pk, version=person.version))
    return person


def _changed_identity(person: Person, changes: Mapping[str, Any]) -> Identity:
    said = {name: changes.get(name, getattr(person, name)) for name in IDENTITY_FIELDS}
    numbers = PersonNumber.objects.filter(person=person, is_current=True).values_list("kind", "value")
    numbered: dict[str, Any] = {f"{kind}_number": value for kind, value in numbers}
    identity, problems = checked(
        Identity(**said, **numbered), on=timezone.localdate(), demonstration=settings.DEMONSTRATION
    )
    if person.birth_precision == "unborn" and identity.birth_precision != "unborn":
        problems["birth_precision"] = "Record the birth instead; it also takes the day and the name."
    elif identity.birth_precision == "unborn" and person.birth_precision != "unborn":
        problems["birth_precision"] = "This person is born already."
    if person.died_on and identity.born_on and identity.born_on > person.died_on:
        problems["born_on"] = f"The date of birth is after the date of death, {person.died_on}. Check both."
    # the number was right when it was stored, and is changed by `change_number`
    problems = {name: words for name, words in problems.items() if not name.endswith("_number")}
    if problems:
        raise Refused(problems)
    return identity


def _details_of(details: PersonDetails | None) -> Details:
    if details is None:
        return Details()
    said: dict[str, Any] = {name: getattr(details, name) for name in DETAILS_FIELDS}
    said = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    return Details(**said)


@transaction.atomic
def change_number(
    *,
    by: Reader,
    person_id: UUID,
    seen: int,
    kind: str,
    value: str,
    status: str = "02",
    replaced_was_wrong: bool = False,
) -> Person:
    """Give somebody a number, or another one; `replaced_was_wrong` frees the old one for whom it belongs to."""
    by.must("edit_people")
    person = locked(by=by, person_id=person_id, seen=seen, yours={f"{kind}_number": value})
    field = f"{kind}_number"
    number = number_of_kind(kind, value, demonstration=settings.DEMONSTRATION)
    if isinstance(number, NumberRefused):
        raise Refused({field: number.reason})
    if status not in NUMBER_STATUSES:
        raise Refused({"status": "Choose how far the number was traced."})
    holder = PersonNumber.objects.filter(kind=kind, value=number.value, withdrawn_at=None).first()
    if holder and holder.person_id != person.pk:
        raise Refused({field: _held_by_another()})
    now = timezone.now()
    PersonNumber.objects.filter(person=person, kind=kind, is_current=True).exclude(value=number.value).update(
        is_current=False, withdrawn_at=now if replaced_was_wrong else None
    )
    try:
        with transaction.atomic():
            PersonNumber.objects.update_or_create(
                person=person,
                kind=kind,
                value=number.value,
                defaults={"is_current": True, "withdrawn_at": None, "status": status},
            )
    except IntegrityError:
        raise Refused({field: _held_by_another()}) from None
    person.no_number_reason = ""
    return saved(by=by, person=person, what="changed a number", details={"kind": kind})


def _held_by_another() -> str:
    return "Another record has this number. Check it; if both are of one person, merge the two records."


@transaction.atomic
def move_house(*, by: Reader, person_id: UUID, seen: int, home: Home) -> Address:
    """A new address; the one of the same kind before it ends the day before, and stays in the history."""
    by.must("edit_people")
    person = locked(by=by, person_id=person_id, seen=seen, yours=asdict(home))
    home, problems = tidied_home(by=by, home=home)
    if problems:
        raise Refused(problems)
    from_on = home.from_on or timezone.localdate()
    before = Address.objects.filter(person=person, kind=home.kind, until_on=None).first()
    if before:
        ended = from_on - timedelta(days=1)
        if before.from_on and ended < before.from_on:
            # moved in and out within a day, or a correction of the same day
            if before.from_on > from_on:
                raise Refused({"from_on": f"They moved to the present address on {before.from_on}. Give a later day."})
            ended = from_on
        before.until_on = ended
        before.save(update_fields=["until_on"])
    address = Address.objects.create(person=person, **asdict(replace(home, from_on=from_on)))
    saved(by=by, person=person, what="changed an address", details={"kind": home.kind})
    if before and home.kind in ("home", "temporary"):
        announce(PersonMoved(person_id=person.pk, version=person.version))
    return address


@transaction.atomic
def record_former_name(
    *,
    by: Reader,
    person_id: UUID,
    seen: int,
    family_name: str,
    given_names: str = "",
    title: str = "",
    until_on: date | None = None,
) -> PersonName:
    """Keep a name somebody had before, guarded from then on."""
    by.must("edit_people")
    person = locked(by=by, person_id=person_id, seen=seen)
    family_name, given_names, title = tidy(family_name), tidy(given_names), tidy(title)
    if not name_words(family_name):
        raise Refused({"family_name": "Enter the former family name."})
    if len(title) > 40:
        raise Refused({"title": "Shorten the title to 40 characters."})
    former = PersonName.objects.create(
        person=person, family_name=family_name, given_names=given_names, title=title, until_on=until_on
    )
    saved(by=by, person=person, what="recorded a former name")
    return former


@transaction.atomic
def record_sex_at_birth(*, by: Reader, person_id: UUID, seen: int, sex: str) -> Person:
    """Keep sex as registered at birth, guarded from then on."""
    by.must("edit_people")
    person = locked(by=by, person_id=person_id, seen=seen)
    if sex not in SEXES:
        raise Refused({"sex": "Choose one of the list."})
    BirthSex.objects.update_or_create(person=person, defaults={"sex": sex})
    return saved(by=by, person=person, what="recorded sex at birth")


@transaction.atomic
def open_former_names(*, by: Reader, person_id: UUID, need: str) -> None:
    """Record the clinical need for which former names and sex at birth are opened; `queries.former_names` then shows them.

    Disclosing a gender history that became known in an official capacity is an offence (Gender Recognition Act 2004,
    section 22); care given by somebody who needs it for that care is an exception.
    """
    by.must("see_former_names")
    if len(need.strip()) < 10:
        raise Refused({"need": "Say for what care this is needed, in at least 10 letters."})
    audit.record(by=by, what="opened former names", about=person_id, details={"need": need.strip()})
