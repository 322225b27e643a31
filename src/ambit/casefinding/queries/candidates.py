"""Candidates of a practice: the list, one of them, and who may be asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone

from ambit.access.queries import Reader, current_numbers
from ambit.audit import actions as audit
from ambit.casefinding import rules, timeline
from ambit.casefinding.models import Candidate, CandidateAnswer, Run
from ambit.casefinding.packs import never_coded_of
from ambit.design.rules import age_on
from ambit.organisations.models import Membership, Organisation
from ambit.packs.queries import site_library


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
    strength: int
    lists: tuple[tuple[str, date], ...]
    came: str
    new_reasons: tuple[str, ...]
    gone: bool
    age: int | None

    @property
    def state_in_words(self) -> str:
        return Candidate.State(self.state).label

    @property
    def is_waiting(self) -> bool:
        return self.state in rules.WAITING

    @property
    def came_in_words(self) -> str:
        """Why somebody is on the list again; "" for whoever is found for the first time."""
        return "" if self.came == rules.NEW else Candidate.Came(self.came).label


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
    why: str
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
    never_coded: dict[str, tuple[str, ...]]  # of what is unknown: why no coded record ever says it
    packs: tuple[dict[str, Any], ...]
    state: str
    version: int
    recheck_on: date | None
    person_id: UUID | None
    answers: tuple[Answer, ...]
    came: str
    new_reasons: tuple[str, ...]
    earlier: Answer | None
    gone_on: date | None
    lists: tuple[tuple[str, date], ...]

    @property
    def came_in_words(self) -> str:
        return "" if self.came == rules.NEW else Candidate.Came(self.came).label

    @property
    def can_be_taken_back(self) -> bool:
        """Whether there is an answer that a wrong key may have given."""
        return self.state not in (rules.OPEN, rules.SUPERSEDED) and bool(self.answers)

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


ROW = (
    "id", "title", "given_names", "family_name", "born_on", "nhs_number", "found_on", "number_of_reasons", "state",
    "passed_to_id", "answered_on", "recheck_on", "headline", "strength", "lists", "came", "new_reasons", "gone_run_id",
)  # fmt: skip


def row_of(reader: Reader, told: Sequence[Any], *, today: date) -> CandidateRow:
    """A line of the list from the values of `ROW`."""
    of: dict[str, Any] = dict(zip(ROW, told, strict=True))
    passed_to, gone_run, lists = of.pop("passed_to_id"), of.pop("gone_run_id"), of.pop("lists")
    return CandidateRow(
        passed_to_me=passed_to is not None and passed_to == reader.account_id,
        strongest=of.pop("headline"),
        lists=tuple((one["name"], date.fromisoformat(one["on"])) for one in lists),
        new_reasons=tuple(of.pop("new_reasons")),
        gone=gone_run is not None,
        age=age_on(of["born_on"], today) if of["born_on"] else None,
        **of,
    )


def _settled_elsewhere() -> Q:
    """Those who wait for no answer any more: they have died, or are on the register by another way."""
    known = current_numbers().filter(value=OuterRef("nhs_number"))
    on_register = known.filter(person__register_entries__left_on=None, person__register_entries__isnull=False)
    return Q(Exists(known.filter(person__died_on__isnull=False))) | Q(Exists(on_register))


def waiting_in(practice_id: UUID | None) -> QuerySet[Candidate]:
    """Whoever of a practice waits for an answer; worked out when read, so that nobody who died meanwhile is asked about."""
    return Candidate.objects.filter(~_settled_elsewhere(), practice_id=practice_id, state__in=rules.WAITING)


def in_order(waiting: QuerySet[Candidate]) -> QuerySet[Candidate]:
    """By strength of evidence: most grounds first, of these the newest record first."""
    return waiting.order_by("-strength", F("newest_on").desc(nulls_last=True), "family_name", "given_names", "id")


def candidates(reader: Reader, *, answered: bool = False) -> Candidates:
    """The candidates of the reader's own practice, never another's; `answered` lists those instead of the waiting ones.

    Whoever has died meanwhile, or joined the register by another way, waits for no answer.
    """
    reader.must("see_candidates")
    today = timezone.localdate()
    if answered:
        own = Candidate.objects.filter(practice_id=reader.organisation_id)
        shown = own.exclude(state__in=(*rules.WAITING, rules.SUPERSEDED)).order_by("-answered_on", "family_name", "id")
    else:
        shown = in_order(waiting_in(reader.organisation_id))
    rows = tuple(row_of(reader, told, today=today) for told in shown.values_list(*ROW))
    counts = counted(reader)
    return Candidates(
        waiting=rows,
        number_waiting=counts.pop("waiting"),
        answered=counts,
        last_run=last_run(reader),
    )


def rows_of(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, CandidateRow]:
    """These candidates of the reader's practice as lines of a list."""
    reader.must("see_candidates")
    today = timezone.localdate()
    own = Candidate.objects.filter(pk__in=ids, practice_id=reader.organisation_id)
    rows = (row_of(reader, told, today=today) for told in own.values_list(*ROW))
    return {row.id: row for row in rows}


