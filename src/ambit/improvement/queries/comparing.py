"""Rounds beside each other: of one organisation over time, or of several."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.improvement.models import Round
from ambit.improvement.queries.answers import AnswerShown, Position, positions_of
from ambit.improvement.queries.rounds import averaged
from ambit.improvement.queries.scope import open_round
from ambit.improvement.rules.frameworks import Node
from ambit.improvement.rules.rounds import Average, change, counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One round of a comparison."""

    round: Round
    average: Average
    is_signed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One statement in each round, in the order of the columns, and how the last stands to the first."""

    node: Node
    top: Node
    answers: tuple[AnswerShown | None, ...]
    change: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Statements that the rounds have in common or one of them has, with what changed from the first to the last."""

    columns: tuple[Column, ...]
    rows: tuple[Compared, ...]
    counts: Mapping[str, int]
    same_organisation: bool
    in_all: int
    """How many statements every one of the rounds has: the means are of these alone."""

    @property
    def changed(self) -> tuple[Compared, ...]:
        return tuple(row for row in self.rows if row.change != "same")


def compare(reader: Reader, ids: Sequence[str]) -> Comparison | None:
    """Lay rounds beside each other, oldest first; None for fewer than two. Statements are matched by their ids. Audited.

    An open round is compared by who leads it only; what others see of it is nothing yet.
    """
    try:
        wanted = list(dict.fromkeys(UUID(one) for one in ids))
    except ValueError:
        raise Http404("There is no such round.") from None
    opened = sorted(
        (open_round(reader, one) for one in wanted), key=lambda one: (one.round.period_from, one.round.started_at)
    )
    if len(opened) < 2:
        return None
    audit.record(by=reader, what="compared self-assessments", details={"rounds": [str(one.round.pk) for one in opened]})
    several = [positions_of(one) for one in opened]
    by_node = [{row.node.id: row for row in rows} for rows in several]
    names = list(dict.fromkeys(row.node.id for rows in reversed(several) for row in rows))
    rows = tuple(_compared(name, by_node) for name in names)
    shared = [name for name in names if all(name in rows_of for rows_of in by_node)]
    return Comparison(
        columns=tuple(
            Column(round=one.round, average=averaged([rows_of[name] for name in shared]), is_signed=one.is_signed)
            for one, rows_of in zip(opened, by_node, strict=True)
        ),
        rows=rows,
        counts=counted([row.change for row in rows]),
        in_all=len(shared),
        same_organisation=len({one.round.organisation_id for one in opened}) == 1,
    )


def _compared(name: str, by_node: Sequence[Mapping[str, Position]]) -> Compared:
    found = [rows.get(name) for rows in by_node]
    one = next(row for row in reversed(found) if row is not None)
    answers = tuple(row.agreed if row else None for row in found)
    return Compared(node=one.node, top=one.top, answers=answers, change=change(_level(answers[0]), _level(answers[-1])))


def _level(answer: AnswerShown | None) -> tuple[str, int | None] | None:
    if answer is None or not answer.said.is_rated:
        return None
    return (answer.said.level or "not applicable", answer.value)
