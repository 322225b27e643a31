"""Alive, ready, and what is said when the database is not."""

import json
from datetime import timedelta

import pytest
from django.db import OperationalError, ProgrammingError, connection
from django.test import Client
from django.utils import timezone

from ambit.audit import sealer, spool
from ambit.audit.models import AuditLine
from ambit.events.models import OutboxEvent
from ambit.site.outage import BUSY, FULL, NOT_SET_UP, UNREACHABLE, outage_of


def test_alive_without_a_database(client):
    answer = client.get("/health/live")
    assert (answer.status_code, answer.json()) == (200, {"live": True})


@pytest.mark.django_db
def test_ready(client, settings, tmp_path):
    settings.HOME = tmp_path
    answer = client.get("/health/ready")
    assert answer.status_code == 200
    found = answer.json()
    assert found["ready"]
    assert found["database"]
    assert found["migrated"]
    assert found["warnings"] == []
    assert answer["Cache-Control"].startswith("max-age=0")


@pytest.mark.django_db
def test_what_lags_is_a_warning_and_keeps_the_site_in_service(client, settings, tmp_path, reader):
    settings.HOME = tmp_path
    old = timezone.now() - timedelta(minutes=5)
    AuditLine.objects.create(at=old, name="a", role="gp", through="web", what="opened a record")
    OutboxEvent.objects.create(name="a.B", stream="a", payload={}, announced_at=old, next_at=old)
    OutboxEvent.objects.create(name="a.B", stream="b", payload={}, announced_at=old, next_at=old, parked_at=old)
    spool.keep(by=reader("operator"), what="opened the urgent page", at=old)
    answer = client.get("/health/ready")
    found = answer.json()
    assert answer.status_code == 200
    assert found["sealer_lag_seconds"] >= 300
    assert found["worker_lag_seconds"] >= 300
    assert (found["events_waiting"], found["events_parked"], found["spool_waiting"]) == (1, 1, 1)
    assert len(found["warnings"]) == 4
    sealer.Sealer().round()
    assert client.get("/health/ready").json()["sealer_lag_seconds"] == 0


@pytest.mark.django_db
def test_not_ready_without_a_database(client, monkeypatch):
    def away(*_):
        raise OperationalError("could not connect to server")

    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["database"] is False
    assert "could not connect" not in answer.content.decode()


class UndefinedTable(ProgrammingError):
    sqlstate = "42P01"


class DiskFull(OperationalError):
    sqlstate = "53100"


@pytest.mark.parametrize(
    ("problem", "outage"),
    [
        (OperationalError("database or disk is full"), FULL),
        (DiskFull("could not extend file"), FULL),
        (OSError(28, "No space left on device"), FULL),
        (OperationalError("database is locked"), BUSY),
        (OperationalError("connection to server failed"), UNREACHABLE),
        (OperationalError("disk I/O error"), UNREACHABLE),
        (OperationalError("attempt to write a readonly database"), UNREACHABLE),
        (OperationalError("no such table: packs_packsignoff"), NOT_SET_UP),
        (UndefinedTable('relation "packs_packsignoff" does not exist'), NOT_SET_UP),
        (ValueError("no"), None),
        (None, None),
    ],
)
def test_which_troubles_are_the_databases(problem, outage):
    assert outage_of(problem) is outage


def test_a_trouble_behind_another_is_found():
    problem = ValueError("the form could not be saved")
    problem.__cause__ = OSError(28, "No space left on device")
    assert outage_of(problem) is FULL


@pytest.mark.django_db
@pytest.mark.parametrize("outage", [FULL, BUSY, UNREACHABLE], ids=["full", "busy", "unreachable"])
def test_every_page_says_so_without_asking_the_database(client_as, monkeypatch, outage):
    words = {FULL: "database or disk is full", BUSY: "database is locked", UNREACHABLE: "server closed"}[outage]
    client = client_as("Otto Lamb")
    client.raise_request_exception = False

    def away(*_, **__):
        raise OperationalError(words)

    monkeypatch.setattr(connection, "cursor", away)
    answer = client.get("/audit/")
    assert answer.status_code == outage.status
    assert outage.title in answer.content.decode()
    assert "othing was saved" in answer.content.decode()
    assert answer["Retry-After"] == "30"
    monkeypatch.undo()
    assert client.get("/health/ready").status_code == 200


def test_json_holds_no_personal_data(client, db):
    assert set(json.loads(client.get("/health/ready").content)) == {
        "ready", "database", "migrated", "sealer_lag_seconds", "worker_lag_seconds", "events_waiting",
        "events_failing", "events_parked", "spool_waiting", "spool_unreadable", "disk_free_bytes", "warnings",
    }  # fmt: skip


def test_another_host_name_is_refused():
    assert Client(headers={"host": "elsewhere.example"}).get("/health/live").status_code == 400
