"""The whole plan as it stands on a copy: everything in it, what it leaves out and says so, and what it has become since."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ambit.access.queries import Given, ImportantRow, Person, Reader, given_to, people_who_matter
from ambit.access.rules import KEPT_BACK_WORDS, LEFT_OUT, SILENT
from ambit.careplan import registry, rules
from ambit.careplan.queries.medicines import movements_of
from ambit.careplan.queries.plan import CurrentPlan, changed_after, copied, has_childs_plan, life_of
from ambit.careplan.queries.sections import SectionFact
from ambit.careplan.rules import copies, cpr, medicines, wording
from ambit.careplan.rules.checks import Check
from ambit.careplan.rules.conflicts import Conflict, whom_to_ask
from ambit.careplan.rules.document import Document
from ambit.careplan.rules.medicines import Left
from ambit.design.environment import day
from ambit.design.refusals import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedSection:
    """One written section on a copy: every item that says something, whose words, how old, whether to ask again."""

    title: str
    lines: tuple[tuple[str, tuple[str, ...]], ...]
    fact: SectionFact
    freshness: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedDocument:
    """One document with legal force on a copy: what it says, what it weighs and why."""

    title: str
    one: Document
    check: Check
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedGroup:
    """Sections of one kind, as the plan's own page groups them; `unwritten` are expected of every plan and say nothing."""

    title: str
    sections: tuple[CopiedSection, ...]
    unwritten: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Everything a copy holds and says of itself."""

    given: Given
    version: int
    saved_at: datetime | None
    made_at: datetime
    as_on: date | None
    replaced_at: datetime | None
    died_on: date | None
    cpr: cpr.Standing | None
    conflicts: tuple[Conflict, ...]
    whom: str
    documents: tuple[CopiedDocument, ...]
    groups: tuple[CopiedGroup, ...]
    medicines: tuple[Left, ...]
    people: tuple[ImportantRow, ...]
    absent: tuple[tuple[str, str], ...]
    says_left_out: bool
    holds: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def is_for_the_person(self) -> bool:
        return self.given.kind == "person"


def parts_of_a_copy() -> dict[str, str]:
    """Every part that a copy may leave out, by id, with its title: in the order of the page."""
    return {section.id: section.title for section in registry.plan().sections()} | {
        copies.PEOPLE: "People who matter to the person"
    }


def copy_of(
    reader: Reader,
    person: Person,
    *,
    leave_out: Collection[str] = (),
    as_on: date | None = None,
    now: datetime,
    **recipient: Any,
) -> Copy:
    """The plan of somebody the reader has opened, for a recipient (`access.queries.given_to`), without some of its parts.

    What is kept back from the recipient or from the reader is never in it. As it stood at the end of a day, when one is given.
    """
    reader.must("see_plan")
    on = timezone.localdate(now)
    if unknown := set(leave_out) - parts_of_a_copy().keys():
        raise Refused({"leave_out": f"The plan has no part {', '.join(sorted(unknown))}."})
    if as_on and as_on > on:
        raise Refused({"as_on": "Choose a day that has been. Leave it empty for the plan of today."})
    at = _end_of(as_on) if as_on and as_on < on else None
    given = given_to(reader, person, **recipient)
    sections = tuple(registry.plan().sections())
    closed = copies.closed_parts(sections, leave_out, given.kept_back, given.only)
    if given.is_for_care and leave_out:
        _refuse_what_must_stay(reader, person, closed, leave_out, at=at)
    plan = copied(reader, person.id, without=closed, at=at)
    closed = {**dict.fromkeys(plan.silent, SILENT), **plan.kept_back}
    if given.kind == "person":
        plan = _told(plan)
    holds_people = copies.PEOPLE not in closed and given.only is None and at is None
    movements = movements_of(person.id) if "medicines_at_home" not in closed else []
    groups = _groups(person, plan, given, closed, on=on)
    documents = tuple(_document(plan, one, on=on, told=given.kind == "person") for one in plan.directives.current)
    return Copy(
        given=given,
        version=plan.version,
        saved_at=plan.saved_at,
        made_at=now,
        as_on=as_on if at else None,
        replaced_at=changed_after(person.id, at) if at else None,
        died_on=person.died_on,
        cpr=None if "cpr" in closed or (given.kind == "person" and not plan.cpr.current) else plan.cpr,
        conflicts=() if given.kind == "person" else tuple(one for one in plan.conflicts if not one.is_prompt),
        whom=whom_to_ask(plan.directives, on=on),
        documents=documents,
        groups=groups,
        medicines=tuple(medicines.left([one for one in movements if at is None or one.recorded_at <= at])),
        people=people_who_matter(person) if holds_people else (),
        absent=tuple(
            (title, KEPT_BACK_WORDS[why])
            for title, why in copies.named(closed, parts_of_a_copy(), for_care=given.is_for_care)
        ),
        says_left_out=LEFT_OUT in closed.values() or given.only is not None,
        holds=(*sorted(plan.sections), *sorted({one.one.kind for one in documents})),
        left_out=tuple(sorted(part for part, why in closed.items() if why == LEFT_OUT)),
    )


def _refuse_what_must_stay(
    reader: Reader, person: Person, closed: Mapping[str, str], chosen: Collection[str], *, at: datetime | None
) -> None:
    """What contradicts is looked for in what would be on the copy if nothing were left out by choice."""
    whole = copied(reader, person.id, without={p: why for p, why in closed.items() if why != LEFT_OUT}, at=at)
    kinds = {str(one.id): one.kind for one in whole.directives.current}
    stays = copies.must_stay(chosen, conflicts=[c for c in whole.conflicts if not c.is_prompt], kinds=kinds)
    if stays:
        titles = parts_of_a_copy()
        raise Refused(
            {
                "leave_out": " ".join(
                    f"“{titles[part]}” stays in a copy for those who care for the person: {why}."
                    for part, why in sorted(stays.items())
                )
            }
        )


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.max))


def _told(plan: CurrentPlan) -> CurrentPlan:
    """What of the plan the person may read."""
    sections = {}
    for section in registry.plan().sections():
        fact = plan.sections.get(section.id)
        said = copies.told_to_the_person(section, fact.content) if fact else {}
        if fact and said:
            sections[section.id] = replace(fact, content=said)
    return replace(
        plan,
        sections=sections,
        cpr=copies.cpr_told_to_the_person(plan.cpr),
        directives=copies.documents_told_to_the_person(plan.directives),
        judgements=(),
    )


def _groups(
    person: Person, plan: CurrentPlan, given: Given, closed: Mapping[str, str], *, on: date
) -> tuple[CopiedGroup, ...]:
    life = life_of(person, on=on, has_childs_plan=has_childs_plan(plan))
    told = given.kind == "person"
    groups = []
    for group in registry.plan().groups:
        written = tuple(
            _section(section, plan.sections[section.id], on=on, told=told)
            for section in group.sections
            if section.id in plan.sections
        )
        unwritten = tuple(
            section.title
            for section in group.sections
            if given.is_for_care
            and section.expected
            and not section.decision
            and section.ages.include(life)
            and section.id not in plan.sections
            and section.id not in closed
        )
        if written or unwritten:
            groups.append(
                CopiedGroup(title=_(group.title) if told else group.title, sections=written, unwritten=unwritten)
            )
    return tuple(groups)


def _section(section: rules.Section, fact: SectionFact, *, on: date, told: bool) -> CopiedSection:
    if told:
        # in the language in which the copy is made, as on the person's own pages
        section = rules.in_words(section, registry.say_in(get_language() or ""))
    lines = []
    for item in section.items:
        value = fact.content.get(item.id)
        words = tuple(item.words([row]) for row in value) if item.type == rules.ROWS and value else (item.words(value),)
        if told and value and item.type == "date":
            words = (day(date.fromisoformat(value)),)
        if any(words):
            lines.append((item.label_for_person if told else item.label, words))
    fresh = rules.freshness(section, fact.checked_on, on=on)
    if rules.has_ended(section, fact.content, on=on):
        fresh = "ended"
    title = section.title_for_person if told else section.title
    return CopiedSection(title=title, lines=tuple(lines), fact=fact, freshness=fresh)


def _document(plan: CurrentPlan, one: Document, *, on: date, told: bool) -> CopiedDocument:
    lines = wording.lines(one)
    if told:
        lines = ((_(label), _(words)) for label, words in lines)
    return CopiedDocument(title=one.title, one=one, check=plan.directives.check(one, on=on), lines=tuple(lines))


def parts_written(reader: Reader, person_id: UUID, plan: CurrentPlan) -> list[tuple[str, str]]:
    """The parts of a plan that say something to this reader, for a choice of what to leave out."""
    reader.must("see_plan")
    written = {*plan.sections, *(one.kind for one in plan.directives.current)}
    if plan.cpr.current:
        written.add("cpr")
    return [(part, title) for part, title in parts_of_a_copy().items() if part in written or part == copies.PEOPLE]
