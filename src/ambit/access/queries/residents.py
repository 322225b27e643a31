"""Who lives in the reader's care home."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from ambit.access.models import Grant
from ambit.access.queries.door import current_numbers
from ambit.access.ties import people_of
from ambit.audit.rules import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """Somebody who lives in the reader's care home, and since when it is recorded."""

    person_id: UUID
    family_name: str
    given_names: str
    preferred_name: str
    born_on: date | None
    nhs_number: str
    since: datetime


def residents_of(reader: Reader) -> list[Resident]:
    """Everybody living with a current residence in the reader's organisation whose record it may open, by name."""
    reader.must("see_caseload")
    now = timezone.now()
    here: dict[str, Any] = {"organisation_id": reader.organisation_id}
    residences = Grant.objects.filter(
        Q(until_at=None) | Q(until_at__gt=now),
        kind=Grant.Kind.RESIDENCE,
        from_at__lte=now,
        **here,
    )
    mine = list(
        people_of(reader)
        .filter(died_on=None, pk__in=residences.values("person_id"))
        .annotate(
            since=Subquery(residences.filter(person=OuterRef("pk")).order_by("from_at").values("from_at")[:1]),
            number=Subquery(current_numbers().filter(person=OuterRef("pk")).values("value")[:1]),
        )
        .order_by("name_key", "pk")
        .values_list("pk", "family_name", "given_names", "preferred_name", "born_on", "number", "since")
    )
    return [
        Resident(
            person_id=row[0],
            family_name=row[1],
            given_names=row[2],
            preferred_name=row[3],
            born_on=row[4],
            nhs_number=row[5] or "",
            since=row[6],
        )
        for row in mine
    ]
