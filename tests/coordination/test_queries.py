"""The worklist."""

from datetime import date, timedelta

import pytest

from ambit.coordination import actions, queries, rules
from ambit.coordination.queries import Owner

DAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("days", "word"), [(-1, "overdue"), (0, "today"), (1, "soon"), (7, "soon"), (8, "later"), (None, "")]
)
def test_lateness(days, word):
    assert rules.lateness(None if days is None else DAY + timedelta(days=days), on=DAY) == word


def test_worklist_of_fifty_in_one_statement(reader, person, django_assert_num_queries):
    gp = reader("gp")
    practice = Owner(name="Brackenhill Surgery", organisation_id=gp.organisation_id)
    somebody = person()
    for n in range(60):
        due = DAY + timedelta(days=n - 10) if n else None
        actions.raise_task(by=gp, what=f"Task {n}", owner=practice, person_id=somebody.id, due_on=due)
    with django_assert_num_queries(1):
        found = queries.worklist(gp, on=DAY)
    assert (len(found.rows), found.total, found.overdue) == (50, 60, 9)
    assert found.rows[0].what == "Task 1"
    assert found.rows[0].nhs_number == "9997170326"
    assert queries.worklist(gp, on=DAY, show="overdue").total == 9
    assert queries.worklist(gp, on=DAY, show="mine").total == 0
    assert queries.worklist(gp, on=DAY, show="team").total == 60


def test_an_empty_worklist(reader):
    assert queries.worklist(reader("gp"), on=DAY) == queries.Worklist((), 0, 0)
