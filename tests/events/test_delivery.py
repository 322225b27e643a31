"""Announced with the act, delivered to everybody who listens: none lost, nothing done twice, order kept."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.utils import timezone

from ambit.access.queries import operator
from ambit.audit import actions as audit
from ambit.audit.models import AuditLine
from ambit.events import delivery
from ambit.events.actions import announce
from ambit.events.delivery import ATTEMPTS, deliver_due, forget_delivered, retry_parked, when
from ambit.events.models import Delivery, OutboxEvent
from ambit.events.queries import outbox_state, parked_events

pytestmark = pytest.mark.django_db


class Colour(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Happened:
    person_id: UUID
    on: date = date(2026, 2, 28)
    at: datetime = datetime(2026, 10, 25, 0, 59, 59, 123456, tzinfo=UTC)
    times: int = 3
    teams: tuple[UUID, ...] = field(default_factory=tuple)
    colour: Colour = Colour.RED
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Unheard:
    number: int


@pytest.fixture(autouse=True)
def listeners(monkeypatch):
    """A list of listeners of our own."""
    monkeypatch.setattr(delivery, "_listeners", type(delivery._listeners)(list))
    monkeypatch.setattr(delivery, "_types", {})


@pytest.fixture
def heard():
    return []


def later(**moved):
    OutboxEvent.objects.filter(delivered_at=None).update(next_at=timezone.now() - timedelta(seconds=1), **moved)


def test_an_event_arrives_as_it_was_announced(heard):
    when(Happened, heard.append)
    event = Happened(uuid4(), teams=(uuid4(), uuid4()))
    announce(event)
    assert heard == []
    assert deliver_due() == 1
    assert heard == [event]
    assert isinstance(heard[0].colour, Colour)
    assert deliver_due() == 0


def test_it_is_announced_only_if_the_act_is_kept(heard):
    when(Happened, heard.append)

    @transaction.atomic
    def act():
        announce(Happened(uuid4()))
        raise LookupError

    with pytest.raises(LookupError):
        act()
    assert deliver_due() == 0


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_announced():
    with pytest.raises(RuntimeError, match="transaction of its action"):
        announce(Happened(uuid4()))


def test_what_nobody_listens_to_is_done_with():
    announce(Unheard(1))
    assert deliver_due() == 1
    assert outbox_state().waiting == 0


def test_one_that_fails_is_undone_and_does_not_stop_the_others(heard):
    def writes_then_fails(event):
        audit.record(by=operator(), what="half done", about=event.person_id)
        raise ValueError(f"about Mrs Ashworth {event.person_id}")

    when(Happened, writes_then_fails)
    when(Happened, heard.append)
    announce(Happened(uuid4()))
    deliver_due()
    assert len(heard) == 1
    assert not AuditLine.objects.filter(what="half done").exists()
    event = OutboxEvent.objects.get()
    assert (event.attempts, event.delivered_at, event.parked_at) == (1, None, None)
    assert "ValueError at writes_then_fails" in event.problem
    assert "Ashworth" not in event.problem
    assert str(event.payload["person_id"]) not in event.problem


def test_those_who_heard_do_not_hear_again(heard):
    troubles = [ConnectionError()]

    def fails_once(event):
        if troubles:
            raise troubles.pop()

    when(Happened, heard.append)
    when(Happened, fails_once)
    announce(Happened(uuid4()))
    deliver_due()
    assert deliver_due() == 0, "it waits before it is tried again"
    later()
    assert deliver_due() == 1
    assert len(heard) == 1
    assert Delivery.objects.count() == 2
    assert OutboxEvent.objects.get().delivered_at


def test_pauses_grow_and_then_it_is_parked_and_can_be_tried_again(heard):
    def fails(event):
        raise LookupError

    when(Happened, fails)
    announce(Happened(uuid4()))
    pauses = []
    for _ in range(ATTEMPTS):
        later()
        deliver_due()
        pauses.append(round((OutboxEvent.objects.get().next_at - timezone.now()).total_seconds()))
    assert pauses == [1, 4, 16, 64, 256, 600, 600, 600]
    later()
    assert deliver_due() == 0
    assert (outbox_state().waiting, outbox_state().parked) == (0, 1)
    assert parked_events()[0].attempts == ATTEMPTS
    delivery._listeners.clear()
    when(Happened, heard.append)
    assert retry_parked() == 1
    assert deliver_due() == 1
    assert len(heard) == 1


def test_order_is_kept_for_one_person_and_another_does_not_wait(heard):
    joan, amir = uuid4(), uuid4()
    troubles = [ValueError()]

    def listen(event):
        if event.person_id == joan and troubles:
            raise troubles.pop()
        heard.append((event.person_id, event.times))

    when(Happened, listen)
    for times in (1, 2):
        announce(Happened(joan, times=times))
    announce(Happened(amir, times=1))
    deliver_due()
    assert heard == [(amir, 1)]
    later()
    deliver_due()
    assert heard == [(amir, 1), (joan, 1), (joan, 2)]


def test_a_parked_event_holds_nobody_back(heard):
    joan = uuid4()
    when(Happened, heard.append)
    announce(Happened(joan, times=1))
    OutboxEvent.objects.update(parked_at=timezone.now())
    announce(Happened(joan, times=2))
    deliver_due()
    assert [event.times for event in heard] == [2]


def test_old_deliveries_are_forgotten_and_nothing_else(heard):
    when(Happened, heard.append)
    announce(Happened(uuid4()))
    deliver_due()
    announce(Happened(uuid4()))
    assert forget_delivered() == 0
    OutboxEvent.objects.exclude(delivered_at=None).update(delivered_at=timezone.now() - timedelta(days=31))
    assert forget_delivered() == 2  # the event and its note
    assert OutboxEvent.objects.count() == 1


def test_an_idle_worker_asks_once(django_assert_num_queries):
    with django_assert_num_queries(1):
        assert deliver_due() == 0
