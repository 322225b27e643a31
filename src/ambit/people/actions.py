"""What is done about people: admitting them."""

from django.db import transaction

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.people.models import Person, PersonNumber
from ambit.people.rules import Identity, name_key


@transaction.atomic
def admit(*, by: Reader, identity: Identity) -> Person:
    """Make a `Person` of this identity, or give back the one who already has its number."""
    by.must("admit_people")
    numbers = {"nhs": identity.nhs_number, "chi": identity.chi_number, "hc": identity.hc_number}
    for kind, value in numbers.items():
        known = PersonNumber.objects.filter(kind=kind, value=value, is_current=True).first() if value else None
        if known:
            return known.person
    person = Person.objects.create(
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
    for kind, value in numbers.items():
        if value:
            PersonNumber.objects.create(person=person, kind=kind, value=value)
    audit.record(by=by, what="admitted a person", about=person.id)
    return person
