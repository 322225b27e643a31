"""Peggy comes by a letter, writes what matters and asks for a change; her GP answers; her attorney and a carer look on."""

from datetime import date
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from ambit.careplan import actions as careplan
from ambit.careplan.models import SectionVersion
from ambit.demonstration.cast import PASSWORD
from ambit.mycare import actions as mycare

WIDE = 375


def given_a_letter(reader, person, **said):
    return mycare.invite(by=reader("Amina Rahman"), person=person, evidence="Passport seen", **said)


def given_a_power_of_attorney(reader, person):
    """Registered, for health and welfare, naming Helen: what her letter rests on."""
    said = {
        "type": "lpa_health", "holders": [{"name": "Helen Ashworth-Doyle"}], "registered_on": date(2023, 5, 8),
        "made_on": date(2023, 3, 1), "life_sustaining": "yes", "seen": "original",
    }  # fmt: skip
    return careplan.record_directive(
        by=reader("Amina Rahman"),
        person=person,
        kind="authority",
        source="transcribed",
        said=said,
        on=timezone.localdate(),
        key=uuid4(),
    )


def when_they_begin_with_the_letter(open_browser, story, letter, email, *, scripts):
    page = open_browser(width=WIDE, scripts=scripts)
    page.goto(reverse("begin"))
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name=code]").fill(letter.in_groups)
    story.fill_day(page, "born_on", date(1943, 3, 14))
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=again]").fill(PASSWORD)
    page.get_by_role("button", name="Make my sign-in").click()
    page.locator("input[name=login]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/my-care/*-*/")
    return page


def when_peggy_writes_what_matters(page, story):
    page.get_by_role("link", name="Write this part").first.click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("button", name="Save my words").click()
    assert "There is a problem" in page.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_label("What matters most to you").fill("My cat, my garden window, and no fuss.")
    page.get_by_role("button", name="Save my words").click()
    assert "My cat, my garden window, and no fuss." in page.locator("main").inner_text()
    assert "Your own words" in page.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(page)


def when_peggy_asks_for_a_change(page, story):
    page.get_by_label("What should be different?").fill("The key safe is behind the drainpipe now.")
    page.get_by_role("button", name="Send", exact=True).click()
    assert "Waiting for an answer." in page.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(page)


def when_the_gp_answers(page, story, person):
    page.goto(reverse("plan", args=[person.id]))
    assert "The key safe is behind the drainpipe now." in page.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Answer Peggy Ashworth").click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_label("Done: the plan says it now").check()
    page.locator("textarea[name=why]").fill("Thank you, Peggy. It says so now.")
    page.get_by_role("button", name="Send the answer").click()


def then_peggy_reads_the_answer_and_who_looked(page, story, person):
    page.goto(reverse("my_plan", args=[person.id]))
    words = page.locator("main").inner_text()
    assert "Done. Thank you, Peggy. It says so now." in words
    assert "Dr Amina Rahman" in words
    for name in ("who_opened", "do_not_know", "my_whole_plan", "who_may_see", "show_code", "choose_looks", "notices"):
        page.goto(reverse(name, args=[person.id]))
        story.then_nothing_stands_in_the_way(page)


def then_helen_writes_for_peggy_and_joe_only_looks(helen, joe, story, person):
    assert "In this plan “you” means Peggy." in helen.locator("main").inner_text()
    helen.goto(reverse("write_my_words", args=[person.id, "what_matters"]))
    assert "You are Helen Ashworth-Doyle, writing for Peggy." in helen.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(helen)
    words = joe.locator("main").inner_text()
    assert "My cat, my garden window, and no fuss." in words
    assert "Who opened your plan" not in words
    assert joe.get_by_role("link", name="Change it").count() == 0
    story.then_nothing_stands_in_the_way(joe)


def test_person_edits_and_a_clinician_answers(story, person, reader, open_browser, scripts):
    ashworth = person("Ashworth")
    story.given_they_can_sign_in("Amina Rahman")
    peggys = given_a_letter(reader, ashworth, role="person", name="Peggy Ashworth", basis="own")
    power = given_a_power_of_attorney(reader, ashworth)
    helens = given_a_letter(
        reader, ashworth, role="proxy", name="Helen Ashworth-Doyle", basis="attorney", directive_id=power.pk
    )
    joes = given_a_letter(reader, ashworth, role="carer", name="Joe Doyle", basis="leave")

    peggy = when_they_begin_with_the_letter(open_browser, story, peggys, "peggy@example.org", scripts=scripts)
    story.then_nothing_stands_in_the_way(peggy)
    when_peggy_writes_what_matters(peggy, story)
    when_peggy_asks_for_a_change(peggy, story)
    assert SectionVersion.objects.count() == 1

    gp = story.when_signs_in("Amina Rahman")
    when_the_gp_answers(gp, story, ashworth)
    then_peggy_reads_the_answer_and_who_looked(peggy, story, ashworth)

    helen = when_they_begin_with_the_letter(open_browser, story, helens, "helen@example.org", scripts=scripts)
    joe = when_they_begin_with_the_letter(open_browser, story, joes, "joe@example.org", scripts=scripts)
    then_helen_writes_for_peggy_and_joe_only_looks(helen, joe, story, ashworth)
