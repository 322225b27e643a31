"""Who was invited to somebody's own page, and whose parental responsibility stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ambit.access.models import Grant
from ambit.access.queries import Person, Reader
from ambit.access.rules import code_as_kept, eighteen_years_before
from ambit.careplan import queries as careplan
from ambit.mycare.models import Invitation
from ambit.mycare.sentences import in_their_language


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationRow:
    """One invitation: `asked` by the person, `open`, `used`, `expired`, or `ended`.

    `rests_on` is the document or responsibility behind it; `flag` says why that opens nothing, or that none is named.
    """

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
    rests_on: str = ""
    flag: str = ""
    needs_document: bool = False
    basis_is_document: bool = False


def invitation_hash(code: str) -> str:
    """A keyed hash of a letter's code, by which it is found; the code itself is kept nowhere."""
    return salted_hmac("ambit.mycare.letter", code_as_kept(code), algorithm="sha256").hexdigest()


def invitations(reader: Reader, person_id: UUID) -> tuple[InvitationRow, ...]:
    """Who was invited to see the plan of somebody the reader has opened, the latest first."""
    reader.must("give_access", or_else="choose_who_sees")
    rows = list(
        Invitation.objects.filter(person_id=person_id)
        .select_related("grant", "person", "parental__holder")
        .order_by("-made_at")
    )
    documents = {}
    if any(row.basis in _ON_A_DOCUMENT for row in rows):
        documents = careplan.authorities(person_id, on=timezone.localdate())
    return tuple(_seen(row, documents) for row in rows)


_ON_A_DOCUMENT = ("attorney", "deputy")


def documents_to_choose(person_id: UUID) -> list[tuple[str, str]]:
    """The documents of somebody who has been opened that give authority now, for a list to choose from."""
    known = careplan.authorities(person_id, on=timezone.localdate())
    return [(str(one.id), one.words) for one in known.values() if not one.why_not]


def _behind(row: Invitation, documents: Mapping[UUID, careplan.RestsOn]) -> tuple[str, str]:
    """What an invitation rests on, in words, and why that opens nothing; both empty where it needs neither."""
    held = row.parental
    if held is not None:
        words = f"{held.holder.name}: parental responsibility, {held.get_basis_display()[:1].lower()}{held.get_basis_display()[1:]}"
        return words, _why_no_parental(held, row.person.born_on)
    document = documents.get(row.directive_id) if row.directive_id else None
    if document is not None:
        return document.words, document.why_not
    return "", NO_DOCUMENT if row.basis in _ON_A_DOCUMENT else ""


NO_DOCUMENT = "No document is named: their leave does not end when a document does"


def _why_no_parental(held: Any, born_on: date | None) -> str:
    today = timezone.localdate()
    if held.until_on and held.until_on < today:
        return "Parental responsibility has ended"
    if held.restriction:
        return "A court restricts the parental responsibility"
    if held.is_disputed:
        return "The parental responsibility is disputed"
    return "The child is 18 or over" if born_on and born_on <= eighteen_years_before(today) else ""


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


def _seen(row: Invitation, documents: Mapping[UUID, careplan.RestsOn]) -> InvitationRow:
    now = timezone.now()
    rests_on, flag = _behind(row, documents)
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
        basis=in_their_language(row.get_basis_display()),
        evidence=row.evidence,
        state=state,
        made_by=row.made_by,
        made_at=row.made_at,
        until=row.code_until_at,
        used_at=row.used_at,
        leave_until_on=row.leave_until_on,
        rests_on=rests_on,
        flag=flag,
        basis_is_document=row.basis in _ON_A_DOCUMENT,
        needs_document=flag == NO_DOCUMENT and not ended,
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
