"""Answers carried over from the round before, statement by statement, as people decide."""

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused
from ambit.improvement.actions.answers import keep_answer
from ambit.improvement.actions.opening import led_by
from ambit.improvement.models import Answer, Carrying, SignedStatement
from ambit.improvement.rules.rounds import Said, said_of


@transaction.atomic
def decide_carrying(*, by: Reader, round_id: UUID, decisions: Mapping[str, str]) -> list[Carrying]:
    """Decide for statements where their answer comes from: a statement of the round before, or "" to begin anew.

    A carried answer is marked until somebody saves it again; a round is not signed before. What was decided stays decided; to
    change it, change the answer. Each decision names its statement, all of them are taken or none.
    """
    opened = led_by(by, round_id)
    waiting = {row.node: row for row in Carrying.objects.select_for_update().filter(round=opened.round, decision="")}
    statements = {node.id: node for node in opened.wording.statements(opened.round.rates)}
    problems = {}
    for node, source in decisions.items():
        if node not in waiting:
            problems[node] = "This was decided already, or is no statement of the round. Look again."
        elif source and source not in waiting[node].sources:
            problems[node] = "Choose one of the statements shown, or begin anew."
    if problems:
        raise Refused(problems)
    before = SignedStatement.objects.filter(sign_off=opened.round.follows_id)
    signed = {row.node: row for row in before.filter(node__in=[source for source in decisions.values() if source])}
    answered = set(Answer.objects.filter(round=opened.round, assessor=None).values_list("node", flat=True))
    decided = []
    for node, source in decisions.items():
        row = waiting[node]
        kept = signed.get(source)
        if kept is not None and kept.answer and node in statements and node not in answered:
            said = _as_far_as_it_fits(
                said_of(kept.answer), opened.wording.level(statements[node], kept.answer["level"])
            )
            keep_answer(
                by=by,
                opened=opened,
                node=statements[node],
                assessor=None,
                seen=0,
                said=said,
                how="carried",
                carried_from=kept,
            )
        row.decision = Carrying.Decision.TAKEN if source else Carrying.Decision.LEFT
        row.chosen, row.decided_at, row.decided_by = source, timezone.now(), by.name
        row.save()
        decided.append(row)
    audit.record(
        by=by,
        what="decided what is carried over",
        details={"round": str(round_id), "taken": sum(bool(one) for one in decisions.values()), "of": len(decisions)},
    )
    return decided


def _as_far_as_it_fits(said: Said, level: object) -> Said:
    """An answer on a scale that has no such level keeps its words, and its level is asked again."""
    if level is not None or not said.level:
        return said
    return Said(position=said.position, comment=said.comment, confidence=said.confidence, gap=said.gap)
