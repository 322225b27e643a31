"""Finding somebody outside one's own people."""

from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils.crypto import salted_hmac

from ambit.access.ties import people_of, theirs
from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.people import queries as people_queries
from ambit.people.models import Person, PersonNumber
from ambit.people.queries import Found as FoundPeople
from ambit.people.rules import name_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Just enough to tell two people apart; nothing of the record."""

    person_id: UUID
    title: str
    given_names: str
    family_name: str
    born_on: date | None
    nhs_number: str


FOUND_AT_MOST = 20


def find_among(reader: Reader, text: str) -> FoundPeople:
    """Those of the reader's own people whom a search means, as the page that finds people has it."""
    reader.must("find_people")
    return people_queries.search_people(partial(theirs, reader), text)


def find_anywhere(
    reader: Reader,
    *,
    nhs_number: str = "",
    family_name: str = "",
    born_on: date | None = None,
    in_emergency: bool = False,
) -> list[Found]:
    """People of the whole site by exact NHS number, or by family name and birth date together; for urgent roles.

    Who has objected is left out unless policy shows that a record exists, or this is an emergency; who has said "not
    even in an emergency" is left out then as well. The search is audited: the trail keeps the ids found and a keyed
    hash of the terms, so that "was this number searched for?" can be answered without the trail holding numbers.
    """
    if not (reader.may("break_glass") and reader.may("see_urgent")):
        reader.must("break_glass")
        reader.must("see_urgent")
    people = Person.objects.filter(merged_into=None)
    if nhs_number:
        people = people.filter(numbers__kind="nhs", numbers__value=nhs_number, numbers__is_current=True)
    elif family_name and born_on:
        key = name_key(family_name, "")
        people = people.filter(Q(name_key=key) | Q(name_key__startswith=f"{key} "), born_on=born_on)
    else:
        return []
    objected = Q(sharing_decisions__ended_at=None, sharing_decisions__scope="whole_record") & ~Q(
        sharing_decisions__outcome="agreed"
    )
    if in_emergency:
        hidden = Person.objects.filter(objected, sharing_decisions__not_even_in_emergency=True)
    else:
        hidden = Person.objects.filter(objected)
    if settings.CONFIG.objected_record_existence == "hidden":
        mine = people_of(reader).values("pk")
        people = people.exclude(Q(pk__in=hidden.values("pk")) & ~Q(pk__in=mine))
    rows = list(people.order_by("name_key", "born_on", "pk").distinct()[:FOUND_AT_MOST])
    numbers = dict(
        PersonNumber.objects.filter(person__in=rows, kind="nhs", is_current=True).values_list("person_id", "value")
    )
    terms = f"{nhs_number}|{name_key(family_name, '')}|{born_on or ''}"
    audit.record(
        by=reader,
        what="searched everybody in an emergency" if in_emergency else "searched everybody",
        details={
            "by": "NHS number" if nhs_number else "family name and birth date",
            "terms": search_print(terms),
            "found": [str(row.pk) for row in rows],
        },
    )
    return [
        Found(
            person_id=row.pk,
            title=row.title,
            given_names=row.given_names,
            family_name=row.family_name,
            born_on=row.born_on,
            nhs_number=numbers.get(row.pk, ""),
        )
        for row in rows
    ]


def search_print(terms: str) -> str:
    """A keyed hash by which two equal searches are recognised in the audit trail."""
    return salted_hmac("ambit.access.search", terms, algorithm="sha256").hexdigest()[:32]
