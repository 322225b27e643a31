"""One statement of a round, with its live figures and what they propose, or as all of it was signed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.files.queries import kept_bytes, safe_name
from ambit.improvement.models import AnswerVersion, Evidence, SignedStatement
from ambit.improvement.queries.answers import (
    AnswerShown,
    EvidenceShown,
    HowFar,
    Position,
    evidence_from_plain,
    evidence_of,
    how_far,
    position_of,
    position_signed,
    signed_answer,
)
from ambit.improvement.queries.figures import FigureShown, figure_from_plain, live, proposal_from_plain
from ambit.improvement.queries.scope import Opened, open_round, wording
from ambit.improvement.rules.evidence import Proposal
from ambit.improvement.rules.frameworks import Node, Scale
from ambit.measures.queries import indicators

FOLDER = "evidence"
"""Where the files of evidence stand among the uploads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementPage:
    """A statement of a round as its page shows it."""

    opened: Opened
    node: Node
    above: tuple[Node, ...]
    scale: Scale
    number: int
    of: int
    before: Node | None
    after: Node | None
    position: Position
    answer: AnswerShown | None
    """What this reader would change: their own answer, or the agreed one when they moderate."""
    signed_before: AnswerShown | None
    signed_before_at: datetime | None
    figures: tuple[FigureShown, ...]
    proposal: Proposal | None
    evidence: tuple[EvidenceShown, ...]
    answered: int
    to_moderate: int


def statement_page(reader: Reader, round_id: UUID, node_id: str, *, moderates: bool) -> StatementPage:
    """One statement of a round; live while the round is open, as it was signed afterwards. Audited."""
    opened = open_round(reader, round_id)
    nodes = statements_of(opened)
    place = next((number for number, one in enumerate(nodes) if one.id == node_id), None)
    if place is None:
        raise Http404("This round has no such statement.")
    if moderates and not opened.is_lead:
        raise Http404("Only who leads a round moderates it.")
    audit.record(
        by=reader, what="read a statement of a self-assessment", details={"round": str(round_id), "node": node_id}
    )
    if opened.is_signed:
        kept = SignedStatement.objects.get(sign_off=round_id, node=node_id)
        one, far = position_signed(opened, kept), HowFar(answered=0, to_moderate=0)
        figures = tuple(figure_from_plain(figure) for figure in kept.figures)
        proposal = proposal_from_plain(kept.proposal)
        evidence = tuple(evidence_from_plain(piece) for piece in kept.evidence)
    else:
        one, far = position_of(opened, place + 1, nodes[place]), how_far(opened, moderates=moderates)
        evidence = evidence_of(opened, node_id).get(node_id, ())
        now = live(
            reader, opened.round.area, [one.node], also={node_id: [e.indicator for e in evidence if e.indicator]}
        )
        figures, proposal = now.figures[node_id], now.proposals.get(node_id)
    earlier, earlier_at = _signed_before(opened, one.node)
    answer = one.agreed if moderates or opened.is_signed else one.mine
    return StatementPage(
        opened=opened,
        node=one.node,
        above=tuple(opened.wording.framework.path_to(one.node)),
        scale=opened.wording.scale_of(one.node),
        number=one.number,
        of=len(nodes),
        before=nodes[place - 1] if place else None,
        after=nodes[place + 1] if place + 1 < len(nodes) else None,
        position=one,
        answer=answer,
        signed_before=earlier,
        signed_before_at=earlier_at,
        figures=figures,
        proposal=proposal,
        evidence=evidence,
        answered=far.answered,
        to_moderate=far.to_moderate,
    )


def statements_of(opened: Opened) -> tuple[Node, ...]:
    """What a round rates, in the order of the document; of a signed one, what was signed."""
    if not opened.is_signed:
        return opened.wording.statements(opened.round.rates)
    names = SignedStatement.objects.filter(sign_off=opened.round.pk).order_by("number").values_list("node", flat=True)
    return tuple(opened.wording.framework.by_id[name] for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A statement as it is answered: what its form offers, and the one after it."""

    opened: Opened
    node: Node
    scale: Scale
    after: Node | None


def statement_to_answer(reader: Reader, round_id: UUID, node_id: str, *, moderates: bool) -> Asked:
    """What is needed to take an answer to one statement; the act itself asks whether this reader may give it."""
    opened = open_round(reader, round_id)
    nodes = opened.wording.statements(opened.round.rates)
    place = next((number for number, one in enumerate(nodes) if one.id == node_id), None)
    if place is None:
        raise Http404("This round has no such statement.")
    if moderates and not opened.is_lead:
        raise Http404("Only who leads a round moderates it.")
    return Asked(
        opened=opened,
        node=nodes[place],
        scale=opened.wording.scale_of(nodes[place]),
        after=nodes[place + 1] if place + 1 < len(nodes) else None,
    )


def _signed_before(opened: Opened, node: Node) -> tuple[AnswerShown | None, datetime | None]:
    """How the same statement was signed in the round before, and when; nothing when it was another statement then."""
    if opened.round.follows_id is None:
        return None, None
    found = SignedStatement.objects.filter(sign_off=opened.round.follows_id, node=node.id)
    row = found.values_list("answer", "sign_off__signed_at", "sign_off__round__edition_id").first()
    if row is None:
        return None, None
    answer, at, edition = row
    return signed_answer(wording(edition), node, answer), at


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """A file of evidence to hand out: its bytes as they were given, and as what."""

    content: bytes
    content_type: str
    name: str


def evidence_file(reader: Reader, round_id: UUID, evidence_id: UUID) -> EvidenceFile | None:
    """The bytes of a file that this reader may see; None when they are gone or changed.

    Of a signed round, what was signed with it; of an open one, what stands beside a statement for this reader.
    """
    opened = open_round(reader, round_id)
    row = Evidence.objects.filter(pk=evidence_id, round=opened.round, kind=Evidence.Kind.FILE).first()
    if row is None or not _may_take(opened, row):
        raise Http404("There is no such file.")
    content = kept_bytes(FOLDER, row.sha256, row.content_type)
    return (
        EvidenceFile(content, row.content_type, safe_name(row.sha256, row.content_type))
        if content is not None
        else None
    )


def _may_take(opened: Opened, row: Evidence) -> bool:
    if opened.is_signed:
        kept = SignedStatement.objects.filter(sign_off=opened.round.pk, node=row.node).values_list(
            "evidence", flat=True
        )
        return any(piece["id"] == str(row.pk) for some in kept for piece in some)
    return any(piece.id == str(row.pk) for piece in evidence_of(opened, row.node).get(row.node, ()))


def revision(found: StatementPage, number: int, *, moderates: bool) -> dict[str, Any] | None:
    """What the answer on a page said in an earlier revision, which both sides of a conflict began from; None for none."""
    assessor = None if moderates else found.opened.assessor
    rows = AnswerVersion.objects.filter(
        answer__round=found.opened.round, answer__assessor=assessor, answer__node=found.node.id, revision=number
    )
    return rows.values_list("said", flat=True).first()


def indicators_to_cite(found: StatementPage) -> list[tuple[str, str]]:
    """Indicators beyond those that a statement names, by name."""
    rest = [one for one in indicators().values() if one.id not in found.node.indicators and one.is_collected]
    return sorted(((one.id, one.name) for one in rest), key=lambda pair: pair[1])
