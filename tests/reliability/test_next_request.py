"""A saved change shows on another reader's urgent page at the next request, and never an older one after it (H2)."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.site.rehearsal import Browser, fields_of
from tests.reliability.test_parallel import all_at_once

EDITORS = READERS = 8
PEOPLE = 4


def write_and_read(windows: list[Browser], saves: int, people: list[str]) -> None:
    """Two editors to each person; readers ask for one person after another until everything is saved."""
    until = timezone.localdate() + timedelta(days=20)
    day = {f"need_to_know.until_on-{part}": str(getattr(until, part)) for part in ("day", "month", "year")}
    acknowledged: dict[str, int] = dict.fromkeys(people, 0)
    counted, finished = threading.Lock(), threading.Event()
    done = [0]

    def edit(browser: Browser, person: str) -> None:
        path = reverse("save_section", args=[person, "need_to_know"])
        while not finished.is_set():
            form = fields_of(browser.get(path).body)
            number = int(form["seen"]) + 1
            answer = browser.post(path, form | day | {"need_to_know.note": f"This is note {number} of this person."})
            assert answer.status in (302, 409), answer.body[:500]
            if answer.status == 302:
                with counted:
                    acknowledged[person] = max(acknowledged[person], number)
                    done[0] += 1
                    if done[0] >= saves:
                        finished.set()

    def read(browser: Browser, first: int) -> None:
        seen: dict[str, int] = dict.fromkeys(people, 0)
        turn = first
        while True:
            last_round = finished.is_set()
            for person in people[turn % PEOPLE :] + people[: turn % PEOPLE]:
                least = max(acknowledged[person], seen[person])
                shown = browser.get(reverse("now", args=[person]))
                assert shown.status == 200
                notes = [int(number) for number in re.findall(r"This is note (\d+) of this person", shown.body)]
                assert max(notes, default=0) >= least
                seen[person] = max(notes, default=0)
            turn += 1
            if last_round:
                return

    tasks: list[Callable[[], None]] = []
    for number, window in enumerate(windows[:EDITORS]):
        tasks.append(lambda w=window, p=people[number % PEOPLE]: edit(w, p))  # type: ignore[misc]
    for number, window in enumerate(windows[EDITORS:]):
        tasks.append(lambda w=window, n=number: read(w, n))  # type: ignore[misc]
    try:
        all_at_once(tasks)
    finally:
        finished.set()
    assert done[0] >= saves
    assert all(acknowledged.values())


def test_a_saved_change_shows_at_the_next_request(racing, signed_in):
    write_and_read(signed_in, 60, racing.people[10 : 10 + PEOPLE])


@pytest.mark.long
def test_two_thousand_saved_changes_show_at_the_next_request(racing, signed_in):
    write_and_read(signed_in, 2000, racing.people[20 : 20 + PEOPLE])
