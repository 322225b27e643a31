"""The person, or who acts or cares for them, makes a copy of their own."""

from collections.abc import Collection

from django.db import transaction

from ambit.access.queries import Person, Reader
from ambit.audit import actions as audit


@transaction.atomic
def copy_my_plan(*, by: Reader, person: Person, left_out: Collection[str], paper: str) -> None:
    """Record that a copy of the plan was made from the person's own pages, and without which parts."""
    by.must("see_own_record")
    audit.record(
        by=by, what="made their own copy of the plan", about=person.id,
        details={"left_out": sorted(left_out), "paper": paper},
    )  # fmt: skip
