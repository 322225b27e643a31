"""Contradictions are said aloud as soon as they arise, so that somebody is asked to settle them."""

from uuid import UUID

from ambit.access.queries import Reader
from ambit.careplan import queries
from ambit.careplan.events import DisagreementFound
from ambit.careplan.rules.conflicts import Conflict
from ambit.events.actions import announce


def announce_conflicts(*, by: Reader, person_id: UUID) -> tuple[Conflict, ...]:
    """Announce everything that now differs in somebody's plan, in the transaction of the act that wrote to it.

    What differed before is announced again under the same key, and whoever listens raises its task once.
    """
    found = queries.conflicts_of(person_id)
    for one in found:
        announce(
            DisagreementFound(
                person_id=person_id,
                key=one.key,
                kind=one.kind,
                organisation_id=by.organisation_id,
            )
        )
    return found
