"""The one door to people: may this reader open this record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from ambit.access.rules import (
    Answer,
    CannotOpen,
    Door,
    NotAudited,
    may_open,
)
from ambit.access.ties import theirs, ties
from ambit.audit import actions as audit
from ambit.audit import spool
from ambit.audit.rules import Reader
from ambit.people import queries as people_queries
from ambit.people.models import Person, PersonNumber


def answer_at_the_door(reader: Reader, person: Person) -> Answer:
    """Whether this reader may open this person's record now, and why; nothing is opened and nothing is audited."""
    relations, decisions = ties(reader, person)
    return may_open(
        relations,
        decisions,
        policy=settings.CONFIG.sharing_policy,
        organisation_id=reader.organisation_id,
        died=person.died_on is not None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A record that was opened: by which relation, and whether its line is spooled."""

    person: Person
    answer: Answer
    is_spooled: bool = False


def opening(reader: Reader, person_id: UUID, *, why: str = "", urgent: bool = False) -> Opening:
    """Open one person's record: allowed, or refused in words; audited either way. A merged record leads to the kept one.

    When the line cannot be written the record stays closed, unless this is `urgent`: then the line waits on the disk.
    """
    person = kept(person_id)
    answer = answer_at_the_door(reader, person)
    what = "opened a record" if answer.is_open else "was refused a record"
    because = {"relation": answer.relation} if answer.is_open else {"because": answer.door}
    is_spooled = False
    try:
        audit.record(by=reader, what=what, about=person.id, details={"why": why, **because})
    except DatabaseError as failure:
        if not urgent:
            raise NotAudited from failure
        spool.keep(by=reader, what=what, at=timezone.now(), about=person.id, details={"why": why, **because})
        is_spooled = True
    if not answer.is_open:
        raise CannotOpen(
            person.id,
            may_break_glass=reader.may("break_glass"),
            objected=answer.door is Door.OBJECTED and settings.CONFIG.objected_record_existence == "shown",
        )
    return Opening(person=person, answer=answer, is_spooled=is_spooled)


def open_person(reader: Reader, person_id: UUID, *, why: str = "") -> Person:
    """The person whose record was opened (see `opening`)."""
    return opening(reader, person_id, why=why).person


def kept(person_id: UUID) -> Person:
    """The person with this id or, when the record was merged into another, the one that was kept."""
    for _ in range(20):
        person = next(iter(people_queries.with_details(person_id)), None)
        if person is None:
            break
        if person.merged_into_id is None:
            return person
        person_id = person.merged_into_id
    raise Http404("No such record.")


def current_numbers() -> QuerySet[PersonNumber]:
    """NHS numbers in use, to be joined to what a slice keeps about people; opens nobody's record."""
    return PersonNumber.objects.filter(kind="nhs", is_current=True)


def people_listed(person_ids: Sequence[UUID]) -> QuerySet[Person]:
    """People of a list that the reader has, for a slice to say more of each in one statement; opens nobody's record."""
    return Person.objects.filter(pk__in=person_ids)


def easily_mistaken(reader: Reader, person: Person) -> str:
    """How those among the reader's people who are easily mistaken for this one differ, in words; "" for none (H1)."""
    return people_queries.similar_words(people_queries.similar_people(partial(theirs, reader), person))


def number_of(person: Person) -> tuple[str, str]:
    """Kind and value of the number by which somebody who was opened is named; two empty words without one."""
    return people_queries.number_of(person)


def details_of(person: Person) -> Mapping[str, Any]:
    """Everything recorded about somebody who was opened, besides the plan."""
    return people_queries.details_of(person)
