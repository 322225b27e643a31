"""What people ask about tasks and coordinators."""

# ruff: noqa: S608  (the worklist is put together from its own text; every value is a parameter)

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from django.db import connection
from django.db.models import CharField, DateField, F, Q, QuerySet, TextField, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import Http404
from django.utils import timezone
from msgspec import Struct

from ambit.access.queries import (
    Person,
    Reader,
    anything_kept_back,
    kept_back_from,
    of_their_people,
    people_of,
    theirs,
)
from ambit.coordination import rules
from ambit.coordination.models import Coordinator, Task
from ambit.organisations.models import Membership, Organisation
from ambit.register.queries import register_of
from ambit.statements import Prepared, loaded_day, loaded_id, stored

PAGE = 50


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One line of a worklist."""

    id: UUID
    what: str
    due_on: date | None
    person_id: UUID | None
    family_name: str
    given_names: str
    nhs_number: str
    owner: str
    mine: bool
    lateness: str
    version: int
    days: int
    in_reach: bool = True

    @property
    def asks_for_a_coordinator(self) -> bool:
        return self.what == rules.NAME_A_COORDINATOR


@dataclass(frozen=True, slots=True)
class Worklist:
    """The first fifty open tasks of a reader, the most overdue first, and how many there are."""

    rows: tuple[TaskRow, ...]
    total: int
    overdue: int

    @property
    def groups(self) -> list[tuple[str, list[TaskRow]]]:
        """The rows by when they are due, in the order of their urgency."""
        groups: dict[str, list[TaskRow]] = {}
        for row in self.rows:
            groups.setdefault(row.lateness, []).append(row)
        return list(groups.items())


@dataclass(frozen=True, slots=True)
class Step:
    kind: str
    note: str
    to: str
    at: datetime
    by_name: str
    by_role: str
    by_organisation: str


@dataclass(frozen=True, slots=True)
class TaskPage:
    id: UUID
    what: str
    person_id: UUID | None
    due_on: date | None
    owner: str
    mine: bool
    done_at: datetime | None
    version: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class NamedCoordinator:
    """Who coordinates somebody's care, and how to reach them."""

    id: UUID
    membership_id: UUID
    name: str
    role: str
    organisation: str
    telephone: str
    from_at: datetime


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose task it is: exactly one of an account, a team, an organisation; `name` is how people know them."""

    name: str
    account_id: int | None = None
    team_id: UUID | None = None
    organisation_id: UUID | None = None


def who_answers_for(person: Person) -> Owner | None:
    """Whom to ask about somebody: their coordinator's team or organisation, else their practice; None for neither."""
    found = (
        Coordinator.objects.filter(person=person, until_at=None)
        .select_related("membership__team", "membership__organisation")
        .first()
    )
    if found and found.membership.team:
        return Owner(name=found.membership.team.name, team_id=found.membership.team.id)
    organisation = found.membership.organisation if found else person.practice
    return Owner(name=organisation.name, organisation_id=organisation.id) if organisation else None


def tasks_of(reader: Reader) -> QuerySet[Task]:
    """Every task that is the reader's, their teams' or their organisation's, about nobody or about somebody of theirs."""
    owned = Q(owner_account_id=reader.account_id) if reader.account_id else Q(pk__in=[])
    if reader.team_ids:
        owned |= Q(owner_team_id__in=reader.team_ids)
    if reader.organisation_id:
        owned |= Q(owner_organisation_id=reader.organisation_id)
    return Task.objects.filter(owned).filter(Q(person=None) | of_their_people(reader))


def _owned_by(reader: Reader) -> tuple[str, list[Any]]:
    """A task `t` that is the reader's, their teams' or their organisation's: as in `tasks_of`, written out."""
    mine = [
        ("t.owner_account_id = %s", reader.account_id),
        *(("t.owner_team_id = %s", team) for team in reader.team_ids),
        ("t.owner_organisation_id = %s", reader.organisation_id),
    ]
    mine = [(condition, stored(owner)) for condition, owner in mine if owner]
    return " OR ".join(condition for condition, _ in mine) or "1 = 0", [owner for _, owner in mine]


