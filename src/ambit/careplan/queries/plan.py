"""The plan as it stands: every current section, how CPR stands, and the overview."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from ambit.access.queries import Person, Reader, anything_kept_back, kept_back_from
from ambit.access.rules import KEPT_BACK_WORDS, SILENT, NotShown
from ambit.careplan import registry, rules
from ambit.careplan.models import CPRDecision, Directive, SectionVersion
from ambit.careplan.queries.authors import named
from ambit.careplan.queries.legal import Legal, as_it_stood, legal_of
from ambit.careplan.queries.sections import COLUMNS, SectionFact, fact_of
from ambit.careplan.rules import cpr, transition
from ambit.careplan.rules.checks import Check
from ambit.careplan.rules.conflicts import (
    Conflict,
    conflicts_in,
    defibrillator_to_talk_about,
    place_is_blank,
    to_settle,
    whom_to_ask,
)
from ambit.careplan.rules.directives import Directives
from ambit.careplan.rules.document import Document
from ambit.careplan.rules.documents import AdvanceDecision
from ambit.careplan.rules.dying import DYING, PART, Recognised
from ambit.design.rules import age_on
from ambit.statements import Prepared, stored


@dataclass(frozen=True, slots=True)
class CurrentPlan:
    """The current version of every section that was ever written, how CPR stands, every document with legal force.

    `conflicts` is what contradicts what, the most dangerous first. `version` counts every save, form, document, ending and view
    there ever was, so that two papers can be told apart.
    What is kept back from the reader is in none of it: `kept_back` says of which sections they may know that, and why; of
    those in `silent` not even that. `beside` are sections of another record that was joined to this one, current there,
    until somebody settles what holds.
    """

    person_id: UUID
    sections: Mapping[str, SectionFact]
    cpr: cpr.Standing
    directives: Directives
    conflicts: tuple[Conflict, ...]
    version: int = 0
    saved_at: datetime | None = None
    kept_back: Mapping[str, str] = field(default_factory=dict)
    silent: frozenset[str] = frozenset()
    judgements: tuple[Recognised, ...] = ()
    beside: tuple[SectionFact, ...] = ()

    @property
    def dying(self) -> Recognised | None:
        """The judgement that holds, where it is that the person is dying; None when nobody thinks so now."""
        last = next(iter(self.judgements), None)
        return last if last and last.kind == DYING else None

    def must_show(self, section: str, *, title: str) -> None:
        """Refuse, in words, a page about a section that is kept back from the reader of this plan."""
        if section in self.kept_back or section in self.silent:
            raise NotShown(title, self.kept_back.get(section, SILENT))

    def says(self, section: str) -> Mapping[str, Any]:
        """What a section says; empty when it was never written, which is not a decision."""
        fact = self.sections.get(section)
        return fact.content if fact else {}

    def place_is_blank(self, *, age: int | None) -> bool:
        """Whether the first preferred place of death is still blank (L21); what is kept back is not said to be."""
        says = {"place_of_care": self.says("place_of_care")}
        return "place_of_care" not in self.kept_back and place_is_blank(says, age=age)

    def withholds(self, section: str) -> str:
        """What a reader is told in place of a section that is kept back from them; "" when it is not."""
        return KEPT_BACK_WORDS[self.kept_back[section]] if section in self.kept_back else ""


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One section in the overview: what it says, what it weighs in law, how fresh it is, who wrote it."""

    section: rules.Section
    in_brief: str
    freshness: str
    age: int | None
    saved_on: date | None
    author: str
    force: str = ""
    force_words: str = ""


@dataclass(frozen=True, slots=True)
class Settle:
    """One thing to settle: what it is about, in which words, and in which section it is seen to."""

    about: str
    words: str
    section: rules.Section


