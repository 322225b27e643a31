"""The paper is exactly one side of A4, also when people wrote far too much; what protects somebody is never cut."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ambit.urgent.fitting import MORE
from tests.world.browser import axe, look, on_paper, sideways, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LONG = (
    "If she becomes breathless sit her up, open the window, use the fan on the dresser, then give the medicine in the "
    "brown bottle beside the bed and wait a quarter of an hour before you do anything else. "
)


@pytest.fixture
def sam(place, reader, client_as):
    from ambit.access import actions as access
    from ambit.organisations.models import Membership

    access.put_on_duty(
        by=reader("operator"),
        area=place["ZZ01"],
        membership=Membership.objects.get(staff__name="Sam Okafor"),
    )
    return client_as("Sam Okafor")


@pytest.mark.parametrize("where", ["now", "print_now"])
def test_a_usual_plan_is_one_side(sam, peggy, browser_page, live_server, tmp_path, where):
    sign_in(browser_page, live_server, sam)
    browser_page.goto(reverse(where, args=[peggy.id]))
    look(browser_page, f"urgent-{where}")
    sides, words = on_paper(browser_page, tmp_path / "usual.pdf")
    assert sides == 1
    for said in (
        "ASHWORTH",
        "999 717 0326",
        "Do not attempt CPR",
        "Penicillin",
        "01632 960140",
        "Check the live record",
    ):
        assert said in words
    assert MORE not in words


def test_far_too_much_is_still_one_side_and_nothing_that_protects_is_cut(
    sam, peggy, write, decide, browser_page, live_server, tmp_path
):
    decide(peggy, "attempt", paper=True, signature_seen=False, reason="She asked for everything to be done. " * 6)
    until = (timezone.localdate() + timedelta(days=3)).isoformat()
    write(peggy, "need_to_know", base=1, note=(LONG * 10)[:1500], until_on=until)
    write(peggy, "what_matters", words=LONG * 18, worries=LONG * 18, who_said="person")
    rows = [{"name": f"Medicine number {n} 10mg/1ml injection", "for": "Pain", "count": "5"} for n in range(8)]
    write(peggy, "medicines_at_home", base=1, box="yes", kept="Top shelf of the cupboard", medicines=rows)
    reactions = [{"substance": f"Substance {n}", "reaction": "swollen throat and a rash"} for n in range(8)]
    write(peggy, "allergies", base=1, status="some", list=reactions)
    sign_in(browser_page, live_server, sam)
    browser_page.goto(reverse("print_now", args=[peggy.id]))
    look(browser_page, "urgent-print-long")
    sides, words = on_paper(browser_page, tmp_path / "long.pdf")
    assert sides == 1
    assert MORE in words
    for said in ["Do not attempt CPR", "Attempt CPR", "no signature seen", "07700 900418", "Check the live record"]:
        assert said in words
    assert words.count("She asked for everything to be done.") == 6
    assert all(f"Medicine number {n}" in words and f"Substance {n}" in words for n in range(8))


@pytest.mark.parametrize("width", [1440, 375, 320])
@pytest.mark.parametrize("scripts", [True, False])
def test_the_page_is_readable_everywhere(sam, peggy, open_browser, live_server, width, scripts):
    page = open_browser(width=width, scripts=scripts)
    sign_in(page, live_server, sam)
    page.goto(reverse("now", args=[peggy.id]))
    assert page.get_by_role("heading", name="Do not attempt CPR").is_visible()
    assert page.get_by_role("link", name="01632 960140").first.is_visible()
    look(page, f"urgent-{width}{'' if scripts else '-no-scripts'}")
    if scripts:
        assert axe(page) == []
        assert sideways(page) == 0
        page.goto(reverse("print_now", args=[peggy.id]))
        assert sideways(page) == 0, "the sheet is looked at on a telephone too"


def test_find_page_is_readable(sam, peggy, open_browser, live_server):
    page = open_browser(width=375)
    sign_in(page, live_server, sam)
    page.goto(reverse("find_urgent"))
    look(page, "urgent-find-375")
    assert axe(page) == []
