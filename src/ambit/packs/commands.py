"""`ambit packs`: which packs are here, and whether each is right."""

import sys

import click

from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.design.terminal import Terminal, speaks_json
from ambit.packs import actions, queries


@click.group()
def packs() -> None:
    """List and check the data packs."""


@packs.command("list")
@click.pass_obj
@speaks_json
def list_packs(reader: Reader, terminal: Terminal) -> None:
    """Every pack here, and whether it may run."""
    _answer(terminal, queries.every_pack(reader))


@packs.command()
@click.pass_obj
@speaks_json
def check(reader: Reader, terminal: Terminal) -> None:
    """Read every pack and run its worked examples; exit 1 when one is wrong."""
    rows = queries.checked_packs(reader)
    _answer(terminal, rows)
    if not all(row.ok for row in rows):
        sys.exit(1)


@packs.command()
@click.argument("kind")
@click.argument("pack_id", metavar="NAME")
@click.pass_obj
@speaks_json
def new(reader: Reader, terminal: Terminal, kind: str, pack_id: str) -> None:
    """Begin a pack of this site's own, as `casefinding our-search`: small, with examples, and passing its check."""
    try:
        folder = actions.begin(by=reader, kind=kind, pack_id=pack_id)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    terminal.answer(
        {"kind": kind, "id": pack_id, "folder": str(folder)},
        words=f"{folder} is made. Write on it, then run `ambit packs check`.",
    )


@packs.command()
@click.argument("kind")
@click.pass_obj
@speaks_json
def coverage(reader: Reader, terminal: Terminal, kind: str) -> None:
    """How much of what the packs of a kind ask for is here."""
    found = queries.coverage(reader, kind)
    if found is None:
        raise click.ClickException(f"Packs of the kind “{kind}” ask for nothing. Try `ambit packs coverage careplans`.")
    terminal.answer(
        found.answer, tables=[terminal.table("Coverage", list(found.headings), list(found.rows))], words=found.words
    )


@packs.command("sign-off")
@click.argument("kind")
@click.argument("pack_id", metavar="ID")
@click.option("--note", required=True, help="Who looked at this pack, and what they checked.")
@click.pass_obj
@speaks_json
def sign_off(reader: Reader, terminal: Terminal, kind: str, pack_id: str, note: str) -> None:
    """Take a pack that no clinician has reviewed into use here, exactly as it is now."""
    page = queries.one_pack(reader, kind, pack_id)
    if page is None:
        raise click.ClickException(f"There is no pack {kind}/{pack_id} here. `ambit packs list` names them.")
    try:
        signed = actions.sign_off(by=reader, kind=kind, pack_id=pack_id, seen=page.row.sha256, note=note)
    except Refused as refused:
        raise click.ClickException(str(refused)) from refused
    terminal.answer(
        {"kind": kind, "id": pack_id, "version": signed.version, "sha256": signed.sha256},
        words=f"{pack_id} {signed.version} is signed off for use here.",
    )


def _answer(terminal: Terminal, rows: list[queries.PackRow]) -> None:
    terminal.answer(
        {
            "packs": [
                {
                    "kind": row.kind,
                    "id": row.id,
                    "version": row.version,
                    "ok": row.ok,
                    "problems": list(row.problems),
                    "title": row.title,
                    "origin": row.origin,
                    "reviewed": row.reviewed,
                    "sha256": row.sha256,
                }
                for row in rows
            ]
        },
        tables=[
            terminal.table(
                "Packs",
                ["Kind", "Pack", "Version", "Right", "Review"],
                [(row.kind, row.id, row.version, "yes" if row.ok else "NO", row.review) for row in rows],
            )
        ],
        words="\n".join(problem for row in rows for problem in row.problems),
    )
