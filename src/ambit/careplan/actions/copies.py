"""A copy of the plan leaves the live record: that it was made, for whom, and what it holds, is kept."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Person, Reader
from ambit.audit import actions as audit
from ambit.careplan import queries


@transaction.atomic
def copy_plan(
    *,
    by: Reader,
    person: Person,
    leave_out: Collection[str] = (),
    as_on: date | None = None,
    paper: str,
    **recipient: Any,
) -> queries.Copy:
    """Make a copy of somebody's plan to print or to save, for a recipient; refused when the person's decisions forbid it."""
    copy = queries.copy_of(by, person, leave_out=leave_out, as_on=as_on, now=timezone.now(), **recipient)
    audit.record(
        by=by,
        what="made a copy of the plan",
        about=person.id,
        details={
            "for": copy.given.kind,
            "to": copy.given.words,
            "paper": paper,
            "version": copy.version,
            "holds": list(copy.holds),
            "left_out": list(copy.left_out),
            "agreement": str(copy.given.agreement_id or ""),
            "as_on": copy.as_on.isoformat() if copy.as_on else "",
        },
    )
    return copy
