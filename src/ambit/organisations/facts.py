"""What organisations publish for measuring: each with what it is part of and when it was open."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from ambit.organisations.models import Organisation


@dataclass(frozen=True, slots=True)
class OrganisationFact:
    id: UUID
    code: str
    name: str
    kind: str
    part_of: UUID | None
    opened_on: date | None
    closed_on: date | None


def organisations() -> list[OrganisationFact]:
    """Every organisation, closed ones too, by code."""
    columns = ("id", "code", "name", "kind", "part_of_id", "opened_on", "closed_on")
    return [OrganisationFact(*row) for row in Organisation.objects.order_by("code").values_list(*columns)]
