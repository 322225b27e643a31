"""Milestones that wait for each other: no circle, lateness shown, nothing waits for what was taken out."""

from datetime import date

import pytest
from django.urls import reverse

from ambit.design.refusals import Refused
from ambit.improvement import actions, queries
from ambit.improvement.rules.plans import AT_RISK, MilestoneSaid, Step, held_up, is_circle
from tests.improvement.conftest import keep
from tests.improvement.test_plan_pages import text_of

TODAY = date(2026, 11, 30)


def step(due=None, waits_for="", *, forecast=None, reached=False):
    def day(month):
        return date(2027, month, 28) if month else None

    due_until = date(2026, 11, 1) if due == "past" else day(due)
    return Step(reached=reached, due_until=due_until, forecast_until=day(forecast), waits_for=waits_for)


@pytest.mark.parametrize(
    ("steps", "held"),
    [
        ({"a": step(2), "b": step(3, "a")}, set()),
        ({"a": step(4), "b": step(3, "a")}, {"b"}),
        ({"a": step(2, forecast=4), "b": step(3, "a")}, {"b"}),
        ({"a": step("past"), "b": step(3, "a")}, {"b"}),
        ({"a": step("past", forecast=2), "b": step(3, "a")}, set()),
        ({"a": step("past", reached=True), "b": step(3, "a")}, set()),
        ({"a": step(4), "b": step(3, "a", reached=True)}, set()),
        ({"a": step(), "b": step(3, "a")}, set()),
        ({"a": step(4), "b": step(), "c": step(3, "b"), "d": step(2)}, set()),
        ({"a": step(6), "b": step(waits_for="a"), "c": step(3, "b")}, {"c"}),
        ({"a": step("past"), "b": step(3, "a"), "c": step(5, "b")}, {"b", "c"}),
        ({"b": step(3, "not here")}, set()),
        ({"a": step(3, "b"), "b": step(4, "a")}, {"a"}),
    ],
)
def test_what_is_held_up(steps, held):
    assert held_up(steps, on=TODAY) == held


@pytest.mark.parametrize(
    ("name", "waits_for", "links", "circle"),
    [
        ("a", "", {}, False),
        ("a", "a", {}, True),
        ("a", "b", {"b": ""}, False),
        ("a", "b", {"b": "a"}, True),
        ("a", "b", {"b": "c", "c": "a"}, True),
        ("a", "b", {"b": "c", "c": "d"}, False),
        ("a", "b", {"b": "c", "c": "b"}, True),
    ],
)
def test_a_circle_is_known(name, waits_for, links, circle):
    assert is_circle(name, waits_for, links) is circle


@pytest.fixture
def plan(lead):
    return actions.start_plan(by=lead, title="Our plan", from_on=date(2026, 4, 1), until_on=date(2028, 3, 31))


def wait(lead, plan, row, other, *, seen=1):
    cells = {"waits_for": str(other.pk) if other else ""}
    return actions.change_cells(by=lead, kind="milestone", of=plan.pk, row_id=row.pk, seen=seen, cells=cells)


def test_one_waits_for_another_and_says_so(lead, plan, client_as):
    first = keep(lead, "milestone", plan, MilestoneSaid(what="Money agreed", due="31 March 2099"))
    second = keep(
        lead, "milestone", plan, MilestoneSaid(what="Post filled", due="1 March 2099", waits_for=str(first.pk))
    )
    found = {one.row.said.what: one for one in queries.plan_page(lead, plan.pk, on=TODAY).milestones}
    assert (found["Post filled"].delivery, found["Post filled"].waits_for) == (AT_RISK, "Money agreed")
    address = reverse("improvement_plan", args=(plan.pk,))
    assert "held up: “Money agreed” comes later" in text_of(client_as("place_lead").get(address))
    report = queries.report(lead, "plan", plan.pk).tables[1]
    assert {row.words["what"]: row.stored["delivery"] for row in report.entries}["Post filled"] == AT_RISK
    assert {row.words["what"]: row.words["waits_for"] for row in report.entries}["Post filled"] == "Money agreed"
    cells = {"due": "1 February 2099"}
    actions.change_cells(by=lead, kind="milestone", of=plan.pk, row_id=first.pk, seen=1, cells=cells)
    assert "waits for “Money agreed”" in text_of(client_as("place_lead").get(address))
    form = text_of(client_as("place_lead").get(reverse("milestone", args=(plan.pk, second.pk))))
    assert "No other milestone" in form


def test_a_circle_and_a_stranger_are_refused(lead, plan):
    a, b, c = (keep(lead, "milestone", plan, MilestoneSaid(what=name)) for name in "ABC")
    wait(lead, plan, b, a)
    wait(lead, plan, c, b)
    for row, other in ((a, a), (a, b), (a, c)):
        with pytest.raises(Refused, match="wait for each other"):
            wait(lead, plan, row, other)
    other_plan = actions.start_plan(by=lead, title="Another", from_on=plan.from_on, until_on=plan.until_on)
    stranger = keep(lead, "milestone", other_plan, MilestoneSaid(what="Elsewhere"))
    with pytest.raises(Refused, match="Choose a milestone of this plan"):
        wait(lead, plan, a, stranger)
    wait(lead, plan, b, None, seen=2)
    wait(lead, plan, a, c)


def test_what_others_wait_for_is_not_taken_out(lead, plan):
    a, b = (keep(lead, "milestone", plan, MilestoneSaid(what=name)) for name in "AB")
    wait(lead, plan, b, a)
    with pytest.raises(Refused, match="others wait for: “B”"):
        actions.remove_row(by=lead, kind="milestone", of=plan.pk, row_id=a.pk, seen=1, why="Not needed")
    actions.remove_row(by=lead, kind="milestone", of=plan.pk, row_id=b.pk, seen=2, why="Not needed")
    actions.remove_row(by=lead, kind="milestone", of=plan.pk, row_id=a.pk, seen=1, why="Not needed")
