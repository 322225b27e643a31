"""`ambit intake` and `ambit population`."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.design.terminal import Terminal, speaks_json
from ambit.population import actions, queries
from ambit.population.codelists.actions import text_of

SHOWN = 20  # rows of a long table on the terminal; `--json` has all


@click.group()
def intake() -> None:
    """Read coded records into the population store."""


def _options(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--basis", default="", help="By which right it is sent, as “direct care”; kept until said anew."),
        click.option("--full", is_flag=True, help="Everybody of this source is in it: take out who is not."),
        click.option("--source", default="extract", show_default=True, help="Name of the feed, as the practice's."),
    ):
        command = option(command)
    return command


@intake.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@_options
@click.pass_obj
@speaks_json
def fhir(reader: Reader, terminal: Terminal, paths: tuple[Path, ...], source: str, full: bool, basis: str) -> None:
    """FHIR R4 Bundles and Bulk NDJSON, plain or gzip; folders are searched."""
    _take_in(reader, terminal, paths, layout="fhir", source=source, full=full, basis=basis)


@intake.command("csv")
@click.argument("folder", type=click.Path(path_type=Path))
@_options
@click.pass_obj
@speaks_json
def gp_csv(reader: Reader, terminal: Terminal, folder: Path, source: str, full: bool, basis: str) -> None:
    """A practice's extract: people.csv, events.csv, encounters.csv, medicines.csv, deaths.csv, plain or gzip."""
    _take_in(reader, terminal, [folder], layout="csv", source=source, full=full, basis=basis)


@intake.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--code", default="", help="What the lines say that have no code of their own, as early or efi2.")
@click.option("--on", default="", help="The day of the lines that have no date of their own.")
@click.pass_obj
@speaks_json
def results(reader: Reader, terminal: Terminal, file: Path, code: str, on: str) -> None:
    """What another search, an equation or a clinician's list says, as CSV with NHS numbers."""
    try:
        brought = actions.bring_results(by=reader, text=text_of(file), code=code, on=on)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    rows = [(one["line"], one["reason"]) for one in brought.left_out[:SHOWN]]
    terminal.answer(
        asdict(brought),
        words=f"{brought.results} results of {brought.people} people; {len(brought.left_out)} lines left out.",
        tables=[terminal.table("Left out", ["Line", "Why"], rows)] if rows else [],
    )
    if brought.left_out:
        sys.exit(1)


def _take_in(reader: Reader, terminal: Terminal, paths: Iterable[Path], **how: Any) -> None:
    try:
        with Progress(
            TextColumn("Reading"), BarColumn(), DownloadColumn(), TimeRemainingColumn(), console=terminal.messages,
            transient=True,
        ) as bar:  # fmt: skip
            reading = bar.add_task("Reading", total=None)
            taken = actions.take_in(
                by=reader, paths=paths, progress=lambda done, of: bar.update(reading, completed=done, total=of), **how
            )
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
    noted = [*taken.notes.items(), *((f"converted, {what}", n) for what, n in taken.converted.items())]
    if noted:
        tables.append(terminal.table("Noted, and kept", ["What", "How often"], noted))
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
            + (f" {taken.objected} people object and were not taken in." if taken.objected else "")
            + (
                f" {sum(taken.restricted.values())} rows are restricted by law and were not kept."
                if taken.restricted
                else ""
            )
            + (f" Attention: {taken.held_back}." if taken.held_back else "")
        ),
    )
    if taken.quarantined or taken.held_back:
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
                "Sources",
                ["Source", "People", "Newest", "Legal basis", "Object (not taken in)", "Restricted rows (not kept)"],
                [
                    (s.name, s.people, s.newest or "", s.basis or "NOT SAID", s.objected, s.restricted)
                    for s in now.sources
                ],
            ),
        ]
        + [
            terminal.table(
                "Practices",
                ["Source", "Practice", "People", "Newest", "Lists whose codes seem never to arrive"],
                [
                    (p.source, p.code or "not said", p.people, p.newest or "", ", ".join(p.silent))
                    for p in now.practices
                ],
            )
        ]
        + [
            terminal.table(
                f"{source.name}: share of {source.people} people with a code of each list",
                ["Code list", "Share"],
                [(name, f"{share:.1%}") for name, share in source.completeness.items()],
            )
            for source in now.sources
        ],
    )
