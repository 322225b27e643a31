"""How commands speak: tables and progress for people on the terminal, one JSON object for programs."""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click
import orjson
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Column, Table


class Day(click.DateTime):
    """A day as an option: written as 2026-11-03, and refused in words that say so."""

    name = "day"

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"“{value}” is not a day. Write year, month and day as 2026-11-03.", param, ctx)


class Terminal:
    """What a command says. Progress and messages go to standard error; the answer alone to standard output."""

    def __init__(self, *, json: bool) -> None:
        self.json = json
        self.messages = Console(stderr=True, markup=False)

    def say(self, words: str) -> None:
        self.messages.print(words)

    @contextmanager
    def progress(self, title: str, total: int | None = None) -> Iterator[Callable[..., None]]:
        """Show how far long work is, with count and time left, on standard error; yields `advance(by=1)`."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=self.messages, disable=not self.messages.is_terminal) as bar:
            task = bar.add_task(title, total=total)

            def advance(by: int = 1, *, total: int | None = None) -> None:
                bar.update(task, advance=by, total=total)

            yield advance

    def answer(self, result: dict[str, Any], *, tables: Iterable[Table] = (), words: str = "") -> None:
        """Print the one JSON object with `--json`, else the words and tables for people."""
        if self.json:
            sys.stdout.buffer.write(orjson.dumps(result, default=str, option=orjson.OPT_INDENT_2) + b"\n")
            sys.stdout.flush()
            return
        # what records say in brackets is not to be taken for a colour and left out; a line stays one, to be copied
        console = Console(markup=False)
        if words:
            console.print(words, soft_wrap=True)
        for table in tables:
            console.print(table)

    def table(self, title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
        # on a narrow terminal words go on in the next line; an address cut short could not be copied
        table = Table(*(Column(words, overflow="fold") for words in columns), title=title, title_justify="left")
        for row in rows:
            table.add_row(*(str(cell) for cell in row))
        return table


def speaks_json(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the `--json` flag and a `terminal` to speak through."""

    @click.option("--json", "as_json", is_flag=True, help="Print one JSON object on standard output.")
    @wraps(command)
    def with_terminal(*args: Any, as_json: bool, **kwargs: Any) -> Any:
        return command(*args, terminal=Terminal(json=as_json), **kwargs)

    return with_terminal
