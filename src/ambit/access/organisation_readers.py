"""Each organisation as a reader: whom its members would see at this moment, for what is written down for all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from ambit.access.models import Duty
from ambit.access.rules import ABILITIES
from ambit.audit.rules import Reader
from ambit.organisations.models import Organisation, Team


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationReader:
    """An organisation, and the readers that stand for it: itself, and one of its members for each area on duty."""

    code: str
    name: str
    readers: tuple[Reader, ...]


def organisation_readers(by: Reader) -> Iterator[OrganisationReader]:
    """Every open organisation as an urgent clinician of its own would read, in the order of their codes.

    They carry no more than the members do: the same relations, objections and kept-back sections.
    """
    by.must("operate")
    today = timezone.localdate()
    teams: dict[UUID, list[UUID]] = {}
    for organisation_id, team_id in Team.objects.filter(closed_on=None).values_list("organisation_id", "id"):
        teams.setdefault(organisation_id, []).append(team_id)
    members = _members_on_duty()
    rows = Organisation.objects.filter(Q(closed_on=None) | Q(closed_on__gt=today)).exclude(kind__in=("system", "place"))
    for organisation_id, code, name in rows.order_by("code").values_list("id", "code", "name"):
        readers = tuple(
            Reader(
                name=f"Emergency summaries for {name}",
                role="urgent_clinician",
                organisation_id=organisation_id,
                organisation_name=name,
                membership_id=membership_id,
                team_ids=tuple(teams.get(organisation_id, ())),
                abilities=ABILITIES["urgent_clinician"],
                through="summaries export",
            )
            for membership_id in (None, *members.get(organisation_id, ()))
        )
        yield OrganisationReader(code=code, name=name, readers=readers)


def _members_on_duty() -> dict[UUID, list[UUID]]:
    """For each organisation, one member on duty now for each area in which somebody is."""
    now = timezone.now()
    on_duty = Duty.objects.filter(Q(until_at=None) | Q(until_at__gt=now), membership__isnull=False, from_at__lte=now)
    one_each: dict[tuple[UUID, UUID], UUID] = {}
    for organisation_id, area_id, membership_id in on_duty.values_list(
        "membership__organisation_id", "area_id", "membership_id"
    ):
        one_each.setdefault((organisation_id, area_id), membership_id)
    members: dict[UUID, list[UUID]] = {}
    for (organisation_id, _), membership_id in one_each.items():
        members.setdefault(organisation_id, []).append(membership_id)
    return members
