"""Taking a source's extract into the population store."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

from django.db import transaction
from django.utils import timezone

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.population import queries
from ambit.population.intake.files import NothingThere, incoming
from ambit.population.intake.gp_csv import incoming_csv
from ambit.population.intake.run import Taken
from ambit.population.intake.run import take_in as intake
from ambit.population.store import Busy

FINDERS = {"fhir": incoming, "csv": incoming_csv}


def take_in(
    *,
    by: Reader,
    paths: Iterable[Path],
    source: str,
    layout: Literal["fhir", "csv"] = "fhir",
    full: bool = False,
    basis: str = "",
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Taken:
    """Read these files as `source`'s; a person sent again replaces exactly that person's rows of this source.

    A `full` extract holds everybody of the source: who is not in it has left and is taken out. Who has a Type 1 opt-out is not
    taken in, or is taken out; codes that the law restricts are counted and not kept; `basis` says by which right the feed comes.

    The store is not in the database, and reading may take long: one audit line is written before (when it cannot be,
    nothing is taken in) and one after with the counts, each in its own short transaction, so that nobody waits.
    """
    by.must("import_population")
    several = [Path(path) for path in paths]
    name = source.strip()
    if not name:
        raise Refused({"source": "Name the source, as “brackenhill-surgery”."})
    with transaction.atomic():
        audit.record(
            by=by, what="began taking an extract into the population store", details={"source": name, "full": full}
        )
    try:
        taken = intake(
            queries.store(), several, source=name, today=timezone.localdate(), now=timezone.now(),
            mapped=queries.mapped_codes(), progress=progress, find=FINDERS[layout],
            terms=queries.terms(full=full, basis=basis.strip()),
        )  # fmt: skip
    except (NothingThere, Busy) as error:
        raise Refused(str(error)) from error
    with queries.store().reading() as snapshot:
        queries.searchable().make(snapshot)
    with transaction.atomic():
        audit.record(
            by=by,
            what="took an extract into the population store",
            details={
                "source": name,
                "people": taken.people,
                "new": sum(taken.new.values()),
                "changed": taken.changed,
                "removed": taken.removed,
                "set_aside": len(taken.quarantined),
                "objected": taken.objected,
                "restricted": sum(taken.restricted.values()),
                "snapshot": taken.snapshot,
            },
        )
    return taken
