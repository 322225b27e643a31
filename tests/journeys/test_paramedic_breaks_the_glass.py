"""A paramedic off duty opens somebody in an emergency, and the privacy officer reviews it."""

from django.urls import reverse


def when_the_paramedic_opens_without_a_tie(page, story, person):
    page.goto(reverse("now", args=[person.id]))
    assert page.get_by_role("heading", level=1).inner_text() == "You cannot open this record"
    assert "Do not attempt CPR" not in page.content()
    story.then_nothing_stands_in_the_way(page)


def when_they_say_nothing_it_stays_closed(page, story):
    page.get_by_role("button", name="Open the record in an emergency").click()
    assert "There is a problem" in page.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(page)


def when_they_say_why(page):
    page.get_by_label("The person needs care now and cannot say what they want").check()
    page.get_by_label("In your own words").fill("Found on the floor at home, cannot speak.")
    page.get_by_role("button", name="Open the record in an emergency").click()


def then_the_urgent_page_opens_and_says_it_is_reviewed(page, story, person):
    assert page.url.endswith(reverse("now", args=[person.id]))
    words = page.locator("main").inner_text()
    assert "You opened this record in an emergency" in words
    assert "CPR: not recorded" in words
    story.then_nothing_stands_in_the_way(page)


def when_the_privacy_officer_reviews_it(page, story, who="Sam Okafor"):
    page.goto(reverse("emergency_openings"))
    story.then_nothing_stands_in_the_way(page)
    page.locator("main").get_by_role("link", name=who).first.click()
    assert "Found on the floor at home, cannot speak." in page.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name=outcome][value=proper]").check()
    page.get_by_role("button", name="Save this review").click()


def test_paramedic_breaks_the_glass(story, person):
    somebody = person("Longworth")
    story.given_they_can_sign_in("Sam Okafor", "Priya Venn")

    paramedic = story.when_signs_in("Sam Okafor", width=375)
    when_the_paramedic_opens_without_a_tie(paramedic, story, somebody)
    when_they_say_nothing_it_stays_closed(paramedic, story)
    when_they_say_why(paramedic)
    then_the_urgent_page_opens_and_says_it_is_reviewed(paramedic, story, somebody)

    officer = story.when_signs_in("Priya Venn")
    when_the_privacy_officer_reviews_it(officer, story)
    story.then_nothing_stands_in_the_way(officer)
    assert somebody.emergency_openings.get().outcome == "proper"