@dataclass(frozen=True, slots=True)
class OverviewGroup:
    """Sections of one kind: those that say something or should, and those nobody has written and nobody must."""

    title: str
    rows: tuple[OverviewRow, ...]
    unwritten: tuple[rules.Section, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """The plan by groups, what to settle first, and why an advance decision binds or does not."""

    groups: tuple[OverviewGroup, ...]
    standing: cpr.Standing
    conflicts: tuple[Conflict, ...]
    whom: str
    to_settle: tuple[Settle, ...]
    checked: tuple[AdvanceDecision, Check] | None
    pack: str
    reviewed: bool
    hides_seals: bool = False


def current(reader: Reader, person_id: UUID) -> CurrentPlan:
    """The plan of somebody the reader has opened, as it stands now: two statements, however many versions there are."""
    return plans_of(reader, [person_id])[person_id]


def copied(reader: Reader, person_id: UUID, *, without: Mapping[str, str], at: datetime | None = None) -> CurrentPlan:
    """The plan of somebody the reader has opened without some sections, each with why; now, or as it stood at a moment.

    What was said is put together without them: nothing of them is left in what disagrees or what it weighs.
    """
    reader.must("see_plan")
    return _plans([person_id], reader=reader, without=without, at=at)[person_id]


def changed_after(person_id: UUID, at: datetime) -> datetime | None:
    """When a plan that a reader has opened was first changed after a moment; None when it still stands as it did."""
    saved = SectionVersion.objects.filter(person_id=person_id, saved_at__gt=at).order_by("saved_at")
    first = list(saved.values_list("saved_at", flat=True)[:1])
    legal = legal_of([person_id])[person_id]
    everything: tuple[cpr.Recorded | Document, ...] = (*legal.cpr_forms, *legal.directives.documents)
    first += [one.recorded_at for one in everything] + [one.ended_at for one in everything if one.ended_at]
    return min((moment for moment in first if moment > at), default=None)


def _until(person_ids: Sequence[UUID], at: datetime) -> QuerySet[Any, Any]:
    """Every version that was there at a moment; the last of each section is the one that held."""
    rows = SectionVersion.objects.filter(person_id__in=person_ids, saved_at__lte=at)
    return rows.annotate(anything=anything_kept_back(person_ids)).values_list("person_id", "anything", *COLUMNS)


def _newest(person_ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """The last version of each section, found in the index alone: a plan may have forty versions of each.

    And what a merge of two records left beside it.
    """
    several, table = ", ".join(["%s"] * len(person_ids)), "careplan_sectionversion"
    # S608: of this statement only the number of places varies; every value is a parameter
    last = (
        f"SELECT v.id FROM (SELECT person_id, section, MAX(number) AS number FROM {table}"  # noqa: S608
        f" WHERE person_id IN ({several}) GROUP BY person_id, section) n JOIN {table} v"
        " ON v.person_id = n.person_id AND v.section = n.section AND v.number = n.number"
        f" UNION ALL SELECT id FROM {table} WHERE person_id IN ({several}) AND beside IS NOT NULL"
    )
    wanted = [stored(one) for one in person_ids]
    newest = SectionVersion.objects.filter(pk__in=RawSQL(last, [*wanted, *wanted]))  # noqa: S611
    newest = newest.annotate(anything=anything_kept_back(person_ids))
    return newest.values_list("person_id", "anything", *COLUMNS)


_current_sections: Prepared[tuple[Any, ...]] = Prepared(_newest)


def plans_of(reader: Reader, person_ids: Sequence[UUID]) -> dict[UUID, CurrentPlan]:
    """The plans of people whom the reader may see, as they stand now: two statements, however many people there are.

    The same statements say whether anything of these people is kept back from anybody; only then a third says what.
    """
    reader.must("see_plan", or_else="see_own_record")
    return _plans(person_ids, reader=reader)


def conflicts_of(person_id: UUID) -> tuple[Conflict, ...]:
    """What contradicts what in somebody's plan; for actions, which have opened the person already."""
    return _plans([person_id])[person_id].conflicts


def _plans(
    person_ids: Sequence[UUID],
    *,
    reader: Reader | None = None,
    without: Mapping[str, str] = MappingProxyType({}),
    at: datetime | None = None,
) -> dict[UUID, CurrentPlan]:
    """Whole plans or, for a reader, what of them is not kept back."""
    facts: dict[UUID, list[SectionFact]] = {person_id: [] for person_id in person_ids}
    rows = list(_until(person_ids, at)) if at else _current_sections(person_ids)
    for person_id, _anything, *columns in rows:
        facts[person_id].append(fact_of(*columns))
    legal = legal_of(person_ids)
    if at:
        legal = {one: as_it_stood(known, at) for one, known in legal.items()}
    closed: Mapping[UUID, Mapping[str, str]] = {}
    # each row says whether anything is kept back; without a row it is asked: that nothing is written is not theirs to know
    anything = rows[0][1] if rows else True
    if reader is not None and anything:
        closed = kept_back_from(reader, person_ids)
    return {one: _whole(one, facts[one], legal[one], {**without, **closed.get(one, {})}) for one in person_ids}


def life_of(person: Person, *, on: date, has_childs_plan: bool = False) -> rules.Life:
    """How old somebody is on a day, or was when they died, as far as it decides what they are asked.

    Whoever has a plan made as a child keeps it open until 25: no birthday closes it.
    """
    if person.birth_precision == "unborn":
        return rules.Life(unborn=True)
    until = person.died_on or on
    return rules.Life(
        age_on(person.born_on, until) if person.born_on else None,
        in_transition=has_childs_plan and transition.in_transition(person.born_on, on=until),
    )


def has_childs_plan(plan: CurrentPlan) -> bool:
    """Whether anything of the plan was written in a section that is a child's."""
    return any(
        section.ages.kind == rules.CHILD and section.id in plan.sections for section in registry.plan().sections()
    )


def written_about(reader: Reader, people: QuerySet[Person]) -> set[UUID]:
    """Of which of these people, whom the reader may see, anything was ever written: a section, a decision about CPR, or a document."""
    reader.must("see_plan")
    mine = people.values("pk")
    return set(
        SectionVersion.objects.filter(person__in=mine)
        .values_list("person_id", flat=True)
        .union(
            CPRDecision.objects.filter(person__in=mine).values_list("person_id", flat=True),
            Directive.objects.filter(person__in=mine).values_list("person_id", flat=True),
        )
    )


def not_kept_back(legal: Legal, closed: Mapping[str, str]) -> tuple[Mapping[str, str], Directives, cpr.Standing]:
    """What is kept back and why, and the documents and how CPR stands without it."""
    if "cpr" in closed:  # an emergency plan says it too
        closed = {"emergency": closed["cpr"], **closed}
    directives = legal.directives.without(closed) if closed else legal.directives
    forms = [*legal.cpr_forms, *directives.cpr_recommendations()] if directives.documents else legal.cpr_forms
    return closed, directives, _standing(forms, closed.get("cpr", ""))


def _whole(person_id: UUID, facts: Sequence[SectionFact], legal: Legal, closed: Mapping[str, str]) -> CurrentPlan:
    sections: dict[str, SectionFact] = {}
    for fact in facts:
        if fact.section not in sections or fact.number > sections[fact.section].number:
            sections[fact.section] = fact
    closed, directives, standing = not_kept_back(legal, closed)
    shown = {name: fact for name, fact in sections.items() if name not in closed} if closed else sections
    moments = _moments(legal)
    return CurrentPlan(
        person_id,
        shown,
        standing,
        directives,
        conflicts_in(directives, standing, {name: fact.content for name, fact in shown.items()}),
        version=sum(fact.number for fact in sections.values()) + len(moments),
        saved_at=max([fact.last_at for fact in sections.values()] + moments, default=None),
        beside=tuple(
            fact
            for fact in facts
            if fact.beside is not None and fact.beside == sections[fact.section].number and fact.section in shown
        ),
        kept_back={name: why for name, why in closed.items() if why != SILENT},
        silent=frozenset(name for name, why in closed.items() if why == SILENT),
        judgements=() if PART in closed else legal.judgements,
    )


def _moments(legal: Legal) -> list[datetime]:
    """When each form, document, ending, view and judgement came to be here."""
    everything: tuple[cpr.Recorded | Document, ...] = (*legal.cpr_forms, *legal.directives.documents)
    moments = [one.recorded_at for one in everything] + [one.ended_at for one in everything if one.ended_at]
    moments += [view.at for one in legal.directives.documents for view in one.views]
    return moments + [one.recorded_at for one in legal.judgements]


def _standing(forms: Sequence[cpr.Recorded], kept_back: str) -> cpr.Standing:
    if kept_back:
        return cpr.Standing(cpr.NOT_RECORDED, (), kept_back=kept_back != SILENT)
    return cpr.standing(forms)


def _hides_seals() -> bool:
    return bool(settings.CONFIG.sealed_existence == "hidden")


def not_written() -> str:
    """What stands in place of a section that was never written. Where seals are not to be known of, it says no more."""
    if _hides_seals():
        return "Nothing is written here that you may see"
    return "Not written yet"


def overview_of(plan: CurrentPlan, *, on: date, life: rules.Life) -> Overview:
    """The plan by groups: what each section says, its force and age, and what to settle first.

    What is not for this age (capacity is assessed from 16, Gillick competence before) is left out unless something is
    recorded; what is not expected of every plan is folded until then.
    """
    pack = registry.pack()
    groups = tuple(group for one in registry.plan().groups if (group := _overview_group(one, plan, on=on, life=life)))
    refusal = next(iter(plan.directives.refusals()), None)
    return Overview(
        groups=groups,
        standing=plan.cpr,
        conflicts=plan.conflicts,
        whom=whom_to_ask(plan.directives, on=on),
        to_settle=tuple(_settle(plan, [row for group in groups for row in group.rows], life=life)),
        checked=(refusal, plan.directives.check(refusal, on=on)) if refusal else None,
        pack=f"{pack.title} {pack.version}",
        reviewed=pack.reviewed,
        hides_seals=_hides_seals(),
    )


def _settle(plan: CurrentPlan, rows: Sequence[OverviewRow], *, life: rules.Life) -> Iterator[Settle]:
    """What differs; documents somebody must see to; a preferred place that is blank; what was never asked, is too old, or has ended."""
    sections = {row.section.decision or row.section.id: row.section for row in rows}
    for one in plan.conflicts:
        if one.seen_to in sections:
            words = "something is missing" if one.is_prompt else "documents disagree"
            yield Settle(f"{one.about[:1].upper()}{one.about[1:]}", words, sections[one.seen_to])
    for other in to_settle(plan.directives):
        if other.kind in sections:
            yield Settle(sections[other.kind].title, other.words, sections[other.kind])
    for fact in plan.beside:
        if fact.section in sections:
            title = sections[fact.section].title
            yield Settle(title, "two records were joined, and both said something else", sections[fact.section])
    blank = not life.unborn and plan.place_is_blank(age=life.age) and sections.get("place_of_care")
    if blank:
        yield Settle("Preferred place of death", "the first choice is blank: ask, or record why not", blank)
    if "equipment" in sections and defibrillator_to_talk_about({"equipment": plan.says("equipment")}, plan.cpr):
        words = "active, and CPR is not to be attempted: talk about switching it off"
        yield Settle("Implanted defibrillator", words, sections["equipment"])
    asked = {
        "ask": "ask again",
        "never": "not asked yet",
        "ended": "has ended",
        "outgrown": "made as a child: look at it again",
    }
    for row in rows:
        if row.freshness in asked and row.section is not blank:
            yield Settle(row.section.title, asked[row.freshness], row.section)


def _overview_group(group: rules.Group, plan: CurrentPlan, *, on: date, life: rules.Life) -> OverviewGroup | None:
    rows, unwritten = [], []
    for section in group.sections:
        written = section.id in plan.sections or section.id in plan.kept_back
        written = written or bool(plan.directives.of_kind(section.decision))
        if written or (section.expected and section.ages.include(life)):
            rows.append(_overview_row(section, plan, on=on, life=life))
        elif section.ages.include(life):
            unwritten.append(section)
    return OverviewGroup(group.title, tuple(rows), tuple(unwritten)) if rows or unwritten else None


def _overview_row(section: rules.Section, plan: CurrentPlan, *, on: date, life: rules.Life) -> OverviewRow:
    if section.id in plan.kept_back:
        return OverviewRow(section, plan.withholds(section.id), "kept_back", None, None, "")
    if section.decision == "cpr":
        return _cpr_row(section, plan, on=on)
    if section.decision:
        return _directive_row(section, plan, on=on)
    fact = plan.sections.get(section.id)
    if fact is None:
        return OverviewRow(section, not_written(), "never", None, None, "")
    fresh = rules.freshness(section, fact.checked_on, on=on)
    if section.is_past(life):
        return OverviewRow(section, section.in_brief(fact.content), "past", None, fact.saved_on, fact.author)
    if rules.still_to_ask(section, fact.content):
        fresh = "never"
    if rules.has_ended(section, fact.content, on=on):
        fresh = "ended"
    return OverviewRow(section, section.in_brief(fact.content), fresh, fact.age(on), fact.checked_on, _who(fact))


def _who(fact: SectionFact) -> str:
    """Whose words they are; asked again since, also who found them unchanged."""
    words = named(fact.author_name, fact.author_role, "")
    return (
        f"{words}; asked, unchanged: {named(fact.confirmed.name, fact.confirmed.role, '')}" if fact.confirmed else words
    )


def _cpr_row(section: rules.Section, plan: CurrentPlan, *, on: date) -> OverviewRow:
    differ = any(one.concerns_cpr for one in plan.conflicts)
    form = plan.cpr.newest
    if form is None:
        return OverviewRow(section, plan.cpr.words, "disagree" if differ else "never", None, None, "")
    made_on = form.made_on
    fresh = (
        "disagree"
        if differ
        else "outgrown"
        if form.made_as_a_child(on)
        else "review"
        if form.review_overdue(on)
        else ""
    )
    age = (on - made_on).days if made_on else None
    who = ", ".join(part for part in (form.decided_by or form.recorded_by, form.decided_by_role) if part)
    force = "clinical_decision" if plan.cpr.reading in cpr.DECISIONS else ""
    return OverviewRow(section, plan.cpr.words, fresh, age, made_on, who, force)


def _directive_row(section: rules.Section, plan: CurrentPlan, *, on: date) -> OverviewRow:
    several = plan.directives.of_kind(section.decision)
    if not several:
        return OverviewRow(section, "None recorded", "none", None, None, "")
    newest = several[0]
    ids = {one.id for one in several}
    differ = any(ids & {side.of for side in one.sides} for one in plan.conflicts)
    check = plan.directives.check(newest, on=on)
    recorded_on = timezone.localdate(newest.recorded_at)
    day = recorded_on if newest.author == newest.recorded_by else newest.made_on or recorded_on
    more = f" And {len(several) - 1} more." if len(several) > 1 else ""
    return OverviewRow(
        section,
        f"{newest.in_brief}.{more}" if more else newest.in_brief,
        "disagree" if differ else "review" if newest.review_overdue(on) else "",
        (on - day).days,
        day,
        newest.author,
        check.force,
        check.label,
    )
