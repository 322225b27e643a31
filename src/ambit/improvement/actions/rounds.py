"""Rounds begin and are signed. A signed round is over: another one follows it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import NotAllowed, Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused, Stale
from ambit.events.actions import announce
from ambit.improvement import registry
from ambit.improvement.actions.opening import led_by
from ambit.improvement.events import RoundSigned
from ambit.improvement.models import Assessor, Carrying, Edition, Round, SignedStatement, SignOff
from ambit.improvement.queries.answers import (
    EvidenceShown,
    Position,
    answer_as_plain,
    evidence_as_plain,
    evidence_of,
    positions_of,
)
from ambit.improvement.queries.figures import Live, figure_as_plain, live, proposal_as_plain
from ambit.improvement.queries.rounds import state_of
from ambit.improvement.queries.scope import Opened, wording
from ambit.improvement.rules.editions import as_plain, digest
from ambit.improvement.rules.rounds import audience_of, mapping
from ambit.organisations.models import Organisation


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The days that a round is about, and the day by which answers are asked for."""

    from_on: date
    until_on: date
    answers_due_on: date | None = None


@transaction.atomic
def start_round(
    *, by: Reader, framework_id: str, title: str, period: Period, whole: bool = True, follows: UUID | None = None
) -> Round:
    """Begin a self-assessment of the reader's own organisation, against a framework as its pack says it today.

    A round rates the `whole` framework, or only what it asks of an organisation of this kind. `follows` names the signed round whose answers may be carried over, as people decide; also one on another edition.
    """
    by.must("lead_rounds")
    if by.organisation_id is None:
        raise NotAllowed("Only who works for an organisation begins a round of it.")
    organisation = Organisation.objects.select_related("part_of").get(pk=by.organisation_id)
    problems = {}
    if not title.strip():
        problems["title"] = "Name the round, such as “Autumn 2026”."
    if period.until_on < period.from_on:
        problems["period_until"] = "The period cannot end before it begins."
    pack = registry.framework_pack(framework_id)
    if pack is None:
        problems["framework"] = "Choose a framework from the list."
    before = _before(organisation, follows)
    if follows and before is None:
        problems["follows"] = "Choose a signed round of your own organisation."
    if Round.objects.filter(organisation=organisation, framework=framework_id, signed_at=None).exists():
        problems["framework"] = "A round on this framework is open already. Sign it first, then begin another."
    if problems or pack is None:
        raise Refused(problems)
    edition = edition_of(framework_id, pack.version)
    audience = audience_of(organisation.kind)
    told = wording(edition.pk)
    if not told.statements("" if whole else audience):
        raise Refused(
            {"whole": "This framework asks nothing of an organisation like yours alone. Rate the whole of it."}
        )
    made = Round.objects.create(
        organisation=organisation,
        audience=audience,
        is_whole=whole,
        edition=edition,
        framework=framework_id,
        title=title.strip(),
        period_from=period.from_on,
        period_until=period.until_on,
        area=_area_of(organisation),
        answers_due_on=period.answers_due_on,
        follows=before,
        started_at=timezone.now(),
        started_by=by.name,
        started_by_role=by.role,
    )
    if before is not None:
        rows = mapping(wording(before.edition_id), told, made.rates)
        Carrying.objects.bulk_create(
            Carrying(round=made, node=one.node, kind=one.kind, sources=list(one.sources)) for one in rows
        )
    audit.record(
        by=by,
        what="started a self-assessment",
        details={"round": str(made.pk), "framework": framework_id, "version": pack.version, "edition": edition.pk},
    )
    return made


def _before(organisation: Organisation, follows: UUID | None) -> Round | None:
    return (
        Round.objects.filter(pk=follows, organisation=organisation, signed_at__isnull=False).first()
        if follows
        else None
    )


def _area_of(organisation: Organisation) -> str:
    """Whose figures are the live evidence: a place's or system's own, else those of the one it is part of."""
    one: Organisation | None = organisation
    while one is not None and one.kind not in ("place", "system"):
        one = one.part_of
    return one.code if one else ""


