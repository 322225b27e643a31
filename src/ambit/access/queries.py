"""The one door to people: who is asking, and may they open this record."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import DEFERRED, F, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from ambit.access.models import Account, BreakGlass, Draft, SharingDecision
from ambit.access.rules import (
    ABILITIES,
    Answer,
    CannotOpen,
    CurrentMembership,
    Door,
    NotAudited,
    may_open,
)
from ambit.access.ties import loaded_id, of_their_people, people_of, stored, ties
from ambit.audit import actions as audit
from ambit.audit import spool
from ambit.audit.rules import NotAllowed, Reader
from ambit.design.rules import Banner
from ambit.organisations.models import Role
from ambit.people import queries as people_queries
from ambit.people.models import Person, PersonNumber
from ambit.people.rules import name_key

__all__ = [
    "CannotOpen",
    "NotAllowed",
    "Opening",
    "Person",
    "Reader",
    "answer_at_the_door",
    "current_numbers",
    "find_anywhere",
    "of_their_people",
    "open_person",
    "opening",
    "operator",
    "people_of",
    "reader_for",
    "reader_named",
    "reader_of",
]


# --- who is asking ---


def operator(name: str = "operator") -> Reader:
    """The operator of this machine, in whose name commands run."""
    return Reader(name=name, role="operator", abilities=ABILITIES["operator"], through="command line")


def reader_named(email: str) -> Reader:
    """The member of staff with this address, in the first of their current roles; for commands."""
    account = Account.objects.filter(email__iexact=email, is_active=True).first()
    if account is None:
        raise NotAllowed(f"Nobody signs in as {email}.", what_to_do="Give the address of an active account.")
    return reader_for(account, through="command line")


def reader_of(request: HttpRequest) -> Reader | None:
    """Who is signed in, in which acting role; None when nobody is."""
    if not request.user.is_authenticated:
        return None
    return reader_for(
        request.user,
        acting_as=request.session.get("acting_as"),
        address=request.META.get("REMOTE_ADDR") or "",
    )


def reader_for(account: Account, *, acting_as: str | None = None, through: str = "web", address: str = "") -> Reader:
    """The reader that an account is: in the role chosen (a membership's id), else in its first role of today.

    An account without a current membership carries no ability, unless it is a person's, proxy's or carer's own.
    """
    memberships = memberships_today(account)
    if not memberships:
        role = account.role if account.staff_id is None else ""
        return Reader(
            name=account.name or account.email,
            role=role,
            account_id=account.pk,
            person_id=account.person_id if role == Account.Role.PERSON else None,
            abilities=ABILITIES[role] if role else frozenset(),
            through=through,
            address=address,
        )
    acting = next((m for m in memberships if str(m.id) == acting_as), memberships[0])
    return Reader(
        name=acting.staff_name,
        role=acting.role,
        account_id=account.pk,
        staff_id=account.staff_id,
        membership_id=acting.id,
        organisation_id=acting.organisation_id,
        organisation_name=acting.organisation_name,
        team_ids=tuple(m.team_id for m in memberships if m.team_id and m.organisation_id == acting.organisation_id),
        abilities=ABILITIES[acting.role],
        through=through,
        address=address,
    )


def memberships_today(account: Account) -> tuple[CurrentMembership, ...]:
    """The roles this account's member of staff has today, oldest first."""
    if account.memberships_today is None:
        fresh = signed_in_account(account.pk)
        account.memberships_today = fresh.memberships_today if fresh else ()
    return account.memberships_today or ()


def signed_in_account(account_id: int) -> Account | None:
    """The account with its roles of today, in one statement; None when it is closed. Read on every request."""
    today = stored(timezone.localdate())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id, a.password, a.email, a.name, a.role, a.is_active, a.staff_id, a.person_id,"
            " m.id, m.role, m.organisation_id, o.name, m.team_id, s.title, s.name"
            " FROM access_account a"
            " LEFT JOIN organisations_staff s ON s.id = a.staff_id"
            " LEFT JOIN organisations_membership m ON m.staff_id = a.staff_id AND m.from_on <= %s"
            " AND (m.until_on IS NULL OR m.until_on >= %s)"
            " LEFT JOIN organisations_organisation o ON o.id = m.organisation_id"
            " WHERE a.id = %s ORDER BY m.from_on, m.id",
            [today, today, account_id],
        )
        rows = cursor.fetchall()
    if not rows:
        return None
    pk, password, email, name, role, is_active, staff_id, person_id = rows[0][:8]
    if not is_active:
        return None
    account = Account(
        pk=pk, password=password, email=email, name=name, role=role, staff_id=loaded_id(staff_id),
        person_id=loaded_id(person_id), last_login=cast(Any, DEFERRED),
    )  # fmt: skip
    account._state.adding, account._state.db = False, connection.alias
    account.memberships_today = tuple(
        CurrentMembership(
            id=UUID(str(row[8])),
            role=row[9],
            role_name=str(Role(row[9]).label),
            organisation_id=UUID(str(row[10])),
            organisation_name=row[11],
            team_id=loaded_id(row[12]),
            staff_name=f"{row[13]} {row[14]}".strip(),
        )
        for row in rows
        if row[8]
    )
    return account


