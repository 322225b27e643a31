"""How every act on a record begins and ends: locked at the version somebody saw, saved as the next one."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils import timezone

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused, Stale
from ambit.people.models import NameWord, Person, PersonVersion
from ambit.people.rules import name_key, name_words
from ambit.people.snapshots import snapshot


def locked(*, by: Reader, person_id: UUID, seen: int, yours: Mapping[str, Any] | None = None) -> Person:
    """The person, held until the transaction ends; refused when somebody else saved since version `seen`."""
    person = Person.objects.select_for_update(of=("self",)).filter(pk=person_id).first()
    if person is None:
        raise Refused("That record is not here. Find the person again.")
    if person.merged_into_id:
        raise Refused(
            "This record was merged into another of the same person. Open that one and make the change there."
        )
    if person.version != seen:
        raise Stale(
            what="this record", seen=seen, current=person.version, saved=snapshot(person), yours=dict(yours or {})
        )
    return person


def saved(*, by: Reader, person: Person, what: str, details: Mapping[str, Any] | None = None) -> Person:
    """Store the record as its next version, with its audit line."""
    person.version += 1
    person.name_key = name_key(person.family_name, person.given_names)
    person.save()
    keep_version(by=by, person=person, what=what, data=snapshot(person))
    audit.record(by=by, what=what, about=person.pk, details={"version": person.version, **(details or {})})
    return person


def version_of(*, by: Reader, person: Person, what: str, data: Mapping[str, Any]) -> PersonVersion:
    return PersonVersion(
        person=person,
        number=person.version,
        what=what,
        data=dict(data),
        at=timezone.now(),
        by_account=by.account_id,
        by_name=by.name,
        by_role=by.role,
        by_organisation=by.organisation_name,
    )


def keep_version(*, by: Reader, person: Person, what: str, data: Mapping[str, Any]) -> None:
    version_of(by=by, person=person, what=what, data=data).save(force_insert=True)


def words_of(*, by: Reader, person: Person) -> list[NameWord]:
    """The words by which somebody is found: their names as they are now, and what they like to be called."""
    words = name_words(person.given_names, person.family_name, person.preferred_name)
    return [NameWord(person=person, word=word) for word in sorted(words)]
