"""The living page looked at by a machine: no violations, no console errors, no sideways scroll, at three widths.

The pictures it leaves in tests/pictures are for people to look at beside the design.
"""

import pytest

from tests.world.browser import PICTURES, axe, look, sideways

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTHS = (1440, 375, 320)
PAGES = {
    "parts": "/design/",
    "record": "/design/record/",
    "died": "/design/died/",
    "form": "/design/form/",
    "two-versions": "/design/two-versions/",
    "list": "/design/list/",
    "person": "/design/person/",
    "went-wrong-403": "/design/went-wrong/403/",
    "went-wrong-404": "/design/went-wrong/404/",
    "went-wrong-500": "/design/went-wrong/500/",
    "went-wrong-503": "/design/went-wrong/503/",
}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_found_at_any_width(open_browser, name):
    page = open_browser()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(PAGES[name])
        look(page, f"{name}-{width}")
        assert axe(page) == [], width
        assert sideways(page) == 0, width


def test_a_form_with_problems_lists_them_and_keeps_what_was_typed(open_browser):
    page = open_browser()
    page.goto("/design/form/")
    page.get_by_label("Day").fill("31")
    page.get_by_label("Month").fill("2")
    page.get_by_role("button", name="Save section").click()
    assert page.title().startswith("Error: ")
    assert page.locator(".nhsuk-error-summary").evaluate("box => box === document.activeElement")
    page.get_by_role("link", name="31 February 2026 is not a date").click()
    assert page.get_by_label("Day").evaluate("input => input === document.activeElement")
    assert page.get_by_label("Day").input_value() == "31"
    assert axe(page) == []
    look(page, "form-problems-1440")


@pytest.mark.parametrize("name", ["parts", "form", "list"])
def test_pages_are_whole_with_scripts_off(open_browser, name):
    page = open_browser(width=375, scripts=False)
    page.goto(PAGES[name])
    look(page, f"{name}-no-scripts")
    assert sideways(page) == 0
    if name == "form":
        page.get_by_role("button", name="Save section").click()
        assert page.locator(".nhsuk-error-summary__list li").count() == 3


def test_paper_shows_rows_beside_their_own_labels_and_repeats_who_it_is_about(open_browser):
    page = open_browser(width=760)
    page.goto(PAGES["record"])
    page.emulate_media(media="print")
    for row in page.locator(".a-rows .nhsuk-summary-list__row").all():
        label, value = row.locator("dt").bounding_box(), row.locator("dd").first.bounding_box()
        assert abs(label["y"] - value["y"]) < 2
        assert label["x"] + label["width"] <= value["x"] + 1
    assert not page.locator(".a-header").is_visible()
    assert page.locator(".a-banner").is_visible()
    pdf = page.pdf(prefer_css_page_size=True, path=PICTURES / "record.pdf")
    assert pdf.count(b"/Type /Page\n") == 1


def test_the_page_speaks_welsh(open_browser):
    page = open_browser()
    page.goto(PAGES["form"])
    page.get_by_role("button", name="Cymraeg").click()
    assert page.locator("html").get_attribute("lang") == "cy"
    assert page.get_by_role("link", name="Neidio i’r prif gynnwys").count() == 1
