"""The trail in the database: nothing changes it, the sealer misses no line, and `verify` names what was done to it."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import connection, transaction

from ambit.access.queries import operator
from ambit.audit import actions, anchors, queries, sealer
from ambit.audit.models import AuditLine, AuditSeal
from ambit.audit.rules import Anchor, NotAllowed
from tests.world.append_only import triggers_down


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path
    return tmp_path


def write(times: int = 1) -> None:
    with transaction.atomic():
        for number in range(times):
            actions.record(
                by=operator(), what="opened a record", about=uuid4(), details={"number": number, "share": 0.5}
            )


def run_sql(statement: str) -> None:
    """As somebody with every right over the database, past the triggers and the foreign keys."""
    with triggers_down(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement)
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
            cursor.execute(statement)
            cursor.execute("PRAGMA foreign_keys = ON")


def verdict():
    from ambit.audit.commands import audit

    done = CliRunner().invoke(audit, ["verify", "--json"], obj=operator())
    return done.exit_code, json.loads(done.stdout)


@pytest.mark.django_db
def test_a_whole_trail():
    write(5)
    sealing = sealer.Sealer()
    assert (sealing.round(), sealing.round()) == (5, 0)
    write(2)
    assert sealing.round() == 2
    write(1)
    status, said = verdict()
    assert status == 0
    assert {key: said[key] for key in ("lines", "sealed", "unsealed", "ok", "first_broken")} == {
        "lines": 8, "sealed": 7, "unsealed": 1, "ok": True, "first_broken": None,
    }  # fmt: skip
    assert [anchor.seq for anchor in anchors.read(anchors.size())] == [5, 7]


@pytest.mark.django_db
def test_an_empty_trail_is_whole():
    sealer.Sealer().round()
    assert verdict()[0] == 0


@pytest.mark.django_db
def test_more_than_one_batch(monkeypatch):
    monkeypatch.setattr(sealer, "BATCH", 3)
    monkeypatch.setattr(queries, "CHUNK", 2)
    write(10)
    assert sealer.Sealer().round() == 10
    assert verdict()[1]["ok"]


@pytest.mark.django_db
def test_a_line_committed_late_with_a_smaller_id_is_sealed():
    """PostgreSQL gives out ids before commit, so a smaller one can appear after a greater one was sealed."""
    line = {"at": datetime.now(UTC), "name": "a", "role": "gp", "through": "web", "what": "opened a record"}
    AuditLine.objects.create(id=100, **line)
    sealing = sealer.Sealer()
    assert sealing.round() == 1
    AuditLine.objects.create(id=5, **line)
    assert sealing.round() == 1
    assert verdict()[1]["ok"]


@pytest.mark.django_db
def test_a_very_late_line_waits_for_the_full_sweep(monkeypatch):
    monkeypatch.setattr(sealer, "WINDOW", 10)
    line = {"at": datetime.now(UTC), "name": "a", "role": "gp", "through": "web", "what": "opened a record"}
    AuditLine.objects.create(id=100, **line)
    sealing = sealer.Sealer()
    sealing.round()
    AuditLine.objects.create(id=5, **line)
    assert sealing.round() == 0
    assert verdict()[1]["unsealed"] == 1
    sealing.full_sweep_at = float("-inf")
    assert sealing.round() == 1


@pytest.mark.django_db
def test_an_idle_round_asks_little_and_takes_no_lock(django_assert_num_queries):
    write(2)
    sealing = sealer.Sealer()
    sealing.round()
    with django_assert_num_queries(2):
        assert sealing.round() == 0


@pytest.mark.django_db
def test_a_crash_between_seal_and_anchor_is_made_good(monkeypatch):
    write(2)
    monkeypatch.setattr(sealer, "anchor_chain", lambda: None)
    sealer.Sealer().round()
    monkeypatch.undo()
    assert anchors.last() is None
    sealer.Sealer().round()
    assert anchors.last().seq == 2


@pytest.mark.django_db
def test_a_torn_anchor_is_taken_away_and_written_again(home):
    write(2)
    sealer.Sealer().round()
    with anchors.path().open("ab") as file:
        file.write(b'{"seq": 3, "ha')
    write(1)
    sealer.Sealer().round()
    assert [anchor.seq for anchor in anchors.read(anchors.size())] == [2, 3]
    assert verdict()[1]["ok"]


@pytest.mark.django_db(transaction=True)
class TestTampering:
    """Each of these needs the database's own rights; each is named."""

    @pytest.fixture(autouse=True)
    def sealed(self, home):
        write(3)
        sealing = sealer.Sealer()
        sealing.round()
        write(2)
        sealing.round()
        self.third = AuditSeal.objects.get(seq=3).line_id

    def broken(self):
        status, said = verdict()
        assert (status, said["ok"]) == (1, False)
        return said["first_broken"]

    def test_one_changed_line(self):
        run_sql(f"UPDATE audit_auditline SET name = 'nobody' WHERE id = {self.third}")
        assert (self.broken()["kind"], self.broken()["line"]) == ("changed line", self.third)

    def test_changed_details(self):
        run_sql(f"UPDATE audit_auditline SET details = '{{\"number\": 3}}' WHERE id = {self.third}")
        assert (self.broken()["kind"], self.broken()["line"]) == ("changed line", self.third)

    def test_one_removed_line(self):
        run_sql(f"DELETE FROM audit_auditline WHERE id = {self.third}")
        try:
            assert (self.broken()["kind"], self.broken()["line"]) == ("removed line", self.third)
        finally:
            run_sql("DELETE FROM audit_auditseal WHERE seq = 3")

    def test_a_removed_line_and_its_seal(self):
        run_sql("DELETE FROM audit_auditseal WHERE seq = 3")
        run_sql(f"DELETE FROM audit_auditline WHERE id = {self.third}")
        assert (self.broken()["kind"], self.broken()["seq"]) == ("missing seal", 3)

    def test_a_truncated_tail(self):
        run_sql("DELETE FROM audit_auditseal WHERE seq > 3")
        run_sql(f"DELETE FROM audit_auditline WHERE id > {self.third}")
        assert (self.broken()["kind"], self.broken()["seq"]) == ("truncated tail", 4)

    def test_a_truncated_tail_that_grew_again(self):
        run_sql("DELETE FROM audit_auditseal WHERE seq > 3")
        run_sql(f"DELETE FROM audit_auditline WHERE id > {self.third}")
        write(4)
        sealer.Sealer().round()
        assert (self.broken()["kind"], self.broken()["seq"]) == ("rewritten chain", 5)

    def test_everything_gone(self):
        run_sql("DELETE FROM audit_auditseal")
        run_sql("DELETE FROM audit_auditline")
        assert self.broken()["kind"] == "truncated tail"

    def test_lost_anchors(self):
        anchors.path().unlink()
        assert self.broken()["kind"] == "missing anchor"

    def test_scribbled_anchors(self):
        anchors.path().write_text("nothing\n" + anchors.path().read_text())
        assert self.broken()["kind"] == "changed anchor"

    def test_a_false_anchor(self):
        anchors.append(Anchor(seq=6, hash="0" * 64))
        assert self.broken()["kind"] == "truncated tail"


@pytest.mark.django_db
def test_only_those_who_read_the_trail_verify_it(reader):
    with pytest.raises(NotAllowed):
        queries.verify(reader("gp"))
    assert queries.verify(reader("auditor")).ok
