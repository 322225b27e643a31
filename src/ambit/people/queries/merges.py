"""Records that were made one: which they are, and who decided."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from ambit.people.models import Merge, Person
from ambit.people.rules.dates import born_words


def all_ids(person_id: UUID) -> list[UUID]:
    """The record and every one merged into it: for what is kept by id alone, such as the audit trail."""
    found: list[UUID] = [person_id]
    new = found
    while new:
        new = list(Person.objects.filter(merged_into_id__in=new).values_list("pk", flat=True))
        found = found + new
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeRow:
    """Two records made one: who decided, why, and whether it was undone."""

    id: UUID
    kept_id: UUID
    other_id: UUID
    other_born: str
    reason: str
    at: datetime
    by: str
    undone_at: datetime | None
    undone_by: str
    undone_reason: str


def merges_of(person: Person) -> list[MergeRow]:
    """The merges this record took part in, newest first."""
    found = Merge.objects.select_related("other").filter(Q(kept=person) | Q(other=person)).order_by("-at")
    return [
        MergeRow(
            id=row.pk,
            kept_id=row.kept_id,
            other_id=row.other_id,
            other_born=born_words(row.other.born_on, row.other.birth_precision),
            reason=row.reason,
            at=row.at,
            by=row.by_name,
            undone_at=row.undone_at,
            undone_by=row.undone_by,
            undone_reason=row.undone_reason,
        )
        for row in found
    ]
