"""What the audit trail publishes for measuring: on which day, and when, somebody's record was opened by readers of some roles."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ambit.audit.models import AuditLine


@dataclass(frozen=True, slots=True)
class Opened:
    person_id: UUID
    role: str
    organisation: str
    at: datetime


def opened(roles: Collection[str], *, since: datetime) -> list[Opened]:
    """Every line about somebody, read or written, by readers of these roles, the earliest first."""
    lines = AuditLine.objects.filter(role__in=roles, about__isnull=False, at__gte=since).order_by("at")
    return [
        Opened(about, role, organisation, at)
        for about, role, organisation, at in lines.values_list("about", "role", "organisation", "at")
        if about is not None
    ]
