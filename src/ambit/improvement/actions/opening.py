"""How every action finds its round: locked, seen by this reader, still open, and led by them where that is asked."""

from uuid import UUID

from ambit.access.queries import NotAllowed, Reader
from ambit.design.refusals import Refused
from ambit.improvement.models import Assessor, Round
from ambit.improvement.queries.scope import Opened, open_round
from ambit.improvement.rules.frameworks import Node


def opened_for(by: Reader, round_id: UUID) -> Opened:
    """The round, held until this act ends, so that nothing is written while it is signed. A signed one takes nothing more."""
    Round.objects.select_for_update().filter(pk=round_id).first()
    opened = open_round(by, round_id)
    if opened.is_signed:
        raise Refused("This round is signed: its answers and figures stay as they are. Start another round.")
    return opened


def led_by(by: Reader, round_id: UUID) -> Opened:
    """The same, for who leads the round."""
    by.must("lead_rounds")
    opened = opened_for(by, round_id)
    if not opened.is_lead:
        raise NotAllowed("Only who leads this round may do this.", what_to_do="Ask the lead of the organisation.")
    return opened


def answered_by(by: Reader, round_id: UUID) -> tuple[Opened, Assessor]:
    """The same, for an assessor who has not handed in."""
    opened = opened_for(by, round_id)
    if opened.assessor is None:
        raise NotAllowed("You were not asked to answer this round.", what_to_do="Ask who leads it to ask you.")
    if opened.assessor.handed_in_at:
        raise Refused("You have handed in your answers. Take them back first, then change them.")
    return opened, opened.assessor


def statement_of(opened: Opened, node_id: str) -> Node:
    """A statement of this round; refused when the round does not rate it."""
    for node in opened.wording.statements(opened.round.rates):
        if node.id == node_id:
            return node
    raise Refused("This round has no such statement.")
