"""A disk that fills up: saves are refused in words, nothing is half there, reads go on, and it recovers alone (R2, H9)."""

import json
import os
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.sites import Site, until
from tests.reliability.test_kills import PRACTICE, WHAT_IS_THERE, nhs_number

pytestmark = pytest.mark.long


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """64 MB that nothing else uses."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], check=False)
    if os.geteuid() != 0 or mounted.returncode:
        pytest.skip("only root may mount the small disk that this fills up")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk(small_disk: Path) -> None:
    site = Site(small_disk / "home", settings="tests.reliability.settings")
    site.ambit("migrate")
    site.python(PRACTICE)
    numbers = filter(None, map(nhs_number, range(10_000)))

    with site.served("--workers", "1") as served:

        def save() -> tuple[int, str, str]:
            number = next(numbers)
            request = urllib.request.Request(f"{served.url}/save/{number}", method="POST")
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.status, answer.read().decode(), number
            except urllib.error.HTTPError as problem:
                return problem.code, problem.read().decode(), number

        acknowledged = []
        status, _, number = save()
        assert status == 201
        acknowledged.append(number)
        until(lambda: (site.home / "spool" / "reserve").exists(), 120)

        filler = small_disk / "filler"
        with filler.open("wb") as file:
            try:
                while True:
                    file.write(b"x" * 65_536)
                    file.flush()
            except OSError:
                pass
        refused = ""
        for _ in range(3_000):
            status, words, number = save()
            if status == 201:
                acknowledged.append(number)
            else:
                refused = words
                break
        assert status == 507, words
        assert "The disk is full" in refused
        assert "Nothing was saved" in refused
        ready = json.loads(served.get("/health/ready")[1])
        assert ready["database"]
        assert "The disk is nearly full." in ready["warnings"]
        # the urgent page's line still finds room, in what was held back for it
        kept = (
            "from datetime import UTC, datetime; from ambit.audit import spool; from ambit.access.queries import operator; "
            "print(spool.keep(by=operator(), what='opened the urgent page', at=datetime.now(UTC)))"
        )
        spooled = site.python(kept).strip()

        filler.unlink()
        status, _, number = save()
        assert status == 201, "it does not recover without a restart"
        acknowledged.append(number)
        until(lambda: json.loads(served.get("/health/ready")[1])["spool_waiting"] == 0, 120)
        until(lambda: json.loads(served.get("/health/ready")[1])["events_waiting"] == 0, 120)
    there = json.loads(site.python(WHAT_IS_THERE))
    assert set(there["people"]) == set(acknowledged)
    for part in ("entries", "admitted", "added", "events", "tasks"):
        assert there[part] == dict.fromkeys(acknowledged, 1), part
    assert site.answer("audit", "verify")["ok"]
    count = f"from ambit.audit.models import AuditLine; print(AuditLine.objects.filter(spool_id='{spooled}').count())"
    assert site.python(count) == "1\n"
