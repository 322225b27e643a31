"""What people ask of case-finding."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404
from django.utils import timezone

from ambit.access.queries import Reader, current_numbers
from ambit.audit import actions as audit
from ambit.casefinding import rules, timeline
from ambit.casefinding.models import Candidate, CandidateAnswer, Run
from ambit.design.rules import age_on
from ambit.organisations.models import Membership, Organisation


@dataclass(frozen=True, slots=True)
class CandidateRow:
    """One line of a practice's list of candidates."""

    id: UUID
    title: str
    given_names: str
    family_name: str
    born_on: date | None
    nhs_number: str
    found_on: date
    number_of_reasons: int
    state: str
    passed_to_me: bool
    answered_on: date | None
    recheck_on: date | None
    strongest: str
    age: int | None

    @property
    def state_in_words(self) -> str:
        return Candidate.State(self.state).label


@dataclass(frozen=True, slots=True)
class LastRun:
    """What the last run of case-finding came to."""

    on: date
    state: str
    in_words: str
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    searched: int
    found: int
    kept: int
    held_back: dict[str, int]
    words: str
    packs: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """A practice's candidates: those to answer, most reasons first, and how many were answered how."""

    waiting: tuple[CandidateRow, ...]
    number_waiting: int
    answered: dict[str, int]
    last_run: LastRun | None

    @property
    def number_answered(self) -> int:
        return sum(self.answered.values())

    @property
    def total(self) -> int:
        return self.number_waiting + self.number_answered

    @property
    def answered_in_words(self) -> str:
        """As in "6 added to the register, 5 not now, 4 not right"."""
        return ", ".join(
            f"{self.answered[state]} {Candidate.State(state).label.lower()}"
            for state in (rules.ACCEPTED, rules.NOT_NOW, rules.NO)
            if self.answered.get(state)
        )


@dataclass(frozen=True, slots=True)
class Evidence:
    system: str
    code: str
    display: str
    on: date
    value: str
    unit: str
    source: str

    @property
    def words(self) -> str:
        said = " ".join(part for part in (self.value, rules.unit_in_words(self.unit)) if part)
        return f"{self.display or self.code}: {said}" if said else self.display or self.code

    @property
    def kind(self) -> str:
        """What the record is about, by the kind of resource it was in the source."""
        if self.source.startswith("Encounter"):
            return timeline.ADMISSION
        if self.source.startswith("Medication"):
            return timeline.MEDICINE
        return timeline.MEASURED if rules.is_number(self.value) else timeline.RECORDED


@dataclass(frozen=True, slots=True)
class Reason:
    pack: str
    version: str
    text: str
    evidence: tuple[Evidence, ...]

    @property
    def title(self) -> str:
        """What the reason says, without the rule behind it."""
        return rules.title_of(self.text)

    @property
    def rule(self) -> str:
        return self.text.partition(": ")[2]

    @property
    def kind(self) -> str:
        """In one word, by what stands behind it."""
        kinds = {row.kind for row in self.evidence}
        return {
            frozenset({timeline.ADMISSION}): "Hospital",
            frozenset({timeline.MEASURED}): "Measured",
            frozenset({timeline.MEDICINE}): "Medicine",
            frozenset[str](): "Person",
        }.get(frozenset(kinds), "Condition")


@dataclass(frozen=True, slots=True)
class Answer:
    answer: str
    surprise: str
    timeframe: str
    stage: str
    reason: str
    told: bool
    recheck_on: date | None
    passed_to: str
    answered_at: datetime
    by_name: str


@dataclass(frozen=True, slots=True)
class CandidatePage:
    """Everything a clinician needs to answer: who, why found, on which records, what is not known, what was answered."""

    id: UUID
    title: str
    given_names: str
    family_name: str
    born_on: date | None
    sex: str
    nhs_number: str
    address: str
    practice: str
    found_on: date
    reasons: tuple[Reason, ...]
    unknown: tuple[str, ...]
    packs: tuple[dict[str, Any], ...]
    state: str
    version: int
    recheck_on: date | None
    person_id: UUID | None
    answers: tuple[Answer, ...]

    @property
    def state_in_words(self) -> str:
        return Candidate.State(self.state).label

    @property
    def can_be_answered(self) -> bool:
        return self.state not in (rules.ACCEPTED, rules.SUPERSEDED)

    @property
    def is_waiting(self) -> bool:
        return self.state in rules.WAITING

    @property
    def age(self) -> int | None:
        return age_on(self.born_on, timezone.localdate()) if self.born_on else None

    @property
    def records_used(self) -> int:
        return len({row for reason in self.reasons for row in reason.evidence})

    @property
    def unreviewed_packs(self) -> tuple[str, ...]:
        return tuple(f"{pack['title']} {pack['version']}" for pack in self.packs if not pack["reviewed"])


