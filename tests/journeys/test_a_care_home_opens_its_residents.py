"""A care home opens everybody who lives there: from the day somebody moves in, until the day they leave."""

from datetime import timedelta
from uuid import uuid4

from ambit.careplan import actions as careplan
from tests.journeys.test_from_the_first_talk_to_death import heading, words


def given_peggy_has_a_cpr_decision(reader, peggy, today):
    form = careplan.CPRForm(
        reading="do_not_attempt", made_on=today, reason="She wants a natural death.", talked="person",
        decided_by="Dr Amina Rahman", decided_by_role="GP", review_on=today + timedelta(days=90),
    )  # fmt: skip
    careplan.make_cpr_decision(by=reader("Amina Rahman"), person=peggy, form=form, replaces=(), on=today, key=uuid4())


def when_the_senior_looks_at_everybody_who_lives_here(page, story):
    page.goto("/")
    page.get_by_role("link", name="Caseload").first.click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Everybody who lives here").click()
    story.then_nothing_stands_in_the_way(page)


def when_the_gp_records_where_they_live(page, story, name, home):
    page.goto("/")
    page.get_by_role("link", name="Find a person").first.click()
    page.get_by_label("Name, NHS number or date of birth").fill(name)
    page.get_by_role("button", name="Find").click()
    page.locator("main").get_by_role("link", name=name).first.click()
    page.get_by_role("link", name="Moved into or out of a care home").click()
    story.then_nothing_stands_in_the_way(page)
    page.locator("select[name=residence_id]").select_option(label=home)
    story.fill_day(page, "moved_on", story.today)
    page.get_by_role("button", name="Save the move").click()
    assert "There is a problem" not in words(page)
    story.then_nothing_stands_in_the_way(page)


def then_one_row_says_what_must_be_known(page):
    row = page.locator("tr", has_text="ASHWORTH").inner_text()
    assert "999\xa0717\xa00326" in row
    assert "Not for CPR" in row
    assert "Ask about allergies." in row
    assert "CPR is not decided." in page.locator("tr", has_text="LONGWORTH").inner_text()


def then_the_plan_is_one_press_away(page, story):
    page.get_by_role("link", name="ASHWORTH, Margaret Jean").click()
    assert heading(page).startswith("Plan:")
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Urgent page").click()
    assert page.get_by_role("heading", name="Do not attempt CPR").first.is_visible()
    story.then_nothing_stands_in_the_way(page)


def test_a_care_home_opens_its_residents(story, person, reader):
    peggy = person("Ashworth")
    person("Longworth")
    given_peggy_has_a_cpr_decision(reader, peggy, story.today)
    story.given_they_can_sign_in("Grace Nwosu", "Amina Rahman")
    senior = story.when_signs_in("Grace Nwosu")
    when_the_senior_looks_at_everybody_who_lives_here(senior, story)
    assert heading(senior) == "Nobody is recorded as living here"

    gp = story.when_signs_in("Amina Rahman")
    for name in ("Ashworth", "Longworth"):
        when_the_gp_records_where_they_live(gp, story, name, "Ferry View Care Home")
    when_the_senior_looks_at_everybody_who_lives_here(senior, story)
    assert heading(senior) == "2 of your 2 residents need something settled"
    then_one_row_says_what_must_be_known(senior)
    then_the_plan_is_one_press_away(senior, story)

    when_the_gp_records_where_they_live(gp, story, "Ashworth", "Not in a care home")
    senior.reload()
    assert heading(senior) == "You cannot open this record"
    when_the_senior_looks_at_everybody_who_lives_here(senior, story)
    assert "ASHWORTH" not in senior.content()