def edition_of(framework_id: str, version: str) -> Edition:
    """The words of a framework as they stand now, kept once."""
    framework = registry.frameworks()[framework_id]
    content = as_plain(framework, registry.scales())
    return Edition.objects.get_or_create(
        pk=digest(content),
        defaults={
            "framework": framework_id,
            "version": version,
            "title": framework.title,
            "content": content,
            "kept_at": timezone.now(),
        },
    )[0]


@transaction.atomic
def sign_round(
    *,
    by: Reader,
    round_id: UUID,
    seen: int,
    words: str = "",
    without_waiting: bool = False,
    leave_unanswered: bool = False,
    share: bool = False,
) -> SignOff:
    """Sign: the agreed answers, what each assessor said who handed in, the evidence, and the figures behind them, all as they are now.

    Nothing that changes later, in the register, in a pack or among staff, changes what was signed. `seen` is the state that was
    read; `share` lets other places of the system compare with it.
    """
    opened = led_by(by, round_id)
    current = state_of(round_id)
    if seen != current:
        raise Stale(what="what is agreed", seen=seen, current=current)
    several = positions_of(opened)
    _refuse_to_sign(opened, several, without_waiting=without_waiting, leave_unanswered=leave_unanswered)
    evidence = evidence_of(opened)
    cited = {node: [one.indicator for one in some if one.indicator] for node, some in evidence.items()}
    now = live(by, opened.round.area, [one.node for one in several], also=cited)
    kept = [_as_signed(one, now, evidence.get(one.node.id, ())) for one in several]
    month = next((figure.month for some in now.figures.values() for figure in some if figure.month), "")
    answered = sum(bool(one.agreed and one.agreed.said.is_rated) for one in several)
    signed_at = timezone.now()
    sign_off = SignOff.objects.create(
        round=opened.round,
        signed_at=signed_at,
        signed_by=by.name,
        signed_by_role=by.role,
        signed_by_organisation=by.organisation_name,
        words=words.strip(),
        answered=answered,
        not_answered=len(several) - answered,
        figures_of=month,
        is_shared=share,
        sha256=digest([opened.round.edition_id, kept]),
    )
    SignedStatement.objects.bulk_create([SignedStatement(sign_off=sign_off, **row) for row in kept], batch_size=200)
    opened.round.signed_at = signed_at
    opened.round.save(update_fields=["signed_at"])
    audit.record(
        by=by,
        what="signed a self-assessment",
        details={"round": str(round_id), "sha256": sign_off.sha256, "shared": share},
    )
    announce(RoundSigned(round_id=round_id))
    return sign_off


def _refuse_to_sign(
    opened: Opened, several: tuple[Position, ...], *, without_waiting: bool, leave_unanswered: bool
) -> None:
    problems = {}
    carried = sum(bool(one.agreed and one.agreed.is_carried) for one in several)
    if carried:
        problems[""] = f"Carried over, and nobody has looked at them yet: {carried}. Save each, as it is or changed."
    waiting = Assessor.objects.filter(round=opened.round, removed_at=None, handed_in_at=None).count()
    if waiting and not without_waiting:
        problems["without_waiting"] = f"Not handed in yet: {waiting}. Wait, or tick that you sign without them."
    missing = sum(not (one.agreed and one.agreed.said.is_rated) for one in several)
    if missing and not leave_unanswered:
        problems["leave_unanswered"] = (
            f"Statements without an agreed answer: {missing}. Agree on them, or tick that they stay “not assessed”."
        )
    if problems:
        raise Refused(problems)


def _as_signed(one: Position, now: Live, evidence: tuple[EvidenceShown, ...]) -> dict[str, object]:
    """A statement as it is kept for good."""
    return {
        "node": one.node.id,
        "number": one.number,
        "answer": answer_as_plain(one.agreed) if one.agreed else {},
        "assessors": [answer_as_plain(said) for said in one.assessors],
        "evidence": [evidence_as_plain(piece) for piece in evidence],
        "figures": [figure_as_plain(figure) for figure in now.figures.get(one.node.id, ())],
        "proposal": proposal_as_plain(now.proposals.get(one.node.id)),
    }
