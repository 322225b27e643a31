"""The `ambit` command: gathers each slice's commands into one command line.

A command receives its reader by `@click.pass_obj`: the operator of the machine, or whoever `--as EMAIL` names.
"""

import os
from errno import EACCES, ENOENT, ENOTDIR, EPERM, EROFS
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any

import click

# name: (where it lives, loaded only when used, so that `ambit` alone answers at once; what it does)
COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("ambit.site.commands:run", "Make the demonstration place once and serve it"),
    "serve": ("ambit.site.serving:serve", "Run web, worker, audit sealer and clock"),
    "migrate": ("ambit.site.commands:migrate", "Bring the database up to date"),
    "backup": ("ambit.site.commands:backup", "Copy everything a site keeps into one file, while in use"),
    "restore": ("ambit.site.commands:restore", "Put a backup back"),
    "worker": ("ambit.site.workers:worker", "Deliver events and run background tasks"),
    "sealer": ("ambit.site.workers:sealer", "Chain the lines of the audit trail"),
    "clock": ("ambit.site.workers:clock", "Start what happens every night"),
    "manage": ("ambit.site.commands:manage", "Django's own commands"),
    "access": ("ambit.access.commands:access", "Accounts, and who may open what"),
    "audit": ("ambit.audit.commands:audit", "Verify the audit trail"),
    "organisations": ("ambit.organisations.commands:organisations", "Organisations and staff from CSV"),
    "plans": ("ambit.careplan.commands:plans", "Bring in plans kept elsewhere"),
    "register": ("ambit.register.commands:register", "Bring in an existing register"),
    "packs": ("ambit.packs.commands:packs", "List and check the data packs"),
    "intake": ("ambit.population.commands:intake", "Read coded records into the population store"),
    "population": ("ambit.population.commands:population", "What the population store holds"),
    "codelists": ("ambit.population.codelists.commands:codelists", "Import, list and compare code lists"),
    "find": ("ambit.casefinding.commands:find", "Find people who may be in their last year of life"),
    "casefinding": ("ambit.casefinding.commands:casefinding", "How right case-finding is, on this place's records"),
    "measures": ("ambit.measures.commands:measures", "Figures of the months that have ended"),
    "summaries": ("ambit.urgent.commands:summaries", "Emergency summaries for a day without the system"),
    "demo": ("ambit.demonstration.commands:demo", "The demonstration place"),
    "test": ("ambit.site.development:test", "Run the tests"),
    "check": ("ambit.site.development:check", "Run every check that CI runs"),
    "manual": ("ambit.site.development:manual", "Write the pages of settings, commands and case-finding"),
    "bench": ("ambit.site.bench:bench", "Measure"),
}

# these make a new site a demonstration, unless the environment or the site's own mark says otherwise
OF_THE_DEMONSTRATION = {"run", "demo"}

# these only start what does the work, and come up sooner without Django
WITHOUT_DJANGO = {"serve"}

# these touch no record, or (restore) write their own line, or look after the database itself
NOT_AUDITED = {
    "run", "serve", "migrate", "restore", "worker", "sealer", "clock", "manage", "test", "check", "manual", "bench",
    "summaries verify",
}  # fmt: skip


# these keep what they have done, file by file
RESUMED = {"intake"}
GOES_ON = "Give the same command again: it goes on where it was, and takes nothing twice."
STARTS_ANEW = "Nothing half-done was kept."

QUERY_STOPPED = "Query interrupted"  # what DuckDB makes of Ctrl+C


