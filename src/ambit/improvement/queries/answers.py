"""Answers as they are read: of an open round from what stands now, of a signed one from what was signed."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.improvement.models import Answer, Assessor, Evidence, SignedStatement
from ambit.improvement.queries.scope import Opened, open_round
from ambit.improvement.rules.editions import Wording
from ambit.improvement.rules.frameworks import Level, Node
from ambit.improvement.rules.rounds import FIELDS, Said, gap_of, said_of, spread
from ambit.statements import Prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerShown:
    """One answer: what was said, by whom and when, and the revision that an editor has seen."""

    said: Said
    level: Level | None
    gap: str
    revision: int
    proposed: str
    is_carried: bool
    who: str
    at: datetime
    speaks_for: str = ""

    @property
    def value(self) -> int | None:
        return self.level.value if self.level else None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceShown:
    """One piece of evidence that people brought."""

    id: str
    kind: str
    title: str
    note: str
    url: str
    indicator: str
    size: int | None
    content_type: str
    effective_on: date | None
    expires_on: date | None
    who: str
    at: datetime
    is_mine: bool = False

    def is_stale(self, on: date) -> bool:
        """Past the day until which it holds. Stale evidence asks for a look; it makes nothing red."""
        return self.expires_on is not None and self.expires_on < on


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where one statement of a round stands: the agreed answer, and what the assessors said who have handed in."""

    number: int
    node: Node
    top: Node
    agreed: AnswerShown | None
    assessors: tuple[AnswerShown, ...]
    mine: AnswerShown | None = None
    answered_by: int = 0
    evidence: int = 0

    @property
    def apart(self) -> int:
        """By how many levels the assessors differ."""
        return spread(one.value for one in self.assessors)

    @property
    def gap(self) -> str:
        return self.agreed.gap if self.agreed else "unrated"


_COLUMNS = (
    "assessor_id", "node", *FIELDS, "revision", "proposed", "is_carried", "saved_by", "saved_at",
)  # fmt: skip


def positions(reader: Reader, round_id: UUID) -> tuple[Position, ...]:
    """Every statement of a round with where it stands, in the order of the document; of a signed round as it was signed.

    What gap analysis, plans and workbooks read. Audited.
    """
    opened = open_round(reader, round_id)
    audit.record(by=reader, what="read a self-assessment", details={"round": str(round_id)})
    return positions_of(opened)


def positions_of(opened: Opened) -> tuple[Position, ...]:
    return _signed(opened) if opened.is_signed else _current(opened)


def _current(opened: Opened) -> tuple[Position, ...]:
    """Two statements whatever the number of answers: answers, evidence."""
    by_node: dict[str, list[Any]] = defaultdict(list)
    for row in _ANSWERS(opened.round.pk):
        by_node[row[1]].append(row)
    evidence = Counter(node for (node,) in _EVIDENCE(opened.round.pk))
    assessors = {one.pk: one for one in opened.assessors}
    statements = opened.wording.statements(opened.round.rates)
    return tuple(
        _position(opened, number, node, by_node.get(node.id, ()), assessors, evidence[node.id])
        for number, node in enumerate(statements, 1)
    )


_ANSWERS = Prepared(lambda one: Answer.objects.filter(round=one).values_list(*_COLUMNS))
_EVIDENCE = Prepared(lambda one: Evidence.objects.filter(round=one, withdrawn_at=None).values_list("node"))


def position_of(opened: Opened, number: int, node: Node) -> Position:
    """Where one statement of an open round stands."""
    rows = Answer.objects.filter(round=opened.round.pk, node=node.id).values_list(*_COLUMNS)
    return _position(opened, number, node, list(rows), {one.pk: one for one in opened.assessors}, 0)


def _position(
    opened: Opened,
    number: int,
    node: Node,
    rows: Sequence[Sequence[Any]],
    assessors: Mapping[UUID, Assessor],
    evidence: int,
) -> Position:
    mine = opened.assessor.pk if opened.assessor else None
    agreed, own, others, answered = None, None, [], 0
    for row in rows:
        if row[0] is None:
            agreed = answer_shown(opened, node, row) if opened.is_lead else None
            continue
        assessor = assessors.get(row[0])
        if assessor is None:
            continue
        one = answer_shown(opened, node, row, assessor)
        answered += one.said.is_rated
        if row[0] == mine:
            own = one
        # before an assessor hands in, nobody else reads what they say
        if opened.is_lead and assessor.handed_in_at:
            others.append(one)
    return Position(
        number=number,
        node=node,
        top=opened.wording.framework.part_of(node),
        agreed=agreed,
        assessors=tuple(sorted(others, key=lambda one: one.speaks_for)),
        mine=own,
        answered_by=answered,
        evidence=evidence,
    )