_WORKLIST = (
    "SELECT t.id, t.what, t.due_on, t.person_id, p.family_name, p.given_names, n.value,"
    " COALESCE(s.name, a.name, e.name, o.name, ''), t.owner_account_id, t.version,"
    " COUNT(*) OVER (), COUNT(CASE WHEN t.due_on < %s THEN 1 END) OVER (),"
    " EXISTS (SELECT 1 FROM access_seal k WHERE k.person_id = t.person_id AND k.ended_at IS NULL)"
    " OR EXISTS (SELECT 1 FROM access_sharingdecision k WHERE k.person_id = t.person_id AND k.ended_at IS NULL"
    " AND k.scope = 'item') FROM coordination_task t"
    " LEFT JOIN people_person p ON p.id = t.person_id"
    " LEFT JOIN people_personnumber n ON n.person_id = p.id AND n.kind = 'nhs' AND n.is_current"
    " LEFT JOIN access_account a ON a.id = t.owner_account_id LEFT JOIN organisations_staff s ON s.id = a.staff_id"
    " LEFT JOIN organisations_team e ON e.id = t.owner_team_id"
    " LEFT JOIN organisations_organisation o ON o.id = t.owner_organisation_id"
    " WHERE t.done_at IS NULL AND ({owned}) AND (t.person_id IS NULL OR {theirs}) AND p.died_on IS NULL AND {narrowed}"
    f" ORDER BY t.due_on NULLS LAST, t.raised_at LIMIT {PAGE}"
)


def worklist(reader: Reader, *, on: date, show: str = "all") -> Worklist:
    """The reader's open tasks: `all`, `mine`, `team` (nobody's own yet) or `overdue`. None about somebody who has died."""
    reader.must("see_tasks")
    owned, values = _owned_by(reader)
    today = stored(on)
    narrowed = {"mine": "t.owner_account_id = %s", "team": "t.owner_account_id IS NULL", "overdue": "t.due_on < %s"}
    asked = {"mine": [reader.account_id], "overdue": [today]}
    scope = theirs(reader)
    with connection.cursor() as cursor:
        cursor.execute(
            _WORKLIST.format(owned=owned, theirs=scope.sql, narrowed=narrowed.get(show, "1 = 1")),
            [today, *values, *scope.values, *asked.get(show, [])],
        )
        rows = cursor.fetchall()
    closed = kept_back_from(reader, [cast(UUID, loaded_id(row[3])) for row in rows if row[3] and row[12]])
    shown = []
    for id_, what, due_on, whose, family, given, number, owner, account_id, version, _total, _late, _anything in rows:
        due, person_id = loaded_day(due_on), loaded_id(whose)
        shown.append(
            TaskRow(
                cast(UUID, loaded_id(id_)), _said(what, person_id, closed), due, person_id, family or "", given or "", number or "", owner,
                account_id is not None and account_id == reader.account_id, rules.lateness(due, on=on), version,
                (on - due).days if due else 0,
            )
        )  # fmt: skip
    return Worklist(rows=tuple(shown), total=rows[0][10] if rows else 0, overdue=rows[0][11] if rows else 0)


def _said(what: str, person_id: UUID | None, closed: Mapping[UUID, Mapping[str, str]]) -> str:
    return rules.shown(what, closed=closed.get(person_id, {})) if person_id else what


def notes_shown(reader: Reader, person_id: UUID | None) -> bool:
    """Whether the reader sees what others wrote about a task of somebody: not while anything of the record is kept back."""
    return person_id is None or not kept_back_from(reader, [person_id])[person_id]


def task(reader: Reader, task_id: UUID) -> TaskPage:
    """One task of the reader's with everything that happened to it."""
    reader.must("see_tasks")
    found = tasks_of(reader).filter(pk=task_id).annotate(owner=_owner()).prefetch_related("steps").first()
    if found is None:
        raise Http404("No such task on your list.")
    closed = kept_back_from(reader, [found.person_id] if found.person_id else [])
    return TaskPage(
        id=found.id,
        what=_said(found.what, found.person_id, closed),
        person_id=found.person_id,
        due_on=found.due_on,
        owner=found.owner,
        mine=found.owner_account_id is not None and found.owner_account_id == reader.account_id,
        done_at=found.done_at,
        version=found.version,
        steps=tuple(
            Step(
                s.get_kind_display(),
                "" if any(closed.values()) else s.note,
                s.to,
                s.at,
                s.by_name,
                s.by_role,
                s.by_organisation,
            )
            for s in sorted(found.steps.all(), key=lambda s: s.number)
        ),
    )


def open_tasks_about(reader: Reader, person_id: UUID, *, on: date) -> tuple[TaskRow, ...]:
    """Every open task about somebody the reader has opened, whoever owns it; none once the person has died."""
    reader.must("see_tasks")
    rows = (
        Task.objects.filter(person_id=person_id, done_at=None, person__died_on=None)
        .annotate(owner=_owner())
        .order_by(F("due_on").asc(nulls_last=True), "raised_at")
        .annotate(anything=anything_kept_back([person_id]))
        .values_list(
            "id",
            "what",
            "due_on",
            "owner",
            "owner_account_id",
            "version",
            "owner_team_id",
            "owner_organisation_id",
            "anything",
        )
    )
    closed = kept_back_from(reader, [person_id] if rows and rows[0][8] else [])
    return tuple(
        TaskRow(
            row[0], _said(row[1], person_id, closed), row[2], person_id, "", "", "", row[3],
            row[4] is not None and row[4] == reader.account_id, rules.lateness(row[2], on=on), row[5],
            (on - row[2]).days if row[2] else 0,
            in_reach=(row[4] is not None and row[4] == reader.account_id)
            or row[6] in reader.team_ids
            or (row[7] is not None and row[7] == reader.organisation_id),
        )
        for row in rows
    )  # fmt: skip


