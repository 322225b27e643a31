"""What people ask about organisations."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db.models import F, Q
from django.http import Http404

from ambit.audit.rules import Reader
from ambit.organisations.models import Membership, Organisation, Role, Staff, Team
from ambit.statements import Prepared


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of the address book."""

    code: str
    name: str
    kind: str
    part_of_code: str
    part_of_name: str
    telephone: str
    closed_on: date | None


@dataclass(frozen=True, slots=True)
class KindOfOrganisation:
    """All organisations of one kind."""

    words: str
    organisations: tuple[OrganisationRow, ...]


@dataclass(frozen=True, slots=True)
class StaffInRole:
    """Somebody in the role they have now."""

    membership_id: UUID
    name: str
    role: str
    team: str
    telephone: str
    email: str
    from_on: date


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """Everything the page of one organisation shows."""

    id: UUID
    code: str
    name: str
    kind: str
    kind_code: str
    part_of: OrganisationRow | None
    parts: tuple[OrganisationRow, ...]
    telephone: str
    address: str
    postcode: str
    opened_on: date | None
    closed_on: date | None
    teams: tuple[Team, ...]
    staff: tuple[StaffInRole, ...]


def _rows(condition: Q) -> Iterator[OrganisationRow]:
    found = Organisation.objects.filter(condition).order_by("name")
    for code, name, kind, above, above_name, telephone, closed_on in found.values_list(
        "code", "name", "kind", "part_of__code", "part_of__name", "telephone", "closed_on"
    ):
        yield OrganisationRow(code, name, kind, above or "", above_name or "", telephone, closed_on)


def organisations_by_kind(reader: Reader, *, closed: bool = False) -> tuple[KindOfOrganisation, ...]:
    """The whole address book, grouped by kind; those that have closed only when asked for."""
    reader.must("see_organisations")
    rows = list(_rows(Q() if closed else Q(closed_on=None)))
    grouped = (
        KindOfOrganisation(str(kind.label), tuple(row for row in rows if row.kind == kind))
        for kind in Organisation.Kind
    )
    return tuple(group for group in grouped if group.organisations)


def organisation(reader: Reader, code: str, *, on: date) -> OrganisationPage:
    """One organisation with its teams, and its staff in the roles they have on a day."""
    reader.must("see_organisations")
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise Http404("No organisation has this code.")
    around = list(_rows(Q(part_of=found) | Q(pk=found.part_of_id)))
    above = next((row for row in around if row.part_of_code != found.code), None)
    words = dict(Role.choices)
    members = (
        Membership.objects.filter(organisation=found, from_on__lte=on)
        .filter(Q(until_on=None) | Q(until_on__gte=on))
        .order_by("role", F("team__name").asc(nulls_first=True), "staff__name")
        .values_list(
            "id",
            "staff__title",
            "staff__name",
            "role",
            "team__name",
            "staff__telephone",
            "staff__email",
            "from_on",
        )
    )
    return OrganisationPage(
        id=found.pk,
        code=found.code,
        name=found.name,
        kind=found.get_kind_display(),
        kind_code=found.kind,
        part_of=above,
        parts=tuple(row for row in around if row.part_of_code == found.code),
        telephone=found.telephone,
        address=found.address,
        postcode=found.postcode,
        opened_on=found.opened_on,
        closed_on=found.closed_on,
        teams=tuple(found.teams.filter(closed_on=None).order_by("name")),
        staff=tuple(
            StaffInRole(id_, f"{title} {name}".strip(), words[role], team or "", telephone, email, from_on)
            for id_, title, name, role, team, telephone, email, from_on in members
        ),
    )


ROLES = tuple(Role.choices)
KINDS = tuple(Organisation.Kind.choices)


def telephone_of(name: str, *, at: str) -> str:
    """On what number somebody who works at an organisation is reached: their own, else the organisation's."""
    staff = Staff.objects.filter(memberships__organisation__name=at).distinct()
    own = next((one.telephone for one in staff if str(one) == name), "")
    return own or Organisation.objects.filter(name=at).values_list("telephone", flat=True).first() or ""


def names_by_code(codes: Iterable[str]) -> dict[str, str]:
    """What organisations of these ODS codes are called, open or closed; those not known here are left out."""
    return dict(Organisation.objects.filter(code__in=set(codes)).values_list("code", "name"))


def choices(*kinds: str) -> list[tuple[str, str]]:
    """Open organisations of these kinds for a list to choose from: id and name."""
    return [(str(pk), f"{name} ({code})") for pk, name, code in _open(kinds)()]


@lru_cache
def _open(kinds: tuple[str, ...]) -> Prepared[tuple[UUID, str, str]]:
    found = Organisation.objects.filter(kind__in=kinds, closed_on=None).order_by("name")
    return Prepared(lambda: found.values_list("pk", "name", "code"))


@dataclass(frozen=True, slots=True)
class AnswersCalls:
    """A team that answers the telephone: its name, organisation, number and hours."""

    name: str
    organisation: str
    telephone: str
    hours: str


def advice_line_of(practice_id: UUID | None) -> AnswersCalls | None:
    """The advice line for people of a practice: the team of advice-line nurses nearest above the practice, if any."""
    if practice_id is None:
        return None
    area = Organisation.objects.filter(pk=practice_id).values_list("part_of_id", "part_of__part_of_id").first()
    if area is None:
        return None
    for above in filter(None, area):
        team = (
            Team.objects.filter(memberships__role=Role.ADVICE_LINE_NURSE, closed_on=None)
            .filter(Q(organisation__part_of_id=above) | Q(organisation_id=above))
            .exclude(telephone="")
            .select_related("organisation")
            .order_by("name")
            .first()
        )
        if team:
            return AnswersCalls(team.name, team.organisation.name, team.telephone, team.hours)
    return None
