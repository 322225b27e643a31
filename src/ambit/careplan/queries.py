"""What people ask of a plan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.careplan import cpr, registry, rules
from ambit.careplan.models import CPRDecision, SectionDraft, SectionVersion
from ambit.organisations.models import Role

ROLES = {str(role.value): str(role.label) for role in Role}


@dataclass(frozen=True, slots=True)
class SectionFact:
    """One version of a section: what it says, who wrote it in which role and organisation, and when."""

    section: str
    number: int
    content: Mapping[str, Any]
    author_name: str
    author_role: str
    author_organisation: str
    saved_at: datetime

    @property
    def author(self) -> str:
        """As in "Dr Amina Rahman, GP, Brackenhill Surgery"."""
        return ", ".join(
            part for part in (self.author_name, ROLES.get(self.author_role, ""), self.author_organisation) if part
        )

    @property
    def saved_on(self) -> date:
        return timezone.localdate(self.saved_at)

    def age(self, on: date) -> int:
        """Days since it was saved."""
        return (on - self.saved_on).days


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


@dataclass(frozen=True, slots=True)
class Draft:
    base: int
    content: Mapping[str, Any]
    kept_at: datetime


@dataclass(frozen=True, slots=True)
class SectionPage:
    """What the page of one section needs: the current version, the writer's draft, the last three versions."""

    section: rules.Section
    fact: SectionFact | None
    draft: Draft | None
    last: tuple[SectionFact, ...]

    @property
    def number(self) -> int:
        return self.fact.number if self.fact else 0

    @property
    def content(self) -> Mapping[str, Any]:
        return self.fact.content if self.fact else {}


_COLUMNS = ("section", "number", "content", "author_name", "author_role", "author_organisation", "saved_at")


def current(reader: Reader, person_id: UUID) -> CurrentPlan:
    """The plan of somebody the reader has opened, as it stands now: two statements, however many versions there are."""
    return plans_of(reader, [person_id])[person_id]


def plans_of(reader: Reader, person_ids: Sequence[UUID]) -> dict[UUID, CurrentPlan]:
    """The plans of people whom the reader may see, as they stand now: two statements, however many people there are."""
    reader.must("see_plan")
    later = SectionVersion.objects.filter(
        person=OuterRef("person"), section=OuterRef("section"), number__gt=OuterRef("number")
    )
    rows = SectionVersion.objects.filter(~Exists(later), person_id__in=person_ids)
    sections: dict[UUID, dict[str, SectionFact]] = {person_id: {} for person_id in person_ids}
    for person_id, *columns in rows.values_list("person_id", *_COLUMNS):
        fact = SectionFact(*columns)
        sections[person_id][fact.section] = fact
    forms: dict[UUID, list[cpr.Recorded]] = {person_id: [] for person_id in person_ids}
    for form in CPRDecision.objects.filter(person_id__in=person_ids).annotate(**_ENDING):
        forms[form.person_id].append(_recorded(form))
    return {person_id: _whole(person_id, sections[person_id], forms[person_id]) for person_id in person_ids}


def _whole(person_id: UUID, sections: Mapping[str, SectionFact], forms: Sequence[cpr.Recorded]) -> CurrentPlan:
    cpr_moments = [form.recorded_at for form in forms] + [form.ended_at for form in forms if form.ended_at]
    return CurrentPlan(
        person_id,
        sections,
        cpr.standing(forms),
        version=sum(fact.number for fact in sections.values()) + len(cpr_moments),
        saved_at=max([fact.saved_at for fact in sections.values()] + cpr_moments, default=None),
    )


def cpr_forms(reader: Reader, person_id: UUID) -> tuple[cpr.Recorded, ...]:
    """Every CPR form ever recorded for somebody the reader has opened, ended ones too, the newest made first."""
    reader.must("see_plan")
    return tuple(
        sorted(cpr_forms_of(person_id), key=lambda form: (form.made_on or date.min, form.recorded_at), reverse=True)
    )


def history(reader: Reader, person_id: UUID, section_id: str) -> tuple[SectionFact, ...]:
    """Every version of a section, the newest first."""
    reader.must("see_plan")
    rows = SectionVersion.objects.filter(person_id=person_id, section=section_id).order_by("-number")
    return tuple(SectionFact(*row) for row in rows.values_list(*_COLUMNS))


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What a save that came too late is compared with: the version it began from, and how to ring who saved since."""

    before: Mapping[str, Any]
    telephone: str


def meanwhile(reader: Reader, person_id: UUID, section_id: str, *, began_from: int, now: int) -> Meanwhile:
    """What both writers began from (nothing, before the first version), and the telephone of who saved version `now`."""
    reader.must("see_plan")
    rows = {
        number: (content, telephone or "")
        for number, content, telephone in SectionVersion.objects.filter(
            person_id=person_id, section=section_id, number__in=(began_from, now)
        ).values_list("number", "content", "author_account__staff__telephone")
    }
    return Meanwhile(rows.get(began_from, ({}, ""))[0], rows.get(now, ({}, ""))[1])


def section_page(reader: Reader, person_id: UUID, section: rules.Section) -> SectionPage:
    """One section with its last three versions and the reader's own draft."""
    reader.must("see_plan")
    last = tuple(
        SectionFact(*row)
        for row in SectionVersion.objects.filter(person_id=person_id, section=section.id)
        .order_by("-number")
        .values_list(*_COLUMNS)[:3]
    )
    kept = SectionDraft.objects.filter(
        person_id=person_id, section=section.id, account_id=reader.account_id or 0
    ).first()
    draft = Draft(kept.base, kept.content, kept.kept_at) if kept else None
    return SectionPage(section, last[0] if last else None, draft, last)


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


def cpr_forms_of(person_id: UUID) -> list[cpr.Recorded]:
    """Every form recorded for a person, in no order; for actions, which have opened the person already."""
    return [_recorded(row) for row in CPRDecision.objects.filter(person_id=person_id).annotate(**_ENDING)]


_ENDING: dict[str, Any] = {"how": F("ending__how"), "ended_at": F("ending__ended_at")}


def _recorded(row: Any) -> cpr.Recorded:
    return cpr.Recorded(
        id=row.id,
        reading=row.reading,
        source=row.source,
        made_on=row.made_on,
        recorded_at=row.recorded_at,
        reason=row.reason,
        talked=row.talked,
        why_not_talked=row.why_not_talked,
        decided_by=row.decided_by,
        decided_by_role=row.decided_by_role,
        review_on=row.review_on,
        paper_at=row.paper_at,
        signature_seen=row.signature_seen,
        recorded_by=row.recorded_by,
        recorded_by_role=ROLES.get(row.recorded_by_role, row.recorded_by_role),
        recorded_by_organisation=row.recorded_by_organisation,
        ended=row.how or "",
        ended_at=row.ended_at,
        ended_on=timezone.localdate(row.ended_at) if row.ended_at else None,
    )
