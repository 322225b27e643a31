"""Codes by which a person shows their record: how they are recognised, and who has used them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.crypto import salted_hmac

from ambit.access.models import CodeUse
from ambit.audit.rules import Reader
from ambit.organisations.models import Role
from ambit.people.models import Person


def code_hash(code: str) -> str:
    """The keyed hash by which a code is recognised; the code itself is kept nowhere."""
    return salted_hmac("ambit.access.code", code, algorithm="sha256").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTo:
    """Somebody who was shown the record with a code."""

    id: UUID
    name: str
    role_name: str
    organisation_name: str
    used_at: datetime
    until_at: datetime
    is_open: bool


def shown_to(reader: Reader, person: Person) -> list[ShownTo]:
    """Who used a code of somebody whose record the reader has opened, the latest first."""
    reader.must("see_own_record")
    now = timezone.now()
    return [
        ShownTo(
            id=use.pk,
            name=use.name,
            role_name=str(Role(use.role).label),
            organisation_name=use.organisation_name,
            used_at=use.used_at,
            until_at=use.until_at,
            is_open=use.until_at > now,
        )
        for use in CodeUse.objects.filter(person=person).order_by("-used_at")
    ]
