"""What the person, somebody who acts for them, or their carer is shown."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language, gettext

from ambit.access.queries import Opening, Person, Reader, all_ids, people_of
from ambit.access.rules import Relation
from ambit.audit import queries as audit
from ambit.careplan import queries as careplan
from ambit.careplan import registry
from ambit.careplan.rules import DATE, MOMENT, ROWS, Item, Life, Section, cpr, freshness, still_to_ask
from ambit.coordination.queries import NamedCoordinator, coordinator_of
from ambit.design.environment import day
from ambit.mycare.models import Notice, Preferences
from ambit.mycare.queries.sorting import THEIR_DOCUMENTS, CprWords, ToSortOut, to_sort_out
from ambit.mycare.rules import OF_RELATION, WHOSE_WORDS, Looks, Mine, has_heard_of_cpr, reason_of_opening
from ambit.mycare.sentences import in_their_language
from ambit.organisations.queries import ROLES, AnswersCalls, advice_line_of


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a part of the plan says: its label, and the words, or rows of words."""

    label: str
    words: tuple[str, ...]
    day: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One section as the person reads it. `state` is `said`, `nothing`, or `ask` when nobody has asked yet."""

    id: str
    title: str
    state: str
    lines: tuple[Line, ...] = ()
    own: bool = False
    may_write: bool = False
    author: str = ""
    author_role: str = ""
    said_by_person: bool = False
    saved_on: date | None = None
    is_old: bool = False
    number: int = 0
    cpr: tuple[CprWords, ...] = ()
    is_cpr: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Somebody who opened the record: in plain words who, when, how often, and why."""

    name: str
    role: str
    organisation: str
    at: datetime
    times: int
    reason: str
    in_emergency: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoOpened:
    """Everybody who opened the record, and how many of them within a week."""

    rows: tuple[Opened, ...]
    this_week: int

    @property
    def people(self) -> int:
        return len({(row.name, row.organisation) for row in self.rows})


@dataclass(frozen=True, slots=True, kw_only=True)
class MyPlan:
    """The first page: whom to ring, what the plan says, what to sort out, what was asked for."""

    parts: tuple[Part, ...]
    to_sort_out: tuple[ToSortOut, ...]
    help: AnswersCalls | None
    coordinator: NamedCoordinator | None
    proposals: tuple[careplan.ProposalRow, ...]
    opened: WhoOpened | None
    pack: str
    pack_reviewed: bool

    @property
    def first(self) -> tuple[Part, ...]:
        """What stands on the first page: what is the person's own, CPR, and nothing that says nothing."""
        return tuple(part for part in self.parts if part.own or part.is_cpr)


# --- who is looking ---


def mine(reader: Reader, opening: Opening) -> Mine:
    """Whose plan this is, and what this reader may do with it."""
    reader.must("see_own_record")
    relation = opening.answer.relation or Relation.CARER
    chosen = Preferences.objects.filter(account_id=reader.account_id or 0).first()
    return Mine(
        person_id=opening.person.id,
        called=called(opening.person),
        who=OF_RELATION[relation],
        reader_name=reader.name,
        looks=Looks(large=chosen.large, contrast=chosen.contrast, easy=chosen.easy) if chosen else Looks(),
        unread=Notice.objects.filter(
            account_id=reader.account_id or 0, person_id=opening.person.id, read_at=None
        ).count(),
    )


