"""Rounds of self-assessment: which there are, how far each is, who has not answered, whom one could ask."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet, Sum
from django.http import Http404
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.access.rules import ABILITIES
from ambit.audit import actions as audit
from ambit.improvement.models import Answer, Assessor, Carrying, Round, SignedStatement
from ambit.improvement.queries.answers import Position, positions_of
from ambit.improvement.queries.scope import Opened, chain_of, is_lead, open_round, rounds_of, wording
from ambit.improvement.rules.editions import Wording
from ambit.improvement.rules.frameworks import Level, Node
from ambit.improvement.rules.rounds import Average, Standing, average
from ambit.organisations.models import Membership
from ambit.statements import Prepared, Together

ANSWERS = [role for role, abilities in ABILITIES.items() if "see_rounds" in abilities]
"""Roles that can be asked to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CouldAsk:
    """Somebody who can be asked to answer a round."""

    account_id: int
    name: str
    organisation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessorRow:
    """An assessor with how far they are, and when they were asked last."""

    id: UUID
    account_id: int
    name: str
    speaks_for: str
    answered: int
    asked_at: datetime
    reminded_at: datetime | None
    handed_in_at: datetime | None


def people_to_ask(reader: Reader, opened: Opened) -> tuple[CouldAsk, ...]:
    """Staff of the round's whole system who can sign in and whose role can answer, by name; each once."""
    reader.must("lead_rounds")
    system = chain_of(opened.round.organisation_id)[-1]
    today = timezone.localdate()
    rows = (
        Membership.objects.filter(
            Q(organisation=system) | Q(organisation__part_of=system) | Q(organisation__part_of__part_of=system),
            from_on__lte=today,
            role__in=ANSWERS,
            staff__account__is_active=True,
        )
        .exclude(until_on__lt=today)
        .order_by("staff__name", "from_on")
        .values_list("staff__account__pk", "staff__title", "staff__name", "organisation__name")
    )
    found: dict[int, CouldAsk] = {}
    for account, title, name, organisation in rows:
        found.setdefault(
            account, CouldAsk(account_id=account, name=f"{title} {name}".strip(), organisation=organisation)
        )
    return tuple(found.values())


