"""Who was invited to somebody's own page, and whose parental responsibility stands."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ambit.access.models import Grant
from ambit.access.queries import Person, Reader
from ambit.access.rules import code_as_kept
from ambit.mycare.models import Invitation


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    """One invitation: `asked` by the person, `open`, `used`, `expired`, or `ended`."""

    id: UUID
    name: str
    role: str
    role_name: str
    basis: str
    evidence: str
    state: str
    made_by: str
    made_at: datetime
    until: datetime | None
    used_at: datetime | None
    leave_until_on: date | None


def invitation_hash(code: str) -> str:
    """A keyed hash of a letter's code, by which it is found; the code itself is kept nowhere."""
    return salted_hmac("ambit.mycare.letter", code_as_kept(code), algorithm="sha256").hexdigest()


def invitations(reader: Reader, person_id: UUID) -> tuple[InvitationRow, ...]:
    """Who was invited to see the plan of somebody the reader has opened, the latest first."""
    reader.must("give_access", or_else="choose_who_sees")
    rows = Invitation.objects.filter(person_id=person_id).select_related("grant").order_by("-made_at")
    return tuple(_seen(row) for row in rows)


def parental_of(person: Person, parental_id: UUID | None) -> Any:
    """This parental responsibility, if it stands: not ended, not restricted, not disputed."""
    return _standing(person).filter(pk=parental_id).first() if parental_id else None


def holders_of_parental(person: Person) -> list[tuple[str, str]]:
    """Whose parental responsibility stands, for a list to choose from."""
    return [(str(row.pk), f"{row.holder.name}, {row.get_basis_display()}") for row in _standing(person)]


def _standing(person: Person) -> QuerySet[Any]:
    today = timezone.localdate()
    return (
        person.parental_responsibilities.filter(Q(until_on=None) | Q(until_on__gte=today))
        .filter(restriction="", is_disputed=False)
        .select_related("holder")
    )


def _seen(row: Invitation) -> InvitationRow:
    now = timezone.now()
    ended = row.withdrawn_at or (row.grant is not None and row.grant.until_at is not None and row.grant.until_at <= now)
    if ended:
        state = "ended"
    elif row.used_at:
        state = "used"
    elif not row.code_hash:
        state = "asked"
    else:
        state = "open" if row.code_until_at and row.code_until_at > now else "expired"
    return InvitationRow(
        id=row.pk,
        name=row.name,
        role=row.role,
        role_name=row.get_role_display(),
        basis=row.get_basis_display(),
        evidence=row.evidence,
        state=state,
        made_by=row.made_by,
        made_at=row.made_at,
        until=row.code_until_at,
        used_at=row.used_at,
        leave_until_on=row.leave_until_on,
    )


@dataclass(frozen=True, slots=True)
class SeesPlan:
    """An organisation whose staff may see the plan, by a team or as a whole."""

    organisation_id: UUID
    name: str
    teams: tuple[str, ...]


def who_sees(reader: Reader, person: Person) -> tuple[SeesPlan, ...]:
    """The organisations, besides the practice, in whose care somebody is: each can be asked to see the plan no more."""
    reader.must("choose_who_sees")
    now = timezone.now()
    rows = (
        Grant.objects.filter(Q(until_at=None) | Q(until_at__gt=now), person=person, from_at__lte=now)
        .exclude(kind__in=["proxy", "carer"])
        .values_list(
            "organisation_id", "organisation__name", "team__organisation_id", "team__organisation__name", "team__name"
        )
    )
    found: dict[UUID, tuple[str, list[str]]] = {}
    for organisation_id, name, of_team_id, of_team, team in rows:
        held = found.setdefault(organisation_id or of_team_id, (name or of_team, []))
        if team and team not in held[1]:
            held[1].append(team)
    return tuple(
        SeesPlan(organisation_id, name, tuple(teams))
        for organisation_id, (name, teams) in sorted(found.items(), key=lambda one: one[1][0])
        if organisation_id != person.practice_id
    )
