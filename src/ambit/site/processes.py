"""What the worker, the sealer and the clock do, round after round, until they are asked to stop.

A database that goes away ends no process: the round is given up, the connection closed, and the next one tries again.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import IntegrityError, close_old_connections, connections, transaction
from django.tasks import TaskResultStatus
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from ambit.audit import sealer, spool
from ambit.events.delivery import deliver_due
from ambit.site.models import NightlyRun
from ambit.site.nightly import NIGHTLY, Job

log = structlog.get_logger("ambit.process")

# how soon an announced event is looked for
WORKER_SECONDS = 0.5
TASKS_SECONDS = 1.0
CLOCK_SECONDS = 30.0
RESERVE_SECONDS = 60.0
# the longest pause after rounds that failed one after another
LONGEST_PAUSE_SECONDS = 10.0
NIGHT_BEGINS_HOUR = 2
# a job that began so long ago and never ended was killed; it is done again
GIVEN_UP_AFTER = timedelta(hours=6)


def stop_on_signals() -> threading.Event:
    """Set when SIGTERM or SIGINT asks this process to stop after its round."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def keep_doing(name: str, work: Callable[[], object], *, every: float, stop: threading.Event) -> None:
    """Do `work` every so many seconds until stopped; a failing round is logged and tried again, later each time."""
    failed = 0
    while not stop.is_set():
        pause = every
        try:
            close_old_connections()
            work()
            failed = 0
        except Exception:
            failed += 1
            pause = min(every * 2**failed, LONGEST_PAUSE_SECONDS)
            log.exception("round.failed", process=name, in_a_row=failed)
            connections.close_all()
        stop.wait(pause)
    connections.close_all()


def worker(stop: threading.Event) -> None:
    """Deliver events; beside them, in a thread of its own, run background tasks, which may take long."""
    name = f"{socket.gethostname()[:40]}:{os.getpid()}:{get_random_string(8)}"
    tasks = threading.Thread(
        target=keep_doing,
        args=("tasks", lambda: run_tasks(name, stop)),
        kwargs={"every": TASKS_SECONDS, "stop": stop},
        daemon=True,
    )
    tasks.start()
    keep_doing("worker", deliver_due, every=WORKER_SECONDS, stop=stop)
    tasks.join(timeout=10)


def run_tasks(name: str, stop: threading.Event) -> None:
    """Run the background tasks that are due, after taking back those whose worker was killed."""
    take_back_tasks(name)
    while not stop.is_set() and DBTaskResult.objects.ready().exists():
        Worker(
            queue_names=["*"], excluded_queue_names=[], interval=0, batch=True, backend_name="default",
            startup_delay=False, max_tasks=1, worker_id=name,
        ).run()  # fmt: skip


def take_back_tasks(name: str) -> int:
    """Make tasks of killed workers on this machine ready again: tasks are safe to repeat, and none is lost."""
    count = 0
    for task in DBTaskResult.objects.running():
        if task.worker_ids and _was_killed(task.worker_ids[-1], name):
            still = DBTaskResult.objects.filter(pk=task.pk, status=TaskResultStatus.RUNNING)
            count += still.update(status=TaskResultStatus.READY)
    return count


def _was_killed(theirs: str, ours: str) -> bool:
    """A worker of this machine whose process is gone; of other machines nothing is known."""
    host, _, rest = theirs.partition(":")
    pid = rest.partition(":")[0]
    return theirs != ours and host == ours.partition(":")[0] and pid.isdigit() and not _lives(int(pid))


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def seal(stop: threading.Event) -> None:
    """Replay what waited on the disk, chain what was written, and hold some of the disk back for bad times."""
    sealing = sealer.Sealer()
    reserved_at = float("-inf")

    def one_round() -> None:
        nonlocal reserved_at
        spool.replay()
        sealing.round()
        if time.monotonic() - reserved_at > RESERVE_SECONDS:
            spool.keep_reserve()
            reserved_at = time.monotonic()

    keep_doing("sealer", one_round, every=settings.CONFIG.seal_seconds, stop=stop)


def clock(stop: threading.Event) -> None:
    """Do what happens every night, once a night, from two o'clock on."""
    keep_doing("clock", lambda: do_nightly(timezone.localtime()), every=CLOCK_SECONDS, stop=stop)


def do_nightly(now: datetime) -> list[str]:
    """Do the jobs of tonight that nobody has done; their names."""
    if now.hour < NIGHT_BEGINS_HOUR:
        return []
    return [job.name for job in NIGHTLY if _do_once(job, now)]


def _do_once(job: Job, now: datetime) -> bool:
    run = _take(job, now)
    if run is None:
        return False
    try:
        job.do()
    except Exception as problem:
        run.problem = type(problem).__name__
        log.exception("nightly.failed", job=job.name)
    run.ended_at = timezone.now()
    run.save(update_fields=["ended_at", "problem"])
    log.info("nightly.done", job=job.name, ok=not run.problem)
    return True


def _take(job: Job, now: datetime) -> NightlyRun | None:
    known = NightlyRun.objects.filter(on=now.date(), job=job.name).first()
    if known is None:
        try:
            with transaction.atomic():
                return NightlyRun.objects.create(on=now.date(), job=job.name, began_at=now)
        except IntegrityError:
            return None
    if known.ended_at is None and now - known.began_at > GIVEN_UP_AFTER:
        again = NightlyRun.objects.filter(pk=known.pk, began_at=known.began_at).update(began_at=now)
        return NightlyRun.objects.get(pk=known.pk) if again else None
    return None
