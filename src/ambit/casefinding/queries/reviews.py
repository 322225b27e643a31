"""A practice's review of a month, and what a search changed in its list."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.casefinding import rules
from ambit.casefinding.models import Candidate, PracticeRun, ReviewRound, Run
from ambit.casefinding.queries.candidates import ROW, CandidateRow, row_of


@dataclass(frozen=True, slots=True)
class Review:
    """A month's review: how many people the practice chose to look at, who they are, and how far it is."""

    id: UUID
    month: date
    capacity: int
    by_yield: bool
    chosen_by: str
    chosen_at: datetime
    run_on: date
    version: int
    rows: tuple[CandidateRow, ...]

    @property
    def left(self) -> tuple[CandidateRow, ...]:
        """Those still to answer, in the order of their places."""
        return tuple(row for row in self.rows if row.is_waiting)

    @property
    def number_answered(self) -> int:
        return len(self.rows) - len(self.left)

    @property
    def answered(self) -> dict[str, int]:
        """How many were answered how."""
        settled = (rules.ACCEPTED, rules.NOT_NOW, rules.NO)
        return {state: sum(row.state == state for row in self.rows) for state in settled}

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def answered_in_words(self) -> str:
        """As in "6 added to the register, 5 not now, 4 not right"."""
        return ", ".join(
            f"{number} {Candidate.State(state).label.lower()}" for state, number in self.answered.items() if number
        )


@dataclass(frozen=True, slots=True)
class PracticeResult:
    """What the last finished run came to in the reader's practice; nothing was searched when no record of theirs is here."""

    on: date
    finished_at: datetime | None
    searched: int
    found: int
    kept: int
    gone: int
    held_back: dict[str, int]


@dataclass(frozen=True, slots=True)
class Changes:
    """What searches changed in a practice's list since a moment."""

    since: datetime | None
    result: PracticeResult | None
    new: tuple[CandidateRow, ...]
    grew: tuple[CandidateRow, ...]
    back: tuple[CandidateRow, ...]
    gone: tuple[CandidateRow, ...]

    @property
    def number(self) -> int:
        return len(self.new) + len(self.grew) + len(self.back) + len(self.gone)


def review(reader: Reader, *, month: date | None = None) -> Review | None:
    """The reader's practice's review of a month, this one unless another is given; None when nothing has been chosen."""
    reader.must("see_candidates")
    today = timezone.localdate()
    chosen = (
        ReviewRound.objects.select_related("run")
        .filter(practice_id=reader.organisation_id, month=month or rules.month_of(today))
        .first()
    )
    if chosen is None:
        return None
    places = chosen.places.order_by("number").values_list(*(f"candidate__{name}" for name in ROW))
    return Review(
        chosen.id, chosen.month, chosen.capacity, chosen.by_yield, chosen.chosen_by, chosen.chosen_at, chosen.run.on,
        chosen.version, tuple(row_of(reader, told, today=today) for told in places),
    )  # fmt: skip


def left_from(reader: Reader, *, before: date) -> tuple[date, int] | None:
    """The practice's last review before a month, and how many of it nobody answered."""
    reader.must("see_candidates")
    last = ReviewRound.objects.filter(practice_id=reader.organisation_id, month__lt=before).order_by("-month").first()
    if last is None:
        return None
    return last.month, last.places.filter(candidate__state__in=rules.WAITING).count()


def may_order_by_yield() -> bool:
    """Whether this site has signed off an order by predicted yield; no site has unless its settings say who did."""
    return bool(settings.CONFIG.ranking_signed_off_by)


def result_of_practice(reader: Reader) -> PracticeResult | None:
    """What the last finished run came to in the reader's practice; None before any run."""
    reader.must("see_candidates")
    run = Run.objects.filter(state=Run.State.DONE).order_by("-asked_at").first()
    if run is None:
        return None
    told = PracticeRun.objects.filter(practice_id=reader.organisation_id, run=run).first()
    if told is None:
        return PracticeResult(run.on, run.finished_at, 0, 0, 0, 0, {})
    return PracticeResult(run.on, run.finished_at, told.searched, told.found, told.kept, told.gone, told.held_back)


def changes(reader: Reader, *, since: datetime | None = None) -> Changes:
    """Who is new, of whom more was found, who is back and who is no longer found: by the last run, or by those after a moment."""
    reader.must("see_candidates")
    today = timezone.localdate()
    runs = Run.objects.filter(state=Run.State.DONE)
    runs = (
        runs.filter(finished_at__gt=since) if since else runs.filter(pk__in=runs.order_by("-asked_at").values("pk")[:1])
    )
    touched = (
        Candidate.objects.filter(Q(run__in=runs) | Q(gone_run__in=runs), practice_id=reader.organisation_id)
        .exclude(state=rules.SUPERSEDED)
        .order_by("family_name", "given_names", "id")
    )
    rows = [row_of(reader, told, today=today) for told in touched.values_list(*ROW)]
    gone = tuple(row for row in rows if row.gone and row.is_waiting)
    here = [row for row in rows if not row.gone]
    return Changes(
        since=since,
        result=result_of_practice(reader),
        new=tuple(row for row in here if row.came == rules.NEW),
        grew=tuple(row for row in here if row.came == rules.GREW),
        back=tuple(row for row in here if row.came in rules.BACK),
        gone=gone,
    )
