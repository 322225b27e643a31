"""What access publishes for measuring: agreements to share, what ties organisations to people, and what each organisation can do."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models.functions import Coalesce

from ambit.access.models import Grant, SharingDecision
from ambit.access.rules import ABILITIES
from ambit.organisations.models import Membership


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement that the whole record is shared, on which basis, while it held."""

    person_id: UUID
    basis: str
    from_at: datetime
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tie:
    """An organisation whose team, or which itself, was given a tie to somebody."""

    person_id: UUID
    organisation_id: UUID
    from_at: datetime
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class CanDo:
    """What one role of an organisation can do with the palliative care flag, which is membership of the register."""

    organisation_id: UUID
    sees_flag: bool
    sets_flag: bool
    from_on: date
    until_on: date | None


def agreements() -> list[Agreement]:
    """Every agreement to share the whole record, ended or not."""
    rows = SharingDecision.objects.filter(outcome="agreed", scope="whole_record").order_by("recorded_at", "id")
    return [Agreement(*row) for row in rows.values_list("person_id", "basis", "recorded_at", "ended_at")]


def ties() -> list[Tie]:
    """Every tie of an organisation or one of its teams to somebody, ended or not."""
    rows = (
        Grant.objects.annotate(whose=Coalesce("organisation_id", "team__organisation_id"))
        .filter(whose__isnull=False)
        .order_by("from_at", "id")
    )
    return [Tie(*row) for row in rows.values_list("person_id", "whose", "from_at", "until_at")]


def what_organisations_can_do() -> list[CanDo]:
    """For each role that somebody has in an organisation, whether it sees and sets the flag."""
    rows = Membership.objects.order_by("organisation__code", "role", "from_on")
    return [
        CanDo(
            organisation_id,
            "see_register" in ABILITIES.get(role, ()),
            "add_to_register" in ABILITIES.get(role, ()),
            from_on,
            until_on,
        )
        for organisation_id, role, from_on, until_on in rows.values_list(
            "organisation_id", "role", "from_on", "until_on"
        )
    ]
