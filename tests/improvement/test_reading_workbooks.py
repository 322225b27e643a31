"""A large workbook is read in the background: how far is seen, and it is kept whole or not at all."""

import pytest
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from ambit.improvement import actions, tasks
from ambit.improvement.models import WorkbookReading, WorkbookReceived
from ambit.improvement.workbook import guarding, is_large
from ambit.improvement.workbook.book import read_book
from tests.improvement.test_workbook_pages import bring, text_of


@pytest.fixture(autouse=True)
def every_workbook_is_large(monkeypatch):
    monkeypatch.setattr(guarding, "LARGE", 1)


def read(reading):
    tasks.read_workbook.call(str(reading.pk))
    reading.refresh_from_db()


def page_of(reading):
    return reverse("reading_workbook", args=["round", reading.round_id, reading.pk])


def test_how_far_it_is_then_what_it_would_change(client, one, filled):
    answer = bring(client, one, filled.put("scot.c1", "position", "Ours").saved())
    reading = WorkbookReading.objects.get()
    assert answer["Location"] == page_of(reading)
    assert DBTaskResult.objects.get().args_kwargs["args"] == [str(reading.pk)]
    waits = text_of(client.get(page_of(reading)))
    assert "It waits for its turn" in waits
    assert '<noscript><meta http-equiv="refresh"' in waits
    assert "refresh" not in text_of(client.get(page_of(reading) + "?still=yes"))
    actions.begin_reading(reading_id=reading.pk)
    assert "It is looked through" in text_of(client.get(page_of(reading)))
    actions.note_how_far(reading_id=reading.pk, done=3, total=12)
    assert "3 of 12 done" in text_of(client.get(page_of(reading)))
    assert "3 of 12 rows are read" in text_of(client.get(reverse("workbooks", args=["round", one.pk])))
    assert not WorkbookReceived.objects.exists()
    read(reading)
    received = WorkbookReceived.objects.get()
    assert reading.done == reading.total > 0
    assert client.get(page_of(reading))["Location"] == reverse("merge_workbook", args=["round", one.pk, received.pk])
    assert "1 cell changes" in text_of(client.get(page_of(reading), follow=True))
    read(reading)  # a task may come twice
    assert WorkbookReceived.objects.count() == 1


def test_what_is_wrong_is_said_and_nothing_is_kept(client, one, filled):
    bring(client, one, filled.put("scot.c1", "level", "Splendid").saved())
    reading = WorkbookReading.objects.get()
    read(reading)
    said = text_of(client.get(page_of(reading)))
    assert "cannot be read, and nothing was changed" in said
    assert "“Splendid”, which is not in its list" in said
    assert "refresh" not in said
    assert "Cannot be read: see why" in text_of(client.get(reverse("workbooks", args=["round", one.pk])))
    assert not WorkbookReceived.objects.exists()


def test_brought_twice_while_it_waits_is_read_once(client, one, filled):
    content = filled.saved()
    bring(client, one, content)
    bring(client, one, content)
    assert WorkbookReading.objects.count() == 1


def test_only_who_brought_it_sees_it(client, client_as, one, filled):
    bring(client, one, filled.saved())
    reading = WorkbookReading.objects.get()
    assert client_as("educator").get(page_of(reading)).status_code == 404
    assert client_as("urgent_clinician").get(page_of(reading)).status_code == 403


def test_it_is_read_with_the_rights_of_that_moment(client, one, filled):
    bring(client, one, filled.saved())
    reading = WorkbookReading.objects.get()
    reading.account.is_active = False
    reading.account.save()
    read(reading)
    assert reading.problems
    assert not WorkbookReceived.objects.exists()


def test_a_worker_that_is_stopped_keeps_nothing(client, one, filled, monkeypatch):
    bring(client, one, filled.saved())
    reading = WorkbookReading.objects.get()
    ends = actions.end_reading

    def stopped(**told):
        if told.get("received"):
            raise RuntimeError("stopped")
        ends(**told)

    monkeypatch.setattr(actions, "end_reading", stopped)
    with pytest.raises(RuntimeError):
        tasks.read_workbook.call(str(reading.pk))
    assert not WorkbookReceived.objects.exists()
    reading.refresh_from_db()
    assert reading.problems == [tasks.CANNOT]


def test_rows_are_counted_as_they_are_read(filled):
    told = []
    read_book(filled.saved(), lambda done, total: told.append((done, total)))
    totals = {total for _, total in told}
    assert len(totals) == 1
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[0][0] == 0
    assert told[-1] == (*totals, *totals)
    assert len(told) <= 42


def test_what_is_no_workbook_is_refused_at_once():
    assert not is_large(b"")
    assert not is_large(b"PK\x03\x04nonsense")
