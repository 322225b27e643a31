"""The one door to people: who is asking, and may they open this record."""

from typing import cast
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils import timezone

from ambit.access.models import Account
from ambit.access.rules import ABILITIES
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed, Reader
from ambit.organisations.models import Membership
from ambit.people.models import Person

__all__ = ["NotAllowed", "Reader", "open_person", "operator", "people_of", "reader_of"]


def operator(name: str = "operator") -> Reader:
    """The operator of this machine, in whose name commands run."""
    return Reader(name=name, role="operator", abilities=ABILITIES["operator"], through="command line")


def reader_named(email: str) -> Reader:
    """The member of staff with this address, in the first of their current roles; for commands."""
    account = Account.objects.filter(email__iexact=email, is_active=True).first()
    if account is None:
        raise NotAllowed(f"Nobody signs in as {email}.", what_to_do="Give the address of an active account.")
    return reader_for(account, through="command line")


def reader_of(request: HttpRequest) -> Reader | None:
    """Who is signed in, in which acting role; None when nobody is."""
    if not request.user.is_authenticated:
        return None
    return reader_for(
        cast(Account, request.user),
        acting_as=request.session.get("acting_as"),
        address=request.META.get("REMOTE_ADDR", ""),
    )


def reader_for(account: Account, *, acting_as: str | None = None, through: str = "web", address: str = "") -> Reader:
    """The reader that an account is, in the acting role chosen (a membership's id), else its first current role."""
    today = timezone.localdate()
    memberships = list(
        Membership.objects.select_related("organisation", "staff")
        .filter(staff_id=account.staff_id, from_on__lte=today)
        .exclude(until_on__lt=today)
        .order_by("from_on")
    )
    acting = next((m for m in memberships if str(m.id) == acting_as), None)
    acting = acting or (memberships[0] if memberships else None)
    if acting is None:
        return Reader(name=account.name or account.email, role="", account_id=account.pk, person_id=account.person_id)
    return Reader(
        name=str(acting.staff),
        role=acting.role,
        account_id=account.pk,
        staff_id=acting.staff_id,
        membership_id=acting.id,
        organisation_id=acting.organisation_id,
        organisation_name=acting.organisation.name,
        team_ids=tuple(m.team_id for m in memberships if m.team_id),
        abilities=ABILITIES[acting.role],
        through=through,
        address=address,
    )


def people_of(reader: Reader) -> QuerySet[Person]:
    """Everybody this reader has a standing relationship with: the base of every list."""
    now = timezone.now()
    current = Q(grants__from_at__lte=now) & (Q(grants__until_at=None) | Q(grants__until_at__gt=now))
    tie = Q(grants__account_id=reader.account_id) if reader.account_id else Q(pk__in=[])
    if reader.organisation_id:
        tie |= Q(grants__organisation_id=reader.organisation_id)
    if reader.team_ids:
        tie |= Q(grants__team_id__in=reader.team_ids)
    granted = Person.objects.filter(current & tie).values("pk")
    scope = Q(pk__in=granted)
    if reader.organisation_id:
        scope |= Q(practice_id=reader.organisation_id)
    return Person.objects.filter(scope, merged_into=None)


def open_person(reader: Reader, person_id: UUID, *, why: str = "") -> Person:
    """Open one person's record: allowed, or refused in words; audited either way."""
    person = people_of(reader).filter(pk=person_id).first()
    if person is None:
        if not Person.objects.filter(pk=person_id).exists():
            raise Http404("No such record.")
        audit.record(by=reader, what="was refused a record", about=person_id, details={"why": why})
        raise NotAllowed("You cannot open this record.")
    audit.record(by=reader, what="opened a record", about=person_id, details={"why": why})
    return person
