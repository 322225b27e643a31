"""Keeping a site's processes running: starts them, restarts what falls over, stops them together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from types import FrameType

# what fell over is started again after 0.5 s, 1 s, 2 s … and at most 30 s; a minute up is a fresh start
FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
STEADY_AFTER_SECONDS = 60.0
# a process that is asked to stop finishes what it is doing; after this it is made to
GRACE_SECONDS = 15.0
# the web process is given up when it never stayed up this long in this many starts
UP_AFTER_SECONDS = 5.0
STARTS_OF_WEB = 3


class CannotServe(Exception):
    """The site cannot be served; says why and what to do."""


@dataclass(slots=True, kw_only=True)
class Child:
    """One process of a site: what it is called, what runs it, and how it has fared."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    falls: int = 0
    again_at: float = 0.0
    has_been_up: bool = field(default=False)


def ambit(*words: str) -> list[str]:
    """The command line that runs one of our own commands as a process."""
    return [sys.executable, "-m", "ambit.site.main", *words]


def web(*, host: str, port: int, workers: int) -> list[str]:
    """The web server: granian over WSGI; each worker answers four requests at a time."""
    return [
        sys.executable, "-m", "granian", "ambit.site.served:application", "--interface", "wsgi",
        "--host", host, "--port", str(port), "--workers", str(workers), "--blocking-threads", "4",
        "--respawn-failed-workers", "--no-ws", "--log-level", "warning", "--workers-kill-timeout", "10",
    ]  # fmt: skip


def must_be_free(host: str, port: int) -> None:
    """Refuse in words before anything starts when another program holds the address."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, OverflowError) as problem:
        raise CannotServe(
            f"Port {port} on {host} cannot be used ({problem}). "
            "Stop the program that holds it, or give another: --port 8001"
        ) from problem


def supervise(children: Sequence[Child], *, say: Callable[[str], None]) -> None:
    """Run all children until SIGTERM or SIGINT. The first is the web process: without it nothing runs."""
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        for child in children:
            _start(child)
        while not stopping:
            for child in children:
                _look_after(child, say=say)
            if (falls := _falls_before_standing(children[0])) >= STARTS_OF_WEB:
                raise CannotServe(
                    f"The web process fell over {falls} times while starting; its messages above say why."
                )
            time.sleep(0.1)
    finally:
        _stop(children)
        for number, handler in before.items():
            signal.signal(number, handler)


def _start(child: Child) -> None:
    bound = partial(end_with_parent, os.getpid(), signal.SIGTERM)
    child.process = subprocess.Popen(child.command, process_group=0, preexec_fn=bound, stdin=subprocess.DEVNULL)
    child.started = time.monotonic()


def end_with_parent(parent: int, by: signal.Signals) -> None:
    """On Linux the kernel ends this process when its parent is killed, so that no old process keeps the port."""
    if sys.platform != "linux":
        return
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, by)
    if os.getppid() != parent:  # it was killed before it could be bound
        os.kill(os.getpid(), by)


def _look_after(child: Child, *, say: Callable[[str], None]) -> None:
    now = time.monotonic()
    if child.process is None:
        if now >= child.again_at:
            _start(child)
        return
    status = child.process.poll()
    if status is None:
        child.has_been_up = child.has_been_up or now - child.started > UP_AFTER_SECONDS
        return
    # what the process started itself must not live on beside its successor
    _signal_group(child.process, signal.SIGKILL)
    child.falls = 1 if now - child.started > STEADY_AFTER_SECONDS else child.falls + 1
    pause = min(FIRST_PAUSE_SECONDS * 2 ** (child.falls - 1), LONGEST_PAUSE_SECONDS)
    child.process, child.again_at = None, now + pause
    say(f"The {child.name} process ended ({_ending(status)}); it starts again in {pause:g} s.")


def _falls_before_standing(child: Child) -> int:
    return 0 if child.has_been_up else child.falls


def _ending(status: int) -> str:
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def _stop(children: Sequence[Child]) -> None:
    running = [child.process for child in children if child.process is not None]
    for process in running:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + GRACE_SECONDS
    for process in running:
        with suppress(subprocess.TimeoutExpired):
            process.wait(max(0.0, deadline - time.monotonic()))
        _signal_group(process, signal.SIGKILL)
        process.wait()
