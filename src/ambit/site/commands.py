"""Running a site: bring the database up to date, serve it, look after it."""

import os
from dataclasses import asdict
from pathlib import Path

import click
from django.conf import settings
from django.core.management import call_command, execute_from_command_line
from django.db import connection

from ambit.access.models import Account
from ambit.audit.rules import Reader
from ambit.demonstration import actions as demonstration
from ambit.demonstration.queries import in_line, sign_ins
from ambit.design.terminal import Terminal, speaks_json
from ambit.site.backup import back_up
from ambit.site.backup import restore as put_back
from ambit.site.config import deployment_mark
from ambit.site.serving import host, must_be_able_to_serve, port, serve_until_stopped, workers


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
def run(*, host: str, port: int, workers: int) -> None:
    """Make the demonstration place once and serve it, printing its address and sign-ins.

    What is printed stays in view: the log holds warnings and errors alone, unless AMBIT_LOG_LEVEL says otherwise.
    """
    mark = deployment_mark(settings.HOME)
    if not settings.DEMONSTRATION or (not mark.exists() and _holds_a_site()):
        raise click.ClickException(
            f"{settings.HOME} or its database holds a live site. `ambit run` shows fictional people only: "
            "use `ambit serve`, or point AMBIT_HOME to another folder."
        )
    must_be_able_to_serve(host=host, port=port)
    mark.write_text("demonstration\n")
    terminal = Terminal(json=False)
    call_command("migrate", interactive=False, verbosity=0)
    demonstration.make_place(terminal)
    terminal.messages.print("Who can sign in, with which password:")
    for user in sign_ins():
        terminal.messages.print(in_line(user), soft_wrap=True, highlight=False)
    terminal.say(f"\nAmbit answers at http://{host}:{port}/ — stop it with Ctrl+C.")
    os.environ.setdefault("AMBIT_LOG_LEVEL", "WARNING")
    serve_until_stopped(host=host, port=port, workers=workers)


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


def _holds_a_site() -> bool:
    """Somebody can already sign in here."""
    return Account._meta.db_table in connection.introspection.table_names() and Account.objects.exists()
