"""Who asked to see another person's plan: their own requests with the answers, and what staff answer."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone

from ambit.access.queries import Person, Reader, of_their_people, people_of
from ambit.audit import actions as audit
from ambit.careplan.queries import ROLES
from ambit.mycare.models import AskedToSee


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """One request to see another plan, and what became of it."""

    id: UUID
    asked_by: str
    role: str
    email: str
    through: str
    name: str
    born_on: date
    basis_id: str
    basis: str
    words: str
    asked_at: datetime
    answer_by_on: date
    is_late: bool
    answer: str
    answered_by: str
    answered_at: datetime | None
    is_yes: bool


def asked_by(reader: Reader) -> tuple[AskedRow, ...]:
    """What this reader asked for, the latest first."""
    reader.must("see_own_record")
    rows = AskedToSee.objects.filter(account_id=reader.account_id or 0).select_related("account", "through")
    return tuple(_row(row) for row in rows.order_by("-asked_at")[:20])


def asked_to_answer(reader: Reader) -> QuerySet[AskedToSee]:
    """What this reader may answer: requests of those who act or care for one of their own people."""
    reader.must("give_access")
    return AskedToSee.objects.filter(of_their_people(reader, "through"))


def asked_of_area(reader: Reader) -> list[AskedRow]:
    """What waits for an answer, the one due first on top; nothing for who may give no access."""
    if not reader.may("give_access"):
        return []
    rows = asked_to_answer(reader).filter(answered_at=None).select_related("account", "through")
    return [_row(row) for row in rows.order_by("answer_by_on", "asked_at")[:100]]


def asked(reader: Reader, asked_id: UUID) -> AskedRow:
    """One request, for who may answer it; that they read it is audited."""
    row = asked_to_answer(reader).select_related("account", "through").filter(pk=asked_id).first()
    if row is None:
        raise Http404("No such request.")
    audit.record(by=reader, what="read who asks to see a plan", about=row.through_id, details={"asked": str(row.pk)})
    return _row(row)


def who_is_meant(reader: Reader, row: AskedRow) -> list[tuple[UUID, str]]:
    """Whom among their own people a request may mean: born on that day, with a name in common."""
    asked_for = set(row.name.casefold().split())
    found = people_of(reader).filter(born_on=row.born_on, died_on=None).order_by("family_name", "given_names")[:50]
    return [(one.id, _full(one)) for one in found if asked_for & set(_full(one).casefold().split())]


def _full(person: Person) -> str:
    return f"{person.given_names} {person.family_name}".strip()


def _row(row: AskedToSee) -> AskedRow:
    return AskedRow(
        id=row.pk,
        asked_by=row.account.name,
        role=row.account.role,
        email=row.account.email,
        through=_full(row.through),
        name=row.name,
        born_on=row.born_on,
        basis_id=row.basis,
        basis=row.get_basis_display(),
        words=row.words,
        asked_at=row.asked_at,
        answer_by_on=row.answer_by_on,
        is_late=row.answered_at is None and row.answer_by_on < timezone.localdate(),
        answer=row.answer,
        answered_by=", ".join(part for part in (row.answered_by, ROLES.get(row.answered_by_role, "")) if part),
        answered_at=row.answered_at,
        is_yes=row.invitation_id is not None,
    )
