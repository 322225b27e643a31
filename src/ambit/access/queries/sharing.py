"""What people have decided about sharing."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.utils import timezone

from ambit.access.models import SharingDecision
from ambit.access.ties import theirs
from ambit.audit.rules import Reader
from ambit.design.rules import Banner
from ambit.people import queries as people_queries
from ambit.people.models import Person

WHO_DECIDES = list(SharingDecision.Basis.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingRow:
    """One decision about sharing, current or ended."""

    id: UUID
    outcome: str
    is_objection: bool
    scope: str
    about: str
    basis: str
    informed_on: date
    not_even_in_emergency: bool
    note: str
    recorded_by: str
    recorded_at: datetime
    ended_by: str
    ended_at: datetime | None


def sharing_decisions(reader: Reader, person: Person) -> list[SharingRow]:
    """What somebody the reader has opened decided about their record, the latest first."""
    reader.must("record_sharing", or_else="choose_who_sees")
    rows = SharingDecision.objects.filter(person=person).select_related("organisation").order_by("-recorded_at")
    return [
        SharingRow(
            id=row.pk,
            outcome=row.get_outcome_display(),
            is_objection=row.outcome != SharingDecision.Outcome.AGREED,
            scope=row.scope,
            about=row.organisation.name if row.organisation else row.item or row.get_scope_display(),
            basis=row.get_basis_display() + (f", {row.decided_by}" if row.decided_by else ""),
            informed_on=row.informed_on,
            not_even_in_emergency=row.not_even_in_emergency,
            note=row.note,
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
            ended_by=row.ended_by,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


def banner(reader: Reader, person: Person) -> Banner:
    """Who a page about access is about."""
    shown = people_queries.person_page(person, on=timezone.localdate())
    return people_queries.banner_of(person, shown, people_queries.similar_people(partial(theirs, reader), person))
