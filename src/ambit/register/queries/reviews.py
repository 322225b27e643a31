"""When reviews are due, for a list that says nothing else of the register."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from ambit.access.queries import Reader
from ambit.register.models import RegisterEntry
from ambit.statements import Prepared

REVIEWS_DUE: Prepared[tuple[UUID, date]] = Prepared(
    lambda person_ids: RegisterEntry.objects.filter(person_id__in=person_ids, left_on=None).values_list(
        "person_id", "review_due_on"
    )
)
"""Of people, to be asked together with others (`statements.Together`)."""


def reviews_due(reader: Reader, *, rows: Sequence[tuple[UUID, date]]) -> dict[UUID, date]:
    """When the review of each of these people is due, by the rows of `REVIEWS_DUE`; who is not on the register has none."""
    if not reader.may("see_caseload"):
        reader.must("see_register")
    return dict(rows)
