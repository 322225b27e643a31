"""Concerns: the person's own, with what became of them; and those that staff answer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from ambit.access.queries import Reader, area_of, of_their_people
from ambit.audit import actions as audit
from ambit.careplan.queries import ROLES
from ambit.mycare.models import Concern


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcernRow:
    """One concern and what became of it."""

    id: UUID
    person_id: UUID
    called: str
    kind: str
    words: str
    about: str
    author: str
    mine: bool
    raised_at: datetime
    receive_by_on: date
    is_late: bool
    received_by: str
    received_at: datetime | None
    answer: str
    answered_by: str
    answered_at: datetime | None


def concerns(reader: Reader, person_id: UUID) -> tuple[ConcernRow, ...]:
    """What was raised about somebody the reader has opened: all by the person and who acts for them, a carer's own to a carer."""
    reader.must("see_own_record")
    rows = Concern.objects.filter(person_id=person_id).select_related("person").order_by("-raised_at")
    if reader.role == "carer":
        rows = rows.filter(account_id=reader.account_id or 0)
    return tuple(_seen(reader, row) for row in rows)


def concerns_to_answer(reader: Reader) -> QuerySet[Concern]:
    """What this reader may answer: about care, of their own people; about who opened a record, in the privacy officer's area."""
    reader.must("answer_concerns")
    if reader.may("review_break_glass"):
        return Concern.objects.filter(kind=Concern.Kind.WHO_OPENED, person__practice__in=area_of(reader))
    return Concern.objects.filter(of_their_people(reader), kind=Concern.Kind.CARE)


def concerns_of_area(reader: Reader, *, answered: bool = False) -> list[ConcernRow]:
    """The list for staff: what waits, the one due first on top; or what was answered, the latest on top."""
    rows = concerns_to_answer(reader).select_related("person")
    rows = (
        rows.exclude(answered_at=None).order_by("-answered_at")
        if answered
        else rows.filter(answered_at=None).order_by("receive_by_on", "raised_at")
    )
    return [_seen(reader, row) for row in rows[:100]]


def concern_to_answer(reader: Reader, concern_id: UUID) -> ConcernRow:
    """One concern, for who may answer it; that they read it is audited."""
    row = concerns_to_answer(reader).select_related("person").filter(Q(pk=concern_id)).first()
    if row is None:
        raise Http404("No such concern.")
    audit.record(by=reader, what="read a concern", about=row.person_id, details={"concern": str(row.pk)})
    return _seen(reader, row)


def _seen(reader: Reader, row: Concern) -> ConcernRow:
    person = row.person
    return ConcernRow(
        id=row.pk,
        person_id=row.person_id,
        called=f"{person.given_names} {person.family_name}".strip(),
        kind=row.kind,
        words=row.words,
        about=row.about,
        author=", ".join(part for part in (row.by_name, ROLES.get(row.by_role, "")) if part),
        mine=row.account_id == reader.account_id,
        raised_at=row.raised_at,
        receive_by_on=row.receive_by_on,
        is_late=row.received_at is None and row.receive_by_on < timezone.localdate(),
        received_by=_named(row.received_by, row.received_by_role),
        received_at=row.received_at,
        answer=row.answer,
        answered_by=_named(row.answered_by, row.answered_by_role),
        answered_at=row.answered_at,
    )


def _named(name: str, role: str) -> str:
    return ", ".join(part for part in (name, ROLES.get(role, "")) if part)
