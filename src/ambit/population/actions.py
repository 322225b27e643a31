"""Taking a source's extract into the population store."""

from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.population import queries
from ambit.population.intake.files import NothingThere
from ambit.population.intake.run import Taken
from ambit.population.intake.run import take_in as intake
from ambit.population.store import Busy


def take_in(
    *, by: Reader, paths: Iterable[Path], source: str, progress: Callable[[int, int], None] = lambda done, of: None
) -> Taken:
    """Read FHIR R4 files as `source`'s; a person sent again replaces exactly that person's rows of this source.

    The store is not in the database, and reading may take long: one audit line is written before (when it cannot be,
    nothing is taken in) and one after with the counts, each in its own short transaction, so that nobody waits.
    """
    by.must("import_population")
    several = [Path(path) for path in paths]
    name = source.strip()
    if not name:
        raise Refused({"source": "Name the source, as “brackenhill-surgery”."})
    with transaction.atomic():
        audit.record(by=by, what="began taking an extract into the population store", details={"source": name})
    try:
        taken = intake(
            queries.store(), several, source=name, today=timezone.localdate(), now=timezone.now(),
            mapped=queries.mapped_codes(), progress=progress,
        )  # fmt: skip
    except (NothingThere, Busy) as error:
        raise Refused(str(error)) from error
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
                "snapshot": taken.snapshot,
            },
        )
    return taken
