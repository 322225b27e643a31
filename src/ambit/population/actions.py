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


@transaction.atomic
def take_in(
    *, by: Reader, paths: Iterable[Path], source: str, progress: Callable[[int, int], None] = lambda done, of: None
) -> Taken:
    """Read FHIR R4 files as `source`'s; a person sent again replaces exactly that person's rows of this source.

    The audit line stands before the store is published: when the trail cannot be written, nothing is taken in.
    """
    by.must("import_population")
    several = [Path(path) for path in paths]
    if not source.strip():
        raise Refused({"source": "Name the source, as “brackenhill-surgery”."})
    audit.record(by=by, what="took an extract into the population store", details={"source": source})
    try:
        return intake(
            queries.store(), several, source=source.strip(), today=timezone.localdate(), now=timezone.now(),
            mapped=queries.mapped_codes(), progress=progress,
        )  # fmt: skip
    except (NothingThere, Busy) as error:
        raise Refused(str(error)) from error
