"""Running a site: bring the database up to date, serve it, look after it."""

import os
import sys
from dataclasses import asdict
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.db import connection, transaction

from ambit.access.models import Account
from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.demonstration import actions as demonstration
from ambit.demonstration.queries import sign_ins
from ambit.design.terminal import Terminal, speaks_json
from ambit.events import delivery
from ambit.events.queries import outbox_state, parked_events
from ambit.site import processes, supervision
from ambit.site.backup import back_up
from ambit.site.backup import restore as put_back
from ambit.site.config import deployment_mark
from ambit.site.supervision import CannotServe, Child

host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
port = click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
workers = click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=lambda: min(4, os.cpu_count() or 1),
    show_default="one a processor, at most 4",
    help="Web processes.",
)


@click.command()
@speaks_json
def migrate(*, terminal: Terminal) -> None:
    """Bring the database up to date."""
    call_command("migrate", interactive=False, verbosity=0 if terminal.json else 1)
    terminal.answer({"migrated": True}, words="The database is up to date.")


@click.command(
    context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False}, add_help_option=False
)
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def manage(words: tuple[str, ...]) -> None:
    """Django's own commands, such as `ambit manage showmigrations`."""
    execute_from_command_line(["ambit manage", *words])


@click.command()
@host
@port
@workers
def serve(*, host: str, port: int, workers: int) -> None:
    """Run web, worker, audit sealer and clock until stopped."""
    _serve(host=host, port=port, workers=workers)


@click.command()
@host
@port
@workers
def run(*, host: str, port: int, workers: int) -> None:
    """Make the demonstration place once and serve it, printing its address and sign-ins."""
    mark = deployment_mark(settings.HOME)
    if not settings.DEMONSTRATION or (not mark.exists() and _holds_a_site()):
        raise click.ClickException(
            f"{settings.HOME} or its database holds a live site. `ambit run` shows fictional people only: "
            "use `ambit serve`, or point AMBIT_HOME to another folder."
        )
    mark.write_text("demonstration\n")
    terminal = Terminal(json=False)
    call_command("migrate", interactive=False, verbosity=0)
    demonstration.make_place(terminal)
    rows = [(user["email"], user["password"], user["role"], user["organisation"]) for user in sign_ins()]
    terminal.messages.print(terminal.table("Who can sign in", ["email", "password", "role", "organisation"], rows))
    terminal.say(f"\nAmbit answers at http://{host}:{port}/ — stop it with Ctrl+C.")
    _serve(host=host, port=port, workers=workers)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@speaks_json
@click.pass_obj
def backup(reader: Reader, *, file: Path, terminal: Terminal) -> None:
    """Copy everything a site keeps into FILE, while it is in use."""
    done = back_up(by=reader, file=file)
    words = f"{done.file}: {done.bytes:,} bytes, {done.people} people, {done.audit_lines} audit lines.\n{done.sha256}"
    terminal.answer(asdict(done), words=words)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--replace", is_flag=True, help="Even if this site already holds something; that is backed up first.")
@click.option("--sha256", default="", help="Refuse the file unless this is its SHA-256.")
@speaks_json
@click.pass_obj
def restore(reader: Reader, *, file: Path, replace: bool, sha256: str, terminal: Terminal) -> None:
    """Put the backup FILE back, after checking every part of it."""
    done = put_back(by=reader, file=file, replace=replace, sha256=sha256)
    words = f"Restored from {done.file}: {done.people} people, {done.audit_lines} audit lines."
    terminal.answer(asdict(done), words=words)


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


def _holds_a_site() -> bool:
    """Somebody can already sign in here."""
    return Account._meta.db_table in connection.introspection.table_names() and Account.objects.exists()


def _serve(*, host: str, port: int, workers: int) -> None:
    def say(words: str) -> None:
        print(words, file=sys.stderr, flush=True)  # noqa: T201  (the supervisor's only voice)

    children = [
        Child(name="web", command=supervision.web(host=host, port=port, workers=workers)),
        *(Child(name=name, command=supervision.ambit(name)) for name in ("worker", "sealer", "clock")),
    ]
    try:
        supervision.must_be_free(host, port)
        supervision.supervise(children, say=say)
    except CannotServe as problem:
        raise click.ClickException(str(problem)) from problem
