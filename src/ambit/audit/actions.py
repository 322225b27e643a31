"""Writing the audit trail. Every action of every slice calls `record` inside its own transaction."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from ambit.audit.models import AuditLine
from ambit.audit.rules import Reader
from ambit.statements import stored


def record(*, by: Reader, what: str, about: UUID | None = None, details: Mapping[str, Any] | None = None) -> None:
    """Write one line in the transaction of the act; if it cannot be written, the act fails with it."""
    line = (
        timezone.now(), by.account_id, by.name, by.role, by.organisation_name, by.through, by.address, what, about,
        dict(details or {}),
    )  # fmt: skip
    # written out: every record that is opened writes one
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO audit_auditline"
            " (at, account_id, name, role, organisation, through, address, what, about, details)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [stored(value) for value in line],
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
