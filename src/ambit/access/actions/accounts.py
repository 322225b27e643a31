"""Accounts are made and closed."""

import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from ambit.access.models import Account
from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.organisations.models import Staff
from ambit.people.models import Person


@transaction.atomic
def make_account(
    *,
    by: Reader,
    email: str,
    staff: Staff | None = None,
    role: str = "",
    person: Person | None = None,
    name: str = "",
    password: str | None = None,
) -> tuple[Account, str]:
    """Make an account for a member of staff, or for a person, proxy or carer; gives back its password, once."""
    by.must("manage_accounts")
    problems: dict[str, str | list[str]] = {}
    try:
        validate_email(email)
    except ValidationError:
        problems["email"] = "Give an e-mail address such as name@example.org."
    if Account.objects.filter(email__iexact=email).exists():
        problems["email"] = "Somebody already signs in with this address. Give another."
    if (staff is None) == (role == ""):
        problems["role"] = "Say which member of staff this is for, or whether it is for a person, proxy or carer."
    if role == Account.Role.PERSON and person is None:
        problems["person"] = "Say which person this account is for."
    if staff is not None and Account.objects.filter(staff=staff).exists():
        problems["staff"] = f"{staff} already has an account."
    account = Account(
        email=Account.objects.normalize_email(email),
        staff=staff,
        role=role,
        person=person,
        name=name or str(staff or ""),
    )
    password = password or secrets.token_urlsafe(15)
    try:
        validate_password(password, account)
    except ValidationError as weak:
        problems["password"] = list(weak.messages)
    if problems:
        raise Refused(problems)
    account.set_password(password)
    account.save()
    audit.record(
        by=by,
        what="made an account",
        about=person.id if person else None,
        details={"account": account.pk, "role": role},
    )
    return account, password


@transaction.atomic
def deactivate_account(*, by: Reader, account_id: int) -> None:
    """Close an account. Whoever is signed in with it is out at the next request."""
    by.must("manage_accounts")
    account = Account.objects.select_for_update().get(pk=account_id)
    if account.pk == by.account_id:
        raise Refused("You cannot close your own account. Ask another administrator.")
    account.is_active = False
    account.save(update_fields=["is_active"])
    audit.record(by=by, what="closed an account", details={"account": account.pk})
