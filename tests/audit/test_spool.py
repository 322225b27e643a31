"""The spool: the urgent page's lines survive a database that takes none, and reach the trail once."""

import errno
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from ambit.audit import spool
from ambit.audit.models import AuditLine

AT = datetime(2026, 11, 21, 3, 4, 5, 678901, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def test_a_kept_line_reaches_the_trail_once(reader, person):
    about = person().id
    nurse = reader("urgent_clinician")
    kept = spool.keep(by=nurse, what="opened the urgent page", about=about, details={"id": about}, at=AT)
    path = spool.folder() / f"{kept}.json"
    content = path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert spool.replay() == 1
    path.write_bytes(content)  # as after a crash between the commit and the removal
    assert spool.replay() == 1
    line = AuditLine.objects.get(spool_id=kept)
    assert (line.at, line.name, line.role, line.account_id, line.about, line.details) == (
        AT, nurse.name, "urgent_clinician", nurse.account_id, about, {"id": str(about)},
    )  # fmt: skip
    assert not list(spool.waiting())


def test_the_reserve_is_given_up_when_the_disk_is_full(reader, monkeypatch):
    spool.keep_reserve()
    assert (spool.folder() / "reserve").stat().st_size == spool.RESERVE_BYTES
    fsync = spool.os.fsync

    def full_while_reserved(descriptor):
        if (spool.folder() / "reserve").exists():
            raise OSError(errno.ENOSPC, "No space left on device")
        fsync(descriptor)

    monkeypatch.setattr(spool.os, "fsync", full_while_reserved)
    spool.keep(by=reader("operator"), what="opened the urgent page", about=uuid4(), at=AT)
    assert len(list(spool.waiting())) == 1


def test_a_spool_that_takes_nothing_says_so_and_leaves_nothing(reader, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(spool.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        spool.keep(by=reader("operator"), what="opened the urgent page", at=AT)
    assert not list(spool.folder().iterdir())


def test_what_cannot_be_understood_is_kept_and_does_not_stop_the_rest(reader):
    spool.folder().mkdir()
    (spool.folder() / "0.json").write_text("{")
    spool.keep(by=reader("operator"), what="opened the urgent page", at=AT)
    assert spool.replay() == 1
    assert [path.name for path in spool.unreadable()] == ["0.unreadable"]
