"""`ambit intake` and `ambit population`."""

import sys
from dataclasses import asdict
from pathlib import Path

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.design.terminal import Terminal, speaks_json
from ambit.population import actions, queries

SHOWN = 20  # rows of a long table on the terminal; `--json` has all


@click.group()
def intake() -> None:
    """Read coded records into the population store."""


@intake.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--source", default="extract", show_default=True, help="Name of the feed, as the practice it comes from.")
@click.pass_obj
@speaks_json
def fhir(reader: Reader, terminal: Terminal, paths: tuple[Path, ...], source: str) -> None:
    """FHIR R4 Bundles and Bulk NDJSON, plain or gzip; folders are searched."""
    try:
        with Progress(
            TextColumn("Reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=terminal.messages,
            transient=True,
        ) as bar:  # fmt: skip
            reading = bar.add_task("Reading", total=None)
            taken = actions.take_in(
                by=reader, paths=paths, source=source,
                progress=lambda done, of: bar.update(reading, completed=done, total=of),
            )  # fmt: skip
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    told = asdict(taken)
    rows = [(kind, n, taken.new.get(kind, 0)) for kind, n in taken.resources.items()]
    tables = [terminal.table("Resources", ["Type", "Read", "New"], rows)]
    if taken.quarantined:
        tables.append(
            terminal.table(
                "Set aside",
                ["File", "Line", "What", "Why"],
                [(q["file"], q["line"], q["type"], q["reason"]) for q in taken.quarantined[:SHOWN]],
            )
        )
    if taken.unmapped_codes:
        tables.append(
            terminal.table(
                "Codes that no code list knows",
                ["System", "Code", "Display", "Rows"],
                [(c["system"], c["code"], c["display"], c["count"]) for c in taken.unmapped_codes[:SHOWN]],
            )
        )
    terminal.answer(
        told,
        tables=tables,
        words=(
            f"{taken.people} people from {taken.files} files in {taken.seconds:.1f} s; {sum(taken.new.values())} resources new, "
            f"{taken.changed} changed, {taken.removed} removed, {len(taken.quarantined)} set aside."
        ),
    )
    if taken.quarantined:
        sys.exit(1)


@click.group()
def population() -> None:
    """What the population store holds."""


@population.command()
@click.pass_obj
@speaks_json
def status(reader: Reader, terminal: Terminal) -> None:
    """How much, how fresh, how complete."""
    now = queries.status(reader)
    terminal.answer(
        asdict(now),
        words=(
            f"{now.people} people ({now.deaths} dead), {now.events} coded rows, {now.encounters} encounters; newest "
            f"{now.newest_event or 'none'}; {now.quarantined} set aside."
        ),
        tables=[
            terminal.table(
                f"{source.name}: share of {source.people} people with a code of each list",
                ["Code list", "Share"],
                [(name, f"{share:.1%}") for name, share in source.completeness.items()],
            )
            for source in now.sources
        ],
    )
