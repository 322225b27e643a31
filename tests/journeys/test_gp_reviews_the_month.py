"""A GP's review of the month: chooses how many people, answers each with a few keys, and puts one wrong key right."""

from dataclasses import replace

from django.urls import reverse

from ambit.access.queries import operator
from ambit.casefinding import actions as casefinding
from ambit.casefinding.models import Candidate, ReviewRound
from tests.casefinding.conftest import ADMISSIONS, FAILURE, found, search
from tests.world.browser import sideways

MOST_KEYS = 6
# what the GP answers, in the order of the evidence: the keys, and the same without scripts
ANSWERS = [
    ("no", "yx1", {"surprise": "yes", "answer": "no", "why_no": "stable"}),
    ("not_now", "cl2", {"surprise": "cannot_say", "answer": "not_now", "wait": "3"}),
    ("accepted", "na", {"surprise": "no", "answer": "accepted"}),
    ("discuss", "m", {"answer": "discuss"}),
]


class Keyboard:
    """Presses keys one by one, and counts them."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def press(self, key):
        self.page.keyboard.press(key)
        self.pressed += 1


def given_the_search_found(today, number):
    several = [
        found(
            f"p{n}",
            number="",
            family=f"Longworth-Cholmondeley-{n}" if n == 1 else f"Person-{n}",
            reasons=(FAILURE, ADMISSIONS, replace(FAILURE, criterion="old", text="Old: aged 85 or over", evidence=()))
            if n < 3
            else (FAILURE, ADMISSIONS),
        )
        for n in range(1, number + 1)
    ]
    run = casefinding.ask_for_run(by=operator(), on=today)
    casefinding.keep_candidates(by=operator(), found=search(*several, on=today), run=run)


def when_the_gp_chooses_how_many(page, story, people):
    page.goto(reverse("candidates"))
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Choose how many").click()
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name=people]").fill(str(people))
    page.get_by_role("button", name="Make the list").click()
    assert f"{people} people still to answer" in page.get_by_role("heading", level=1).inner_text()
    assert "2 more people wait outside" in page.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Go on with the next").click()


def when_the_gp_answers(page, keys, said, *, scripts):
    """With keys, of which there are few; without scripts, by the form. The next person opens."""
    here = page.url
    if not scripts:
        for name, value in said.items():
            page.locator(f"input[name={name}][value='{value}']").check()
        page.get_by_role("button", name="Save, next person").click()
        return
    page.locator("body.cf-keys").wait_for()
    keyboard = Keyboard(page)
    for key in f"{keys}s":
        keyboard.press(key)
    page.wait_for_url(lambda url: url != here)
    assert keyboard.pressed <= MOST_KEYS


def when_a_wrong_key_is_put_right(page, *, scripts):
    """The answer just given is taken back, and its person opens again."""
    if scripts:
        page.locator("body.cf-keys").wait_for()
        Keyboard(page).press("u")
    else:
        page.get_by_role("button", name="Take it back").click()
    page.wait_for_url(lambda url: "after" not in url)


def test_gp_reviews_the_month(story, scripts):
    given_the_search_found(story.today, 6)
    story.given_they_can_sign_in("Amina Rahman")
    gp = story.when_signs_in("Amina Rahman", width=1440 if scripts else 375)
    when_the_gp_chooses_how_many(gp, story, len(ANSWERS))
    for number, (_, keys, said) in enumerate(ANSWERS):
        if number == 1:
            story.then_nothing_stands_in_the_way(gp)
            assert sideways(gp) == 0
            when_a_wrong_key_is_put_right(gp, scripts=scripts)
            assert "Answer taken back" in gp.locator("main").inner_text()
            when_the_gp_answers(gp, *ANSWERS[0][1:], scripts=scripts)
        when_the_gp_answers(gp, keys, said, scripts=scripts)
    gp.get_by_role("heading", level=1).filter(has_text="1 person still to answer").wait_for()
    places = ReviewRound.objects.get().places.order_by("number")
    assert list(places.values_list("candidate__state", flat=True)) == [state for state, *_ in ANSWERS]
    assert Candidate.objects.filter(state="open").count() == 2
    story.then_nothing_stands_in_the_way(gp)
    gp.goto(reverse("candidate_changes"))
    story.then_nothing_stands_in_the_way(gp)
    assert sideways(gp) == 0
