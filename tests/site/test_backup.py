"""A backup that is damaged, cut short or not ours is refused before anything of the site is touched."""

import hashlib
import json
import sqlite3
import zipfile
from contextlib import closing

import pytest
from django.db import connection

from ambit.access.queries import operator
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed
from ambit.design.refusals import Refused
from ambit.site import backup

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path, monkeypatch):
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()

    def touched(*_):
        raise AssertionError("the database was touched")

    monkeypatch.setattr(backup, "_put_database_back", touched)
    return settings.HOME


def made(folder, *, parts=None, missing=(), **changed):
    """A backup file as `back_up` writes it, but for what the test changes."""
    held = {"database": b"db", "anchors/audit.jsonl": b"{}", "uploads/letter.pdf": b"%PDF"}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in held.items()}
    for name, content in (parts or {}).items():
        hashes.setdefault(name, hashlib.sha256(content).hexdigest())
        held[name] = content
    manifest = {
        "format": 1,
        "database": connection.vendor,
        "people": 0,
        "audit_lines": 0,
        "made_at": "",
        "parts": hashes,
    }
    file = folder / "backup.zip"
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in held.items():
            if name not in missing:
                archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(manifest | changed))
    return file


def refused(file, words, home, **options):
    with pytest.raises(Refused, match=words):
        backup.restore(by=operator(), file=file, **options)
    assert list(home.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"parts": {"anchors/audit.jsonl": b"changed"}}, "anchors/audit.jsonl in the backup was changed"),
        ({"missing": ["uploads/letter.pdf"]}, "does not hold the parts that its list names"),
        ({"database": "oracle"}, "holds an? oracle database"),
        ({"format": 99}, "made by another release"),
        ({"parts": {"../outside": b"x"}}, "none of Ambit"),
        ({"parts": {"/outside": b"x"}}, "none of Ambit"),
        ({"parts": {"secret-key": b"x"}}, "none of Ambit"),
        ({"parts": {"uploads/../../outside": b"x"}}, "none of Ambit"),
    ],
)
def test_a_part_that_is_not_as_listed(home, tmp_path, change, words):
    refused(made(tmp_path, **change), words, home)
    assert not (tmp_path / "outside").exists()


def test_half_a_file(home, tmp_path):
    file = made(tmp_path)
    file.write_bytes(file.read_bytes()[:200])
    refused(file, "only a part of one", home)


def test_no_backup_at_all(home, tmp_path):
    file = tmp_path / "letter.txt"
    file.write_text("hello")
    refused(file, "not a backup of Ambit", home)


def test_one_bit(home, tmp_path):
    file = made(tmp_path)
    content = bytearray(file.read_bytes())
    content[content.index(b"%PDF")] ^= 1
    file.write_bytes(content)
    refused(file, "Nothing was changed", home)


def test_another_hash_than_was_written_down(home, tmp_path):
    refused(made(tmp_path), "it was changed or cut short", home, sha256="0" * 64)


def test_a_site_that_holds_something_is_not_replaced_unasked(home, tmp_path):
    audit.record(by=operator(), what="opened a record")
    refused(made(tmp_path), "already holds 1 audit lines.*--replace", home)


def test_only_the_operator(reader, home, tmp_path):
    for who in ("gp", "system_administrator"):
        with pytest.raises(NotAllowed):
            backup.restore(by=reader(who), file=made(tmp_path))
        with pytest.raises(NotAllowed):
            backup.back_up(by=reader(who), file=tmp_path / "new.zip")
    assert not (tmp_path / "new.zip").exists()


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL's own programs make and check its copy")
def test_a_copy_is_checked_by_sqlite_alone():
    """A constraint or an index with a function that Django brings would stop every backup, and whoever looks with another tool."""
    with connection.cursor() as cursor, closing(sqlite3.connect(":memory:")) as copy:
        cursor.execute(
            "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
        )
        for (sql,) in cursor.fetchall():
            copy.execute(sql)
        assert copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
