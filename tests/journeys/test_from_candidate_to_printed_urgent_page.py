"""The main job, once through: coded records find somebody, a GP decides, and at night a paramedic reads the plan."""

from datetime import timedelta

from django.urls import reverse

from ambit.casefinding import actions as casefinding
from ambit.demonstration.histories import write_bundles
from ambit.demonstration.rules import Invented
from ambit.events.delivery import deliver_due
from ambit.people.models import Person
from ambit.population import actions as population
from tests.journeys.test_paramedic_breaks_the_glass import (
    when_the_paramedic_opens_without_a_tie,
    when_the_privacy_officer_reviews_it,
    when_they_say_why,
)
from tests.world.browser import on_paper

NUMBER = "9990000018"
NOTE = "More breathless since Tuesday. Chose to stay at home. Wake her daughter, who sleeps upstairs."


def given_a_practice_sent_its_coded_records(reader, today, folder):
    """Joan Preston: heart failure, three emergency admissions, losing weight."""
    joan = Invented(
        title="Ms",
        given_names="Joan",
        family_name="Preston",
        born_on=today.replace(year=today.year - 84, day=9),
        sex="female",
        practice="Z90002",
        nhs_number=NUMBER,
        address=("7 Weir Street", "Thornmere"),
        postcode="NM1 2AB",
        conditions=("heart_failure",),
        admissions=tuple(today - timedelta(days=days) for days in (150, 96, 31)),
    )
    population.take_in(by=reader("operator"), paths=write_bundles([joan], folder, on=today), source="old-tannery")


def given_the_search_has_run(reader, today):
    by = reader("operator")
    casefinding.run_search(by=by, run=casefinding.ask_for_run(by=by, on=today))


def when_the_gp_reads_why_and_accepts(page, story):
    page.goto(reverse("candidates"))
    assert page.get_by_role("heading", level=1).inner_text() == "1 person still to answer"
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="PRESTON, Joan").first.click()
    words = page.locator("main").inner_text()
    assert "Heart failure" in words
    assert "unplanned admissions in six months" in words
    story.then_nothing_stands_in_the_way(page)
    page.get_by_label("Add to the register").check()
    page.locator("input[name=surprise][value=no]").check()
    page.locator("select[name=stage]").select_option("months")
    page.locator("textarea[name=reason]").fill("Three admissions since June; she asked about stopping them.")
    page.locator("input[name=told]").check()
    page.get_by_role("button", name="Save, and begin the plan").click()


def when_the_gp_writes_the_first_note(page, story):
    assert page.get_by_role("heading", level=1).inner_text() == "What you need to know now"
    story.then_nothing_stands_in_the_way(page)
    page.locator("textarea[name='need_to_know.note']").fill(NOTE)
    story.fill_day(page, "need_to_know.until_on", story.today + timedelta(days=12))
    page.get_by_role("button", name="Save section").click()
    story.then_nothing_stands_in_the_way(page)


def when_the_gp_records_the_cpr_decision(page, story, person):
    page.goto(reverse("make_cpr_decision", args=[person.id]))
    page.locator("input[name=reading][value=do_not_attempt]").check()
    story.fill_day(page, "made_on", story.today)
    page.locator("textarea[name=reason]").fill("It would not restart her heart for long; she wants a natural death.")
    page.locator("input[name=talked][value=person]").check()
    page.locator("input[name=decided_by]").fill("Dr Owen Shah")
    page.locator("input[name=decided_by_role]").fill("GP")
    story.fill_day(page, "review_on", story.today + timedelta(days=90))
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("button", name="Save").click()
    assert "Do not attempt CPR" in page.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(page)


def when_the_coordinator_sees_her_in_the_caseload_and_does_the_task(page, story, person):
    page.goto(reverse("caseload"))
    story.then_nothing_stands_in_the_way(page)
    row = page.locator("tr", has_text="PRESTON")
    assert "Nobody" in row.inner_text()
    page.goto(reverse("tasks"))
    assert "PRESTON, Joan" in page.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Name somebody for Preston").click()
    story.then_nothing_stands_in_the_way(page)
    page.locator("select[name=membership_id]").select_option(
        label="Bea Lindqvist, Care coordinator, Eskvale Community Nursing"
    )
    page.get_by_role("button", name="Name this coordinator").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Bea Lindqvist coordinates"
    assert "No open task about this person" in page.locator("main").inner_text()
    story.then_nothing_stands_in_the_way(page)
    page.goto(reverse("caseload"))
    words = page.locator("tr", has_text="PRESTON").inner_text()
    assert "Bea Lindqvist" in words
    assert "Name a coordinator" not in words


def when_the_nurse_on_the_advice_line_finds_her_by_number(page, story, person):
    page.goto(reverse("find_urgent"))
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name=number]").fill("999 000 0018")
    page.get_by_role("button", name="Find", exact=True).click()
    assert page.url.endswith(reverse("now", args=[person.id]))


def when_the_paramedic_opens_her_in_an_emergency(page, story, person):
    when_the_paramedic_opens_without_a_tie(page, story, person)
    when_they_say_why(page)
    assert "You opened this record in an emergency" in page.locator("main").inner_text()
    then_she_is_read_at_once(page, story)


def then_she_is_read_at_once(page, story):
    assert page.get_by_role("heading", name="Do not attempt CPR").is_visible()
    words = page.locator("main").inner_text()
    assert NOTE in words
    assert "Dr Owen Shah" in words
    story.then_nothing_stands_in_the_way(page)


def then_the_paper_is_one_side(page, story, path):
    page.get_by_role("link", name="Print on one page").click()
    sides, words = on_paper(page, path)
    story.then_nothing_stands_in_the_way(page)
    assert sides == 1
    assert "Do not attempt CPR" in words
    assert "Check the live record" in words


def test_from_candidate_to_printed_urgent_page(story, reader, tmp_path):
    given_a_practice_sent_its_coded_records(reader, story.today, tmp_path)
    given_the_search_has_run(reader, story.today)
    story.given_they_can_sign_in("Owen Shah", "Bea Lindqvist", "Amir Haddad", "Sam Okafor", "Priya Venn")
    story.given_on_duty("Amir Haddad")

    gp = story.when_signs_in("Owen Shah")
    when_the_gp_reads_why_and_accepts(gp, story)
    joan = Person.objects.get(family_name="Preston")
    when_the_gp_writes_the_first_note(gp, story)
    when_the_gp_records_the_cpr_decision(gp, story, joan)

    deliver_due()
    coordinator = story.when_signs_in("Bea Lindqvist")
    when_the_coordinator_sees_her_in_the_caseload_and_does_the_task(coordinator, story, joan)

    nurse = story.when_signs_in("Amir Haddad", width=375)
    when_the_nurse_on_the_advice_line_finds_her_by_number(nurse, story, joan)
    then_she_is_read_at_once(nurse, story)

    paramedic = story.when_signs_in("Sam Okafor", width=375)
    when_the_paramedic_opens_her_in_an_emergency(paramedic, story, joan)
    then_the_paper_is_one_side(paramedic, story, tmp_path / "joan.pdf")

    officer = story.when_signs_in("Priya Venn")
    when_the_privacy_officer_reviews_it(officer, story, who="Sam Okafor")
