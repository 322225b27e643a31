"""Versions of one section: the current one, its history, what a late save is compared with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.utils import timezone

from ambit.access.queries import Person, Reader, anything_kept_back, must_see
from ambit.careplan import registry, rules
from ambit.careplan.models import SectionDraft, SectionVersion
from ambit.careplan.queries.authors import named
from ambit.statements import Prepared


@dataclass(frozen=True, slots=True)
class Signed:
    """Who did something, in which role and organisation, and when."""

    name: str
    role: str
    organisation: str
    at: datetime

    @property
    def who(self) -> str:
        """As in "Dr Amina Rahman, GP, Brackenhill Surgery"."""
        return named(self.name, self.role, self.organisation)


@dataclass(frozen=True, slots=True)
class SectionFact:
    """One version of a section: what it says, whose words they are, in which role and organisation, and when they were written.

    `confirmed` is who asked since and found it unchanged; `brought_in` is who imported it, from `source`.
    """

    section: str
    number: int
    content: Mapping[str, Any]
    author_name: str
    author_role: str
    author_organisation: str
    saved_at: datetime
    confirmed: Signed | None = None
    brought_in: Signed | None = None
    source: str = ""
    beside: int | None = None

    @property
    def author(self) -> str:
        """As in "Dr Amina Rahman, GP, Brackenhill Surgery"."""
        return named(self.author_name, self.author_role, self.author_organisation)

    @property
    def saved_on(self) -> date:
        return timezone.localdate(self.saved_at, timezone.get_default_timezone())

    @property
    def checked_on(self) -> date:
        """The day somebody last wrote it, or asked and found it unchanged."""
        return (
            timezone.localdate(self.confirmed.at, timezone.get_default_timezone()) if self.confirmed else self.saved_on
        )

    @property
    def last_at(self) -> datetime:
        """When this version came to be here."""
        last = self.confirmed or self.brought_in
        return last.at if last else self.saved_at

    def age(self, on: date) -> int:
        """Days since it was written, or asked again."""
        return (on - self.checked_on).days


def fact_of(
    section: str, number: int, content: Mapping[str, Any], name: str, role: str, organisation: str, saved_at: datetime,
    how: str, words_by: str, words_role: str, words_organisation: str, words_at: datetime | None, source: str,
    beside: int | None,
) -> SectionFact:  # fmt: skip
    """A stored version, by `COLUMNS`: its words with their own author, and who asked or brought them in."""
    if how == "written":
        return SectionFact(section, number, content, name, role, organisation, saved_at, source=source, beside=beside)
    signed = Signed(name, role, organisation, saved_at)
    return SectionFact(
        section, number, content, words_by, words_role, words_organisation, words_at or saved_at, source=source, beside=beside,
        **{"confirmed" if how == "confirmed" else "brought_in": signed},
    )  # fmt: skip


def fact_of_row(row: SectionVersion) -> SectionFact:
    return fact_of(*(getattr(row, name) for name in COLUMNS))


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
    beside: tuple[SectionFact, ...] = ()

    @property
    def number(self) -> int:
        return self.fact.number if self.fact else 0

    @property
    def content(self) -> Mapping[str, Any]:
        return self.fact.content if self.fact else {}


COLUMNS = (
    "section", "number", "content", "author_name", "author_role", "author_organisation", "saved_at",
    "how", "words_by_name", "words_by_role", "words_by_organisation", "words_at", "source", "beside",
)  # fmt: skip


def history(reader: Reader, person_id: UUID, section_id: str) -> tuple[SectionFact, ...]:
    """Every version of a section, the newest first."""
    reader.must("see_plan", or_else="see_own_record")
    return _versions(reader, person_id, section_id)


def _versions(
    reader: Reader, person_id: UUID, section_id: str, *, at_most: int | None = None
) -> tuple[SectionFact, ...]:
    """Versions of a section, the newest first; refused when the section is kept back from this reader."""
    found = _versions_of(section_id, at_most)(person_id)
    if found and found[0][0]:
        section = registry.section(section_id)
        must_see(reader, person_id, section_id, title=section.title if section else section_id)
    return tuple(fact_of(*columns) for _anything, *columns in found)


# of each section of the registry, all and the last few
@lru_cache(maxsize=512)
def _versions_of(section_id: str, at_most: int | None) -> Prepared[tuple[Any, ...]]:
    return Prepared(
        lambda person_id: (
            SectionVersion.objects.filter(person_id=person_id, section=section_id)
            .order_by("-number")
            .annotate(anything=anything_kept_back([person_id]))
            .values_list("anything", *COLUMNS)[:at_most]
        )
    )


def versions_of(person_id: UUID, section_id: str) -> tuple[SectionFact, ...]:
    """Every version of a section, the newest first; for actions, which have opened the person already."""
    rows = SectionVersion.objects.filter(person_id=person_id, section=section_id).order_by("-number")
    return tuple(fact_of(*row) for row in rows.values_list(*COLUMNS))


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """What a save that came too late is compared with: the version it began from, and how to ring who saved since."""

    before: Mapping[str, Any]
    telephone: str


def meanwhile(reader: Reader, person_id: UUID, section_id: str, *, began_from: int, now: int) -> Meanwhile:
    """What both writers began from (nothing, before the first version), and the telephone of who saved version `now`."""
    reader.must("see_plan", or_else="see_own_record")
    _versions(reader, person_id, section_id, at_most=1)
    rows = {
        number: (content, telephone or "")
        for number, content, telephone in SectionVersion.objects.filter(
            person_id=person_id, section=section_id, number__in=(began_from, now)
        ).values_list("number", "content", "author_account__staff__telephone")
    }
    return Meanwhile(rows.get(began_from, ({}, ""))[0], rows.get(now, ({}, ""))[1])


def people_to_name(reader: Reader, person: Person) -> tuple[tuple[str, str], ...]:
    """Those who matter to somebody now, as an item may name them: the first to ring first."""
    reader.must("see_plan")
    rows = person.important_people.filter(until_on=None).order_by("rank", "name").values_list("id", "name")
    return tuple((str(pk), name) for pk, name in rows)


def section_page(reader: Reader, person_id: UUID, section: rules.Section) -> SectionPage:
    """One section with its last three versions and the reader's own draft."""
    reader.must("see_plan", or_else="see_own_record")
    last = _versions(reader, person_id, section.id, at_most=3)
    kept = SectionDraft.objects.filter(
        person_id=person_id, section=section.id, account_id=reader.account_id or 0
    ).first()
    draft = Draft(kept.base, kept.content, kept.kept_at) if kept else None
    beside = (
        SectionVersion.objects.filter(person_id=person_id, section=section.id, beside=last[0].number).values_list(
            *COLUMNS
        )
        if last
        else ()
    )
    return SectionPage(section, last[0] if last else None, draft, last, tuple(fact_of(*row) for row in beside))


def is_written_by_staff(person_id: UUID, section_id: str, number: int) -> bool:
    """Whether this version was written by staff, and not by the person or somebody who acts for them."""
    rows = SectionVersion.objects.filter(person_id=person_id, section=section_id, number=number)
    return rows.exclude(author_role__in=("person", "proxy", "carer")).exists()
