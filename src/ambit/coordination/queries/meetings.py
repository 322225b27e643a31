"""What people ask about a practice's meetings: the list, who was there, what came of each."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q
from django.http import Http404
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.casefinding.queries import CandidateRow, asked_for_a_meeting, in_stead_of, rows_of, to_discuss
from ambit.coordination.models import Meeting, MeetingItem
from ambit.organisations.models import Membership


@dataclass(frozen=True, slots=True)
class MeetingRow:
    """One line of a practice's list of meetings."""

    id: UUID
    held_on: date
    closed_at: datetime | None
    present: tuple[str, ...]
    people: int
    said: int


@dataclass(frozen=True, slots=True)
class Meetings:
    """A practice's meetings, the open one first, and how many people are named for the next."""

    rows: tuple[MeetingRow, ...]
    to_discuss: int

    @property
    def open(self) -> MeetingRow | None:
        return next((row for row in self.rows if row.closed_at is None), None)


@dataclass(frozen=True, slots=True)
class ItemRow:
    """Somebody on a meeting's list: who, why they were named, and what came of it."""

    id: UUID
    number: int
    person: CandidateRow
    asked_by: str
    asked_note: str
    outcome: str
    outcome_in_words: str
    note: str
    task_id: UUID | None
    said_by: str


@dataclass(frozen=True, slots=True)
class MeetingPage:
    id: UUID
    practice: str
    held_on: date
    present: tuple[str, ...]
    closed_at: datetime | None
    closed_by: str
    made_by: str
    version: int
    items: tuple[ItemRow, ...]
    more: int

    @property
    def left(self) -> tuple[ItemRow, ...]:
        """Those of whom nothing has been said, and who still wait for an answer."""
        return tuple(item for item in self.items if not item.outcome and item.person.is_waiting)


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One of a meeting's list, with the candidate to show."""

    id: UUID
    number: int
    candidate_id: UUID
    meeting: MeetingPage

    @property
    def following(self) -> UUID | None:
        """The next on the list of whom nothing has been said; then from the top."""
        later = [item.id for item in self.meeting.left if item.number > self.number]
        earlier = [item.id for item in self.meeting.left if item.number < self.number]
        return next(iter(later + earlier), None)


def meetings(reader: Reader) -> Meetings:
    """The meetings of the reader's practice, the latest first."""
    reader.must("see_candidates")
    found = (
        Meeting.objects.filter(practice_id=reader.organisation_id)
        .annotate(people=Count("items"), said=Count("items", filter=~Q(items__outcome="")))
        .order_by("-held_on", "-made_at")
    )
    rows = tuple(MeetingRow(m.id, m.held_on, m.closed_at, tuple(m.present), m.people, m.said) for m in found[:24])
    return Meetings(rows, len(to_discuss(reader)))


def meeting(reader: Reader, meeting_id: UUID) -> MeetingPage:
    """One meeting of the reader's practice with its list, in six statements whatever its length."""
    reader.must("see_candidates")
    found = Meeting.objects.select_related("practice").filter(pk=meeting_id, practice_id=reader.organisation_id).first()
    if found is None:
        raise Http404("No such meeting of your practice.")
    items = list(found.items.order_by("number"))
    instead = in_stead_of([item.candidate_id for item in items])
    people = rows_of(reader, list(instead.values()))
    asked = asked_for_a_meeting(reader, [*instead, *instead.values()])
    there = set(instead.values())
    more = 0 if found.closed_at else sum(one not in there for one in to_discuss(reader))
    return MeetingPage(
        found.id, found.practice.name, found.held_on, tuple(found.present), found.closed_at, found.closed_by, found.made_by,
        found.version,
        tuple(_item(item, people[instead[item.candidate_id]], asked.get(instead[item.candidate_id]) or asked.get(item.candidate_id))
              for item in items),
        more,
    )  # fmt: skip


def item(reader: Reader, item_id: UUID) -> ItemPage:
    """One of a list of the reader's practice."""
    reader.must("see_candidates")
    found = MeetingItem.objects.filter(pk=item_id, meeting__practice_id=reader.organisation_id).first()
    if found is None:
        raise Http404("Not on a list of your practice's meetings.")
    candidate_id = in_stead_of([found.candidate_id])[found.candidate_id]
    return ItemPage(found.id, found.number, candidate_id, meeting(reader, found.meeting_id))


def possible_present(reader: Reader) -> list[str]:
    """Those who work in the reader's practice now, by name."""
    if reader.organisation_id is None:
        return []
    today = timezone.localdate()
    rows = (
        Membership.objects.filter(organisation_id=reader.organisation_id, from_on__lte=today)
        .exclude(until_on__lt=today)
        .order_by("staff__name")
        .values_list("staff__title", "staff__name")
    )
    return list(dict.fromkeys(f"{title} {name}".strip() for title, name in rows))


def _item(item: MeetingItem, person: CandidateRow, asked: tuple[str, str] | None) -> ItemRow:
    by, note = asked or ("", "")
    return ItemRow(
        item.id,
        item.number,
        person,
        by,
        note,
        item.outcome,
        item.get_outcome_display(),
        item.note,
        item.task_id,
        item.said_by,
    )
