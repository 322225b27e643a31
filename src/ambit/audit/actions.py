"""Writing the audit trail. Every action of every slice calls `record` inside its own transaction."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.audit.models import AuditLine
from ambit.audit.rules import Reader


def record(*, by: Reader, what: str, about: UUID | None = None, details: Mapping[str, Any] | None = None) -> None:
    """Write one line in the transaction of the act; if it cannot be written, the act fails with it."""
    AuditLine.objects.create(
        at=timezone.now(),
        account_id=by.account_id,
        name=by.name,
        role=by.role,
        organisation=by.organisation_name,
        through=by.through,
        address=by.address,
        what=what,
        about=about,
        details=dict(details or {}),
    )


def record_many(*, by: Reader, what: str, about: Sequence[UUID]) -> None:
    """Write one line for each person that an act in bulk was about, in its transaction."""
    at = timezone.now()
    AuditLine.objects.bulk_create(
        [
            AuditLine(
                at=at,
                account_id=by.account_id,
                name=by.name,
                role=by.role,
                organisation=by.organisation_name,
                through=by.through,
                address=by.address,
                what=what,
                about=person_id,
            )
            for person_id in about
        ],
        batch_size=500,
    )


@transaction.atomic
def record_reading(*, by: Reader, wanted: Mapping[str, str], rows: int | None = None, as_file: bool = False) -> None:
    """Who reads the trail, and what they asked it for, is in the trail."""
    by.must("read_audit")
    what = "downloaded the audit trail" if as_file else "read the audit trail"
    record(
        by=by, what=what, details={"wanted": dict(wanted)} if rows is None else {"wanted": dict(wanted), "rows": rows}
    )