# --- opening ---


def answer_at_the_door(reader: Reader, person: Person) -> Answer:
    """Whether this reader may open this person's record now, and why; nothing is opened and nothing is audited."""
    relations, decisions = ties(reader, person)
    return may_open(
        relations,
        decisions,
        policy=settings.CONFIG.sharing_policy,
        organisation_id=reader.organisation_id,
        died=person.died_on is not None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A record that was opened: by which relation, which items the person keeps back, and whether its line is spooled."""

    person: Person
    answer: Answer
    is_spooled: bool = False


def opening(reader: Reader, person_id: UUID, *, why: str = "", urgent: bool = False) -> Opening:
    """Open one person's record: allowed, or refused in words; audited either way. A merged record leads to the kept one.

    When the line cannot be written the record stays closed, unless this is `urgent`: then the line waits on the disk.
    """
    person = kept(person_id)
    answer = answer_at_the_door(reader, person)
    what = "opened a record" if answer.is_open else "was refused a record"
    because = {"relation": answer.relation} if answer.is_open else {"because": answer.door}
    is_spooled = False
    try:
        audit.record(by=reader, what=what, about=person.id, details={"why": why, **because})
    except DatabaseError as failure:
        if not urgent:
            raise NotAudited from failure
        spool.keep(by=reader, what=what, at=timezone.now(), about=person.id, details={"why": why, **because})
        is_spooled = True
    if not answer.is_open:
        raise CannotOpen(
            person.id,
            may_break_glass=reader.may("break_glass"),
            objected=answer.door is Door.OBJECTED and settings.CONFIG.objected_record_existence == "shown",
        )
    return Opening(person=person, answer=answer, is_spooled=is_spooled)


def open_person(reader: Reader, person_id: UUID, *, why: str = "") -> Person:
    """The person whose record was opened (see `opening`)."""
    return opening(reader, person_id, why=why).person


def kept(person_id: UUID) -> Person:
    """The person with this id or, when the record was merged into another, the one that was kept."""
    for _ in range(20):
        person = Person.objects.filter(pk=person_id).first()
        if person is None:
            break
        if person.merged_into_id is None:
            return person
        person_id = person.merged_into_id
    raise Http404("No such record.")


# --- finding somebody outside one's own people ---


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Just enough to tell two people apart; nothing of the record."""

    person_id: UUID
    title: str
    given_names: str
    family_name: str
    born_on: date | None
    nhs_number: str


FOUND_AT_MOST = 20


def find_anywhere(
    reader: Reader,
    *,
    nhs_number: str = "",
    family_name: str = "",
    born_on: date | None = None,
    in_emergency: bool = False,
) -> list[Found]:
    """People of the whole site by exact NHS number, or by family name and birth date together; for urgent roles.

    Who has objected is left out unless policy shows that a record exists, or this is an emergency; who has said "not
    even in an emergency" is left out then as well. The search is audited: the trail keeps the ids found and a keyed
    hash of the terms, so that "was this number searched for?" can be answered without the trail holding numbers.
    """
    if not (reader.may("break_glass") and reader.may("see_urgent")):
        reader.must("break_glass")
        reader.must("see_urgent")
    people = Person.objects.filter(merged_into=None)
    if nhs_number:
        people = people.filter(numbers__kind="nhs", numbers__value=nhs_number, numbers__is_current=True)
    elif family_name and born_on:
        key = name_key(family_name, "")
        people = people.filter(Q(name_key=key) | Q(name_key__startswith=f"{key} "), born_on=born_on)
    else:
        return []
    objected = Q(sharing_decisions__ended_at=None, sharing_decisions__scope="whole_record") & ~Q(
        sharing_decisions__outcome="agreed"
    )
    if in_emergency:
        hidden = Person.objects.filter(objected, sharing_decisions__not_even_in_emergency=True)
    else:
        hidden = Person.objects.filter(objected)
    if settings.CONFIG.objected_record_existence == "hidden":
        mine = people_of(reader).values("pk")
        people = people.exclude(Q(pk__in=hidden.values("pk")) & ~Q(pk__in=mine))
    rows = list(people.order_by("name_key", "born_on", "pk").distinct()[:FOUND_AT_MOST])
    numbers = dict(
        PersonNumber.objects.filter(person__in=rows, kind="nhs", is_current=True).values_list("person_id", "value")
    )
    terms = f"{nhs_number}|{name_key(family_name, '')}|{born_on or ''}"
    audit.record(
        by=reader,
        what="searched everybody in an emergency" if in_emergency else "searched everybody",
        details={
            "by": "NHS number" if nhs_number else "family name and birth date",
            "terms": search_print(terms),
            "found": [str(row.pk) for row in rows],
        },
    )
    return [
        Found(
            person_id=row.pk,
            title=row.title,
            given_names=row.given_names,
            family_name=row.family_name,
            born_on=row.born_on,
            nhs_number=numbers.get(row.pk, ""),
        )
        for row in rows
    ]


def search_print(terms: str) -> str:
    """A keyed hash by which two equal searches are recognised in the audit trail."""
    return salted_hmac("ambit.access.search", terms, algorithm="sha256").hexdigest()[:32]


# --- reviewing emergency openings ---


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyOpening:
    """An emergency opening as the privacy officer sees it. Who the person is, is said only on its own page."""

    id: UUID
    name: str
    role_name: str
    organisation_name: str
    reason: str
    words: str
    opened_at: datetime
    until_at: datetime
    review_due_on: date
    is_overdue: bool
    outcome: str
    outcome_name: str
    note: str
    reviewed_by: str
    reviewed_at: datetime | None
    person: Found | None = None


def _area_of(reader: Reader) -> RawSQL:
    """The reader's organisation and everything that is part of it."""
    return RawSQL(
        "WITH RECURSIVE below(id) AS (SELECT id FROM organisations_organisation WHERE id = %s"
        " UNION SELECT o.id FROM organisations_organisation o JOIN below b ON o.part_of_id = b.id) SELECT id FROM below",
        [stored(reader.organisation_id)],
    )


def openings_to_review(reader: Reader) -> QuerySet[BreakGlass]:
    """Emergency openings by, or about, the privacy officer's own area; not those the officer made."""
    reader.must("review_break_glass")
    area = _area_of(reader)
    return (
        BreakGlass.objects.filter(Q(organisation__in=area) | Q(person__practice__in=area))
        .exclude(account_id=cast(int, reader.account_id))
        .select_related("organisation", "reviewed_by__staff")
    )


def emergency_openings(reader: Reader, *, reviewed: bool = False, limit: int = 100) -> list[EmergencyOpening]:
    """The review queue, the one due first on top; or what was reviewed, the latest on top."""
    rows = openings_to_review(reader)
    if reviewed:
        rows = rows.exclude(outcome="").order_by(F("reviewed_at").desc(), "pk")
    else:
        rows = rows.filter(outcome="").order_by("review_due_on", "opened_at", "pk")
    return [_seen(row) for row in rows[:limit]]


def emergency_opening(reader: Reader, opening_id: UUID) -> EmergencyOpening:
    """One emergency opening, with whose record it was; that the officer looked is audited."""
    row = openings_to_review(reader).select_related("person").filter(pk=opening_id).first()
    if row is None:
        raise Http404("No such emergency opening.")
    audit.record(by=reader, what="looked at an emergency opening", about=row.person_id)
    number = PersonNumber.objects.filter(person_id=row.person_id, kind="nhs", is_current=True).first()
    return _seen(
        row,
        Found(
            person_id=row.person_id,
            title=row.person.title,
            given_names=row.person.given_names,
            family_name=row.person.family_name,
            born_on=row.person.born_on,
            nhs_number=number.value if number else "",
        ),
    )


def _seen(row: BreakGlass, person: Found | None = None) -> EmergencyOpening:
    reviewer = row.reviewed_by
    return EmergencyOpening(
        id=row.pk,
        name=row.name,
        role_name=str(Role(row.role).label),
        organisation_name=row.organisation.name if row.organisation else "",
        reason=row.get_reason_display(),
        words=row.words,
        opened_at=row.opened_at,
        until_at=row.until_at,
        review_due_on=row.review_due_on,
        is_overdue=not row.outcome and row.review_due_on < timezone.localdate(),
        outcome=row.outcome,
        outcome_name=str(row.get_outcome_display()),
        note=row.note,
        reviewed_by=str(reviewer.staff or reviewer) if reviewer else "",
        reviewed_at=row.reviewed_at,
        person=person,
    )


# --- what the person decided about sharing ---

WHO_DECIDES = list(SharingDecision.Basis.choices)


@dataclass(frozen=True, slots=True, kw_only=True)
class SharingRow:
    """One decision about sharing, current or ended."""

    id: UUID
    outcome: str
    is_objection: bool
    about: str
    basis: str
    informed_on: date
    not_even_in_emergency: bool
    note: str
    recorded_by: str
    recorded_at: datetime
    ended_by: str
    ended_at: datetime | None


def sharing_decisions(reader: Reader, person: Person) -> list[SharingRow]:
    """What somebody the reader has opened decided about their record, the latest first."""
    reader.must("record_sharing")
    rows = SharingDecision.objects.filter(person=person).select_related("organisation").order_by("-recorded_at")
    return [
        SharingRow(
            id=row.pk,
            outcome=row.get_outcome_display(),
            is_objection=row.outcome != SharingDecision.Outcome.AGREED,
            about=row.organisation.name if row.organisation else row.item or row.get_scope_display(),
            basis=row.get_basis_display() + (f", {row.decided_by}" if row.decided_by else ""),
            informed_on=row.informed_on,
            not_even_in_emergency=row.not_even_in_emergency,
            note=row.note,
            recorded_by=row.recorded_by,
            recorded_at=row.recorded_at,
            ended_by=row.ended_by,
            ended_at=row.ended_at,
        )
        for row in rows
    ]


def banner(reader: Reader, person: Person) -> Banner:
    """Who a page about access is about."""
    shown = people_queries.person_page(person, on=timezone.localdate())
    return people_queries.banner_of(person, shown, people_queries.similar_people(partial(people_of, reader), person))


# --- what was typed when a session ran out ---


def draft(reader: Reader, draft_id: UUID) -> Draft:
    """What this reader had typed; nobody else can see it."""
    found = Draft.objects.filter(pk=draft_id, account_id=cast(int, reader.account_id)).first()
    if found is None:
        raise Http404("No such draft.")
    return found


def current_numbers() -> QuerySet[PersonNumber]:
    """NHS numbers in use, to be joined to what a slice keeps about people; opens nobody's record."""
    return PersonNumber.objects.filter(kind="nhs", is_current=True)


def easily_mistaken(reader: Reader, person: Person) -> str:
    """How those among the reader's people who are easily mistaken for this one differ, in words; "" for none (H1)."""
    return people_queries.similar_words(people_queries.similar_people(partial(people_of, reader), person))
