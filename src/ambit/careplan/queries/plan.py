"""The plan as it stands: every current section, how CPR stands, and the overview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from ambit.access.queries import Person, Reader
from ambit.careplan import registry, rules
from ambit.careplan.models import CPRDecision, SectionVersion
from ambit.careplan.queries.cpr import ENDING, recorded
from ambit.careplan.queries.sections import COLUMNS, SectionFact
from ambit.careplan.rules import cpr
from ambit.design.rules import age_on
from ambit.statements import Prepared, stored


@dataclass(frozen=True, slots=True)
class CurrentPlan:
    """The current version of every section that was ever written, and how CPR stands.

    `version` counts every save, CPR form and ending there ever was, so that two papers can be told apart.
    """

    person_id: UUID
    sections: Mapping[str, SectionFact]
    cpr: cpr.Standing
    version: int = 0
    saved_at: datetime | None = None

    def says(self, section: str) -> Mapping[str, Any]:
        """What a section says; empty when it was never written, which is not a decision."""
        fact = self.sections.get(section)
        return fact.content if fact else {}


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One section in the overview: what it says, how fresh it is, who wrote it."""

    section: rules.Section
    in_brief: str
    freshness: str
    age: int | None
    saved_on: date | None
    author: str


@dataclass(frozen=True, slots=True)
class Overview:
    groups: tuple[tuple[str, tuple[OverviewRow, ...]], ...]
    standing: cpr.Standing
    to_settle: tuple[OverviewRow, ...]
    pack: str
    reviewed: bool


def current(reader: Reader, person_id: UUID) -> CurrentPlan:
    """The plan of somebody the reader has opened, as it stands now: two statements, however many versions there are."""
    return plans_of(reader, [person_id])[person_id]


def _newest(person_ids: Sequence[UUID], *, only: Sequence[str] = ()) -> QuerySet[Any, Any]:
    """The last version of each section, found in the index alone: a plan may have forty versions of each."""
    several = ", ".join(["%s"] * len(person_ids))
    asked = f" AND section IN ({', '.join(['%s'] * len(only))})" if only else ""
    last = (
        "SELECT v.id FROM (SELECT person_id, section, MAX(number) AS number FROM careplan_sectionversion"  # noqa: S608
        f" WHERE person_id IN ({several}){asked} GROUP BY person_id, section) n JOIN careplan_sectionversion v"
        " ON v.person_id = n.person_id AND v.section = n.section AND v.number = n.number"
    )
    newest = SectionVersion.objects.filter(pk__in=RawSQL(last, [*map(stored, person_ids), *only]))  # noqa: S611
    return newest.values_list("person_id", *COLUMNS)


@lru_cache
def _current_sections(only: tuple[str, ...]) -> Prepared[tuple[Any, ...]]:
    return Prepared(partial(_newest, only=only))


_forms = Prepared(lambda person_ids: CPRDecision.objects.filter(person_id__in=person_ids).annotate(**ENDING))


def plans_of(reader: Reader, person_ids: Sequence[UUID], *, only: tuple[str, ...] = ()) -> dict[UUID, CurrentPlan]:
    """The plans of people whom the reader may see, as they stand now: two statements, however many people there are.

    For a list, `only` names the sections it shows; such a plan has no version, and is saved at no time.
    """
    reader.must("see_plan", or_else="see_own_record")
    sections: dict[UUID, dict[str, SectionFact]] = {person_id: {} for person_id in person_ids}
    for person_id, *columns in _current_sections(only)(person_ids):
        fact = SectionFact(*columns)
        sections[person_id][fact.section] = fact
    forms: dict[UUID, list[cpr.Recorded]] = {person_id: [] for person_id in person_ids}
    for form in _forms(person_ids):
        forms[form.person_id].append(recorded(form))
    if only:
        return {one: CurrentPlan(one, sections[one], cpr.standing(forms[one])) for one in person_ids}
    return {person_id: _whole(person_id, sections[person_id], forms[person_id]) for person_id in person_ids}


def life_of(person: Person, *, on: date) -> rules.Life:
    """How old somebody is on a day, or was when they died, as far as it decides what they are asked."""
    if person.birth_precision == "unborn":
        return rules.Life(unborn=True)
    return rules.Life(age_on(person.born_on, person.died_on or on) if person.born_on else None)


def written_about(reader: Reader, people: QuerySet[Person]) -> set[UUID]:
    """Of which of these people, whom the reader may see, anything was ever written: a section, or a decision about CPR."""
    reader.must("see_plan")
    mine = people.values("pk")
    return set(
        SectionVersion.objects.filter(person__in=mine)
        .values_list("person_id", flat=True)
        .union(CPRDecision.objects.filter(person__in=mine).values_list("person_id", flat=True))
    )


def _whole(person_id: UUID, sections: Mapping[str, SectionFact], forms: Sequence[cpr.Recorded]) -> CurrentPlan:
    cpr_moments = [form.recorded_at for form in forms] + [form.ended_at for form in forms if form.ended_at]
    return CurrentPlan(
        person_id,
        sections,
        cpr.standing(forms),
        version=sum(fact.number for fact in sections.values()) + len(cpr_moments),
        saved_at=max([fact.saved_at for fact in sections.values()] + cpr_moments, default=None),
    )


def overview_of(plan: CurrentPlan, *, on: date) -> Overview:
    """The plan by groups: what each section says, its age, and what to settle first."""
    pack = registry.pack()
    groups = tuple(
        (group.title, tuple(_overview_row(section, plan, on=on) for section in group.sections))
        for group in registry.plan().groups
    )
    rows = [row for _, several in groups for row in several]
    return Overview(
        groups=groups,
        standing=plan.cpr,
        to_settle=tuple(row for row in rows if row.freshness in ("ask", "never", "disagree", "ended")),
        pack=f"{pack.title} {pack.version}",
        reviewed=pack.reviewed,
    )


def _overview_row(section: rules.Section, plan: CurrentPlan, *, on: date) -> OverviewRow:
    if section.decision == "cpr":
        form = plan.cpr.newest
        if form is None:
            return OverviewRow(section, plan.cpr.words, "never", None, None, "")
        made_on = form.made_on
        fresh = "disagree" if plan.cpr.disagree else "review" if form.review_overdue(on) else ""
        age = (on - made_on).days if made_on else None
        who = ", ".join(part for part in (form.decided_by or form.recorded_by, form.decided_by_role) if part)
        return OverviewRow(section, plan.cpr.words, fresh, age, made_on, who)
    fact = plan.sections.get(section.id)
    if fact is None:
        return OverviewRow(section, "Not written yet", "never", None, None, "")
    fresh = rules.freshness(section, fact.saved_on, on=on)
    if rules.still_to_ask(section, fact.content):
        fresh = "never"
    if rules.has_ended(section, fact.content, on=on):
        fresh = "ended"
    return OverviewRow(section, section.in_brief(fact.content), fresh, fact.age(on), fact.saved_on, fact.author)
