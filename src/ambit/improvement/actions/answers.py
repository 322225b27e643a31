"""Answers: what an assessor says of a statement, and what is agreed. A stale save is refused with both versions."""

from dataclasses import asdict
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused, Stale
from ambit.improvement.actions.opening import answered_by, led_by, statement_of
from ambit.improvement.models import Answer, AnswerVersion, Assessor, SignedStatement
from ambit.improvement.queries.figures import live
from ambit.improvement.queries.scope import Opened
from ambit.improvement.rules.frameworks import Node
from ambit.improvement.rules.rounds import Said, problems_of, said_of


@transaction.atomic
def answer_statement(*, by: Reader, round_id: UUID, node_id: str, seen: int, said: Said) -> Answer:
    """Say where a statement stands; `seen` is the revision of one's own answer that was read, 0 for none."""
    opened, assessor = answered_by(by, round_id)
    node = statement_of(opened, node_id)
    return keep_answer(by=by, opened=opened, node=node, assessor=assessor, seen=seen, said=said)


@transaction.atomic
def moderate_statement(*, by: Reader, round_id: UUID, node_id: str, seen: int, said: Said) -> Answer:
    """Agree on a statement: the answer of the round, which decides about the gap too.

    The live evidence proposes; who decides otherwise says why. What was proposed is kept with the answer.
    """
    opened = led_by(by, round_id)
    node = statement_of(opened, node_id)
    proposal = live(by, opened.round.area, [node]).proposals.get(node.id)
    proposed = proposal.level if proposal else ""
    return keep_answer(by=by, opened=opened, node=node, assessor=None, seen=seen, said=said, proposed=proposed)


def keep_answer(
    *,
    by: Reader,
    opened: Opened,
    node: Node,
    assessor: Assessor | None,
    seen: int,
    said: Said,
    proposed: str = "",
    how: str = "typed",
    carried_from: SignedStatement | None = None,
) -> Answer:
    """Keep an answer as its next revision, in the transaction of the act; who may has been asked.

    Refused when `seen` is not the revision that stands. An answer that says what it said already makes no revision, unless
    it confirms one that was carried over.
    """
    said = said.tidied()
    if how != "carried" and (
        problems := problems_of(said, node=node, wording=opened.wording, proposed=proposed, moderated=assessor is None)
    ):
        raise Refused(problems)
    row = Answer.objects.select_for_update().filter(round=opened.round, assessor=assessor, node=node.id).first()
    current = row.revision if row else 0
    if seen != current:
        what = f"the answer to “{node.title}”"
        saved = asdict(said_of(row)) if row else asdict(Said())
        raise Stale(what=what, seen=seen, current=current, saved=saved, yours=asdict(said))
    if row is not None and said == said_of(row) and not row.is_carried:
        return row
    if row is None:
        row = Answer(round=opened.round, assessor=assessor, node=node.id, revision=0)
    for name, value in asdict(said).items():
        setattr(row, name, value)
    row.proposed = proposed
    row.is_carried = how == "carried"
    row.carried_from = carried_from or row.carried_from
    row.revision += 1
    row.saved_at, row.saved_by, row.saved_by_role = timezone.now(), by.name, by.role
    row.saved_by_organisation = by.organisation_name
    row.save()
    AnswerVersion.objects.create(
        answer=row,
        revision=row.revision,
        said=asdict(said) | {"proposed": proposed},
        how=how,
        saved_at=row.saved_at,
        saved_by=row.saved_by,
        saved_by_role=row.saved_by_role,
        saved_by_organisation=row.saved_by_organisation,
    )
    audit.record(
        by=by,
        what="answered a statement" if assessor else "agreed on a statement",
        details={"round": str(opened.round.pk), "node": node.id, "revision": row.revision, "how": how},
    )
    return row
