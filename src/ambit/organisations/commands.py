"""`ambit organisations`: the address book of the place on the command line."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from ambit.audit.rules import Reader
from ambit.design.terminal import Terminal, speaks_json
from ambit.organisations.csv_import import COLUMNS, CannotImport, import_csv


@click.group()
def organisations() -> None:
    """Organisations and staff from CSV."""


@organisations.command("import")
@click.argument("folder_or_file", type=click.Path(exists=True, path_type=Path))
@speaks_json
@click.pass_obj
def import_(reader: Reader, folder_or_file: Path, terminal: Terminal) -> None:
    """Take in organisations.csv, teams.csv and staff.csv from a folder, or one of them.

    All or nothing: when anything is wrong, every problem is told and nothing is stored.
    Running it again adds nothing.
    """
    paths = [folder_or_file / name for name in COLUMNS] if folder_or_file.is_dir() else [folder_or_file]
    files = {path.name: path.read_bytes() for path in paths if path.is_file() and path.name in COLUMNS}
    if not files:
        raise click.UsageError(f"{folder_or_file} holds none of {', '.join(COLUMNS)}.")
    try:
        done = import_csv(by=reader, files=files)
    except CannotImport as refused:
        rows = [(p.file, p.line, p.value, p.what_to_do) for p in refused.found]
        terminal.answer(
            {"files": sorted(files), "problems": [asdict(p) for p in refused.found]},
            words=f"Nothing was stored: {len(rows)} to put right.",
            tables=[terminal.table("", ("File", "Line", "What stands there", "What to do"), rows)],
        )
        sys.exit(1)
    counts = [
        (name, done.new.get(name, 0), done.changed.get(name, 0), done.unchanged.get(name, 0)) for name in sorted(files)
    ]
    terminal.answer(
        {"files": sorted(files), "problems": [], **done.as_dict()},
        tables=[terminal.table("Stored", ("File", "New", "Changed", "As before"), counts)],
    )
