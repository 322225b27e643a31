"""A paramedic scans the code on Peggy's telephone, and somebody the square on a printed page: both have to sign in."""

import re

from django.urls import reverse

from ambit.demonstration.cast import PASSWORD, email_of
from ambit.design.qr import qr
from ambit.mycare import actions as mycare
from tests.journeys.test_from_the_first_talk_to_death import heading, words
from tests.journeys.test_person_edits_and_a_clinician_answers import when_they_begin_with_the_letter


def drawn(page) -> str:
    """The dark squares of the code on the page."""
    return page.locator("svg:has(title) path").last.get_attribute("d")


def squares_of(address: str) -> str:
    return re.search(r'<path [^>]*\bd="([^"]+)"', qr(address)).group(1)


def when_peggy_shows_a_code(page, story, base):
    """The address in the square, as a telephone's camera would read it."""
    page.get_by_role("link", name="Show your plan to a paramedic").click()
    page.get_by_role("button", name="Show a code").click()
    story.then_nothing_stands_in_the_way(page)
    code = page.locator(".m-code").inner_text().replace(" ", "")
    address = f"{base}{reverse('use_code')}?code={code}"
    assert drawn(page) == squares_of(address)
    return address


def when_they_scan_it_and_sign_in(open_browser, story, scripts, address, name, *, width=375):
    """Whoever scans has a telephone that is not signed in."""
    page = open_browser(width=width, scripts=scripts)
    page.goto(address)
    assert "Peggy" not in page.content()
    assert "ASHWORTH" not in page.content()
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name=login]").fill(email_of(name))
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "login" not in url)
    return page


def then_the_code_is_there_and_opens_when_pressed(page, story, person):
    assert heading(page) == "Which code does the person show you?"
    assert "ASHWORTH" not in page.content()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("button", name="Open the record").click()
    assert page.url.endswith(reverse("now", args=[person.id]))
    assert "CPR: not recorded" in words(page)
    story.then_nothing_stands_in_the_way(page)


def then_peggy_sees_who_opened_and_closes_it(page, story, person):
    page.goto(reverse("my_plan", args=[person.id]))
    page.get_by_role("link", name="See everybody who opened your plan").click()
    assert "Sam Okafor" in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Back to your plan").click()
    page.get_by_role("link", name="Show your plan to a paramedic").click()
    page.get_by_role("button", name="Stop showing my plan").click()
    story.then_nothing_stands_in_the_way(page)


def test_a_paramedic_scans_the_code_on_her_telephone(story, person, reader, open_browser, live_server, scripts):
    peggy = person("Ashworth")
    story.given_they_can_sign_in("Sam Okafor")
    letter = mycare.invite(
        by=reader("Amina Rahman"),
        person=peggy,
        role="person",
        name="Peggy Ashworth",
        basis="own",
        evidence="Passport seen",
    )
    hers = when_they_begin_with_the_letter(open_browser, story, letter, "peggy@example.org", scripts=scripts)
    address = when_peggy_shows_a_code(hers, story, live_server.url)
    paramedic = when_they_scan_it_and_sign_in(open_browser, story, scripts, address, "Sam Okafor")
    then_the_code_is_there_and_opens_when_pressed(paramedic, story, peggy)

    then_peggy_sees_who_opened_and_closes_it(hers, story, peggy)
    paramedic.reload()
    assert heading(paramedic) == "You cannot open this record"
    paramedic.goto(address)
    paramedic.get_by_role("button", name="Open the record").click()
    assert "There is a problem" in words(paramedic)
    story.then_nothing_stands_in_the_way(paramedic)


def test_the_square_on_paper_leads_to_the_record_and_needs_sign_in(story, person, open_browser, live_server, scripts):
    peggy = person("Ashworth")
    story.given_they_can_sign_in("Amina Rahman", "Amir Haddad", "Hugh Castell")
    story.given_on_duty("Amir Haddad")
    gp = story.when_signs_in("Amina Rahman")
    gp.goto(reverse("now", args=[peggy.id]))
    gp.get_by_role("link", name="Print on one page").click()
    story.then_nothing_stands_in_the_way(gp)
    address = live_server.url + reverse("now", args=[peggy.id])
    assert drawn(gp) == squares_of(address)

    on_duty = when_they_scan_it_and_sign_in(open_browser, story, scripts, address, "Amir Haddad")
    assert on_duty.url == address
    assert "CPR: not recorded" in words(on_duty)
    story.then_nothing_stands_in_the_way(on_duty)

    stranger = when_they_scan_it_and_sign_in(open_browser, story, scripts, address, "Hugh Castell", width=1440)
    assert heading(stranger) == "You cannot open this record"
    assert "ASHWORTH" not in stranger.content()
    story.then_nothing_stands_in_the_way(stranger)
