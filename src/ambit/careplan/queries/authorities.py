"""Who opens the record by a power of attorney or a court's order, and which of these documents gives that leave."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from ambit.careplan.models import AuthorityAccess
from ambit.careplan.queries.legal import legal_of
from ambit.careplan.rules import attorneys
from ambit.careplan.rules.directives import Directives
from ambit.careplan.rules.documents import Authority


@dataclass(frozen=True, slots=True, kw_only=True)
class OpensByIt:
    """Somebody who opens, or opened, the record by a document."""

    name: str
    since: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RestsOn:
    """A document on which somebody's leave to open the record rests; `why_not` is empty while it gives that leave."""

    id: UUID
    document: Authority
    why_not: str

    @property
    def words(self) -> str:
        made = f", made {self.document.made_on:%-d %B %Y}" if self.document.made_on else ""
        number = f", number {self.document.reference}" if self.document.reference else ""
        return f"{self.document.type_in_words}{made}{number}: {self.document.names}"


def authorities(person_id: UUID, *, on: date) -> dict[UUID, RestsOn]:
    """Every power of attorney and court's order of somebody who has been opened, ended ones too, and what each gives."""
    return authorities_among(legal_of([person_id])[person_id].directives, on=on)


def authorities_among(directives: Directives, *, on: date) -> dict[UUID, RestsOn]:
    """The same, of documents that were read already."""
    return {
        one.id: RestsOn(id=one.id, document=one, why_not=attorneys.why_no_access(one, directives.check(one, on=on)))
        for one in directives.documents
        if isinstance(one, Authority)
    }


def opens_by(directive_ids: Iterable[UUID]) -> dict[UUID, list[OpensByIt]]:
    """Who opens the record by each of these documents, those whose leave has ended last."""
    now = timezone.now()
    found: dict[UUID, list[OpensByIt]] = {}
    ties = AuthorityAccess.objects.filter(directive__in=list(directive_ids)).select_related("grant__account")
    for tie in sorted(ties, key=lambda tie: (tie.grant.until_at is not None, tie.grant.from_at)):
        grant = tie.grant
        found.setdefault(tie.directive_id, []).append(
            OpensByIt(
                name=grant.account.name if grant.account else grant.basis,
                since=grant.from_at,
                ended_at=grant.until_at if grant.until_at and grant.until_at <= now else None,
            )
        )
    return found
