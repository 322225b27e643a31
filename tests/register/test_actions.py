"""Joining the register, changing the stage, leaving."""

from datetime import date

import pytest

from ambit.access.queries import NotAllowed
from ambit.audit.models import AuditLine
from ambit.design.refusals import Refused, Stale
from ambit.events.models import OutboxEvent
from ambit.register import actions, queries
from ambit.register.models import RegisterEntry, StageGiven

DAY = date(2026, 11, 21)


@pytest.fixture
def joined(reader, person):
    gp = reader("gp")
    entry = actions.add_to_register(
        by=gp, person=person(), on=DAY, found_by="case_finding", stage="months", reason="Two admissions", told=True
    )
    return gp, entry


def test_add_to_register(joined):
    gp, entry = joined
    assert (entry.basis, entry.version, entry.review_due_on) == ("adult", 1, date(2027, 1, 2))
    assert AuditLine.objects.filter(what="added to the register", about=entry.person_id).exists()
    event = OutboxEvent.objects.get(name="register.PersonJoined")
    assert event.payload["told"] is True
    assert "Two admissions" not in str(event.payload)
    page = queries.entry_of(gp, entry.person_id)
    assert page.stages[0].reason == "Two admissions"
    assert page.stages[0].by_name == "Dr Amina Rahman"


def test_nobody_is_on_the_register_twice(joined, person):
    gp, _ = joined
    with pytest.raises(Refused, match="already"):
        actions.add_to_register(by=gp, person=person(), on=DAY, found_by="by_hand")
    assert RegisterEntry.objects.count() == 1
    assert OutboxEvent.objects.count() == 1


def test_somebody_who_left_can_join_again(joined, person):
    gp, entry = joined
    actions.leave(by=gp, person_id=entry.person_id, seen=1, reason="improved", on=DAY)
    actions.add_to_register(by=gp, person=person(), on=DAY, found_by="referral")
    assert RegisterEntry.objects.filter(person=entry.person).count() == 2


def test_change_stage_keeps_every_stage(joined):
    gp, entry = joined
    actions.change_stage(by=gp, person_id=entry.person_id, seen=1, stage="weeks", reason="Weaker", on=DAY)
    page = queries.entry_of(gp, entry.person_id)
    assert [s.stage for s in page.stages] == ["weeks", "months"]
    assert (page.version, page.review_due_on) == (2, date(2026, 12, 5))


def test_a_stale_stage_is_refused_with_both(joined):
    gp, entry = joined
    actions.change_stage(by=gp, person_id=entry.person_id, seen=1, stage="weeks", reason="Weaker", on=DAY)
    with pytest.raises(Stale) as stale:
        actions.change_stage(by=gp, person_id=entry.person_id, seen=1, stage="days", reason="Dying", on=DAY)
    assert (stale.value.saved, stale.value.yours) == ("Weeks", "Days")
    assert StageGiven.objects.count() == 2


def test_say_told_once(joined, person):
    gp, _ = joined
    longworth = person("Longworth")
    actions.add_to_register(by=gp, person=longworth, on=DAY, found_by="by_hand")
    actions.say_told(by=gp, person_id=longworth.id, seen=1, on=DAY)
    assert queries.entry_of(gp, longworth.id).told
    with pytest.raises(Refused):
        actions.say_told(by=gp, person_id=longworth.id, seen=2, on=DAY)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"reason": "bored"}, "reason"), ({"on": date(2026, 11, 20)}, "on")],
)
def test_leaving_is_refused_in_words(joined, wrong, field):
    gp, entry = joined
    with pytest.raises(Refused) as refused:
        actions.leave(**{"by": gp, "person_id": entry.person_id, "seen": 1, "reason": "moved", "on": DAY} | wrong)
    assert field in refused.value.problems


def test_a_role_that_may_not(reader, person):
    with pytest.raises(NotAllowed):
        actions.add_to_register(by=reader("urgent_clinician"), person=person(), on=DAY, found_by="by_hand")


def test_nothing_is_saved_when_the_audit_line_fails(reader, person, monkeypatch):
    def fails(**_):
        raise OSError("disk full")

    somebody = person()
    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(OSError, match="disk full"):
        actions.add_to_register(by=reader("gp"), person=somebody, on=DAY, found_by="by_hand")
    assert not RegisterEntry.objects.exists()
    assert not OutboxEvent.objects.exists()
