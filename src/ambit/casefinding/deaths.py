"""After a death: was the person found, when, by which search, and why not. For their own practice, to learn from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Min
from django.http import Http404
from django.utils import timezone

from ambit.access.queries import Reader, current_numbers
from ambit.audit import actions as audit
from ambit.casefinding.models import Candidate, Run
from ambit.casefinding.packs import lists_for, never_coded
from ambit.casefinding.queries import practice_code
from ambit.casefinding.search import packs_that_may_run
from ambit.packs.queries import site_library
from ambit.population.deaths import DeathInRecords, death_in_records, deaths_in_records
from ambit.population.queries import searchable
from ambit.population.search.explain import Explainer
from ambit.population.search.interpret import interpret
from ambit.register.models import RegisterEntry

LISTED_FOR = timedelta(days=365)
STEP, FURTHEST = 30, 720  # days before death on which the searches are asked again


@dataclass(frozen=True, slots=True)
class FoundBefore:
    """When a search first put somebody before a clinician, by which packs, and what was answered last."""

    on: date
    packs: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class DeathRow:
    """One death: whether somebody was found before it, and whether they were on the register."""

    death: DeathInRecords
    found: FoundBefore | None
    joined_on: date | None
    person_id: UUID | None  # in the record of care, where they are known there
    was_searched: bool  # a search had run by the day of death; before the first, nobody could be found

    @property
    def days_before(self) -> int | None:
        return (self.death.died_on - self.found.on).days if self.found and self.death.died_on else None


@dataclass(frozen=True, slots=True)
class PackBefore:
    """What one search says of the day before death, and how many days before it would first have found the person."""

    title: str
    version: str
    tier: str
    first_days: int | None
    met: tuple[str, ...]
    not_met: tuple[str, ...]
    unknown: tuple[str, ...]
    never_coded: dict[str, tuple[str, ...]]  # of what is unknown: why no coded record ever says it


@dataclass(frozen=True, slots=True)
class DeathReview:
    row: DeathRow
    asked_on: date | None
    packs: tuple[PackBefore, ...]


def deaths(reader: Reader) -> tuple[DeathRow, ...]:
    """Everybody of the reader's own practice who died in the last year, the latest first, by its own coded records."""
    reader.must("see_candidates")
    code = practice_code(reader)
    today = timezone.localdate()
    found = deaths_in_records(code, today - LISTED_FOR, today) if code else []
    audit.record(by=reader, what="listed deaths by what searches had found", details={"deaths": len(found)})
    return _rows(reader, found)


def death(reader: Reader, source: str, key: str) -> DeathReview:
    """One death of the reader's own practice: what each search that runs here says of the day before, criterion by criterion.

    Answered by the interpreter from what was dated by that day. Audited, since it shows a coded record.
    """
    reader.must("see_candidates")
    code = practice_code(reader)
    found = death_in_records(code, source, key) if code else None
    if found is None:
        raise Http404("Nobody of your practice who died is called so.")
    audit.record(
        by=reader, what="reviewed a death by what searches had found", details={"source": source, "person": key}
    )
    (row,) = _rows(reader, [found])
    asked_on = found.died_on - timedelta(days=1) if found.died_on else None
    return DeathReview(row, asked_on, _packs(found) if found.died_on else ())


def _rows(reader: Reader, found: Sequence[DeathInRecords]) -> tuple[DeathRow, ...]:
    """In four statements for any number of deaths."""
    keys = {(one.source, one.key) for one in found}
    first: dict[tuple[str, str], Candidate] = {}
    last: dict[tuple[str, str], Candidate] = {}
    mine = Candidate.objects.filter(practice_id=reader.organisation_id, source__in={source for source, _ in keys})
    for candidate in mine.only("source", "person_key", "found_on", "packs", "state").order_by("found_on", "id"):
        key = (candidate.source, candidate.person_key)
        if key in keys:
            first.setdefault(key, candidate)
            last[key] = candidate
    numbers = {one.nhs_number for one in found if one.nhs_number}
    people = dict(
        current_numbers()
        .filter(value__in=numbers, person__practice_id=reader.organisation_id)
        .values_list("value", "person_id")
    )
    joined = dict(
        RegisterEntry.objects.exclude(reason=RegisterEntry.Reason.WRONG)
        .filter(person_id__in=people.values())
        .values("person_id")
        .annotate(first=Min("joined_on"))
        .values_list("person_id", "first")
    )
    began = Run.objects.filter(state=Run.State.DONE).aggregate(first=Min("on"))["first"]
    rows = []
    for one in found:
        key = (one.source, one.key)
        before = first.get(key)
        was_found = before is not None and (one.died_on is None or before.found_on <= one.died_on)
        person_id = people.get(one.nhs_number) if one.nhs_number else None
        rows.append(
            DeathRow(
                one,
                FoundBefore(
                    before.found_on, tuple(pack["title"] for pack in before.packs), last[key].get_state_display()
                )
                if before is not None and was_found
                else None,
                joined.get(person_id) if person_id else None,
                person_id,
                began is not None and (one.died_on is None or began <= one.died_on),
            )
        )
    return tuple(rows)


def _packs(found: DeathInRecords) -> tuple[PackBefore, ...]:
    library = site_library()
    packs = [pack for one in packs_that_may_run() if (pack := library.get("casefinding", one)) is not None]
    contents = [pack.content for pack in packs]
    with Explainer(searchable(), contents, lists_for(contents, library)) as explainer:
        record = explainer.record(found.person)
    if record is None or found.died_on is None:
        return ()
    told = []
    for pack in packs:
        answered = interpret(pack.content, record, found.died_on - timedelta(days=1))
        days = [
            number
            for number in range(1, FURTHEST + 2, STEP)
            if interpret(pack.content, record, found.died_on - timedelta(days=number)).tier
        ]
        by_value: dict[bool | None, list[str]] = {True: [], False: [], None: []}
        for named in pack.content.criteria:
            if named.reason:
                by_value[answered.criteria[named.id].value].append(named.says)
        tier = next((one.says for one in pack.content.tiers if one.name == answered.tier), "")
        told.append(
            PackBefore(
                pack.title, pack.version, tier, max(days, default=None), tuple(by_value[True]), tuple(by_value[False]),
                tuple(by_value[None]), never_coded(pack.content),
            )
        )  # fmt: skip
    return tuple(told)
