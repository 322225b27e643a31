"""`ambit summaries`: emergency summaries for a day without the system."""

import sys
from dataclasses import asdict
from pathlib import Path

import click

from ambit.access.queries import Reader
from ambit.design.refusals import Refused
from ambit.design.terminal import Terminal, speaks_json


@click.group()
def summaries() -> None:
    """Emergency summaries: one side of A4 for each person, in one locked file for each organisation."""


@summaries.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--keep", type=click.IntRange(1), default=3, show_default=True, help="How many dated folders are kept.")
@speaks_json
@click.pass_obj
def export(reader: Reader, folder: Path, keep: int, terminal: Terminal) -> None:
    """Write the summaries of this moment into a dated folder inside FOLDER, signed (docs/running/without-the-system.md)."""
    from ambit.urgent.documents.summaries import export_summaries

    try:
        done = export_summaries(by=reader, folder=folder, keep=keep, tell=terminal.say)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    terminal.answer(
        asdict(done),
        words=f"{done.people} people, {done.organisations} organisations: {done.folder}\n"
        f"Signed with the key {done.key}. `ambit summaries passphrases` says how each file is opened.",
    )


@summaries.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--key", default="", help="Fingerprint of the key that the organisation was given.")
@speaks_json
@click.pass_obj
def verify(reader: Reader, folder: Path, key: str, terminal: Terminal) -> None:
    """Tell whether a dated folder holds what was written into it; every changed, missing or strange file is named."""
    from ambit.urgent.documents.summaries import check_summaries

    try:
        found = check_summaries(folder, key=key)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    terminal.answer(
        {**asdict(found), "ok": not found.problems},
        words="\n".join(found.problems) or f"{found.files} files as they were signed on {found.signed_at}.",
    )
    if found.problems:
        sys.exit(1)


@summaries.command()
@click.option("--change", "code", default="", help="Give the organisation with this code a new passphrase.")
@speaks_json
@click.pass_obj
def passphrases(reader: Reader, code: str, terminal: Terminal) -> None:
    """Which passphrase opens which organisation's file. Hand each over on paper, before the day it is needed."""
    from ambit.urgent import actions, keys

    try:
        known = actions.read_passphrases(by=reader, change=code)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    key = keys.fingerprint(keys.signing_key().public_key())
    terminal.answer(
        {"passphrases": known, "key": key},
        words=f"Key: {key}",
        tables=[terminal.table("", ("Organisation", "Passphrase"), sorted(known.items()))],
    )
