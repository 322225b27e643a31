"""A nurse enters IPOS with the keyboard alone: a key for each item and one to save (at most 25 key presses)."""

import pytest
from django.urls import reverse

from ambit.outcomes import registry
from ambit.outcomes.models import Measure
from tests.world.browser import look, sideways

ANSWERS = "20311x04212310012"
INSTRUMENT = "ipos-staff-3-day"
MOST = 25


def when_they_open_the_form(page, person):
    page.goto(reverse("outcomes", args=[person.id]))
    page.get_by_role("link", name="IPOS, staff, last 3 days").click()
    page.wait_for_url(f"**/{INSTRUMENT}/record/")
    page.locator("[data-item] input:focus").first.wait_for(
        state="attached"
    )  # a browser looks for what has the focus a little after the page


def then_it_is_saved(person):
    saved = Measure.objects.get(person=person)
    assert saved.missing == ["appetite"]
    assert "".join(str(saved.answers.get(item.id, "x")) for item in items()) == ANSWERS
    assert saved.total is None


def items():
    return registry.instrument(INSTRUMENT).items


def test_ipos_by_keyboard_alone(story, person, scripts):
    if not scripts:
        pytest.skip("Without scripts the keys move between items by Tab: the next test.")
    somebody = person("Ashworth")
    story.given_they_can_sign_in("Amina Rahman")
    page = story.when_signs_in("Amina Rahman")
    when_they_open_the_form(page, somebody)
    pressed = 0
    for key in (*ANSWERS, "Enter"):
        page.keyboard.press(key)
        pressed += 1
    page.wait_for_url(f"**/outcomes/{INSTRUMENT}/")
    assert pressed == 18 <= MOST
    then_it_is_saved(somebody)
    story.then_nothing_stands_in_the_way(page)


def test_a_wrong_key_is_mended_and_nothing_is_chosen_by_chance(story, person, scripts):
    if not scripts:
        pytest.skip("Keys are a script's.")
    somebody = person("Ashworth")
    story.given_they_can_sign_in("Amina Rahman")
    page = story.when_signs_in("Amina Rahman")
    when_they_open_the_form(page, somebody)
    story.then_nothing_stands_in_the_way(page)
    for key in ("9", "7", "q", "3", "Backspace", "2"):
        page.keyboard.press(key)
    assert page.locator("input:checked").evaluate_all("all => all.map(one => one.name + one.value)") == ["answer.pain2"]
    page.keyboard.press("Enter")
    page.wait_for_selector("text=There is a problem")
    assert page.locator("input[type=radio]:checked").count() == 1
    story.then_nothing_stands_in_the_way(page)


@pytest.mark.parametrize("width", [1440, 375])
def test_ipos_by_touch_or_without_scripts(story, person, width):
    somebody = person("Ashworth")
    story.given_they_can_sign_in("Amina Rahman")
    page = story.when_signs_in("Amina Rahman", width=width)
    when_they_open_the_form(page, somebody)
    for item, answer in zip(items(), ANSWERS, strict=True):
        value = "missing" if answer == "x" else answer
        page.locator(f"input[name='answer.{item.id}'][value='{value}']").check()
    assert sideways(page) == 0
    look(page, f"ipos-form-{width}")
    page.get_by_role("button", name="Save assessment").click()
    page.wait_for_url(f"**/outcomes/{INSTRUMENT}/")
    then_it_is_saved(somebody)
    assert sideways(page) == 0
    look(page, f"ipos-over-time-{width}")
