"""`ambit packs`: which packs are here, and whether each is right."""

import sys

import click

from ambit.audit.rules import Reader
from ambit.design.terminal import Terminal, speaks_json
from ambit.packs import queries


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
