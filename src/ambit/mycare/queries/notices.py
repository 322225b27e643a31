"""What is new, and who is told of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language

from ambit.access.models import Account
from ambit.access.queries import Reader, kept, people_of, reader_for
from ambit.careplan import registry
from ambit.mycare.models import Notice, Preferences


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    kind: str
    title: str
    at: datetime
    is_new: bool


def notices(reader: Reader, person_id: UUID, *, limit: int = 50) -> tuple[NoticeRow, ...]:
    """What is new for this reader about somebody they have opened, the latest first."""
    reader.must("see_own_record")
    rows = Notice.objects.filter(account_id=reader.account_id or 0, person_id=person_id).order_by("-at")[:limit]
    found = []
    for row in rows:
        section = registry.plan_in(get_language() or "").section(row.section)
        title = section.title_for_person if section else ""
        found.append(NoticeRow(kind=row.kind, title=title, at=row.at, is_new=row.read_at is None))
    return tuple(found)


def mails_wanted(reader: Reader) -> list[str]:
    """For which kinds of news this reader gets a mail: all, unless they chose otherwise."""
    reader.must("see_own_record")
    chosen = Preferences.objects.filter(account_id=reader.account_id or 0).first()
    unwanted = chosen.no_mail_for if chosen else []
    return [kind for kind in Notice.Kind.values if kind not in unwanted]


def who_is_told(person_id: UUID) -> list[Account]:
    """The open accounts of the person's side that may open the record at this moment; nobody after death."""
    person = kept(person_id)
    if person.died_on is not None:
        return []
    now = timezone.now()
    accounts = Account.objects.filter(is_active=True).filter(
        Q(person=person, role="person")
        | Q(grant__person=person, grant__kind__in=["proxy", "carer"], grant__from_at__lte=now)
    )
    return [
        account
        for account in accounts.distinct().order_by("pk")
        if people_of(reader_for(account)).filter(pk=person.id).exists()
    ]
