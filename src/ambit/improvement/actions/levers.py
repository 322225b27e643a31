"""Levers and measures that a site brings as a list: all of it, or nothing."""

from django.db import transaction

from ambit.access.queries import NotAllowed, Reader
from ambit.audit import actions as audit
from ambit.design.refusals import Refused
from ambit.improvement.actions.rows import save_row, written_by
from ambit.improvement.queries.plans import levers_of_own
from ambit.improvement.rules.lever_lists import read_levers
from ambit.improvement.rules.plans import LEVER


@transaction.atomic
def import_levers(*, by: Reader, text: str) -> int:
    """Take over a list of levers; how many are new. One line that cannot be taken refuses the list, with every such line named."""
    by.must("lead_rounds")
    if by.organisation_id is None:
        raise NotAllowed("Only who works for an organisation writes its levers.")
    written_by(by, LEVER, by.organisation_id)
    told = read_levers(text, standing=levers_of_own(by))
    if told.problems:
        raise Refused({"file": [f"Line {line}: {words}" for line, words in told.problems.items()]})
    for said in told.rows.values():
        save_row(by=by, kind=LEVER, of=by.organisation_id, opened=None, row_id=None, seen=0, said=said, how="list")
    audit.record(
        by=by, what="brought a list of levers", details={"new": len(told.rows), "standing": len(told.standing)}
    )
    return len(told.rows)
