"""The pages that are printed from the code: every setting, every command with its options, and what each case-finding pack asks."""

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from ambit.casefinding import chapter as casefinding
from ambit.packs.library import library
from ambit.site.config import Config

SETTINGS = Path("docs/running/settings.md")
COMMANDS = Path("docs/running/commands.md")
CHAPTER = Path("docs/case-finding")
# settings whose usual value depends on the machine
COMPUTED = {"home": "`var/` beside a checkout, else the user's data folder"}


def _kind(field: FieldInfo) -> str:
    choices = [repr(choice) if not isinstance(choice, str) else choice for choice in get_args(field.annotation)]
    if choices and all(isinstance(choice, str) for choice in get_args(field.annotation)):
        return " or ".join(f"`{choice}`" for choice in choices)
    names = {
        "bool": "yes or no (`1`, `0`)",
        "int": "whole number",
        "float": "number",
        "Path": "folder",
        "str": "text",
    }
    kinds = get_args(field.annotation) or (field.annotation,)
    return names[next(kind.__name__ for kind in kinds if kind is not type(None))]


def _usual(name: str, field: FieldInfo) -> str:
    if name in COMPUTED:
        return COMPUTED[name]
    if field.default is None or field.default is PydanticUndefined:
        return "unset"
    if isinstance(field.default, bool):
        return "yes" if field.default else "no"
    return f"`{field.default}`" if field.default != "" else "empty"


def settings_page() -> str:
    rows = [
        f"| `AMBIT_{name.upper()}` | {_kind(field)} | {_usual(name, field)} | {field.description} |"
        for name, field in Config.model_fields.items()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "Printed from `src/ambit/site/config.py` by `./ambit manual`; `./ambit check` sees that it stays true.",
            "Each setting is read from the environment when a process starts.",
            "",
            "| setting | what it takes | usually | meaning |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
        ]
    )


def _leaves(command: click.Command, name: str, ctx: click.Context) -> Iterator[tuple[str, click.Command]]:
    if isinstance(command, click.Group):
        for below in command.list_commands(ctx):
            found = command.get_command(ctx, below)
            if found is not None:
                yield from _leaves(found, f"{name} {below}", ctx)
        if not command.invoke_without_command:
            return
    yield name, command


def _option_rows(command: click.Command) -> Iterator[str]:
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden and parameter.name not in {"acting_as", "help"}:
            names = ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts))
            yield f"| {names} | {parameter.help or ''} |"


def _section(name: str, command: click.Command) -> Iterator[str]:
    context = click.Context(command, info_name=name)
    arguments = [p.make_metavar(context) for p in command.params if isinstance(p, click.Argument)]
    yield f"## {' '.join([name, *arguments])}"
    yield ""
    yield " ".join((command.help or "").split())
    yield ""
    rows = list(_option_rows(command))
    if rows:
        yield from ("| option | meaning |", "| --- | --- |", *rows, "")


def commands_page() -> str:
    from ambit.site.main import main

    context = click.Context(main, info_name="ambit")
    lines = [
        "# Commands",
        "",
        "Printed from the command line itself by `./ambit manual`; `./ambit check` sees that it stays true.",
        "Every command also takes `--as EMAIL` (act as this member of staff; default: the operator of the machine)",
        "and `--help`. With `--json` a command prints one JSON object on standard output; messages go to standard",
        "error. Exit status: 0 done, 1 done with something refused or failed, 2 wrong use.",
        "",
    ]
    for name, command in _leaves(main, "ambit", context):
        lines += _section(name, command)
    return "\n".join(lines)


def pages() -> dict[Path, str]:
    """Where each printed page stands, and what it says now."""
    import ambit.site.kinds  # noqa: F401  (packs are read by the kinds that slices register)

    chapter = {CHAPTER / name: words for name, words in casefinding.pages(library()).items()}
    return {SETTINGS: settings_page(), COMMANDS: commands_page()} | chapter
