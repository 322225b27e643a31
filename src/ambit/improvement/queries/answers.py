"""Answers as they are read: of an open round from what stands now, of a signed one from what was signed."""

from collections import defaultdict
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
    """Three statements whatever the number of answers: assessors, answers, evidence."""
    assessors = {row.pk: row for row in Assessor.objects.filter(round=opened.round.pk, removed_at=None)}
    by_node: dict[str, list[Any]] = defaultdict(list)
    for row in Answer.objects.filter(round=opened.round.pk).values_list(*_COLUMNS):
        by_node[row[1]].append(row)
    evidence: dict[str, int] = defaultdict(int)
    for node_id in Evidence.objects.filter(round=opened.round.pk, withdrawn_at=None).values_list("node", flat=True):
        evidence[node_id] += 1
    mine = opened.assessor.pk if opened.assessor else None
    found = []
    for number, node in enumerate(opened.wording.statements(opened.round.rates), 1):
        agreed, own, others, answered = None, None, [], 0
        for row in by_node.get(node.id, ()):
            if row[0] is None:
                agreed = answer_shown(opened, node, row) if opened.is_lead else None
                continue
            if row[0] not in assessors:
                continue
            one = answer_shown(opened, node, row, assessors[row[0]])
            answered += one.said.is_rated
            if row[0] == mine:
                own = one
            # before an assessor hands in, nobody else reads what they say
            if opened.is_lead and assessors[row[0]].handed_in_at:
                others.append(one)
        found.append(
            Position(
                number=number,
                node=node,
                top=opened.wording.framework.part_of(node),
                agreed=agreed,
                assessors=tuple(sorted(others, key=lambda one: one.speaks_for)),
                mine=own,
                answered_by=answered,
                evidence=evidence[node.id],
            )
        )
    return tuple(found)


def answer_shown(opened: Opened, node: Node, row: Sequence[Any], assessor: Assessor | None = None) -> AnswerShown:
    """An answer from the columns of its row."""
    told = dict(zip(_COLUMNS, row, strict=True))
    return _shown(
        opened.wording,
        node,
        told,
        who=assessor.name if assessor else told["saved_by"],
        at=told["saved_at"],
        speaks_for=assessor.speaks_for if assessor else "",
    )


def _shown(
    words: Wording, node: Node, told: Mapping[str, Any], *, who: str, at: datetime, speaks_for: str
) -> AnswerShown:
    said = said_of(told)
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
    found = []
    for node_id, number, answer, assessors, evidence in rows.values_list(
        "node", "number", "answer", "assessors", "evidence"
    ):
        node = opened.wording.framework.by_id[node_id]
        found.append(
            Position(
                number=number,
                node=node,
                top=opened.wording.framework.part_of(node),
                agreed=signed_answer(opened.wording, node, answer),
                assessors=signed_assessors(opened.wording, node, assessors),
                answered_by=sum(said_of(one).is_rated for one in assessors),
                evidence=len(evidence),
            )
        )
    return tuple(found)


def signed_answer(words: Wording, node: Node, kept: Mapping[str, Any]) -> AnswerShown | None:
    if not kept:
        return None
    at = datetime.fromisoformat(kept["saved_at"])
    return _shown(words, node, kept, who=kept["who"], at=at, speaks_for=kept["speaks_for"])


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
