"""What somebody on a caseload needs, and by when."""

from datetime import date, timedelta

import pytest

from ambit.caseload.rules import needs

DAY = date(2026, 11, 21)


def days(number):
    return DAY + timedelta(days=number)


NOTHING = {
    "stage": "months", "joined_on": days(-90), "review_due_on": days(30), "coordinator": "Bea", "tasks": (),
    "cpr": "do_not_attempt", "box": "yes", "on": DAY,
}  # fmt: skip


@pytest.mark.parametrize(
    ("but", "when", "kind", "words"),
    [
        ({}, "later", "later", "Review 21 Dec"),
        ({"disagree": ("CPR",)}, "today", "disagreement", "Two documents disagree"),
        ({"disagree": ("dialysis",)}, "today", "disagreement", "Two documents disagree: dialysis"),
        ({"cpr": "not_recorded"}, "soon", "later", "No CPR decision"),
        ({"cpr": "not_decided", "stage": "days"}, "today", "harm", "No CPR decision"),
        ({"cpr": "not_recorded", "stage": "weeks"}, "today", "harm", "No CPR decision"),
        ({"box": "no", "stage": "days"}, "today", "harm", "No box in the home"),
        ({"box": "", "stage": "weeks"}, "later", "later", "Review 21 Dec"),
        ({"tasks": [("Bed", days(0))]}, "today", "today", "Bed today"),
        ({"tasks": [("Bed", days(-2))]}, "today", "today", "Bed, 2 days late"),
        ({"tasks": [("Bed", days(7))]}, "soon", "later", "Bed 28 Nov"),
        ({"tasks": [("Bed", days(8)), ("Chair", None)]}, "later", "later", "Review 21 Dec"),
        ({"coordinator": ""}, "today", "today", "Nobody coordinates"),
        (
            {"coordinator": "", "tasks": [("Name a coordinator", days(-1))]},
            "today",
            "today",
            "Name a coordinator, 1 day late",
        ),
        ({"coordinator": "", "joined_on": days(-7)}, "soon", "later", "Nobody coordinates"),
        ({"review_due_on": days(-1)}, "today", "today", "Review 1 day late"),
        ({"review_due_on": days(7)}, "soon", "later", "Review 28 Nov"),
        ({"place_is_blank": True}, "soon", "later", "Preferred place of death is blank"),
        ({"place_is_blank": True, "stage": "weeks"}, "today", "today", "Preferred place of death is blank"),
        ({"missing": ("Nobody at night",)}, "later", "later", "Review 21 Dec"),
        ({"missing": ("Nobody at night",), "stage": "weeks"}, "today", "harm", "Nobody at night"),
        ({"cpr": None, "box": None, "stage": "days"}, "later", "later", "Review 21 Dec"),
    ],
)
def test_needs(but, when, kind, words):
    first = needs(**NOTHING | but)[0]
    assert (first.when, first.kind, first.words) == (when, kind, words)


def test_that_nobody_coordinates_is_said_once():
    said = needs(**NOTHING | {"coordinator": "", "tasks": [("Name a coordinator", days(3))]})
    assert [(need.words, need.about) for need in said] == [("Name a coordinator 24 Nov", "task")]


def test_the_most_dangerous_comes_first():
    said = needs(
        **NOTHING | {"cpr": "disagree", "disagree": ("CPR",), "review_due_on": days(-3), "tasks": [("Bed", days(1))]}
    )
    assert [need.words for need in said] == ["Two documents disagree", "Review 3 days late", "Bed 22 Nov"]
