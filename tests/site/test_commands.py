"""Running a site from the command line."""

import json
import subprocess
import sys
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.utils import timezone

from ambit.audit.models import AuditLine
from ambit.events.models import OutboxEvent
from ambit.site import commands, config, processes, supervision
from ambit.site.main import main
from ambit.site.supervision import CannotServe

pytestmark = pytest.mark.django_db


def run(*words):
    return CliRunner().invoke(main, words)


@pytest.fixture
def parked():
    now = timezone.now()
    return OutboxEvent.objects.create(
        name="a.Happened", stream=str(uuid4()), payload={"note": "Mrs Ashworth"}, announced_at=now, next_at=now,
        parked_at=now, attempts=8, problem="a.listen: ValueError at listen:3",
    )  # fmt: skip


def test_worker_status_shows_what_is_parked_without_its_content(parked):
    done = run("worker", "--status", "--json")
    said = json.loads(done.stdout)
    assert (said["waiting"], said["parked"], said["parked_events"][0]["name"]) == (0, 1, "a.Happened")
    assert "Ashworth" not in done.output
    assert "a.listen: ValueError" in run("worker", "--status").output


def test_parked_events_are_tried_again_and_that_is_audited(parked):
    assert json.loads(run("worker", "--retry-parked", "--json").stdout) == {"retried": 1}
    parked.refresh_from_db()
    assert (parked.parked_at, parked.attempts) == (None, 0)
    assert AuditLine.objects.get(what="retried parked events").details == {"events": 1}


@pytest.mark.parametrize(("name", "process"), [("worker", "worker"), ("sealer", "seal"), ("clock", "clock")])
def test_each_process_runs_until_it_is_told_to_stop(monkeypatch, name, process):
    ran = []
    monkeypatch.setattr(processes, process, ran.append)
    monkeypatch.setattr(processes, "stop_on_signals", lambda: "stop")
    assert run(name).exit_code == 0
    assert ran == ["stop"]


def test_serve_runs_web_worker_sealer_and_clock(monkeypatch):
    started = []
    monkeypatch.setattr(supervision, "must_be_free", lambda host, port: None)
    monkeypatch.setattr(supervision, "supervise", lambda children, say: started.extend(children))
    assert run("serve", "--port", "8123", "--workers", "3").exit_code == 0
    assert [child.name for child in started] == ["web", "worker", "sealer", "clock"]
    assert {"8123", "3"} <= set(started[0].command)


def test_serve_loads_no_django_before_its_processes_do():
    code = (
        "import sys; from ambit.site.main import main; main(['serve', '--help'], standalone_mode=False); "
        "sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, check=False).returncode == 0


def test_serve_says_why_it_cannot(monkeypatch):
    def taken(host, port):
        raise CannotServe("Port 8123 on 127.0.0.1 cannot be used.")

    monkeypatch.setattr(supervision, "must_be_free", taken)
    done = run("serve", "--port", "8123")
    assert done.exit_code == 1
    assert "Port 8123 on 127.0.0.1 cannot be used." in done.output


def test_run_refuses_a_live_site(settings, tmp_path, place, monkeypatch):
    settings.HOME = tmp_path
    monkeypatch.setattr(commands, "serve_until_stopped", lambda **_: pytest.fail("it served"))
    done = run("run")
    assert done.exit_code == 1
    assert "holds a live site" in done.output
    settings.DEMONSTRATION = False
    assert "holds a live site" in run("run").output
    assert not (tmp_path / "deployment").exists()


def test_a_new_site_becomes_a_demonstration_and_remembers_it(tmp_path, monkeypatch):
    monkeypatch.delenv("AMBIT_DEPLOYMENT")
    monkeypatch.delenv("AMBIT_DATABASE_URL", raising=False)
    monkeypatch.setenv("AMBIT_HOME", str(tmp_path / "home"))
    assert config.Config().deployment == "live"
    config.becomes_demonstration()
    monkeypatch.delenv("AMBIT_DEPLOYMENT")
    assert config.Config().deployment == "demonstration"
    monkeypatch.setenv("AMBIT_DEPLOYMENT", "live")
    assert config.Config().deployment == "live"


@pytest.mark.parametrize("why", ["a database stands", "the database is elsewhere", "told to be live"])
def test_a_site_that_stands_does_not_become_one(tmp_path, monkeypatch, why):
    monkeypatch.delenv("AMBIT_DEPLOYMENT")
    monkeypatch.setenv("AMBIT_HOME", str(tmp_path))
    if why == "a database stands":
        monkeypatch.delenv("AMBIT_DATABASE_URL", raising=False)
        (tmp_path / "ambit.sqlite3").touch()
    elif why == "the database is elsewhere":
        monkeypatch.setenv("AMBIT_DATABASE_URL", "postgresql://ambit@db/ambit")
    else:
        monkeypatch.setenv("AMBIT_DEPLOYMENT", "live")
    config.becomes_demonstration()
    assert config.Config().deployment == "live"
    assert not config.deployment_mark(tmp_path).exists()