def called(person: Person) -> str:
    """What somebody likes to be called: the preferred name, else the first given name."""
    return person.preferred_name or next(iter(person.given_names.split()), person.family_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """Somebody whose plan may be opened here, told apart from others by their whole name and birth date."""

    person_id: UUID
    called: str
    name: str
    born_on: date | None


def whose_plans(reader: Reader) -> list[Whose]:
    """Whose plans this reader may open here: theirs, or of those they act or care for."""
    reader.must("see_own_record")
    return [
        Whose(
            person_id=person.id,
            called=called(person),
            name=f"{person.given_names} {person.family_name}".strip(),
            born_on=person.born_on,
        )
        for person in people_of(reader).order_by("born_on", "pk")
    ]


# --- the plan ---


def my_plan(reader: Reader, person: Person, mine: Mine, *, on: date) -> MyPlan:
    """The plan of somebody the reader has opened, in their own words and nobody's jargon."""
    reader.must("see_own_record")
    plan = careplan.current(reader, person.id)
    pack = registry.pack()
    return MyPlan(
        parts=tuple(_parts(mine, plan, on=on, life=_life(person, plan, on=on))),
        to_sort_out=to_sort_out(mine, plan),
        help=advice_line_of(person.practice_id),
        coordinator=coordinator_of(reader, person.id),
        proposals=careplan.proposals(reader, person.id),
        opened=who_opened(reader, person, now=timezone.now()) if mine.may_see_who_opened else None,
        pack=f"{pack.title} {pack.version}",
        pack_reviewed=pack.reviewed,
    )


def part(reader: Reader, mine: Mine, section_id: str, *, on: date) -> Part | None:
    """One section as the person reads it; None when there is no such section for them."""
    plan = careplan.current(reader, mine.person_id)
    return next((one for one in _parts(mine, plan, on=on) if one.id == section_id), None)


def _life(person: Person, plan: careplan.CurrentPlan, *, on: date) -> Life:
    return careplan.life_of(person, on=on, has_childs_plan=careplan.has_childs_plan(plan))


def _parts(mine: Mine, plan: careplan.CurrentPlan, *, on: date, life: Life | None = None) -> Iterator[Part]:
    """Every part of the plan; of one life, those that are for somebody of this age, or say something all the same."""
    for section in registry.plan_in(get_language() or "").sections():
        if section.id in plan.silent:
            continue
        written = section.id in plan.sections or (section.decision and plan.directives.of_kind(section.decision))
        if life and not written and not section.ages.include(life):
            continue
        if section.decision == "cpr":
            yield _cpr_part(section, mine, plan.cpr)
            continue
        if section.decision:
            if section.decision in THEIR_DOCUMENTS:
                yield _documents_part(section, plan)
            continue
        fact = plan.sections.get(section.id)
        if any(section.may_person(fact.content if fact else {}, item) for item in section.items):
            yield _part(section, mine, fact, on=on)


def _documents_part(section: Section, plan: careplan.CurrentPlan) -> Part:
    """The person's own documents of one kind: what each says and what it weighs in law."""
    several = plan.directives.of_kind(section.decision)
    lines = [
        Line(
            in_their_language(one.in_brief),
            tuple(in_their_language(part) for part in (plan.directives.check(one).label, one.report) if part),
        )
        for one in several
    ]
    return Part(
        id=section.id,
        title=section.title_for_person,
        state="said" if lines else "nothing",
        lines=tuple(lines),
        author=several[0].recorded_by if several else "",
        author_role=several[0].recorded_by_role if several else "",
        saved_on=several[0].made_on if several else None,
    )


def _part(section: Section, mine: Mine, fact: careplan.SectionFact | None, *, on: date) -> Part:
    content: Mapping[str, Any] = fact.content if fact else {}
    lines = tuple(_lines(section, content))
    return Part(
        id=section.id,
        title=section.title_for_person,
        state="said" if lines else "nothing",
        lines=lines,
        own=section.is_their_own,
        may_write=section.is_their_own and mine.may_write,
        author=fact.author_name if fact else "",
        author_role=fact.author_role if fact else "",
        said_by_person=content.get(WHOSE_WORDS) == "person",
        saved_on=fact.saved_on if fact else None,
        number=fact.number if fact else 0,
        is_old=fact is not None and (freshness(section, fact.saved_on, on=on) != "" or still_to_ask(section, content)),
    )


def _lines(section: Section, content: Mapping[str, Any]) -> Iterator[Line]:
    for item in section.items:
        value = content.get(item.id)
        if value in (None, "", []) or item.id == WHOSE_WORDS or not section.may_person(content, item):
            continue
        if item.type == ROWS:
            yield Line(item.label_for_person, tuple(_row_words(item, row) for row in value))
        elif item.type == DATE:
            yield Line(item.label_for_person, (), day=date.fromisoformat(value))
        else:
            yield Line(item.label_for_person, (_said(item, value),))


def _row_words(item: Item, row: Mapping[str, Any]) -> str:
    return ", ".join(_said(part, row[part.id]) for part in item.items if row.get(part.id))


def _said(item: Item, value: Any) -> str:
    """One answer in words; days and moments in the reader's language."""
    if item.type == DATE:
        return day(date.fromisoformat(value))
    if item.type == MOMENT:
        at = datetime.fromisoformat(value)
        return gettext("%(day)s at %(time)s") % {"day": day(at.date()), "time": f"{at:%H:%M}"}
    return item.words(value)


def _cpr_part(section: Section, mine: Mine, standing: cpr.Standing) -> Part:
    words = _cpr(mine, standing)
    return Part(
        id=section.id,
        title=section.title_for_person,
        state="said" if words else "nothing",
        is_cpr=True,
        cpr=words,
        saved_on=words[0].made_on if words else None,
    )


def _cpr(mine: Mine, standing: cpr.Standing) -> tuple[CprWords, ...]:
    """How CPR stands, or nothing at all when any current form was not talked about: half of it would mislead."""
    forms = [form for form in standing.current if form.reading == standing.reading or standing.disagree]
    if not all(has_heard_of_cpr(mine.who, form.talked) for form in forms):
        return ()
    if not standing.disagree:
        forms = forms[:1]
    return tuple(CprWords.of(form) for form in forms)


# --- who opened the record ---

_ROLE_WORDS = {str(value): str(words) for value, words in ROLES} | {"proxy": "", "carer": "", "operator": "Ambit"}


def who_opened(reader: Reader, person: Person, *, now: datetime) -> WhoOpened:
    """Everybody who opened the record but the person and the reader themselves, the latest first."""
    rows = tuple(
        Opened(
            name=row.name,
            role=in_their_language(_ROLE_WORDS.get(row.role, row.role)),
            organisation=row.organisation,
            at=row.last_at,
            times=row.times,
            reason=reason_of_opening(str(row.details.get("relation", "")), str(row.details.get("reason", ""))),
            in_emergency="emergency" in row.what or row.details.get("relation") == Relation.EMERGENCY,
        )
        for row in audit.who_opened(reader, all_ids(person.id))
        if row.role != "person" and row.account_id != reader.account_id
    )
    week = [row for row in rows if row.at > now - timedelta(days=7)]
    return WhoOpened(rows=rows, this_week=len({(row.name, row.organisation) for row in week}))