def answer_shown(opened: Opened, node: Node, row: Sequence[Any], assessor: Assessor | None = None) -> AnswerShown:
    """An answer from the columns of its row."""
    _assessor, _node, *said, revision, proposed, is_carried, saved_by, saved_at = row
    return _shown(
        opened.wording,
        node,
        Said(**dict(zip(FIELDS, said, strict=True))),
        {"revision": revision, "proposed": proposed, "is_carried": is_carried},
        who=assessor.name if assessor else saved_by,
        at=saved_at,
        speaks_for=assessor.speaks_for if assessor else "",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class HowFar:
    """How many statements this reader has answered (agreed on, when they moderate), and how many wait to be moderated."""

    answered: int
    to_moderate: int


def how_far(opened: Opened, *, moderates: bool) -> HowFar:
    """Of all statements of an open round: one statement."""
    mine = None if moderates else opened.assessor.pk if opened.assessor else UUID(int=0)
    handed_in = {one.pk for one in opened.assessors if one.handed_in_at}
    done, brought = set(), set()
    for assessor, node, level, not_applicable in _RATED(opened.round.pk):
        if assessor == mine and (level or not_applicable):
            done.add(node)
        if assessor in handed_in:
            brought.add(node)
    return HowFar(answered=len(done), to_moderate=len(brought - done) if moderates else 0)


_RATED = Prepared(
    lambda one: Answer.objects.filter(round=one).values_list("assessor_id", "node", "level", "not_applicable")
)


def _shown(
    words: Wording, node: Node, said: Said, told: Mapping[str, Any], *, who: str, at: datetime, speaks_for: str
) -> AnswerShown:
    return AnswerShown(
        said=said,
        level=words.level(node, said.level) if said.level else None,
        gap=gap_of(said, node=node, wording=words),
        revision=told["revision"],
        proposed=told["proposed"],
        is_carried=told["is_carried"],
        who=who,
        at=at,
        speaks_for=speaks_for,
    )


def _signed(opened: Opened) -> tuple[Position, ...]:
    rows = SignedStatement.objects.filter(sign_off=opened.round.pk).order_by("number")
    return tuple(position_signed(opened, row) for row in rows.only("node", "number", "answer", "assessors", "evidence"))


def position_signed(opened: Opened, kept: SignedStatement) -> Position:
    """Where one statement of a signed round stood."""
    node = opened.wording.framework.by_id[kept.node]
    return Position(
        number=kept.number,
        node=node,
        top=opened.wording.framework.part_of(node),
        agreed=signed_answer(opened.wording, node, kept.answer),
        assessors=signed_assessors(opened.wording, node, kept.assessors),
        answered_by=sum(said_of(one).is_rated for one in kept.assessors),
        evidence=len(kept.evidence),
    )


def signed_answer(words: Wording, node: Node, kept: Mapping[str, Any]) -> AnswerShown | None:
    if not kept:
        return None
    at = datetime.fromisoformat(kept["saved_at"])
    return _shown(words, node, said_of(kept), kept, who=kept["who"], at=at, speaks_for=kept["speaks_for"])


def signed_assessors(words: Wording, node: Node, kept: Iterable[Mapping[str, Any]]) -> tuple[AnswerShown, ...]:
    return tuple(one for row in kept if (one := signed_answer(words, node, row)))


def answer_as_plain(one: AnswerShown) -> dict[str, Any]:
    """An answer as it is kept when a round is signed."""
    said = {name: getattr(one.said, name) for name in FIELDS}
    return said | {
        "revision": one.revision,
        "proposed": one.proposed,
        "is_carried": one.is_carried,
        "who": one.who,
        "saved_at": one.at.isoformat(),
        "speaks_for": one.speaks_for,
    }


def evidence_of(opened: Opened, node_id: str = "") -> dict[str, tuple[EvidenceShown, ...]]:
    """What people brought to an open round, by statement; before an assessor hands in, what they brought is theirs."""
    rows = (
        Evidence.objects.filter(round=opened.round.pk, withdrawn_at=None)
        .select_related("assessor")
        .order_by("added_at")
    )
    if node_id:
        rows = rows.filter(node=node_id)
    mine = opened.assessor.pk if opened.assessor else None
    found: dict[str, list[EvidenceShown]] = defaultdict(list)
    for row in rows:
        if row.assessor_id not in (None, mine) and not (opened.is_lead and row.assessor and row.assessor.handed_in_at):
            continue
        found[row.node].append(
            EvidenceShown(
                id=str(row.pk),
                kind=row.kind,
                title=row.title,
                note=row.note,
                url=row.url,
                indicator=row.indicator,
                size=row.size,
                content_type=row.content_type,
                effective_on=row.effective_on,
                expires_on=row.expires_on,
                who=row.added_by,
                at=row.added_at,
                is_mine=row.assessor_id == mine if mine else opened.is_lead and row.assessor_id is None,
            )
        )
    return {node: tuple(some) for node, some in found.items()}


def evidence_as_plain(one: EvidenceShown) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value := getattr(one, name), date | datetime) else value
        for name in EvidenceShown.__dataclass_fields__
        if name != "is_mine"
    }


def evidence_from_plain(kept: Mapping[str, Any]) -> EvidenceShown:
    told = dict(kept)
    for name in ("effective_on", "expires_on"):
        told[name] = date.fromisoformat(told[name]) if told[name] else None
    return EvidenceShown(**{**told, "at": datetime.fromisoformat(told["at"])})
