"""What people have decided about sharing."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from ambit.access.items import title_of
from ambit.access.keeping_back import kept_back_from
from ambit.access.models import Account, Duty, Grant, OutsideConsent, Seal, SharingDecision
from ambit.access.rules import SILENT, scci_code
from ambit.access.ties import theirs
from ambit.audit.rules import Reader
from ambit.design.rules import Banner
from ambit.organisations.models import Membership, Organisation, Role
from ambit.people import queries as people_queries
from ambit.people.models import Person

WHO_DECIDES = list(SharingDecision.Basis.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingRow:
    """One decision about sharing, current or ended."""

    id: UUID
    outcome: str
    is_objection: bool
    scope: str
    about: str
    basis: str
    informed_on: date
    not_even_in_emergency: bool
    note: str
    material: str
    scci_code: str
    recorded_by: str
    recorded_at: datetime
    ended_by: str
    ended_at: datetime | None


def sharing_decisions(reader: Reader, person: Person) -> list[SharingRow]:
    """What somebody the reader has opened decided about their record, the latest first."""
    reader.must("record_sharing", or_else="choose_who_sees")
    rows = SharingDecision.objects.filter(person=person).select_related("organisation").order_by("-recorded_at")
    return [
        SharingRow(
            id=row.pk,
            outcome=row.get_outcome_display(),
            is_objection=row.outcome != SharingDecision.Outcome.AGREED,
            scope=row.scope,
            about=_about(row),
            basis=row.get_basis_display() + (f", {row.decided_by}" if row.decided_by else ""),
            informed_on=row.informed_on,
            not_even_in_emergency=row.not_even_in_emergency,
            note=row.note,
            material=row.material,
            scci_code=scci_code(row.outcome, row.basis),
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
            ended_by=row.ended_by,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


def _about(row: SharingDecision) -> str:
    if row.item:
        from_whom = row.organisation.name if row.organisation else "everybody outside the practice"
        return f"{title_of(row.item)}, {from_whom}"
    return row.organisation.name if row.organisation else str(row.get_scope_display())


@dataclass(frozen=True, slots=True, kw_only=True)
class SealRow:
    """A part of the record that is hidden. Who may not see it learns here neither why nor who may, only that it is there."""

    id: UUID
    title: str
    hides_from: str
    why: str
    words: str
    may: tuple[str, ...]
    until_on: date
    sealed_by: str
    sealed_at: datetime
    mine: bool


def seals(reader: Reader, person: Person) -> list[SealRow]:
    """What of a record that the reader has opened is sealed now, the first to open again on top."""
    reader.must("record_sharing")
    today = timezone.localdate()
    rows = list(Seal.objects.filter(person=person, ended_at=None, until_on__gte=today).order_by("until_on", "item"))
    hidden = kept_back_from(reader, [person.pk])[person.pk] if rows else {}
    names = dict(Account.objects.filter(pk__in={a for row in rows for a in row.accounts}).values_list("pk", "name"))
    return [
        SealRow(
            id=row.pk,
            title=title_of(row.item),
            hides_from=str(row.get_hides_from_display()),
            why=str(row.get_why_display()) if row.item not in hidden else "",
            words=row.words if row.item not in hidden else "",
            may=(*(str(Role(role).label) for role in row.roles), *(names.get(a, "") for a in row.accounts)),
            until_on=row.until_on,
            sealed_by=f"{row.sealed_by}, {Role(row.sealed_by_role).label}"
            if row.sealed_by_role in Role.values
            else row.sealed_by,
            sealed_at=row.sealed_at,
            mine=row.item not in hidden,
        )
        for row in rows
        if hidden.get(row.item) != SILENT
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideRow:
    """Somebody outside direct care who may be given a copy, of what, and until when."""

    id: UUID
    party: str
    purpose: str
    items: tuple[str, ...]
    titles: tuple[str, ...]
    basis: str
    agreed_on: date
    until_on: date
    recorded_by: str
    recorded_at: datetime
    stands: bool


def agreed_outside(reader: Reader, person: Person) -> list[OutsideRow]:
    """Every agreement to share with somebody outside direct care, the latest first; which of them stand today."""
    reader.must("record_sharing")
    today = timezone.localdate()
    return [
        OutsideRow(
            id=row.pk,
            party=row.party,
            purpose=row.purpose,
            items=tuple(row.items),
            titles=tuple(map(title_of, row.items)),
            basis=row.get_basis_display() + (f", {row.decided_by}" if row.decided_by else ""),
            agreed_on=row.agreed_on,
            until_on=row.until_on,
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
            stands=row.ended_at is None and row.until_on >= today,
        )
        for row in OutsideConsent.objects.filter(person=person).order_by("-recorded_at")
    ]


def organisations_around(person: Person) -> list[tuple[str, str]]:
    """Who could see the record besides the practice, for a choice: organisations tied to the person or on duty for them."""
    now = timezone.now()
    standing = Q(until_at=None) | Q(until_at__gt=now)
    grants = Grant.objects.filter(standing, person=person)
    duties = Duty.objects.filter(standing, from_at__lte=now)
    found = Organisation.objects.filter(
        Q(pk__in=grants.values("organisation"))
        | Q(teams__in=grants.values("team"))
        | Q(pk__in=duties.values("organisation"))
        | Q(pk__in=duties.values("membership__organisation"))
    )
    chosen = found.distinct().order_by("name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in chosen if pk != person.practice_id]


def staff_to_name(reader: Reader, person: Person) -> list[tuple[str, str]]:
    """Staff of the reader's organisation and of the person's practice, who can be named on a seal."""
    today = timezone.localdate()
    members = (
        Membership.objects.filter(
            Q(organisation_id=reader.organisation_id) | Q(organisation_id=person.practice_id),
            from_on__lte=today,
            staff__account__is_active=True,
        )
        .exclude(until_on__lt=today)
        .order_by("staff__name")
        .values_list("staff__account__pk", "staff__name", "organisation__name")
        .distinct()
    )
    return [(str(account), f"{name}, {organisation}") for account, name, organisation in members]


def banner(reader: Reader, person: Person) -> Banner:
    """Who a page about access is about."""
    shown = people_queries.person_page(person, on=timezone.localdate())
    return people_queries.banner_of(person, shown, people_queries.similar_people(partial(theirs, reader), person))
