"""What people ask of the audit trail: is it whole, what happened, who opened a record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max, Min, Q, QuerySet

from ambit.audit import anchors
from ambit.audit.models import AuditLine, AuditSeal
from ambit.audit.rules import Break, Line, Reader, Seal, first_break
from ambit.audit.sealer import LINE_FIELDS

# lines held in memory at once while the trail is walked
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether the trail is what was sealed, and how far it is sealed."""

    lines: int
    sealed: int
    unsealed: int
    first_broken: Break | None

    @property
    def ok(self) -> bool:
        return self.first_broken is None


def verify(reader: Reader) -> Verdict:
    """Walk the whole chain beside its anchors. Bounded memory; safe while the site is in use."""
    reader.must("read_audit")
    # the anchors are measured before the seals: the sealer writes them after, so each of these has its seal
    anchored = anchors.size()
    upto = AuditSeal.objects.aggregate(upto=Max("seq"))["upto"] or 0
    try:
        broken = first_break(_links(upto), anchors.read(anchored))
    except anchors.UnreadableAnchor as problem:
        broken = Break("changed anchor", str(problem))
    lines, sealed = AuditLine.objects.count(), AuditSeal.objects.count()
    return Verdict(lines, sealed, AuditLine.objects.filter(seal=None).count(), broken)


def _links(upto: int) -> Iterator[tuple[Seal, Line | None]]:
    after = None
    while True:
        wanted = AuditSeal.objects.filter(seq__lte=upto).order_by("seq")
        if after is not None:
            wanted = wanted.filter(seq__gt=after)
        fields = ("seq", "line_id", "line_hash", "previous_hash", "hash")
        seals = [Seal(*row) for row in wanted.values_list(*fields)[:CHUNK]]
        if not seals:
            return
        rows = AuditLine.objects.filter(id__in=[seal.line_id for seal in seals]).values_list(*LINE_FIELDS)
        lines = {row[0]: Line(*row) for row in rows}
        yield from ((seal, lines.get(seal.line_id)) for seal in seals)
        after = seals[-1].seq


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines somebody wants to see."""

    about: UUID | None = None
    account_id: int | None = None
    what: str = ""
    on: date | None = None

    def as_details(self) -> dict[str, str]:
        """What was asked for, as the trail itself remembers it."""
        asked = {"about": self.about, "account": self.account_id, "what": self.what, "on": self.on}
        return {name: str(value) for name, value in asked.items() if value}


@dataclass(frozen=True, slots=True)
class TrailPage:
    """Lines, newest first, and where the next page begins."""

    lines: tuple[Line, ...]
    total: int
    next: str

    @property
    def counted_upto(self) -> int:
        return COUNTED_UPTO


# counting stops here: an auditor narrows the search long before
COUNTED_UPTO = 10_000
PAGE = 50


def trail(reader: Reader, wanted: Wanted, *, after: str = "") -> TrailPage:
    """What was done and opened, newest first; `after` is the `next` of the page before."""
    reader.must("read_audit")
    lines = _wanted(wanted)
    total = lines.order_by()[: COUNTED_UPTO + 1].count()
    if after:
        at, line_id = _place(after)
        lines = lines.filter(at__lte=at).filter(Q(at__lt=at) | Q(id__lt=line_id))
    found = [Line(*row) for row in lines.values_list(*LINE_FIELDS)[: PAGE + 1]]
    more = len(found) > PAGE
    following = f"{found[PAGE - 1].at.astimezone(UTC).isoformat()}_{found[PAGE - 1].id}" if more else ""
    return TrailPage(tuple(found[:PAGE]), total, following)


def whole_trail(reader: Reader, wanted: Wanted) -> Iterator[Line]:
    """Every line wanted, newest first, for the file an auditor takes away; never all in memory."""
    reader.must("read_audit")
    return (Line(*row) for row in _wanted(wanted).values_list(*LINE_FIELDS).iterator(chunk_size=CHUNK))


def kinds(reader: Reader) -> tuple[str, ...]:
    """The words under which things were done lately, for the auditor to choose from."""
    reader.must("read_audit")
    newest = AuditLine.objects.order_by("-id").values("what")[:COUNTED_UPTO]
    return tuple(sorted({row["what"] for row in newest}))


def _wanted(wanted: Wanted) -> QuerySet[AuditLine]:
    lines = AuditLine.objects.order_by("-at", "-id")
    if wanted.about is not None:
        lines = lines.filter(about=wanted.about)
    if wanted.account_id is not None:
        lines = lines.filter(account_id=wanted.account_id)
    if wanted.what:
        lines = lines.filter(what=wanted.what)
    if wanted.on is not None:
        # the day of the place, which has 23 or 25 hours when the clocks change
        begins = datetime.combine(wanted.on, time.min, ZoneInfo(settings.TIME_ZONE))
        ends = datetime.combine(wanted.on + timedelta(days=1), time.min, ZoneInfo(settings.TIME_ZONE))
        lines = lines.filter(at__gte=begins, at__lt=ends)
    return lines


def _place(after: str) -> tuple[datetime, int]:
    """Where a page begins; an address that was tampered with begins at the top."""
    at, _, line_id = after.rpartition("_")
    try:
        moment = datetime.fromisoformat(at)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)), int(line_id)
    except ValueError:
        return datetime.max.replace(tzinfo=UTC), 0


@dataclass(frozen=True, slots=True)
class Opening:
    """One reader's openings of one record: who, in which role, from where, how often, first and last.

    `details` are those of the last: what tied the reader to the person, or which emergency it was.
    """

    account_id: int | None
    name: str
    role: str
    organisation: str
    what: str
    times: int
    first_at: datetime
    last_at: datetime
    details: Mapping[str, Any]


def who_opened(reader: Reader, person_ids: Sequence[UUID]) -> tuple[Opening, ...]:
    """ "Who opened my record": everybody, latest first, under each id the record ever had; two statements.

    For the person themselves and those who act for them (`access` has opened the record to them), and for those who
    read the trail.
    """
    acts_for_them = reader.person_id is None and reader.may("see_who_opened")
    if reader.person_id not in person_ids and not acts_for_them:
        reader.must("read_audit")
    rows = list(
        AuditLine.objects.filter(about__in=person_ids, what__startswith="opened")
        .values("account_id", "name", "role", "organisation", "what")
        .annotate(times=Count("id"), first_at=Min("at"), last_at=Max("at"), last=Max("id"))
        .order_by("-last_at", "name")
    )
    details = dict(AuditLine.objects.filter(pk__in=[row["last"] for row in rows]).values_list("pk", "details"))
    return tuple(
        Opening(
            row["account_id"],
            row["name"],
            row["role"],
            row["organisation"],
            row["what"],
            row["times"],
            row["first_at"],
            row["last_at"],
            details[row["last"]],
        )
        for row in rows
    )
