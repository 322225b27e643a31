"""`ambit serve`. It loads no Django itself: the processes that it starts do, and so the first answer comes sooner."""

import os
import sys

import click

from ambit.site import supervision
from ambit.site.config import Config
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
@host
@port
@workers
def serve(*, host: str, port: int, workers: int) -> None:
    """Run web, worker, audit sealer and clock until stopped."""
    # a wrong setting is said once, here; and the signing key is made before four processes ask for it
    Config().signing_key()
    serve_until_stopped(host=host, port=port, workers=workers)


def must_be_able_to_serve(*, host: str, port: int) -> None:
    """End the command in words when the port is taken: before anything is made for it to show."""
    try:
        supervision.must_be_free(host, port)
    except CannotServe as problem:
        raise click.ClickException(str(problem)) from problem


def serve_until_stopped(*, host: str, port: int, workers: int) -> None:
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
