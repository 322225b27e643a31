"""`ambit audit`: is the trail whole."""

import time
from dataclasses import asdict

import click

from ambit.audit import queries
from ambit.audit.rules import Reader
from ambit.design.terminal import Terminal, speaks_json


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command()
@speaks_json
@click.pass_obj
def verify(reader: Reader, *, terminal: Terminal) -> None:
    """Walk the chain of the audit trail and name the first place where it is broken."""
    began = time.perf_counter()
    verdict = queries.verify(reader)
    seconds = time.perf_counter() - began
    words = f"{verdict.lines} lines, {verdict.sealed} sealed, {verdict.unsealed} not sealed yet."
    broken = verdict.first_broken
    terminal.answer(
        {
            "lines": verdict.lines,
            "sealed": verdict.sealed,
            "unsealed": verdict.unsealed,
            "ok": verdict.ok,
            "first_broken": asdict(broken) if broken else None,
            "seconds": round(seconds, 3),
        },
        words=f"{words} The trail is whole." if broken is None else f"{words}\nBROKEN ({broken.kind}): {broken.words}",
    )
    if not verdict.ok:
        raise SystemExit(1)
