"""`ambit plans`: plans on the command line."""

import sys
from dataclasses import asdict
from pathlib import Path

import click
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.careplan.plan_import import import_plans, nothing_stored
from ambit.careplan.standard_import import import_standard
from ambit.design.terminal import Terminal, speaks_json
from ambit.organisations.csv_import import CannotImport


@click.group()
def plans() -> None:
    """Bring in plans kept elsewhere."""


@plans.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="The system the plans come from, as everybody will read it.")
@click.option("--preview", is_flag=True, help="Tell what would happen, and store nothing.")
@speaks_json
@click.pass_obj
def import_(reader: Reader, file: Path, source: str, preview: bool, terminal: Terminal) -> None:
    """Bring in the plans of a CSV or JSON file (docs/running/plans-import.md).

    All or nothing: when anything is wrong, every problem is told and nothing is stored.
    What is written here stays as it is; running it again adds nothing.
    """
    try:
        done = import_plans(
            by=reader,
            file=file.name,
            content=file.read_bytes(),
            source=source,
            on=timezone.localdate(),
            preview=preview,
        )
    except CannotImport as refused:
        rows = [(p.line, p.column, p.value, p.what_to_do) for p in refused.found]
        terminal.answer(
            {"file": file.name, "stored": False, "problems": [asdict(p) for p in refused.found]},
            words=nothing_stored(len(rows)),
            tables=[terminal.table("", ("Line", "Column", "What stands there", "What to do"), rows)],
        )
        sys.exit(1)
    told = [(r.line, r.name, r.nhs_number, r.section, r.written_by, r.in_words) for r in done.rows]
    terminal.answer(
        {"file": file.name, "problems": [], **done.as_dict()},
        words=done.in_words,
        tables=[terminal.table("", ("Line", "Person", "NHS number", "Section", "Written by", ""), told)]
        if preview
        else [],
    )


@plans.command("standard")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--id", "standard_id", required=True, help="By which the standard is known here, as “prsb”.")
@click.option("--title", required=True, help="What the standard is called.")
@click.option("--version", "number", required=True, help="Its version, in numbers with dots.")
@click.option("--source", required=True, help="Who publishes it, and where the list was had from.")
@click.option("--licence", required=True, help="Under which licence the list may be used here.")
@click.option("--preview", is_flag=True, help="Tell what would happen, and store nothing.")
@speaks_json
@click.pass_obj
def standard(
    reader: Reader,
    file: Path,
    standard_id: str,
    title: str,
    number: str,
    source: str,
    licence: str,
    preview: bool,
    terminal: Terminal,
) -> None:
    """Bring in a record content standard from the list of who publishes it (docs/running/standards-import.md).

    All or nothing: when anything is wrong, every problem is told and nothing is stored. It takes the place of what was known before.
    """
    try:
        done = import_standard(
            by=reader, file=file.name, content=file.read_bytes(), standard_id=standard_id, title=title, version=number,
            source=source, licence=licence, preview=preview,
        )  # fmt: skip
    except CannotImport as refused:
        rows = [(p.line, p.column, p.value, p.what_to_do) for p in refused.found]
        terminal.answer(
            {"file": file.name, "stored": False, "problems": [asdict(p) for p in refused.found]},
            words=nothing_stored(len(rows)),
            tables=[terminal.table("", ("Line", "Column", "What stands there", "What to do"), rows)],
        )
        sys.exit(1)
    terminal.answer({"file": file.name, "problems": [], **asdict(done)}, words=done.in_words)
