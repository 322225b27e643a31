"""Taking a source's extract into the population store."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from django.db import transaction
from django.utils import timezone

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.population import queries
from ambit.population.codelists.rules import SYSTEMS
from ambit.population.intake.files import NothingThere, incoming
from ambit.population.intake.gp_csv import incoming_csv
from ambit.population.intake.results import Result, read_results, write_for
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


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file of results came to: promised to programs in the command line's JSON."""

    results: int
    people: int
    sources: list[str]
    left_out: list[dict[str, object]]


def bring_results(*, by: Reader, text: str, code: str = "", on: str = "", practice: str = "") -> Brought:
    """Keep what another search, an equation or a clinician's list says, with the people whom practices have sent.

    Each source's part is taken in by its own keys. A result stays when the practice sends the person again, and goes with the person.
    With `practice` only results of people whose record names that practice are kept.
    """
    by.must("import_population")
    results, left_out = read_results(text, code=code, on=on, terms=queries.results_known())
    keys = queries.keys_of({result.number for result in results}, practice=practice)
    nobody = (
        "nobody with this NHS number is on your practice's list here"
        if practice
        else "no practice has sent anybody with this NHS number"
    )
    by_source: dict[str, list[tuple[str, Result]]] = defaultdict(list)
    for result in results:
        several = keys.get(result.number, ())
        if not several:
            left_out.append((result.line, nobody))
        for source, key in several:
            by_source[source].append((key, result))
    for source, told in sorted(by_source.items()):
        with TemporaryDirectory() as folder:
            write_for(Path(folder), told, SYSTEMS["ambit"])
            taken = take_in(by=by, paths=[Path(folder)], source=source, layout="csv")
        left_out += [(told[int(str(q["line"])) - 2][1].line, str(q["reason"])) for q in taken.quarantined]
    brought = Brought(
        results=sum(len(told) for told in by_source.values()),
        people=len({result.number for told in by_source.values() for _, result in told}),
        sources=sorted(by_source),
        left_out=[{"line": line, "reason": reason} for line, reason in sorted(left_out)],
    )
    with transaction.atomic():
        audit.record(
            by=by,
            what="brought in results of another search",
            details={"code": code, "results": brought.results, "people": brought.people, "left_out": len(left_out)},
        )
    return brought
