"""`ambit worker`, `sealer` and `clock`: three of the four processes of a site, and how the outbox fares."""

from dataclasses import asdict

import click
from django.db import transaction

from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.terminal import Terminal, speaks_json
from ambit.events import delivery
from ambit.events.queries import outbox_state, parked_events
from ambit.site import processes


@click.command()
@click.option("--status", is_flag=True, help="Show what waits and what is parked, and stop.")
@click.option("--retry-parked", is_flag=True, help="Try every parked event again from the start, and stop.")
@speaks_json
@click.pass_obj
def worker(reader: Reader, *, status: bool, retry_parked: bool, terminal: Terminal) -> None:
    """Deliver events and run background tasks until stopped."""
    if retry_parked:
        with transaction.atomic():
            count = delivery.retry_parked()
            audit.record(by=reader, what="retried parked events", details={"events": count})
        terminal.answer({"retried": count}, words=f"{count} parked events will be tried again.")
    elif status:
        state, parked = outbox_state(), parked_events()
        terminal.answer(
            {**asdict(state), "parked_events": [asdict(event) for event in parked]},
            words=f"{state.waiting} events wait, {state.failing} of them after a failure; {state.parked} are parked.",
            tables=[
                terminal.table(
                    "Parked",
                    ["id", "event", "announced", "attempts", "problem"],
                    [(e.id, e.name, f"{e.announced_at:%Y-%m-%d %H:%M}", e.attempts, e.problem) for e in parked],
                )
            ]
            if parked
            else [],
        )
    else:
        processes.worker(processes.stop_on_signals())


@click.command()
def sealer() -> None:
    """Chain the lines of the audit trail until stopped."""
    processes.seal(processes.stop_on_signals())


@click.command()
def clock() -> None:
    """Do what happens every night, until stopped."""
    processes.clock(processes.stop_on_signals())
