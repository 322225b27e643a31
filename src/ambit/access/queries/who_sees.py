"""Which services see somebody's record besides the practice, and the homes they lived in."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from ambit.access.models import Grant
from ambit.audit.rules import Reader
from ambit.organisations.models import Organisation
from ambit.people.models import Person

OF_SERVICES = (Grant.Kind.CARE_TEAM, Grant.Kind.RESIDENCE, Grant.Kind.SHARED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRow:
    """A service that sees, or saw, the record: how it came to, since when, until when. `may_end` here, or where it was made."""

    grant_id: UUID
    name: str
    kind: str
    how: str
    basis: str
    from_at: datetime
    until_at: datetime | None
    stands: bool

    @property
    def may_end(self) -> bool:
        return self.stands and self.kind == Grant.Kind.SHARED


def services_of(reader: Reader, person: Person) -> list[ServiceRow]:
    """Every service tied to somebody the reader has opened, those that see the record now first."""
    reader.must("give_access")
    now = timezone.now()
    rows = Grant.objects.filter(person=person, kind__in=OF_SERVICES).select_related("organisation", "team")
    found = [
        ServiceRow(
            grant_id=row.pk,
            name=str(row.team.name if row.team else row.organisation.name if row.organisation else ""),
            kind=row.kind,
            how=str(row.get_kind_display()),
            basis=row.basis,
            from_at=row.from_at,
            until_at=row.until_at,
            stands=row.from_at <= now and (row.until_at is None or row.until_at > now),
        )
        for row in rows.filter(Q(organisation__isnull=False) | Q(team__isnull=False)).order_by("-from_at")
    ]
    return sorted(found, key=lambda row: not row.stands)


def services_to_share_with(person: Person) -> list[tuple[str, str]]:
    """Organisations that care for people and do not see this record by a tie of their own, for a choice."""
    kinds = ("hospital", "hospice", "community", "practice", "council", "out_of_hours")
    rows = Organisation.objects.filter(kind__in=kinds).order_by("name").values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows if pk != person.practice_id]


def care_homes() -> list[tuple[str, str]]:
    """Every care home, for a choice."""
    rows = Organisation.objects.filter(kind=Organisation.Kind.CARE_HOME).order_by("name")
    return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeNow:
    """The care home somebody lives in, and since when; both empty for none."""

    name: str = ""
    since: date | None = None


def home_of(reader: Reader, person: Person) -> HomeNow:
    """Where somebody the reader has opened lives, when it is a care home whose staff see the record."""
    rows = [row for row in services_of(reader, person) if row.kind == Grant.Kind.RESIDENCE and row.stands]
    return HomeNow(name=rows[0].name, since=timezone.localdate(rows[0].from_at)) if rows else HomeNow()
