"""Boards with their meetings and decisions, minutes with their versions, and who leads for what in each place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Q
from django.http import Http404

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.improvement.models import Board, Decision, Meeting, Minutes, NamedLead, Plan
from ambit.improvement.queries.planning import PlanPage, plan_as_read
from ambit.improvement.queries.plans import near
from ambit.improvement.queries.scope import chain_of, is_lead
from ambit.organisations.models import Organisation
from ambit.statements import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRow:
    """A meeting on a list: its newest minutes, and whether they are signed."""

    id: UUID
    held_on: date
    where: str
    version: int
    is_signed: bool
    decisions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """A board: what it is, its meetings, its decisions, and how the plans it watches are going."""

    board: Board
    is_lead: bool
    to_come: tuple[MeetingRow, ...]
    held: tuple[MeetingRow, ...]
    decisions: tuple[Decision, ...]
    plans: tuple[PlanPage, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingPage:
    """A meeting: its decisions, the newest minutes, and every version of them."""

    meeting: Meeting
    is_lead: bool
    decisions: tuple[Decision, ...]
    minutes: tuple[Minutes, ...]

    @property
    def newest(self) -> Minutes | None:
        return self.minutes[0] if self.minutes else None


def boards(reader: Reader) -> tuple[Board, ...]:
    """Every board that the reader may see."""
    reader.must("see_rounds")
    found = Board.objects.filter(near(reader), closed_at=None).select_related("organisation")
    return tuple(found.annotate(last=Max("meetings__held_on")).order_by("organisation__name", "name"))


def _open(reader: Reader, board_id: UUID) -> Board:
    reader.must("see_rounds")
    found = Board.objects.filter(near(reader), pk=board_id).select_related("organisation").first()
    if found is None:
        raise Http404("There is no such board.")
    return found


def board_page(reader: Reader, board_id: UUID, *, on: date) -> BoardPage:
    """One board, with the open plans of its organisation as they stand. Audited."""
    board = _open(reader, board_id)
    audit.record(by=reader, what="read a board's page", details={"board": str(board_id)})
    rows = [
        MeetingRow(
            id=one.pk,
            held_on=one.held_on,
            where=one.where,
            version=one.version or 0,
            is_signed=bool(one.version) and one.version == one.signed,
            decisions=one.decided,
        )
        for one in board.meetings.annotate(
            version=Max("minutes__version"),
            signed=Max("minutes__version", filter=Q(minutes__signed_at__isnull=False)),
            decided=Count("decisions", distinct=True),
        ).order_by("-held_on")
    ]
    decided = Decision.objects.filter(meeting__board=board).select_related("meeting", "action")
    plans = Plan.objects.filter(organisation=board.organisation, closed_at=None).select_related("organisation")
    return BoardPage(
        board=board,
        is_lead=is_lead(reader, board.organisation_id),
        to_come=tuple(reversed([row for row in rows if row.held_on >= on])),
        held=tuple(row for row in rows if row.held_on < on),
        decisions=tuple(decided.order_by("-meeting__held_on", "number")[:30]),
        plans=tuple(plan_as_read(one, on=on) for one in plans.order_by("-started_at")[:3]),
    )


def meeting_page(reader: Reader, meeting_id: UUID) -> MeetingPage:
    """One meeting with its decisions and every version of its minutes. Audited."""
    reader.must("see_rounds")
    meeting = Meeting.objects.select_related("board__organisation").filter(pk=meeting_id).first()
    if meeting is None:
        raise Http404("There is no such meeting.")
    board = _open(reader, meeting.board_id)
    audit.record(by=reader, what="read a meeting", details={"meeting": str(meeting_id)})
    return MeetingPage(
        meeting=meeting,
        is_lead=is_lead(reader, board.organisation_id),
        decisions=tuple(meeting.decisions.select_related("action").order_by("number")),
        minutes=tuple(meeting.minutes.order_by("-version")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsOf:
    """Who leads for each subject in one place now, and who did before."""

    organisation: Organisation
    is_own: bool
    now: dict[str, NamedLead]
    before: tuple[NamedLead, ...]


def named_leads(reader: Reader, *, on: date) -> tuple[LeadsOf, ...]:
    """For each place and system near the reader, and their own organisation: who leads for palliative care, bereavement, children."""
    reader.must("see_rounds")
    places = Organisation.objects.filter(_near_places(reader)).order_by("-kind", "name")
    rows = list(NamedLead.objects.filter(organisation__in=places).order_by("-from_on"))
    found = []
    for place in places:
        own = [row for row in rows if row.organisation_id == place.pk]
        now = {row.subject: row for row in own if row.from_on <= on and (row.until_on is None or row.until_on >= on)}
        before = tuple(row for row in own if row not in now.values())
        found.append(LeadsOf(organisation=place, is_own=is_lead(reader, place.pk), now=now, before=before))
    return tuple(found)


def _near_places(reader: Reader) -> Q:
    """The reader's organisation and the places and systems above and below it."""
    chain = chain_of(reader.organisation_id)
    if not chain:
        return Q(pk=None)
    kinds = Q(kind__in=("place", "system"))
    below = Q(part_of=chain[0]) | Q(part_of__part_of=chain[0])
    return Q(pk=chain[0]) | (kinds & (Q(pk__in=chain) | below))


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingNeed:
    """A meeting that somebody has to see to: it is near, has no minutes, or has minutes that nobody signed."""

    id: UUID
    board: str
    held_on: date
    why: str


LEADS_OF = Prepared(
    lambda one: NamedLead.objects.filter(organisation=one).values_list("subject", "from_on", "until_on")
)
"""Who was ever named by an organisation, for what and when."""
MEETINGS_OF = Prepared(
    lambda one: (
        Meeting.objects.filter(board__organisation=one, board__closed_at=None)
        .annotate(
            version=Max("minutes__version"), signed=Max("minutes__version", filter=Q(minutes__signed_at__isnull=False))
        )
        .values_list("pk", "board__name", "held_on", "version", "signed")
    )
)
"""The meetings of an organisation's own boards, with the newest version of their minutes and the newest signed."""


def missing_leads(rows: Iterable[tuple[str, date, date | None]], *, on: date) -> tuple[str, ...]:
    """Subjects for which an organisation has named nobody: palliative care and bereavement. From `LEADS_OF`."""
    there = {subject for subject, first, last in rows if first <= on and (last is None or last >= on)}
    return tuple(one for one in ("palliative", "bereavement") if one not in there)


def meetings_that_need(
    rows: Iterable[tuple[UUID, str, date, int | None, int | None]], *, on: date
) -> tuple[MeetingNeed, ...]:
    """Meetings within two weeks, and those held whose minutes are not written or not signed. From `MEETINGS_OF`."""
    found = []
    for pk, board, held_on, version, signed in sorted(rows, key=lambda row: (row[2], row[1])):
        if held_on >= on:
            why = "to_come" if (held_on - on).days <= 14 else ""
        elif not version:
            why = "no_minutes"
        else:
            why = "not_signed" if version != signed else ""
        if why:
            found.append(MeetingNeed(id=pk, board=board, held_on=held_on, why=why))
    return tuple(found)