def assessors_of(opened: Opened) -> tuple[AssessorRow, ...]:
    """Who was asked, by whom they speak for; counts only of what they answered until they hand in."""
    rated = ~Q(answers__level="") | Q(answers__not_applicable=True)
    rows = Assessor.objects.filter(round=opened.round, removed_at=None).annotate(
        rated=Count("answers", filter=rated, distinct=True), last=Max("reminders__at")
    )
    return tuple(
        AssessorRow(
            id=row.pk,
            account_id=row.account_id,
            name=row.name,
            speaks_for=row.speaks_for,
            answered=row.rated,
            asked_at=row.asked_at,
            reminded_at=row.last,
            handed_in_at=row.handed_in_at,
        )
        for row in rows.order_by("speaks_for", "name")
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundRow:
    """A round on a list: how far it is, and what it waits for from this reader."""

    id: UUID
    title: str
    organisation: str
    framework: str
    edition: str
    standing: Standing
    due_on: date | None
    statements: int
    agreed: int
    assessors: int
    handed_in: int
    mine: int
    asked_on: date | None
    has_handed_in: bool
    signed_at: datetime | None
    signed_by: str

    @property
    def waits_for_me(self) -> bool:
        return self.signed_at is None and self.asked_on is not None and not self.has_handed_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """Every round this reader may see: those that wait for them, those open, those signed."""

    waiting: tuple[RoundRow, ...]
    open: tuple[RoundRow, ...]
    signed: tuple[RoundRow, ...]
    may_start: bool


def rounds(reader: Reader) -> Rounds:
    """The rounds of a reader, newest first: three statements whatever their number."""
    return _rounds(reader, rounds_of(reader))


def open_rounds(reader: Reader) -> Rounds:
    """Only those that are not signed: of the reader's own organisation, and those that they are asked to answer."""
    reader.must("see_rounds")
    asked = Assessor.objects.filter(account=reader.account_id or 0, removed_at=None)
    mine = Q(pk__in=asked.values("round"))
    if reader.may("lead_rounds") and reader.organisation_id:
        mine |= Q(organisation=reader.organisation_id)
    return _rounds(reader, Round.objects.filter(mine, signed_at=None).select_related("organisation"))


_RATED = Prepared(
    lambda rounds: (
        Answer.objects.filter(round__in=rounds)
        .filter(~Q(level="") | Q(not_applicable=True))
        .values_list("round_id", "assessor_id")
        .annotate(many=Count("id"))
        .order_by()
    )
)
_ASSESSORS = Prepared(lambda rounds: Assessor.objects.filter(round__in=rounds, removed_at=None))
_HOW_FAR = Together(_RATED, _ASSESSORS)


def _rounds(reader: Reader, several: QuerySet[Round]) -> Rounds:
    found = list(several.select_related("edition").defer("edition__content").order_by("-started_at"))
    ids = [one.pk for one in found if one.signed_at is None]
    rated, answering = _HOW_FAR(ids, ids) if ids else ([], [])
    counts: dict[tuple[UUID, UUID | None], int] = {(one, who): many for one, who, many in rated}
    assessors: dict[UUID, list[Assessor]] = defaultdict(list)
    for row in answering:
        assessors[row.round_id].append(row)
    rows = []
    for one in found:
        asked = assessors[one.pk]
        mine = next((row for row in asked if row.account_id == reader.account_id), None)
        lead = is_lead(reader, one.organisation_id)
        signed = one.sign_off if one.signed_at else None
        rows.append(
            RoundRow(
                id=one.pk,
                title=one.title,
                organisation=one.organisation.name,
                framework=one.edition.title,
                edition=one.edition.version,
                standing=Standing.LEAD if lead else Standing.ASSESSOR if mine else Standing.READER,
                due_on=one.answers_due_on,
                statements=len(wording(one.edition_id).statements(one.rates)),
                agreed=signed.answered if signed else counts.get((one.pk, None), 0),
                assessors=len(asked),
                handed_in=sum(row.handed_in_at is not None for row in asked),
                mine=counts.get((one.pk, mine.pk), 0) if mine else 0,
                asked_on=mine.asked_at.date() if mine else None,
                has_handed_in=bool(mine and mine.handed_in_at),
                signed_at=one.signed_at,
                signed_by=signed.signed_by if signed else "",
            )
        )
    return Rounds(
        waiting=tuple(row for row in rows if row.waits_for_me),
        open=tuple(row for row in rows if row.signed_at is None and not row.waits_for_me),
        signed=tuple(row for row in rows if row.signed_at is not None),
        may_start=reader.may("lead_rounds") and reader.organisation_id is not None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRow:
    """One part of a framework in a round: how many of its statements are answered, agreed, and how they stand."""

    node: Node
    statements: int
    answered: int
    agreed: int
    mine: int
    to_moderate: int
    average: Average
    levels: tuple[tuple[Level, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundPage:
    """A round as its page shows it: progress part by part, who answered, who has not."""

    opened: Opened
    parts: tuple[PartRow, ...]
    positions: tuple[Position, ...]
    assessors: tuple[AssessorRow, ...]
    could_ask: tuple[CouldAsk, ...]
    to_decide: int
    average: Average

    @property
    def waiting(self) -> tuple[AssessorRow, ...]:
        return tuple(one for one in self.assessors if one.handed_in_at is None)

    @property
    def agreed(self) -> int:
        return sum(part.agreed for part in self.parts)

    @property
    def mine(self) -> int:
        return sum(part.mine for part in self.parts)

    @property
    def to_moderate(self) -> int:
        return sum(part.to_moderate for part in self.parts)


def round_page(reader: Reader, round_id: UUID) -> RoundPage:
    """One round; who may be asked only for who leads it. Audited."""
    opened = open_round(reader, round_id)
    several = positions_of(opened)
    audit.record(by=reader, what="read a self-assessment", details={"round": str(round_id)})
    by_part: dict[str, list[Position]] = defaultdict(list)
    for one in several:
        by_part[one.top.id].append(one)
    leads = opened.is_lead and not opened.is_signed
    return RoundPage(
        opened=opened,
        parts=tuple(_part(rows) for rows in by_part.values()),
        positions=several,
        assessors=assessors_of(opened) if opened.is_lead else (),
        could_ask=people_to_ask(reader, opened) if leads else (),
        to_decide=Carrying.objects.filter(round=opened.round, decision="").count()
        if leads and opened.round.follows_id
        else 0,
        average=averaged(several),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementList:
    """Every statement of a round with where it stands, without what the round's own page says beside them."""

    opened: Opened
    positions: tuple[Position, ...]

    @property
    def handed_in(self) -> int:
        return sum(one.handed_in_at is not None for one in self.opened.assessors)


def statement_list(reader: Reader, round_id: UUID) -> StatementList:
    """The statements of a round, to answer or to agree on. Audited."""
    opened = open_round(reader, round_id)
    audit.record(by=reader, what="read a self-assessment", details={"round": str(round_id)})
    return StatementList(opened=opened, positions=positions_of(opened))


def averaged(several: Sequence[Position]) -> Average:
    """By the one formula, of the agreed answers."""
    return average(
        [(one.agreed.value, one.agreed.said.not_applicable) if one.agreed else (None, False) for one in several]
    )


def _part(rows: Sequence[Position]) -> PartRow:
    levels: dict[Level, int] = defaultdict(int)
    for one in rows:
        if one.agreed and one.agreed.level:
            levels[one.agreed.level] += 1
    agreed = sum(bool(one.agreed and one.agreed.said.is_rated) for one in rows)
    return PartRow(
        node=rows[0].top,
        statements=len(rows),
        answered=sum(one.answered_by > 0 for one in rows),
        agreed=agreed,
        mine=sum(bool(one.mine and one.mine.said.is_rated) for one in rows),
        to_moderate=sum(bool(one.assessors) and not (one.agreed and one.agreed.said.is_rated) for one in rows),
        average=averaged(rows),
        levels=tuple(sorted(levels.items(), key=lambda pair: pair[0].value or 0)),
    )


def signed_rounds_of_own(reader: Reader) -> list[tuple[str, str]]:
    """Signed rounds of the reader's own organisation, newest first, for a list to choose from."""
    reader.must("lead_rounds")
    if reader.organisation_id is None:
        return []
    rows = Round.objects.filter(organisation=reader.organisation_id, signed_at__isnull=False).order_by("-started_at")
    return [(str(one.pk), f"{one.title}, {wording(one.edition_id).framework.title}") for one in rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class CarryingRow:
    """A statement whose answer may come from an earlier round: from where, what was said there, and what was decided."""

    node: str
    title: str
    kind: str
    choices: tuple[tuple[str, str], ...]
    decision: str
    decided_by: str


def carryings(reader: Reader, round_id: UUID) -> tuple[Opened, tuple[CarryingRow, ...]]:
    """What could be carried over to a round that this reader leads, in the order of the document."""
    reader.must("lead_rounds")
    opened = open_round(reader, round_id)
    if not opened.is_lead or opened.round.follows_id is None:
        raise Http404("There is nothing to carry over.")
    before = Round.objects.get(pk=opened.round.follows_id)
    told = wording(before.edition_id)
    answers = dict(SignedStatement.objects.filter(sign_off=before.pk).values_list("node", "answer"))
    order = {node.id: place for place, node in enumerate(opened.wording.statements(opened.round.rates))}
    found = []
    for row in sorted(Carrying.objects.filter(round=opened.round), key=lambda one: order.get(one.node, len(order))):
        here = opened.wording.framework.by_id.get(row.node) or told.framework.by_id[row.node]
        choices = tuple((source, _said_before(told, source, answers.get(source) or {})) for source in row.sources)
        found.append(
            CarryingRow(
                node=row.node,
                title=here.title,
                kind=row.kind,
                choices=choices,
                decision=row.decision,
                decided_by=row.decided_by,
            )
        )
    return opened, tuple(found)


def _said_before(told: Wording, source: str, answer: Mapping[str, Any]) -> str:
    """“Partly in place: …”, as it was signed."""
    node = told.framework.by_id[source]
    level = told.level(node, answer.get("level", "")) if answer else None
    words = level.label if level else "–"
    position = str(answer.get("position", ""))
    return f"{words}: {position[:80]}" if position else words


def state_of(round_id: UUID) -> int:
    """A number that grows with every change to what is agreed: who signs says which they saw."""
    found = Answer.objects.filter(round=round_id, assessor=None).aggregate(all=Sum("revision"))
    return found["all"] or 0