def to_discuss(reader: Reader) -> list[UUID]:
    """Those of the reader's practice who are named for the next meeting, most grounds first."""
    reader.must("see_candidates")
    named = waiting_in(reader.organisation_id).filter(state=rules.DISCUSS)
    return list(in_order(named).values_list("id", flat=True))


def asked_for_a_meeting(reader: Reader, ids: Sequence[UUID]) -> dict[UUID, tuple[str, str]]:
    """Who named each of these candidates of the reader's practice for a meeting, and with which note; the last who did."""
    reader.must("see_candidates")
    asked = CandidateAnswer.objects.filter(
        candidate_id__in=ids, candidate__practice_id=reader.organisation_id, answer=rules.DISCUSS
    ).order_by("number")
    return {one: (name, note) for one, name, note in asked.values_list("candidate_id", "by_name", "reason")}


def in_stead_of(ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """For each candidate the one that stands in its stead, after a search found more or other reasons; mostly itself."""
    instead = {candidate_id: candidate_id for candidate_id in ids}
    while newer := dict(
        Candidate.objects.filter(follows_id__in=set(instead.values()), follows__state=rules.SUPERSEDED).values_list(
            "follows_id", "id"
        )
    ):
        instead = {old: newer.get(now, now) for old, now in instead.items()}
    return instead


def counted(reader: Reader) -> dict[str, int]:
    """How many of the reader's practice wait, and how many were answered how."""
    reader.must("see_candidates")
    own = Candidate.objects.filter(practice_id=reader.organisation_id)
    settled = {state: Count("id", filter=Q(state=state)) for state in (rules.ACCEPTED, rules.NOT_NOW, rules.NO)}
    return own.aggregate(waiting=Count("id", filter=Q(state__in=rules.WAITING) & ~_settled_elsewhere()), **settled)


def candidate(reader: Reader, candidate_id: UUID) -> CandidatePage:
    """One candidate of the reader's own practice; opening it is audited, since it shows a coded record."""
    reader.must("see_candidates")
    found = (
        Candidate.objects.filter(pk=candidate_id, practice_id=reader.organisation_id)
        .select_related("practice", "gone_run", "follows")
        .prefetch_related(Prefetch("answers", CandidateAnswer.objects.order_by("-number")))
        .first()
    )
    if found is None:
        raise Http404("No such candidate of your practice.")
    audit.record(by=reader, what="opened a candidate", details={"candidate": str(found.id)})
    before = found.follows.answers.order_by("-number").first() if found.follows else None
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
        never_coded=never_coded_of(site_library(), (pack["id"] for pack in found.packs)),
        packs=tuple(found.packs),
        state=found.state,
        version=found.version,
        recheck_on=found.recheck_on,
        person_id=found.person_id,
        answers=tuple(_answer(a) for a in found.answers.all()),
        came=found.came,
        new_reasons=tuple(found.new_reasons),
        earlier=_answer(before) if before else None,
        gone_on=found.gone_run.on if found.gone_run else None,
        lists=tuple((one["name"], date.fromisoformat(one["on"])) for one in found.lists),
    )


@dataclass(frozen=True, slots=True)
class LastAnswer:
    """What was answered a moment ago, and of whom."""

    id: UUID
    family_name: str
    given_names: str
    state: str
    version: int

    @property
    def state_in_words(self) -> str:
        return Candidate.State(self.state).label


def last_answer(reader: Reader, candidate_id: UUID) -> LastAnswer | None:
    """A candidate of the reader's practice that was answered; None when it waits untouched, or is another's."""
    reader.must("see_candidates")
    told = (
        Candidate.objects.filter(pk=candidate_id, practice_id=reader.organisation_id)
        .exclude(state__in=(rules.OPEN, rules.SUPERSEDED))
        .values_list("id", "family_name", "given_names", "state", "version")
        .first()
    )
    return LastAnswer(*told) if told else None


def _answer(a: CandidateAnswer) -> Answer:
    return Answer(
        a.get_answer_display(),
        rules.SURPRISE.get(a.surprise, ""),
        a.get_why_display(),
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


def practice_of_code(code: str) -> UUID | None:
    """The practice with this ODS code."""
    found: UUID | None = (
        Organisation.objects.filter(kind=Organisation.Kind.PRACTICE, code=code).values_list("id", flat=True).first()
    )
    return found


def practice_code(reader: Reader) -> str:
    """The ODS code of the practice for which the reader acts; "" when it is not a practice."""
    if reader.organisation_id is None:
        return ""
    code: str | None = (
        Organisation.objects.filter(pk=reader.organisation_id, kind=Organisation.Kind.PRACTICE)
        .values_list("code", flat=True)
        .first()
    )
    return code or ""


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
