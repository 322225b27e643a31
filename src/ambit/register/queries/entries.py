"""Who is on the register, at which stage, since when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery

from ambit.access.queries import Person, Reader, current_numbers, of_their_people
from ambit.register import rules
from ambit.register.models import RegisterEntry, StageGiven

FOUND_BY = list(RegisterEntry.FoundBy.choices)
REASONS_TO_LEAVE = list(RegisterEntry.Reason.choices)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One line of the register as its readers see it."""

    person_id: UUID
    title: str
    given_names: str
    family_name: str
    preferred_name: str
    nhs_number: str
    born_on: date | None
    practice: str
    stage: str
    basis: str
    found_by: str
    joined_on: date
    review_due_on: date

    @property
    def stage_in_words(self) -> str:
        return rules.STAGES[self.stage]

    @property
    def found_by_in_words(self) -> str:
        return RegisterEntry.FoundBy(self.found_by).label


@dataclass(frozen=True, slots=True)
class Stage:
    stage: str
    reason: str
    given_on: date
    by_name: str
    by_role: str
    by_organisation: str

    @property
    def in_words(self) -> str:
        return rules.STAGES[self.stage]


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody's open entry with the stages given so far, newest first."""

    id: UUID
    person_id: UUID
    basis: str
    stage: str
    found_by: str
    referred_by: str
    told: bool
    joined_on: date
    review_due_on: date
    version: int
    stages: tuple[Stage, ...]

    @property
    def stage_in_words(self) -> str:
        return rules.STAGES[self.stage]

    @property
    def basis_in_words(self) -> str:
        return RegisterEntry.Basis(self.basis).label

    @property
    def found_by_in_words(self) -> str:
        return RegisterEntry.FoundBy(self.found_by).label


def register_of(reader: Reader, *, stage: str = "", due_by: date | None = None) -> list[RegisterRow]:
    """Everybody living on the register whom this reader has a standing relationship with, by when a review is due."""
    if not reader.may("see_caseload"):
        reader.must("see_register")
    number = current_numbers().filter(person=OuterRef("person"))
    entries = RegisterEntry.objects.filter(of_their_people(reader), left_on=None, person__died_on=None)
    if stage:
        entries = entries.filter(stage=stage)
    if due_by:
        entries = entries.filter(review_due_on__lte=due_by)
    rows = entries.order_by("review_due_on", "person__name_key").values_list(
        "person_id",
        "person__title",
        "person__given_names",
        "person__family_name",
        "person__preferred_name",
        Subquery(number.values("value")[:1]),
        "person__born_on",
        "person__practice__name",
        "stage",
        "basis",
        "found_by",
        "joined_on",
        "review_due_on",
    )
    return [_row(*row) for row in rows]


def _row(*row: Any) -> RegisterRow:
    """A line of the register from its columns; a missing number or practice is an empty word."""
    return RegisterRow(
        row[0], row[1], row[2], row[3], row[4], row[5] or "", row[6], row[7] or "", row[8], row[9], row[10], row[11], row[12]
    )  # fmt: skip


def entry_of(reader: Reader, person_id: UUID) -> Entry | None:
    """The open entry of a person the reader has opened, or None when they are not on the register or have died."""
    reader.must("see_register")
    entry = (
        RegisterEntry.objects.filter(person_id=person_id, left_on=None, person__died_on=None)
        .prefetch_related("stages")
        .first()
    )
    if entry is None:
        return None
    stages = sorted(entry.stages.all(), key=lambda s: -s.number)
    return Entry(
        id=entry.id,
        person_id=entry.person_id,
        basis=entry.basis,
        stage=entry.stage,
        found_by=entry.found_by,
        referred_by=entry.referred_by,
        told=entry.told,
        joined_on=entry.joined_on,
        review_due_on=entry.review_due_on,
        version=entry.version,
        stages=tuple(Stage(s.stage, s.reason, s.given_on, s.by_name, s.by_role, s.by_organisation) for s in stages),
    )


@dataclass(frozen=True, slots=True)
class Earlier:
    """A time on the register that is over: ended by leaving, or by death."""

    joined_on: date
    until_on: date
    reason_in_words: str
    found_by_in_words: str
    stage_in_words: str


def earlier_times(reader: Reader, person_id: UUID) -> tuple[Earlier, ...]:
    """The times somebody the reader has opened was on the register before, the latest first; but for mistakes."""
    reader.must("see_register")
    over = (
        RegisterEntry.objects.filter(Q(left_on__isnull=False) | Q(person__died_on__isnull=False), person_id=person_id)
        .exclude(reason=RegisterEntry.Reason.WRONG)
        .select_related("person")
        .order_by("-joined_on")
    )
    died = RegisterEntry.Reason.DIED
    return tuple(
        Earlier(
            joined_on=entry.joined_on,
            until_on=entry.left_on or entry.person.died_on or entry.joined_on,
            reason_in_words=str(RegisterEntry.Reason(entry.reason or died).label),
            found_by_in_words=RegisterEntry.FoundBy(entry.found_by).label,
            stage_in_words=rules.STAGES[entry.stage],
        )
        for entry in over
    )


def stage_of(reader: Reader, person_id: UUID) -> Stage | None:
    """The stage somebody the reader has opened is at, as last given; None when they are not on the register."""
    if not reader.may("see_urgent"):
        reader.must("see_register")
    given = StageGiven.objects.filter(entry__person_id=person_id, entry__left_on=None).order_by("-number").first()
    if given is None:
        return None
    return Stage(given.stage, given.reason, given.given_on, given.by_name, given.by_role, given.by_organisation)


def on_register(reader: Reader, people: QuerySet[Person]) -> set[UUID]:
    """Which of these people, whom the reader may see, are on the register now."""
    if not reader.may("see_urgent"):
        reader.must("see_register")
    entries = RegisterEntry.objects.filter(left_on=None, person__in=people.values("pk"))
    return set(entries.values_list("person_id", flat=True))


def numbers_on_register(nhs_numbers: Iterable[str]) -> set[str]:
    """Which of these NHS numbers belong to somebody on the register, or to somebody known to have died.

    Case-finding asks this for the whole place, so it answers with numbers it was given and nothing else.
    """
    wanted = set(nhs_numbers)
    known = current_numbers().filter(
        Q(person__register_entries__left_on=None, person__register_entries__isnull=False)
        | Q(person__died_on__isnull=False)
    )
    return wanted.intersection(known.values_list("value", flat=True).distinct())