def candidates(reader: Reader, *, answered: bool = False) -> Candidates:
    """The candidates of the reader's own practice, never another's; `answered` lists those instead of the waiting ones.

    Whoever has died meanwhile waits for no answer.
    """
    reader.must("see_candidates")
    own = Candidate.objects.filter(practice_id=reader.organisation_id).exclude(state=rules.SUPERSEDED)
    dead = current_numbers().filter(value=OuterRef("nhs_number"), person__died_on__isnull=False)
    waiting = own.filter(~Exists(dead), state__in=rules.WAITING)
    shown = own.exclude(state__in=rules.WAITING) if answered else waiting
    order = ("-answered_on", "family_name") if answered else ("-number_of_reasons", "family_name", "given_names")
    today = timezone.localdate()
    rows = tuple(
        CandidateRow(
            *row[:9], row[9] is not None and row[9] == reader.account_id, row[10], row[11], rules.strongest(row[12]),
            age_on(row[4], today) if row[4] else None,
        )
        for row in shown.order_by(*order, "id").values_list(
            "id", "title", "given_names", "family_name", "born_on", "nhs_number", "found_on", "number_of_reasons",
            "state", "passed_to_id", "answered_on", "recheck_on", "reasons",
        )
    )  # fmt: skip
    counts = dict(own.exclude(state__in=rules.WAITING).values_list("state").annotate(Count("id")).order_by("state"))
    return Candidates(
        waiting=rows,
        number_waiting=waiting.count() if answered else len(rows),
        answered=counts,
        last_run=last_run(reader),
    )


def candidate(reader: Reader, candidate_id: UUID) -> CandidatePage:
    """One candidate of the reader's own practice; opening it is audited, since it shows a coded record."""
    reader.must("see_candidates")
    found = (
        Candidate.objects.filter(pk=candidate_id, practice_id=reader.organisation_id)
        .select_related("practice")
        .prefetch_related("answers")
        .first()
    )
    if found is None:
        raise Http404("No such candidate of your practice.")
    audit.record(by=reader, what="opened a candidate", details={"candidate": str(found.id)})
    return CandidatePage(
        id=found.id,
        title=found.title,
        given_names=found.given_names,
        family_name=found.family_name,
        born_on=found.born_on,
        sex=found.sex,
        nhs_number=found.nhs_number,
        address=", ".join(part for part in (found.address, found.postcode) if part),
        practice=found.practice.name,
        found_on=found.found_on,
        reasons=tuple(
            Reason(
                reason["pack"],
                reason["version"],
                reason["text"],
                tuple(Evidence(**row | {"on": date.fromisoformat(row["on"])}) for row in reason["evidence"]),
            )
            for reason in found.reasons
        ),
        unknown=tuple(found.unknown),
        packs=tuple(found.packs),
        state=found.state,
        version=found.version,
        recheck_on=found.recheck_on,
        person_id=found.person_id,
        answers=tuple(_answer(a) for a in sorted(found.answers.all(), key=lambda a: -a.number)),
    )


def _answer(a: CandidateAnswer) -> Answer:
    return Answer(
        a.get_answer_display(),
        rules.SURPRISE.get(a.surprise, ""),
        a.timeframe,
        a.stage,
        a.reason,
        a.told,
        a.recheck_on,
        a.passed_to,
        a.answered_at,
        a.by_name,
    )


def practices() -> list[tuple[str, str]]:
    """Practices to which people may be given whose source names none."""
    rows = Organisation.objects.filter(kind=Organisation.Kind.PRACTICE, closed_on=None).order_by("name")
    return [(str(practice), name) for practice, name in rows.values_list("id", "name")]


def last_run(reader: Reader) -> LastRun | None:
    """The last run that was asked for."""
    run = Run.objects.order_by("-asked_at").first()
    if run is None:
        return None
    return LastRun(
        run.on,
        run.state,
        run.get_state_display(),
        run.asked_by,
        run.asked_at,
        run.finished_at,
        run.searched,
        run.found,
        run.kept,
        run.held_back,
        run.words,
        tuple(run.packs),
    )


def colleagues(reader: Reader) -> list[tuple[str, str]]:
    """To whom a candidate may be passed: those of the practice who answer candidates."""
    if reader.organisation_id is None or reader.staff_id is None:
        return []
    today = timezone.localdate()
    rows = (
        Membership.objects.filter(
            Q(until_on=None) | Q(until_on__gte=today),
            organisation_id=reader.organisation_id,
            role="gp",
            from_on__lte=today,
            staff__account__is_active=True,
        )
        .exclude(staff_id=reader.staff_id)
        .order_by("staff__name")
        .values_list("staff__account__id", "staff__title", "staff__name")
    )
    return [(str(account), f"{title} {name}".strip()) for account, title, name in rows]
