"""A site of its own, in its own folder and processes, on either database: what is killed here is the real thing."""

import json
import os
import random
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ambit.site.scratch_postgres import NoPostgres, scratch_postgres

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Site:
    home: Path
    database_url: str = ""
    settings: str = "ambit.site.settings"

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("AMBIT_", "DJANGO_"))}
        return {
            **kept,
            "AMBIT_HOME": str(self.home),
            "AMBIT_DATABASE_URL": self.database_url,
            "AMBIT_DEPLOYMENT": "demonstration",
            "AMBIT_SEAL_SECONDS": "0.2",
            "DJANGO_SETTINGS_MODULE": self.settings,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]),
            "COLUMNS": "200",
        }

    def ambit(self, *words: str, status: int | None = 0) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "ambit.site.main", *words]
        done = subprocess.run(command, env=self.environment(), cwd=ROOT, capture_output=True, text=True, check=False)
        assert status is None or done.returncode == status, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def answer(self, *words: str, status: int = 0) -> dict[str, Any]:
        return json.loads(self.ambit(*words, "--json", status=status).stdout)

    def python(self, code: str) -> str:
        """Run code inside the site, as its own Django."""
        begin = "import ambit.site, django; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", begin + code],
            env=self.environment(),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def rows(self, sql: str) -> list[Any]:
        """Rows read from the site's database behind its back: what a process of its own would take a second for."""
        if self.database_url:
            with psycopg.connect(self.database_url) as connection:
                return connection.execute(sql).fetchall()
        with closing(sqlite3.connect(f"file:{self.home / 'ambit.sqlite3'}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()

    @contextmanager
    def served(self, *options: str) -> Iterator["Served"]:
        served = Served(self, options)
        try:
            yield served
        finally:
            served.stop()


class Served:
    """`ambit serve` of a site, which can be killed with everything it started."""

    def __init__(self, site: Site, options: tuple[str, ...]) -> None:
        self.site, self.options = site, options
        self.port = quiet_port()
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "ambit.site.main", "serve", "--port", str(self.port), *self.options]
        self.log = self.log_file.open("ab")
        self.process = subprocess.Popen(
            command, env=self.site.environment(), cwd=ROOT, stdout=self.log, stderr=self.log
        )
        until(self.is_ready, 240)

    @property
    def log_file(self) -> Path:
        return self.site.home.parent / f"{self.site.home.name}.log"

    def is_ready(self) -> bool:
        ended = self.process.poll()
        assert ended is None, f"it ended with status {ended} while starting:\n{self.log_file.read_text()[-2000:]}"
        return self.get("/health/ready")[0] == 200

    def kill(self, *, only: Callable[[int], bool] = lambda pid: True) -> None:
        """What a power cut does to the processes: every one at once, the supervisor first; then all must be gone."""
        everyone = [self.process.pid, *descendants(self.process.pid)]
        for pid in filter(only, everyone):
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()
        until(lambda: not any(lives(pid) for pid in everyone), 60)

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)
        self.log.close()

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as problem:
            return problem.code, problem.read().decode()
        except OSError:
            return 0, ""


def quiet_port() -> int:
    """A free port that the kernel gives to nobody by itself.

    From the others it also gives the near end of a connection: whoever asks again and again for a server that is being
    started anew would sooner or later be connected to itself, and hold the very port the server needs.
    """
    for port in random.SystemRandom().sample(range(20_000, 30_000), 100):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("no port is free")


def descendants(pid: int) -> list[int]:
    """Every process below this one, from /proc."""
    below = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            below += [int(child), *descendants(int(child))]
    return below


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def until(true: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each test on both databases; the PostgreSQL one waits for its disk, as in service."""
    if request.param == "sqlite":
        yield ""
        return
    try:
        with scratch_postgres(durable=True) as url:
            yield url
    except NoPostgres as problem:
        pytest.skip(str(problem))


@pytest.fixture
def site(database_url: str, tmp_path: Path) -> Site:
    made = Site(tmp_path / "home", database_url)
    made.ambit("migrate")
    return made
