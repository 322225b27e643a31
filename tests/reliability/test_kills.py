"""`kill -9` while eight clients save over HTTP: nothing that was acknowledged is lost, nothing is half there (R1, H9, H22).

What each client was told is kept outside the server, faults are put in, and then the two are compared (Jepsen's way).
"""

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.reliability.sites import ROOT, Served, Site, descendants, until

pytestmark = [
    pytest.mark.long,
    # a client whose server is killed in the middle of an answer leaves its socket to the collector
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

KILLS = int(os.environ.get("AMBIT_TEST_KILLS", "20"))
EVENTS = 15 * KILLS
CLIENTS = 8
SEED = int(os.environ.get("AMBIT_TEST_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)

PRACTICE = """
from ambit.organisations.models import Organisation
icb = Organisation.objects.create(code="QZZ", name="Northmarch", kind="system")
practice = Organisation.objects.create(code="Z90001", name="Brackenhill Surgery", kind="practice", part_of=icb)
"""

WHAT_IS_THERE = """
import json
from collections import Counter
from ambit.audit.models import AuditLine
from ambit.coordination.models import Task
from ambit.events.models import Delivery, OutboxEvent
from ambit.people.models import PersonNumber
from ambit.register.models import RegisterEntry
number = {str(p): v for p, v in PersonNumber.objects.filter(kind="nhs").values_list("person_id", "value")}
def by_number(people):
    return Counter(number.get(str(person), "nobody") for person in people)
joined = OutboxEvent.objects.filter(name="register.PersonJoined")
print(json.dumps({
    "people": list(number.values()),
    "entries": by_number(RegisterEntry.objects.values_list("person_id", flat=True)),
    "admitted": by_number(AuditLine.objects.filter(what="admitted a person").values_list("about", flat=True)),
    "added": by_number(AuditLine.objects.filter(what="added to the register").values_list("about", flat=True)),
    "events": by_number(event["person_id"] for event in joined.values_list("payload", flat=True)),
    "tasks": by_number(Task.objects.values_list("person_id", flat=True)),
    "undelivered": OutboxEvent.objects.filter(delivered_at=None).count(),
    "deliveries": Delivery.objects.count(),
}))
"""

TAMPER = """
from django.db import connection
from ambit.audit.models import AuditSeal
with connection.cursor() as cursor:
    if connection.vendor == "postgresql":
        cursor.execute("SET session_replication_role = replica")
    else:
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'")
        for (trigger,) in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {{trigger}}")
    last = AuditSeal.objects.order_by("-seq").first().seq
    line_of = lambda seq: AuditSeal.objects.get(seq=seq).line_id
    {what}
"""


def nhs_number(counter: int) -> str | None:
    """A number of the fictional range 999 with its check digit, where there is one."""
    digits = f"999{counter:06d}"
    check = 11 - sum(int(digit) * (10 - at) for at, digit in enumerate(digits)) % 11
    return {11: f"{digits}0", 10: None}.get(check, f"{digits}{check}")


class Clients:
    """Eight who save without pause, and the log of what they were told."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self.acknowledged: list[str] = []
        self.refused: Counter[int] = Counter()
        self.broken = 0
        self.stop = threading.Event()
        self.counter = iter(range(1_000_000))
        self.lock = threading.Lock()
        self.threads = [threading.Thread(target=self.save_on) for _ in range(CLIENTS)]
        for thread in self.threads:
            thread.start()

    def save_on(self) -> None:
        connection = None
        while not self.stop.is_set():
            with self.lock:
                number = next(filter(None, map(nhs_number, self.counter)))
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=30)
                connection.request("POST", f"/save/{number}")
                answer = connection.getresponse()
                answer.read()
                with self.lock:
                    if answer.status == 201:
                        self.acknowledged.append(number)
                    else:
                        self.refused[answer.status] += 1
            except (OSError, http.client.HTTPException):
                if connection:
                    connection.close()
                connection = None
                with self.lock:
                    self.broken += 1
                time.sleep(0.2)
        if connection:
            connection.close()

    def save(self, more: int) -> None:
        """Wait until so many more saves were acknowledged."""
        enough = len(self.acknowledged) + more
        try:
            until(lambda: len(self.acknowledged) >= enough, 120)
        except AssertionError as problem:
            raise AssertionError(f"saving stands still; refused {self.refused}, cut off {self.broken}") from problem

    def finish(self) -> None:
        self.stop.set()
        for thread in self.threads:
            thread.join(60)


def test_nothing_acknowledged_is_lost(site: Site, capsys: pytest.CaptureFixture[str]) -> None:
    chance = random.Random(SEED)
    site.settings = "tests.reliability.settings"
    site.python(PRACTICE)
    starts = []
    with site.served("--workers", "2") as served:
        clients = Clients(served)
        try:
            for _ in range(KILLS):
                # in the middle of saving, never before it has begun again
                clients.save(chance.randrange(1, 60))
                time.sleep(chance.uniform(0, 0.05))
                served.kill()
                began = time.monotonic()
                served.start()
                starts.append(time.monotonic() - began)
            clients.save(20)
        finally:
            clients.finish()
        until(lambda: json.loads(served.get("/health/ready")[1])["events_waiting"] == 0, 900)
        time.sleep(1)
    there = json.loads(site.python(WHAT_IS_THERE))

    people = set(there["people"])
    lost = set(clients.acknowledged) - people
    assert not lost, f"{len(lost)} acknowledged saves are lost (seed {SEED})"
    once = dict.fromkeys(people, 1)
    for part in ("entries", "admitted", "added", "events", "tasks"):
        assert there[part] == once, f"{part}: not exactly one for each person (seed {SEED})"
    assert there["undelivered"] == 0
    assert there["deliveries"] == len(people)
    verdict = site.answer("audit", "verify")
    assert verdict["ok"], verdict

    with capsys.disabled():
        print(
            f"\n{KILLS} kills, seed {SEED}: {len(clients.acknowledged)} saves acknowledged, 0 lost; "
            f"{len(people)} people, each whole; {clients.broken} requests cut off, refused {dict(clients.refused)}; "
            f"{verdict['lines']} audit lines whole; ready again after {max(starts):.1f} s at most"
        )

    def broken_after(what: str) -> dict:
        site.python(TAMPER.format(what=what))
        return site.answer("audit", "verify", status=1)["first_broken"]

    lines = "SELECT line_id FROM audit_auditseal WHERE seq"
    fifth, twentieth = (line for (line,) in site.rows(f"{lines} IN (5, 20) ORDER BY seq"))
    sealed = site.answer("audit", "verify")["sealed"]
    tail = broken_after(
        'first = line_of(last - 9); cursor.execute(f"DELETE FROM audit_auditseal WHERE seq > {last - 10}"); '
        'cursor.execute(f"DELETE FROM audit_auditline WHERE id >= {first}")'
    )
    assert tail["kind"] == "truncated tail"
    assert tail["seq"] > sealed - 20
    removed = broken_after(f'cursor.execute("DELETE FROM audit_auditline WHERE id = {twentieth}")')
    assert (removed["kind"], removed["line"], removed["seq"]) == ("removed line", twentieth, 20)
    changed = broken_after(f"cursor.execute(\"UPDATE audit_auditline SET what = 'nothing' WHERE id = {fifth}\")")
    assert (changed["kind"], changed["line"], changed["seq"]) == ("changed line", fifth, 5)


def test_nothing_lives_on_when_its_parents_are_killed(tmp_path: Path) -> None:
    """The kernel, when memory is short, kills one process and not those that it started."""
    site = Site(tmp_path / "home")
    site.ambit("migrate")
    with site.served("--workers", "2") as served:
        # the supervisor, and the web server's first process, which holds the port with its workers
        parents = [served.process.pid, *(pid for pid in descendants(served.process.pid) if descendants(pid))]
        assert len(parents) == 2
        served.kill(only=lambda pid: pid in parents)
        served.start()
        assert served.get("/health/ready")[0] == 200


ANNOUNCE = """
from datetime import date
from django.db import transaction
from tests.reliability.test_kills import nhs_number
from tests.reliability.urls import save
from django.test import RequestFactory
done = 0
for counter in range(2000):
    if (number := nhs_number(counter)) and done < {events}:
        save(RequestFactory().post("/"), number)
        done += 1
print(done)
"""


def test_a_killed_worker_loses_no_event_and_does_nothing_twice(site: Site) -> None:
    chance = random.Random(SEED)
    site.python(PRACTICE)
    assert site.python(ANNOUNCE.format(events=EVENTS)) == f"{EVENTS}\n"

    def waiting() -> int:
        return site.rows("SELECT count(*) FROM events_outboxevent WHERE delivered_at IS NULL")[0][0]

    kills = 0
    command = [sys.executable, "-m", "ambit.site.main", "worker"]
    while left := waiting():
        # two at once, as on two machines
        workers = [
            subprocess.Popen(command, env=site.environment(), cwd=ROOT, stderr=subprocess.DEVNULL) for _ in range(2)
        ]
        enough = max(0, left - chance.randrange(5, 25))
        until(lambda enough=enough: waiting() <= enough, 300)
        for worker in workers:
            worker.send_signal(signal.SIGKILL)
            worker.wait()
        kills += 1
    there = json.loads(site.python(WHAT_IS_THERE))
    assert there["undelivered"] == 0
    assert there["tasks"] == dict.fromkeys(there["people"], 1)
    assert there["deliveries"] == len(there["people"]) == EVENTS
    assert kills
