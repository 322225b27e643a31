"""A site's processes are started, restarted and stopped together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from ambit.site import supervision
from ambit.site.supervision import CannotServe, Child

STAYS = "import time; time.sleep(60)"


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_a_port_in_use_is_said_in_words():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(CannotServe, match=f"Port {port} on 127.0.0.1 cannot be used.*--port"):
            supervision.must_be_free("127.0.0.1", port)


def test_an_address_that_is_not_ours_is_said_in_words():
    with pytest.raises(CannotServe, match="cannot be used"):
        supervision.must_be_free("192.0.2.1", 8000)


def test_a_web_process_that_cannot_start_ends_everything(monkeypatch):
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 0.01)
    others = Child(name="worker", command=python(STAYS))
    with pytest.raises(CannotServe, match="fell over 3 times"):
        supervision.supervise([Child(name="web", command=python("raise SystemExit(3)")), others], say=lambda _: None)
    assert others.process.poll() is not None


def test_what_falls_over_is_started_again_and_all_stop_together(tmp_path):
    starts = tmp_path / "starts"
    said = []
    web = Child(name="web", command=python(STAYS))
    worker = Child(name="worker", command=python(f"open({str(starts)!r}, 'a').write('x'); {STAYS}"))

    def kill_then_stop():
        _until(lambda: starts.exists() and worker.process)
        os.kill(worker.process.pid, signal.SIGKILL)
        _until(lambda: len(starts.read_text()) == 2)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=kill_then_stop).start()
    supervision.supervise([web, worker], say=said.append)
    assert said == ["The worker process ended (signal SIGKILL); it starts again in 0.5 s."]
    assert web.process.poll() is not None
    assert worker.process.poll() is not None


def test_pauses_grow(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(supervision.time, "monotonic", lambda: now[0])
    child = Child(name="worker", command=python(""))
    pauses = []
    for _ in range(8):
        supervision._start(child)
        child.process.wait()
        supervision._look_after(child, say=lambda _: None)
        pauses.append(child.again_at - now[0])
        now[0] = child.again_at
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells children of a killed parent on Linux only")
def test_children_end_when_their_supervisor_is_killed(tmp_path):
    pid = tmp_path / "pid"
    child = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    code = (
        "import sys; from ambit.site.supervision import Child, supervise; "
        f"supervise([Child(name='web', command=[sys.executable, '-c', {child!r}])], say=print)"
    )
    parent = subprocess.Popen(python(code))
    _until(lambda: pid.exists() and pid.read_text())
    parent.kill()
    parent.wait()
    number = int(pid.read_text())
    _until(lambda: not _lives(number))


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel tells children of a killed parent on Linux only")
def test_a_child_whose_parent_is_gone_already_ends_itself():
    code = (
        "import os, signal, time; from ambit.site.supervision import end_with_parent; "
        "end_with_parent(os.getppid() + 1, signal.SIGTERM); time.sleep(60)"
    )
    assert subprocess.run(python(code), check=False).returncode == -signal.SIGTERM


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().split()[2] != "Z"
    except OSError:
        return False


def _until(true, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)