def tasks_stopped(reader: Reader, person_id: UUID) -> tuple[TaskRow, ...]:
    """The tasks that the death of somebody the reader has opened stopped: open then, and no longer to be done."""
    reader.must("see_tasks")
    rows = (
        Task.objects.filter(person_id=person_id, done_at=None, person__died_on__isnull=False)
        .annotate(owner=_owner())
        .order_by(F("due_on").asc(nulls_last=True), "raised_at")
        .annotate(anything=anything_kept_back([person_id]))
        .values_list("id", "what", "due_on", "owner", "version", "anything")
    )
    closed = kept_back_from(reader, [person_id] if rows and rows[0][5] else [])
    return tuple(
        TaskRow(row[0], _said(row[1], person_id, closed), row[2], person_id, "", "", "", row[3], False, "", row[4], 0)
        for row in rows
    )


def coordinator_of(reader: Reader, person_id: UUID) -> NamedCoordinator | None:
    """Who coordinates the care of somebody the reader has opened."""
    found = (
        Coordinator.objects.filter(person_id=person_id, until_at=None)
        .select_related("membership__staff", "membership__organisation", "membership__team")
        .first()
    )
    if found is None:
        return None
    who = found.membership
    return NamedCoordinator(
        id=found.id,
        membership_id=who.id,
        name=str(who.staff),
        role=who.get_role_display(),
        organisation=who.team.name if who.team else who.organisation.name,
        telephone=who.staff.telephone or (who.team.telephone if who.team else "") or who.organisation.telephone,
        from_at=found.from_at,
    )


class SeenTo(Struct, frozen=True):
    """Who coordinates somebody's care, and their open tasks by day due (None: no day set)."""

    coordinator: str
    tasks: tuple[tuple[str, date | None], ...]


