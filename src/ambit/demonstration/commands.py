"""`ambit demo`: make the demonstration place, and say who can sign in to it."""

import click

from ambit.access.queries import Reader
from ambit.design.terminal import Terminal, speaks_json


@click.group()
def demo() -> None:
    """The demonstration place: fictional people, organisations and staff."""


@demo.command()
@click.option(
    "--people",
    type=click.IntRange(50, 20_000),
    default=3000,
    show_default=True,
    help="How many people live in the place.",
)
@speaks_json
@click.pass_obj
def make(by: Reader, people: int, *, terminal: Terminal) -> None:
    """Make the place, once; what stands already is left as it is."""
    from ambit.demonstration import actions

    try:
        made = actions.make_place(terminal, people=people)
    except actions.NotADemonstration as problem:
        raise click.ClickException(str(problem)) from problem
    terminal.answer(
        {"made": [storey for storey, new in made.items() if new], "stood": [s for s, new in made.items() if not new]},
        words="The demonstration place stands. `ambit demo users` says who can sign in.",
    )


@demo.command()
@speaks_json
@click.pass_obj
def users(by: Reader, *, terminal: Terminal) -> None:
    """Who can sign in to the demonstration place, with which password."""
    from ambit.demonstration import queries

    found = queries.sign_ins()
    if not found:
        raise click.ClickException("The demonstration place is not made yet. Run: ambit demo make")
    words = "\n".join(["Who can sign in, with which password:", *map(queries.in_line, found)])
    terminal.answer({"users": found}, words=words)
