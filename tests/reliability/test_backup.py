"""A backup made while the site is in use, put back: everything is there again, or nothing was changed (R11)."""

import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.reliability.sites import Site

pytestmark = pytest.mark.long

WRITE = """
from ambit.access.queries import operator
from ambit.audit import actions, sealer
from ambit.people import actions as people
from ambit.people.rules import Identity
from django.db import transaction
from datetime import date
identity = Identity(given_names="Joan", family_name="Preston", nhs_number="9990000018", born_on=date(1942, 5, 9), sex="female")
people.admit(by=operator(), identity=identity)
sealer.Sealer().round()
"""


@pytest.fixture
def filled(site: Site) -> Site:
    site.python(WRITE)
    for name, content in {
        "population/part-0.parquet": b"PAR1",
        "uploads/a/letter.pdf": b"%PDF",
        "secret-key": b"k",
    }.items():
        path = site.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return site


def test_there_and_back(filled: Site, tmp_path: Path) -> None:
    file = tmp_path / "backups" / "one.zip"
    with filled.served("--workers", "1") as served:
        said = filled.answer("backup", str(file))
        assert served.get("/health/ready")[0] == 200
    assert (said["people"], said["bytes"]) == (1, file.stat().st_size)
    assert said["sha256"] == hashlib.sha256(file.read_bytes()).hexdigest()
    assert file.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(file) as archive:
        assert {"database", "anchors/audit.jsonl", "population/part-0.parquet", "uploads/a/letter.pdf"} <= set(
            archive.namelist()
        )
        assert "secret-key" not in archive.namelist()
    assert "already there" in filled.ambit("backup", str(file), status=1).stderr

    # what happens after the backup is replaced, and kept beside it
    filled.python(WRITE.replace("Joan", "Amir").replace("9990000018", "9997170326"))
    (filled.home / "uploads/a/later.pdf").write_bytes(b"later")
    refused = filled.ambit("restore", str(file), status=1).stderr
    assert "already holds 2 people" in refused
    assert "--replace" in refused
    restored = filled.answer("restore", str(file), "--replace")
    assert {**restored, "file": ""} == {**said, "file": ""}
    assert filled.python("from ambit.people.models import Person; print(Person.objects.get().given_names)") == "Joan\n"
    assert not (filled.home / "uploads/a/later.pdf").exists()
    assert (filled.home / "uploads/a/letter.pdf").read_bytes() == b"%PDF"
    assert filled.answer("audit", "verify")["ok"]
    lines = (
        "from ambit.audit.models import AuditLine; print(AuditLine.objects.filter(what='restored a backup').count())"
    )
    assert filled.python(lines) == "1\n"

    # the replaced state can be put back in turn
    (kept,) = (filled.home / "replaced").glob("*.zip")
    filled.answer("restore", str(kept), "--replace")
    assert filled.python("from ambit.people.models import Person; print(Person.objects.count())") == "2\n"
    assert filled.answer("audit", "verify")["ok"]
    assert not list(filled.home.glob("restoring-*"))


def test_into_an_empty_site_while_it_is_served(filled: Site, tmp_path: Path) -> None:
    file = tmp_path / "one.zip"
    said = filled.answer("backup", str(file))
    if filled.database_url:
        filled.python(
            "from django.db import connection; connection.cursor().execute('DROP SCHEMA public CASCADE; CREATE SCHEMA public')"
        )
        shutil.rmtree(filled.home)
        fresh = filled
    else:
        fresh = Site(tmp_path / "fresh")
    fresh.ambit("migrate")
    with fresh.served("--workers", "1") as served:
        fresh.answer("restore", str(file), "--sha256", said["sha256"], "--replace")
        assert served.get("/health/ready")[0] == 200
        assert fresh.python("from ambit.people.models import Person; print(Person.objects.count())") == "1\n"
    assert fresh.answer("audit", "verify")["ok"]
