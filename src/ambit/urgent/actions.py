"""What is done at the urgent door besides opening: a paper is made, and it is kept that it was."""

from uuid import UUID

from django.db import transaction

from ambit.access.queries import Reader
from ambit.audit import actions as audit


@transaction.atomic
def print_now(*, by: Reader, person_id: UUID, version: int) -> None:
    """Keep that somebody made the urgent page for paper, and of which version (hazard H7: old copies)."""
    by.must("see_urgent")
    audit.record(by=by, what="made the urgent page for print", about=person_id, details={"version": version})
