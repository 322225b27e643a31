"""Every page of the ground, seen as its users see it: axe finds nothing, nothing slides sideways, wrong input is answered."""

import pytest
from django.urls import reverse

from ambit.organisations.models import Organisation
from ambit.people.models import Person
from tests.world.browser import axe, sideways, sign_in

LONG = "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh-Cholmon"

# who, and the pages they walk: name of the route, or (name, arguments); `person` stands for somebody of theirs
WALKS = {
    "Amina Rahman": [
        "choose_role",
        "find_person",
        "admit",
        "likely_duplicates",
        ("person", "person"),
        ("person_history", "person"),
        ("change_number", "person"),
        ("move_house", "person"),
        ("former_names", "person"),
        ("add_important_person", "person"),
        ("record_death", "person"),
        ("change_details", "person", "identity"),
        ("change_details", "person", "contact"),
        ("change_details", "person", "background"),
        ("change_details", "person", "communication"),
        "find_anywhere",
        "mfa_index",
        "mfa_activate_totp",
        "account_change_password",
    ],
    "Dana Whitlock": [
        "organisations",
        "open_organisation",
        ("organisation", "ZC1"),
        ("edit_organisation", "ZC1"),
        ("add_team", "ZC1"),
        ("add_staff", "ZC1"),
        ("close_organisation", "ZC1"),
        "packs",
        ("pack", "careplans", "ambit-plan"),
    ],
    "Priya Venn": ["emergency_openings", "audit_trail"],
}


@pytest.fixture
def scripts():
    """Once with scripts; the pages without them have a test of their own below."""
    return True


@pytest.fixture
def long_name(person):
    """Sixty letters without a place to break: the name that shows where a page is too narrow."""
    somebody = person("Ashworth")
    Person.objects.filter(pk=somebody.pk).update(family_name=LONG)
    return somebody


def address(page, somebody):
    name, *arguments = page if isinstance(page, tuple) else (page,)
    return reverse(name, args=[somebody.pk if one == "person" else one for one in arguments])


def then_it_stands_at_every_width(browser, where):
    for width in (1440, 375):
        browser.set_viewport_size({"width": width, "height": 900})
        assert axe(browser) == [], f"{where} at {width}"
    browser.set_viewport_size({"width": 320, "height": 900})
    assert sideways(browser) == 0, f"{where} slides sideways at 320"


@pytest.mark.parametrize("name", WALKS)
def test_every_page_stands(name, place, client_as, open_browser, live_server, long_name):
    browser = open_browser()
    sign_in(browser, live_server, client_as(name))
    for page in WALKS[name]:
        where = address(page, long_name)
        answer = browser.goto(where)
        assert answer.status == 200, where
        then_it_stands_at_every_width(browser, where)


def test_pages_for_those_who_have_not_signed_in_stand(open_browser, place):
    browser = open_browser()
    for name in ("account_login", "account_reset_password", "account_inactive"):
        browser.goto(reverse(name))
        then_it_stands_at_every_width(browser, name)


def test_refusals_stand_and_say_what_to_do(place, client_as, open_browser, live_server, long_name):
    browser = open_browser()
    sign_in(browser, live_server, client_as("Owen Shah"))
    answer = browser.goto(reverse("person", args=[long_name.pk]))
    assert answer.status == 403
    words = browser.locator("main").inner_text()
    assert "opens for 4 hours" in words
    assert LONG.upper() not in words.upper()
    then_it_stands_at_every_width(browser, "no way in")
    browser.get_by_role("button", name="Open the record in an emergency").click()
    assert "Choose what the emergency is." in browser.locator("main").inner_text()
    then_it_stands_at_every_width(browser, "an emergency without a reason")
    assert browser.goto("/no-such-page/").status == 404
    then_it_stands_at_every_width(browser, "404")
    assert browser.goto(reverse("audit_trail")).status == 403
    then_it_stands_at_every_width(browser, "403")


def test_wrong_input_is_answered_all_at_once(place, client_as, open_browser, live_server):
    browser = open_browser()
    sign_in(browser, live_server, client_as("Amina Rahman"))
    browser.goto(reverse("admit"))
    browser.locator("input[name=nhs_number]").fill("999 717 0327")
    for part, value in (("day", "31"), ("month", "2"), ("year", "1943")):
        browser.locator(f"input[name=born_on-{part}]").fill(value)
    browser.get_by_role("button", name="Add this person").click()
    assert browser.title().startswith("Error: ")
    summary = browser.get_by_role("alert").inner_text()
    assert "31 February 1943 is not a date" in summary
    assert "Fill in “Family name”." in summary
    assert len(browser.get_by_role("alert").get_by_role("link").all()) == 3
    assert browser.locator("input[name=nhs_number]").input_value() == "999 717 0327"
    then_it_stands_at_every_width(browser, "three mistakes")


def test_a_stale_save_shows_both_versions_and_whom_to_ring(place, client_as, open_browser, live_server, person):
    Organisation.objects.filter(code="Z90001").update(telephone="01632 960101")
    somebody = person("Ashworth")
    where = reverse("change_details", args=[somebody.pk, "contact"])
    browser = open_browser()
    sign_in(browser, live_server, client_as("Amina Rahman"))
    browser.goto(where)
    beside = browser.context.new_page()
    beside.goto(where)
    for one, mobile in ((beside, "07700 900111"), (browser, "07700 900222")):
        one.locator("input[name=mobile]").fill(mobile)
        one.get_by_role("button", name="Save details").click()
    words = browser.locator("main").inner_text()
    assert "Nothing was saved: this record changed while you were writing" in words
    assert "07700 900111" in words
    assert "07700 900222" in words
    assert "Dr Amina Rahman on 01632 960101" in words
    assert browser.locator("input[name='keep|mobile']:checked").count() == 0
    then_it_stands_at_every_width(browser, "two versions")
    browser.get_by_label("Keep mine").first.check()
    browser.get_by_role("button", name="Save what I chose").click()
    assert "07700 900222" in browser.locator("main").inner_text()


def test_somebody_is_added_with_scripts_off(place, client_as, open_browser, live_server):
    browser = open_browser(scripts=False)
    sign_in(browser, live_server, client_as("Amina Rahman"))
    browser.goto(reverse("admit"))
    browser.locator("input[name=nhs_number]").fill("999 000 0018")
    browser.locator("input[name=family_name]").fill(LONG)
    for part, value in (("day", "14"), ("month", "mar"), ("year", "1943")):
        browser.locator(f"input[name=born_on-{part}]").fill(value)
    browser.get_by_role("button", name="Add this person").click()
    somebody = Person.objects.get(family_name=LONG)
    assert browser.url.endswith(reverse("person", args=[somebody.pk]))
    assert sideways(browser) == 0
