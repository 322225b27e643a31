"""Emergency openings, as the privacy officer reviews them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404
from django.utils import timezone

from ambit.access.models import BreakGlass
from ambit.access.queries.finding import Found
from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.organisations.models import Role
from ambit.people.models import PersonNumber
from ambit.statements import stored


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyOpening:
    """An emergency opening as the privacy officer sees it. Who the person is, is said only on its own page."""

    id: UUID
    name: str
    role_name: str
    organisation_name: str
    reason: str
    words: str
    opened_at: datetime
    until_at: datetime
    review_due_on: date
    is_overdue: bool
    outcome: str
    outcome_name: str
    note: str
    reviewed_by: str
    reviewed_at: datetime | None
    person: Found | None = None


def area_of(reader: Reader) -> RawSQL:
    """The reader's organisation and everything that is part of it."""
    return RawSQL(
        "WITH RECURSIVE below(id) AS (SELECT id FROM organisations_organisation WHERE id = %s"
        " UNION SELECT o.id FROM organisations_organisation o JOIN below b ON o.part_of_id = b.id) SELECT id FROM below",
        [stored(reader.organisation_id)],
    )


def openings_to_review(reader: Reader) -> QuerySet[BreakGlass]:
    """Emergency openings by, or about, the privacy officer's own area; not those the officer made."""
    reader.must("review_break_glass")
    area = area_of(reader)
    return (
        BreakGlass.objects.filter(Q(organisation__in=area) | Q(person__practice__in=area))
        .exclude(account_id=cast(int, reader.account_id))
        .select_related("organisation", "reviewed_by__staff")
    )


def emergency_openings(reader: Reader, *, reviewed: bool = False, limit: int = 100) -> list[EmergencyOpening]:
    """The review queue, the one due first on top; or what was reviewed, the latest on top."""
    rows = openings_to_review(reader)
    if reviewed:
        rows = rows.exclude(outcome="").order_by(F("reviewed_at").desc(), "pk")
    else:
        rows = rows.filter(outcome="").order_by("review_due_on", "opened_at", "pk")
    return [_seen(row) for row in rows[:limit]]


def emergency_opening(reader: Reader, opening_id: UUID) -> EmergencyOpening:
    """One emergency opening, with whose record it was; that the officer looked is audited."""
    row = openings_to_review(reader).select_related("person").filter(pk=opening_id).first()
    if row is None:
        raise Http404("No such emergency opening.")
    audit.record(by=reader, what="looked at an emergency opening", about=row.person_id)
    number = PersonNumber.objects.filter(person_id=row.person_id, kind="nhs", is_current=True).first()
    return _seen(
        row,
        Found(
            person_id=row.person_id,
            title=row.person.title,
            given_names=row.person.given_names,
            family_name=row.person.family_name,
            born_on=row.person.born_on,
            nhs_number=number.value if number else "",
        ),
    )


def _seen(row: BreakGlass, person: Found | None = None) -> EmergencyOpening:
    reviewer = row.reviewed_by
    return EmergencyOpening(
        id=row.pk,
        name=row.name,
        role_name=str(Role(row.role).label),
        organisation_name=row.organisation.name if row.organisation else "",
        reason=row.get_reason_display(),
        words=row.words,
        opened_at=row.opened_at,
        until_at=row.until_at,
        review_due_on=row.review_due_on,
        is_overdue=not row.outcome and row.review_due_on < timezone.localdate(),
        outcome=row.outcome,
        outcome_name=str(row.get_outcome_display()),
        note=row.note,
        reviewed_by=str(reviewer.staff or reviewer) if reviewer else "",
        reviewed_at=row.reviewed_at,
        person=person,
    )