def _named_and_to_do(person_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    named = (
        Coordinator.objects.filter(person_id__in=person_ids, until_at=None)
        .annotate(is_task=Value(0), words=F("membership__staff__name"), due=Value(None, output_field=DateField()))
        .values_list("person_id", "is_task", "words", "due")
    )
    open_tasks = (
        Task.objects.filter(person_id__in=person_ids, done_at=None, person__died_on=None)
        .annotate(is_task=Value(1), words=F("what"), due=F("due_on"))
        .values_list("person_id", "is_task", "words", "due")
    )
    return named.union(open_tasks, all=True)


SEEN_TO: Prepared[tuple[Any, ...]] = Prepared(_named_and_to_do)
"""What `seen_to` reads; to be asked together with others (`statements.Together`)."""


def seen_to(
    reader: Reader,
    person_ids: Sequence[UUID],
    *,
    rows: Sequence[tuple[Any, ...]] | None = None,
    closed: Mapping[UUID, Mapping[str, str]] | None = None,
) -> dict[UUID, SeenTo]:
    """Coordinator and open tasks of people the reader may see, the first due first: one statement, and one for what is kept back.

    `rows` are those of `SEEN_TO`, and `closed` what `kept_back_from` says of these people, when they were asked already.
    """
    reader.must("see_tasks")
    names: dict[UUID, str] = {}
    tasks: dict[UUID, list[tuple[str, date | None]]] = {person_id: [] for person_id in person_ids}
    if rows is None:
        rows = SEEN_TO(person_ids)
    if closed is None:
        closed = kept_back_from(reader, person_ids if rows else [])
    for person_id, is_task, words, due in rows:
        if is_task:
            tasks[person_id].append((_said(words, person_id, closed), due))
        else:
            names[person_id] = words
    return {
        person_id: SeenTo(names.get(person_id, ""), tuple(sorted(of_them, key=_by_day)))
        for person_id, of_them in tasks.items()
    }


def _by_day(task: tuple[str, date | None]) -> tuple[date, str]:
    return task[1] or date.max, task[0]


def _of_one(person_id: UUID) -> QuerySet[Any, Any]:
    """Who coordinates somebody's care and how to reach them, and every open task: text, day, since when, and who it is from."""
    blank, anything = Value("", output_field=TextField()), anything_kept_back([person_id])
    named = Coordinator.objects.filter(person_id=person_id, until_at=None)
    of_team, works_in, staff = "membership__team__", "membership__organisation__", "membership__staff__"
    reached = [NullIf(f"{whose}telephone", blank, output_field=TextField()) for whose in (staff, of_team, works_in)]
    who = named.values_list(
        Value(0), f"{staff}name", Value(None, output_field=DateField()), "from_at",
        Coalesce(f"{of_team}name", f"{works_in}name", output_field=TextField()), Coalesce(*reached, blank), anything,
    )  # fmt: skip
    to_do = Task.objects.filter(person_id=person_id, done_at=None, person__died_on=None)
    return who.union(to_do.values_list(Value(1), "what", "due_on", "raised_at", blank, blank, anything), all=True)


SEEN_TO_OF_ONE: Prepared[tuple[Any, ...]] = Prepared(_of_one)
"""What `seen_to_of` reads; to be asked together with others (`statements.Together`)."""


def seen_to_of(reader: Reader, person_id: UUID, *, rows: Sequence[tuple[Any, ...]]) -> SeenTo:
    """Coordinator, with how to reach them, and open tasks of somebody the reader has opened, by the rows of `SEEN_TO_OF_ONE`."""
    reader.must("see_tasks")
    closed = kept_back_from(reader, [person_id] if rows and rows[0][6] else [])
    named = [", ".join(part for part in (row[1], row[4], row[5]) if part) for row in rows if not row[0]]
    tasks = sorted((row for row in rows if row[0]), key=lambda row: (row[2] or date.max, row[3]))
    return SeenTo(next(iter(named), ""), tuple((_said(row[1], person_id, closed), row[2]) for row in tasks))


def people_without_a_coordinator(reader: Reader) -> list[UUID]:
    """Who of the reader's people on the register has nobody named, the longest on it first."""
    on_register = [row.person_id for row in sorted(register_of(reader), key=lambda row: row.joined_on)]
    named = set(
        Coordinator.objects.filter(person_id__in=on_register, until_at=None).values_list("person_id", flat=True)
    )
    return [person_id for person_id in on_register if person_id not in named]


def possible_coordinators(reader: Reader, person_id: UUID) -> list[Choice]:
    """Staff who may be named: of the reader's organisation, and of the organisations and teams tied to the person."""
    today = timezone.localdate()
    tied = people_of(reader).filter(pk=person_id)
    memberships = (
        Membership.objects.filter(
            Q(organisation_id=reader.organisation_id)
            | Q(organisation_id__in=tied.values("practice_id"))
            | Q(organisation_id__in=tied.values("grants__organisation_id"))
            | Q(team_id__in=tied.values("grants__team_id")),
            role__in=("care_coordinator", "community_nurse", "gp", "palliative_specialist"),
            from_on__lte=today,
        )
        .exclude(until_on__lt=today)
        .select_related("staff", "organisation", "team")
        .order_by("staff__name", "id")
    )
    return [
        Choice(str(m.id), f"{m.staff}, {m.get_role_display()}, {m.team.name if m.team else m.organisation.name}")
        for m in memberships
    ]


def possible_owners(reader: Reader) -> list[Choice]:
    """To whom the reader may hand a task over: their organisation, its teams, and those who work in it."""
    if reader.organisation_id is None:
        return []
    today = timezone.localdate()
    organisation = Organisation.objects.prefetch_related("teams").get(pk=reader.organisation_id)
    colleagues = (
        Membership.objects.filter(organisation=organisation, from_on__lte=today, staff__account__is_active=True)
        .exclude(until_on__lt=today)
        .order_by("staff__name")
        .values_list("staff__account__id", "staff__name")
        .distinct()
    )
    return [
        Choice(f"organisation:{organisation.id}", f"{organisation.name} (anyone)"),
        *(Choice(f"team:{team.id}", team.name) for team in organisation.teams.all()),
        *(Choice(f"account:{account}", name) for account, name in colleagues),
    ]


def coordinating_organisation(practice_id: UUID | None) -> Organisation | None:
    """Who names coordinators for a practice's people: in the practice's place, whoever has care coordinators; else itself."""
    if practice_id is None:
        return None
    practice = Organisation.objects.get(pk=practice_id)
    today = timezone.localdate()
    with_coordinators = (
        Organisation.objects.filter(
            Q(pk=practice_id) | (Q(part_of=practice.part_of_id) if practice.part_of_id else Q(pk__in=[])),
            memberships__role="care_coordinator",
            memberships__from_on__lte=today,
        )
        .exclude(memberships__until_on__lt=today)
        .order_by("code")
        .distinct()
    )
    return with_coordinators.filter(pk=practice_id).first() or with_coordinators.first() or practice


def _owner() -> Coalesce:
    return Coalesce(
        "owner_account__staff__name",
        "owner_account__name",
        "owner_team__name",
        "owner_organisation__name",
        Value(""),
        output_field=CharField(),
    )
