"""Who is on the register, at which stage, since when."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from msgspec import Struct

from ambit.access.queries import Person, Reader, current_numbers, theirs_by_tie
from ambit.register import rules
from ambit.register.models import RegisterEntry
from ambit.statements import Prepared, loaded_day, loaded_id, stored, unseen

FOUND_BY = list(RegisterEntry.FoundBy.choices)
REASONS_TO_LEAVE = list(RegisterEntry.Reason.choices)


class RegisterRow(Struct, frozen=True):  # made in a seventh of the time of a dataclass
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
    asked = [
        (condition, value) for condition, value in (("e.stage = %s", stage), ("e.review_due_on <= %s", due_by)) if value
    ]
    narrowed = "".join(f" AND {condition}" for condition, _ in asked)
    values = [stored(value) for _, value in asked]
    # a practice's list and the register of a whole place are both long: each tie is looked for by itself
    parts = [(f"{_LIVING} AND {unseen(tie.sql)}{narrowed}", [*tie.values, *values]) for tie in theirs_by_tie(reader)]
    with connection.cursor() as cursor:
        cursor.execute(
            _ROWS.format(living=" UNION ".join(part for part, _ in parts)),
            [value for _, several in parts for value in several],
        )
        found = cursor.fetchall()
    return [_row(*row) for row in found]


_LIVING = (
    "SELECT e.person_id, p.title, p.given_names, p.family_name, p.preferred_name, p.born_on, e.stage, e.basis, e.found_by,"
    " e.joined_on, e.review_due_on, p.practice_id, p.name_key"
    " FROM register_registerentry e JOIN people_person p ON p.id = e.person_id"
    " WHERE e.left_on IS NULL AND p.died_on IS NULL"
)
_ROWS = (
    "SELECT l.person_id, l.title, l.given_names, l.family_name, l.preferred_name, n.value, l.born_on, o.name, l.stage,"
    " l.basis, l.found_by, l.joined_on, l.review_due_on FROM ({living}) l"
    " LEFT JOIN people_personnumber n ON n.person_id = l.person_id AND n.kind = 'nhs' AND n.is_current"
    " LEFT JOIN organisations_organisation o ON o.id = l.practice_id ORDER BY l.review_due_on, l.name_key"
)


def _row(*row: Any) -> RegisterRow:
    """A line of the register from its columns; a missing number or practice is an empty word."""
    return RegisterRow(
        cast(UUID, loaded_id(row[0])), row[1], row[2], row[3], row[4], row[5] or "", loaded_day(row[6]), row[7] or "",
        row[8], row[9], row[10], cast(date, loaded_day(row[11])), cast(date, loaded_day(row[12])),
    )  # fmt: skip


_OF_ENTRY = (
    "id", "person_id", "basis", "stage", "found_by", "referred_by", "told", "joined_on", "review_due_on", "version",
)  # fmt: skip
_OF_STAGE = tuple(
    f"stages__{name}" for name in ("stage", "reason", "given_on", "by_name", "by_role", "by_organisation")
)

OPEN_ENTRY: Prepared[tuple[Any, ...]] = Prepared(
    lambda person_id: RegisterEntry.objects.filter(person_id=person_id, left_on=None).values_list(
        "person__died_on", "stages__number", *_OF_STAGE, *_OF_ENTRY
    )
)
"""Somebody's open entry once for each stage given; to be asked together with others (`statements.Together`)."""


def entry_of(reader: Reader, person_id: UUID, *, rows: Sequence[tuple[Any, ...]] | None = None) -> Entry | None:
    """The open entry of a person the reader has opened, or None when they are not on the register or have died.

    `rows` are those of `OPEN_ENTRY`, when they were asked already.
    """
    reader.must("see_register")
    rows = OPEN_ENTRY(person_id) if rows is None else rows
    if not rows or rows[0][0] is not None:
        return None
    told: tuple[Any, ...] = (*rows[0][-len(_OF_ENTRY) :], _stages(rows))
    return Entry(*told)


def _stages(rows: Sequence[tuple[Any, ...]]) -> tuple[Stage, ...]:
    """The stages in the rows of an entry, the newest first."""
    given = sorted((row for row in rows if row[1] is not None), key=lambda row: -row[1])
    return tuple(Stage(*row[2 : 2 + len(_OF_STAGE)]) for row in given)


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


def stage_of(reader: Reader, person_id: UUID, *, rows: Sequence[tuple[Any, ...]] | None = None) -> Stage | None:
    """The stage somebody the reader has opened is at, as last given; None when they are not on the register.

    `rows` are those of `OPEN_ENTRY`, when they were asked already.
    """
    if not reader.may("see_urgent"):
        reader.must("see_register")
    return next(iter(_stages(OPEN_ENTRY(person_id) if rows is None else rows)), None)


def on_register(reader: Reader, people: QuerySet[Person]) -> set[UUID]:
    """Which of these people, whom the reader may see, are on the register now."""
    if not reader.may("see_urgent"):
        reader.must("see_register")
    entries = RegisterEntry.objects.filter(left_on=None, person__in=people.values("pk"))
    return set(entries.values_list("person_id", flat=True))


def ever_on_register(reader: Reader, people: QuerySet[Person]) -> set[UUID]:
    """Which of these people, whom the reader may see, are on the register or were; but for mistakes."""
    if not reader.may("see_urgent"):
        reader.must("see_register")
    entries = RegisterEntry.objects.filter(person__in=people.values("pk")).exclude(reason=RegisterEntry.Reason.WRONG)
    return set(entries.values_list("person_id", flat=True))


def first_joined(reader: Reader, person_id: UUID) -> date | None:
    """The day on which somebody the reader has opened first joined the register; but for mistakes."""
    if not reader.may("see_urgent"):
        reader.must("see_register")
    entries = RegisterEntry.objects.filter(person_id=person_id).exclude(reason=RegisterEntry.Reason.WRONG)
    return entries.order_by("joined_on").values_list("joined_on", flat=True).first()


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
