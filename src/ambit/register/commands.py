"""`ambit register`: the register on the command line."""

import sys
from dataclasses import asdict
from pathlib import Path

import click
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.design.terminal import Terminal, speaks_json
from ambit.organisations.csv_import import CannotImport
from ambit.register.csv_import import import_register, nothing_stored


@click.group()
def register() -> None:
    """Bring in an existing register."""


@register.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--preview", is_flag=True, help="Tell what would happen, and store nothing.")
@speaks_json
@click.pass_obj
def import_(reader: Reader, file: Path, preview: bool, terminal: Terminal) -> None:
    """Put everybody in a CSV file on the register (docs/running/register-csv.md).

    All or nothing: when anything is wrong, every problem is told and nothing is stored.
    Whoever is on the register stays as they are; running it again adds nothing.
    """
    try:
        done = import_register(
            by=reader, file=file.name, content=file.read_bytes(), on=timezone.localdate(), preview=preview
        )
    except CannotImport as refused:
        rows = [(p.line, p.column, p.value, p.what_to_do) for p in refused.found]
        terminal.answer(
            {"file": file.name, "stored": False, "problems": [asdict(p) for p in refused.found]},
            words=nothing_stored(len(rows)),
            tables=[terminal.table("", ("Line", "Column", "What stands there", "What to do"), rows)],
        )
        sys.exit(1)
    terminal.answer(
        {"file": file.name, "problems": [], **done.as_dict()},
        words=done.in_words,
        tables=[
            terminal.table(
                "",
                ("Line", "Person", "NHS number", "Stage", "Joined", ""),
                [(r.line, r.name, r.nhs_number, r.stage, r.joined_on.isoformat(), r.in_words) for r in done.rows],
            )
        ]
        if preview
        else [],
    )
