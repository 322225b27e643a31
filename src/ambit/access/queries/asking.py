"""Who is asking, in which role."""

from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import DEFERRED
from django.http import HttpRequest
from django.utils import timezone

from ambit.access.models import Account
from ambit.access.rules import (
    ABILITIES,
    CurrentMembership,
)
from ambit.audit.rules import NotAllowed, Reader
from ambit.organisations.models import Role
from ambit.statements import loaded_id, stored


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
        request.user,
        acting_as=request.session.get("acting_as"),
        address=request.META.get("REMOTE_ADDR") or "",
    )


def reader_for(account: Account, *, acting_as: str | None = None, through: str = "web", address: str = "") -> Reader:
    """The reader that an account is: in the role chosen (a membership's id), else in its first role of today.

    An account without a current membership carries no ability, unless it is a person's, proxy's or carer's own.
    """
    memberships = memberships_today(account)
    if not memberships:
        role = account.role if account.staff_id is None else ""
        return Reader(
            name=account.name or account.email,
            role=role,
            account_id=account.pk,
            person_id=account.person_id if role == Account.Role.PERSON else None,
            abilities=ABILITIES[role] if role else frozenset(),
            through=through,
            address=address,
        )
    acting = next((m for m in memberships if str(m.id) == acting_as), memberships[0])
    return Reader(
        name=acting.staff_name,
        role=acting.role,
        account_id=account.pk,
        staff_id=account.staff_id,
        membership_id=acting.id,
        organisation_id=acting.organisation_id,
        organisation_name=acting.organisation_name,
        team_ids=tuple(m.team_id for m in memberships if m.team_id and m.organisation_id == acting.organisation_id),
        abilities=ABILITIES[acting.role],
        through=through,
        address=address,
    )


def memberships_today(account: Account) -> tuple[CurrentMembership, ...]:
    """The roles this account's member of staff has today, oldest first."""
    if account.memberships_today is None:
        fresh = signed_in_account(account.pk)
        account.memberships_today = fresh.memberships_today if fresh else ()
    return account.memberships_today or ()


def signed_in_account(account_id: int) -> Account | None:
    """The account with its roles of today, in one statement; None when it is closed. Read on every request."""
    today = stored(timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.password, a.email, a.name, a.role, a.is_active, a.staff_id, a.person_id,"
            " m.id, m.role, m.organisation_id, o.name, m.team_id, s.title, s.name"
            " FROM access_account a"
            " LEFT JOIN organisations_staff s ON s.id = a.staff_id"
            " LEFT JOIN organisations_membership m ON m.staff_id = a.staff_id AND m.from_on <= %s"
            " AND (m.until_on IS NULL OR m.until_on >= %s)"
            " LEFT JOIN organisations_organisation o ON o.id = m.organisation_id"
            " WHERE a.id = %s ORDER BY m.from_on, m.id",
            [today, today, account_id],
        )
        rows = cursor.fetchall()
    if not rows:
        return None
    pk, password, email, name, role, is_active, staff_id, person_id = rows[0][:8]
    if not is_active:
        return None
    account = Account(
        pk=pk, password=password, email=email, name=name, role=role, staff_id=loaded_id(staff_id),
        person_id=loaded_id(person_id), last_login=cast(Any, DEFERRED),
    )  # fmt: skip
    account._state.adding, account._state.db = False, connection.alias
    account.memberships_today = tuple(
        CurrentMembership(
            id=cast(UUID, loaded_id(row[8])),
            role=row[9],
            role_name=str(Role(row[9]).label),
            organisation_id=cast(UUID, loaded_id(row[10])),
            organisation_name=row[11],
            team_id=loaded_id(row[12]),
            staff_name=f"{row[13]} {row[14]}".strip(),
        )
        for row in rows
        if row[8]
    )
    return account
