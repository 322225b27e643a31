"""Consent withdrawn: Peggy keeps her plan to her practice; what each reader sees after, and that she can let them again."""

import pytest
from django.urls import reverse

from ambit.access import actions as access
from ambit.careplan import actions as careplan
from ambit.careplan import registry
from ambit.mycare import actions as mycare
from ambit.organisations.models import Membership, Team
from ambit.register import actions as register
from tests.journeys.test_from_the_first_talk_to_death import heading, words
from tests.journeys.test_person_edits_and_a_clinician_answers import when_they_begin_with_the_letter

NOTE = "More breathless since Tuesday. Helen sleeps upstairs: wake her."
CLOSED = "You cannot open this record"


@pytest.fixture
def peggy(person, reader, place, story):
    """On the register, with a note; the district nurses visit, a paramedic is on duty."""
    ashworth, gp = person("Ashworth"), reader("Amina Rahman")
    nurse = Membership.objects.get(staff__name="Ruth Tannahill")
    nurse.team = Team.objects.create(organisation=place["ZC1"], name="Eskvale district nurses, day")
    nurse.save()
    register.add_to_register(
        by=gp, person=ashworth, on=story.today, found_by="referral", stage="weeks", told=True, reason="Agreed with her."
    )
    access.give_grant(by=gp, person_id=ashworth.id, kind="care_team", team_id=nurse.team_id)
    careplan.save_section(
        by=gp, person=ashworth, section=registry.section("need_to_know"), base=0, on=story.today,
        content={"need_to_know.note": NOTE, "need_to_know.until_on": story.today.replace(year=story.today.year + 1, day=1)},
    )  # fmt: skip
    story.given_on_duty("Sam Okafor")
    return ashworth


def then_they_read_it(page, story, person, route):
    page.goto(reverse(route, args=[person.id]))
    assert NOTE in words(page)
    story.then_nothing_stands_in_the_way(page)


def when_peggy_chooses(page, story, person, outcome, *, told=False):
    page.goto(reverse("my_plan", args=[person.id]))
    page.get_by_role("link", name="Who may see your plan").click()
    story.then_nothing_stands_in_the_way(page)
    page.locator(f"input[name=outcome][value={outcome}]").check()
    if told:
        page.locator("input[name=told]").check()
    page.get_by_role("button", name="Save my choice").click()
    story.then_nothing_stands_in_the_way(page)


def then_the_nurse_sees_nothing(page, story, person):
    """Where she was reading, in her list, in her search, in print: at the next request."""
    for route in ("plan", "now", "print_now", "section_history", "medicines_at_home", "outcomes"):
        page.goto(reverse(route, args=[person.id, "need_to_know"] if route == "section_history" else [person.id]))
        assert heading(page) == CLOSED, route
        assert NOTE not in page.content()
    assert "has objected" not in words(page)  # nor that there is anything to object to, by the policy of this site
    story.then_nothing_stands_in_the_way(page)
    page.goto(reverse("caseload"))
    assert "ASHWORTH" not in page.content()
    page.goto(reverse("find_person") + "?search=ashworth")
    assert "ASHWORTH, Margaret Jean" not in words(page)
    story.then_nothing_stands_in_the_way(page)


def then_the_paramedic_may_only_in_an_emergency(page, story, person):
    page.goto(reverse("now", args=[person.id]))
    assert heading(page) == CLOSED
    assert NOTE not in page.content()
    story.then_nothing_stands_in_the_way(page)
    says_why(page)
    assert NOTE in words(page)
    assert "You opened this record in an emergency" in words(page)
    story.then_nothing_stands_in_the_way(page)


def says_why(page):
    page.get_by_label("The person needs care now and cannot say what they want").check()
    page.get_by_label("In your own words").fill("Found on the floor at home, cannot speak.")
    page.get_by_role("button", name="Open the record in an emergency").click()


def then_nobody_opens_it_not_even_in_an_emergency(page, story, person):
    page.goto(reverse("now", args=[person.id]))
    assert heading(page) == CLOSED
    assert NOTE not in page.content()
    says_why(page)
    assert NOTE not in page.content()
    assert page.get_by_role("button", name="Open the record in an emergency").count() == 0
    story.then_nothing_stands_in_the_way(page)


def test_the_person_keeps_her_plan_to_her_practice(story, peggy, reader, open_browser, scripts):
    story.given_they_can_sign_in("Amina Rahman", "Ruth Tannahill", "Sam Okafor")
    letter = mycare.invite(
        by=reader("Amina Rahman"),
        person=peggy,
        role="person",
        name="Peggy Ashworth",
        basis="own",
        evidence="Passport seen",
    )
    hers = when_they_begin_with_the_letter(open_browser, story, letter, "peggy@example.org", scripts=scripts)
    gp, nurse = story.when_signs_in("Amina Rahman"), story.when_signs_in("Ruth Tannahill")
    paramedic = story.when_signs_in("Sam Okafor", width=375)
    for page, route in ((gp, "plan"), (nurse, "plan"), (paramedic, "now")):
        then_they_read_it(page, story, peggy, route)

    when_peggy_chooses(hers, story, peggy, "objected")
    then_the_nurse_sees_nothing(nurse, story, peggy)
    then_they_read_it(gp, story, peggy, "plan")
    then_the_paramedic_may_only_in_an_emergency(paramedic, story, peggy)

    when_peggy_chooses(hers, story, peggy, "never")
    assert "There is a problem" in words(hers)
    when_peggy_chooses(hers, story, peggy, "never", told=True)
    assert "Now: only your GP practice, and nobody else, not even in an emergency." in words(hers)
    then_nobody_opens_it_not_even_in_an_emergency(paramedic, story, peggy)
    then_they_read_it(gp, story, peggy, "plan")

    when_peggy_chooses(hers, story, peggy, "agreed")
    then_they_read_it(nurse, story, peggy, "plan")
    then_they_read_it(paramedic, story, peggy, "now")
