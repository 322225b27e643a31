"""Worker, sealer and clock: what a round does, what is made up for, what survives a database that is away."""

import os
import threading
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import OperationalError
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult, get_date_max

from ambit.access.models import Draft
from ambit.audit.models import AuditLine
from ambit.site import nightly, processes
from ambit.site.models import NightlyRun
from ambit.site.nightly import Job

NIGHT = datetime(2026, 11, 22, 2, 0, tzinfo=ZoneInfo("Europe/London"))


@pytest.fixture
def done(monkeypatch):
    done = []
    monkeypatch.setattr(
        processes, "NIGHTLY", [Job("first", lambda: done.append("first")), Job("second", lambda: 1 / 0)]
    )
    return done


@pytest.mark.django_db
def test_once_a_night_from_two_on(done):
    assert processes.do_nightly(NIGHT - timedelta(minutes=1)) == []
    assert processes.do_nightly(NIGHT) == ["first", "second"]
    assert processes.do_nightly(NIGHT + timedelta(hours=5)) == []
    assert processes.do_nightly(NIGHT + timedelta(days=1)) == ["first", "second"]
    assert done == ["first", "first"]
    assert [(run.job, run.problem, run.ended_at is not None) for run in NightlyRun.objects.order_by("id")[:2]] == [
        ("first", "", True),
        ("second", "ZeroDivisionError", True),
    ]


@pytest.mark.django_db
def test_a_killed_job_is_done_again_and_a_running_one_is_left_alone(done):
    NightlyRun.objects.create(on=NIGHT.date(), job="first", began_at=NIGHT)
    assert "first" not in processes.do_nightly(NIGHT + timedelta(hours=5))
    assert "first" in processes.do_nightly(NIGHT + timedelta(hours=7))


@pytest.mark.django_db
def test_the_jobs_that_ship_run():
    for job in nightly.NIGHTLY:
        job.do()
    assert len({job.name for job in nightly.NIGHTLY}) == len(nightly.NIGHTLY)


@pytest.mark.django_db
def test_old_drafts_are_let_go_and_no_others(account_of):
    account = account_of("gp")
    for days in (1, 8):
        saved_at = timezone.now() - timedelta(days=days)
        Draft.objects.create(account=account, path="/people/", data={}, saved_at=saved_at)
    nightly.expire_drafts()
    assert Draft.objects.get().saved_at > timezone.now() - timedelta(days=2)
    assert AuditLine.objects.get(what="let go of old drafts").details == {"drafts": 1}


def task_of(worker: str) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING, args_kwargs={"args": [], "kwargs": {}}, task_path="a.b", worker_ids=[worker],
        backend_name="default", run_after=get_date_max(), exception_class_path="", traceback="", started_at=timezone.now(),
    )  # fmt: skip


@pytest.mark.django_db
def test_tasks_of_a_killed_worker_are_taken_back_and_no_others():
    gone = task_of("here:999999999:x")
    ours = task_of(f"here:{os.getpid()}:x")
    elsewhere = task_of("there:999999999:x")
    odd = task_of("whoever")
    assert processes.take_back_tasks(f"here:{os.getpid()}:y") == 1
    for task, status in [(gone, "READY"), (ours, "RUNNING"), (elsewhere, "RUNNING"), (odd, "RUNNING")]:
        task.refresh_from_db()
        assert task.status == status


def test_a_round_that_fails_is_tried_again_on_a_new_connection(monkeypatch):
    stop, rounds, closed = threading.Event(), [], []
    monkeypatch.setattr(processes, "close_old_connections", lambda: None)
    monkeypatch.setattr(processes.connections, "close_all", lambda: closed.append(len(rounds)))

    def work():
        rounds.append(uuid4())
        if len(rounds) == 3:
            stop.set()
        else:
            raise OperationalError("server closed the connection")

    processes.keep_doing("worker", work, every=0.001, stop=stop)
    assert len(rounds) == 3
    assert closed == [1, 2, 3]