def _stopped(ctx: click.Context) -> click.ClickException:
    resumes = ctx.invoked_subcommand in RESUMED
    return click.ClickException(f"Stopped before the end. {GOES_ON if resumes else STARTS_ANEW}")


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        from ambit.site.config import becomes_demonstration

        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ambit.site.settings")
        if name in OF_THE_DEMONSTRATION:
            becomes_demonstration()
        if name not in WITHOUT_DJANGO:
            import django

            django.setup()
        module, attribute = COMMANDS[name][0].split(":")
        command: click.Command = getattr(import_module(module), attribute)
        if name in WITHOUT_DJANGO:
            return command
        _with_reader(command)
        _audited(command, name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Refusals, a stop by Ctrl+C and a database that is away end a command with words, not with a traceback."""
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt as stopped:
            raise _stopped(ctx) from stopped
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as problem:
            if str(problem) == QUERY_STOPPED:
                raise _stopped(ctx) from problem
            if words := _in_words(problem):
                raise click.ClickException(words) from problem
            raise

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, words) in COMMANDS.items()])


def _with_reader(command: click.Command) -> None:
    """Add `--as` to a command and its subcommands, once."""
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _with_reader(below)
    elif not any(parameter.name == "acting_as" for parameter in command.params):
        command.params.append(
            click.Option(
                ["--as", "acting_as"],
                metavar="EMAIL",
                expose_value=False,
                is_eager=True,
                callback=_take_reader,
                help="Act as this member of staff (default: the operator of this machine).",
            )
        )


def _take_reader(ctx: click.Context, _parameter: click.Parameter, email: str | None) -> Any:
    from ambit.access.queries import operator, reader_named

    if email or ctx.find_root().command is main:
        ctx.obj = reader_named(email) if email else operator()


def _audited(command: click.Command, name: str) -> None:
    """Let a command and its subcommands, run through `ambit`, write who ran them into the trail before they begin."""
    if name in NOT_AUDITED:
        return
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _audited(below, f"{name} {below.name}")
    elif command.callback is not None and not hasattr(command.callback, "audited_as"):
        inner = command.callback

        @wraps(inner)
        def audited(*arguments: Any, **options: Any) -> Any:
            context = click.get_current_context()
            if context.find_root().command is main:  # the same command may be called by itself, from Python
                _record(context.obj, name)
            return inner(*arguments, **options)

        audited.audited_as = name  # type: ignore[attr-defined]
        command.callback = audited


def _record(reader: Any, name: str) -> None:
    """One line; not its arguments, which may say who somebody is. A site without a trail yet has nothing to write to."""
    from django.db import connection

    from ambit.audit.actions import record
    from ambit.audit.models import AuditLine

    if AuditLine._meta.db_table in connection.introspection.table_names():
        record(by=reader, what=f"ran command {name}")


def _of_the_home(problem: Exception) -> str:
    """What to do when the folder of the site cannot be made, read or written; "" for anything else."""
    from ambit.site.config import Config

    if not isinstance(problem, OSError) or not problem.filename:
        return ""
    home, at = Config().home.absolute(), Path(os.fsdecode(problem.filename)).absolute()
    is_shut = problem.errno in (EACCES, EPERM, EROFS) and (at == home or home in at.parents or at in home.parents)
    is_nowhere = problem.errno in (ENOENT, ENOTDIR) and (at == home or at in home.parents)
    if not (is_shut or is_nowhere):
        return ""
    return (
        f"The folder of this site, {home}, cannot be used: {problem.strerror} ({at}). Let this account write there, "
        "or name another folder with AMBIT_HOME."
    )


def _in_words(problem: Exception) -> str:
    if words := _of_the_home(problem):
        return words
    from ambit.audit.rules import NotAllowed
    from ambit.design.refusals import Refused, Stale
    from ambit.site.outage import outage_of

    if isinstance(problem, NotAllowed):
        return " ".join(words for words in (problem.what, problem.who_may, problem.what_to_do) if words)
    if isinstance(problem, Refused | Stale):
        return str(problem)
    outage = outage_of(problem)
    return f"{outage.title}. {outage.words}" if outage else ""


@click.group(cls=Commands)
@click.version_option(package_name="ambit")
def main() -> None:
    """Palliative and end of life care for a whole place."""


if __name__ == "__main__":
    main()
