"""Peggy's plan, from the first talk to her death at home: everything is reached from the plan by links, as people reach it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from ambit.access import actions as access
from ambit.careplan.models import Closure, Directive
from ambit.events.delivery import deliver_due
from ambit.mycare import actions as mycare
from ambit.organisations.models import Membership, Team
from ambit.people.models import Person
from ambit.register import actions as register
from tests.journeys.test_nurse_enters_ipos_by_keyboard import ANSWERS, items
from tests.journeys.test_person_edits_and_a_clinician_answers import when_they_begin_with_the_letter

MORPHINE = "Morphine 10mg/1ml injection"


@pytest.fixture
def peggy(person, reader, place, story):
    """On the register since the summer; the district nurses visit her."""
    ashworth = person("Ashworth")
    nurse = Membership.objects.get(staff__name="Ruth Tannahill")
    nurse.team = Team.objects.create(organisation=place["ZC1"], name="Eskvale district nurses, day")
    nurse.save()
    gp = reader("Amina Rahman")
    register.add_to_register(
        by=gp,
        person=ashworth,
        on=story.today,
        found_by="referral",
        stage="months",
        told=True,
        reason="Agreed with her.",
    )
    access.give_grant(by=gp, person_id=ashworth.id, kind="care_team", team_id=nurse.team_id)
    return ashworth


def words(page) -> str:
    return page.locator("main").inner_text()


def heading(page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


def opens_the_plan(page, story, person):
    """From the list of their own people, not by an address."""
    page.goto("/")
    page.get_by_role("link", name="Caseload").first.click()
    page.get_by_role("link", name="ASHWORTH, Margaret Jean").click()
    assert page.url.endswith(reverse("plan", args=[person.id]))
    story.then_nothing_stands_in_the_way(page)


def from_the_plan(page, story, name):
    """Follow a link of the plan, and look whether anything stands in the way where it leads."""
    if page.get_by_role("link", name="Plan", exact=True).count():
        page.get_by_role("link", name="Plan", exact=True).first.click()
    elif not page.url.endswith("/plan/"):
        page.get_by_role("link", name="Back to plan").click()
    page.locator("main").get_by_role("link", name=name, exact=True).first.click()
    story.then_nothing_stands_in_the_way(page)


def saves(page, story, button="Save section"):
    page.get_by_role("button", name=button, exact=True).click()
    assert "There is a problem" not in words(page)
    story.then_nothing_stands_in_the_way(page)


def when_the_gp_has_the_first_talk(page, story):
    from_the_plan(page, story, "Talks about the future")
    page.get_by_label("Offered, and wanted").check()
    page.locator("input[name='talks.with_whom']").fill("Her daughter Helen")
    page.get_by_label("What matters", exact=True).check()
    story.fill_day(page, "talks.held__0__on", story.today)
    page.locator("input[name='talks.held__0__led_by']").fill("Dr Amina Rahman")
    page.locator("textarea[name='talks.held__0__outcome']").fill("Wants to stay at home, and to plan it now.")
    story.fill_day(page, "talks.review_on", story.today - timedelta(days=3))
    page.get_by_role("button", name="Save section").click()
    assert "There is a problem" in words(page)
    assert page.locator("textarea[name='talks.held__0__outcome']").input_value().startswith("Wants to stay at home")
    story.then_nothing_stands_in_the_way(page)
    story.fill_day(page, "talks.review_on", story.today + timedelta(days=60))
    saves(page, story)


def when_the_nurse_writes_what_matters_and_where(page, story):
    from_the_plan(page, story, "What matters to me")
    page.locator("textarea[name='what_matters.words']").fill("Her own bed, Helen nearby, and Radio 3.")
    page.locator("input[name='what_matters.who_said'][value=person]").check()
    saves(page, story)
    from_the_plan(page, story, "Where I want to be")
    for name, value in (("care_first", "own_home"), ("death_first", "own_home"), ("death_second", "hospice")):
        field = page.locator(f"[name='place_of_care.{name}']")
        if field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            page.locator(f"input[name='place_of_care.{name}'][value='{value}']").check()
    saves(page, story)
    assert "At home" in words(page)


def when_the_gp_decides_about_cpr(page, story):
    from_the_plan(page, story, "CPR decision")
    assert heading(page) == "CPR: not recorded. This is not a decision."
    page.get_by_role("link", name="Record a decision made now").click()
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name=reading][value=do_not_attempt]").check()
    story.fill_day(page, "made_on", story.today)
    page.get_by_role("button", name="Save", exact=True).click()
    assert "There is a problem" in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.locator("textarea[name=reason]").fill("It would not restart her heart for long; she wants a natural death.")
    page.locator("input[name=talked][value=person]").check()
    page.locator("input[name=decided_by]").fill("Dr Amina Rahman")
    page.locator("input[name=decided_by_role]").fill("GP")
    story.fill_day(page, "review_on", story.today + timedelta(days=90))
    saves(page, story, "Save")
    assert heading(page) == "Do not attempt CPR"
    page.get_by_role("link", name="Plan", exact=True).first.click()
    assert "Clinical decision" in page.locator("tr", has_text="CPR decision").inner_text()


def when_the_gp_copies_her_old_refusal(page, story):
    """She wrote it two years ago at the kitchen table; nobody witnessed it. It is kept, and its force is said with the reason."""
    from_the_plan(page, story, "Advance decision (ADRT)")
    page.get_by_role("link", name="Record one").click()
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name=source][value=transcribed]").check()
    fills_the_refusal(page, story, witnessed="no", made_on=story.today - timedelta(days=730))
    page.locator("input[name=seen][value=original]").check()
    saves(page, story, "Save")
    assert "recorded as a wish: not witnessed, so not binding for life-sustaining treatment" in heading(page)


def fills_the_refusal(page, story, *, witnessed, made_on):
    page.locator("input[name=form][value=refusal]").check()
    page.locator("input[name=treatments][value=cpr]").check()
    page.locator("input[name=treatments][value=intensive_care]").check()
    page.locator("input[name=capacity][value=presumed]").check()
    page.locator("input[name=in_writing][value=yes]").check()
    page.locator("input[name=signed][value=person]").check()
    page.locator("input[name=at_risk][value=yes]").check()
    page.locator(f"input[name=witnessed][value={witnessed}]").check()
    story.fill_day(page, "made_on", made_on)


def when_the_nurse_sees_that_an_attorney_came_later(page, story):
    from_the_plan(page, story, "Attorneys and deputies")
    page.get_by_role("link", name="Record one").click()
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name=seen][value=original]").check()
    page.locator("input[name=type][value=lpa_health]").check()
    page.locator("input[name=holders__0__name]").fill("Helen Ashworth-Doyle")
    page.locator("input[name=joint][value=only]").check()
    story.fill_day(page, "registered_on", story.today - timedelta(days=300))
    page.locator("input[name=life_sustaining][value=yes]").check()
    story.fill_day(page, "made_on", story.today - timedelta(days=350))
    saves(page, story, "Save")
    page.get_by_role("link", name="Plan", exact=True).first.click()
    assert "An attorney was appointed after the advance decision" in words(page)
    assert "Ambit does not choose." in words(page)
    story.then_nothing_stands_in_the_way(page)


def then_it_is_first_wherever_she_is_opened(page, story, person):
    page.get_by_role("link", name="Urgent page").click()
    assert "An attorney was appointed after the advance decision" in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Whole plan").first.click()


def when_the_gp_settles_it_with_her(page, story):
    """She has capacity: she makes her decision anew, signed and witnessed, and says which it replaces."""
    page.locator("a", has_text="Settle: Attorney appointed after the advance decision").click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Record one").click()
    page.locator("input[name=source][value=made_here]").check()
    fills_the_refusal(page, story, witnessed="yes", made_on=story.today)
    page.locator("input[name=witness]").fill("Rev Sandra Gill")
    page.locator("input[name=replaces]").check()
    saves(page, story, "Save")
    assert "An attorney was appointed after" not in words(page)
    assert "Binding" in words(page)
    page.get_by_role("link", name="Plan", exact=True).first.click()
    assert "An attorney was appointed after" not in words(page)
    story.then_nothing_stands_in_the_way(page)


def when_the_box_comes_into_the_home(page, story):
    from_the_plan(page, story, "Just-in-case medicines")
    page.locator("input[name='medicines_at_home.box'][value=yes]").check()
    page.locator("input[name='medicines_at_home.kept']").fill("Top shelf, kitchen cupboard left of the sink")
    page.locator("input[name='medicines_at_home.medicines__0__name']").fill(MORPHINE)
    saves(page, story)
    page.get_by_role("link", name="Medicines", exact=True).click()
    story.then_nothing_stands_in_the_way(page)
    records_a_medicine(page, story, "supplied", 5)
    records_a_medicine(page, story, "used", 1)
    assert "4 ampoules" in page.locator("tr", has_text=MORPHINE).first.inner_text()
    story.then_nothing_stands_in_the_way(page)


def records_a_medicine(page, story, kind, quantity):
    page.get_by_role("link", name="Record a medicine").click()
    story.then_nothing_stands_in_the_way(page)
    page.locator("select[name=which]").select_option(
        label=next(
            one for one in page.locator("select[name=which] option").all_inner_texts() if one.startswith(MORPHINE)
        )
    )
    page.locator("input[name=unit]").fill("ampoules")
    page.locator(f"input[name=kind][value={kind}]").check()
    page.locator("input[name=quantity]").fill(str(quantity))
    page.locator("input[name=at]").fill("00:01")
    if kind == "used":
        page.locator("input[name=what_for]").fill("pain when turned")
    saves(page, story, "Save what happened")


def when_the_nurse_says_how_she_is(page, story):
    page.get_by_role("link", name="Outcomes").click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="phase").first.click()
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name=phase][value=deteriorating]").check()
    page.get_by_role("button", name="Save").first.click()
    page.get_by_role("link", name="Outcomes").click()
    page.get_by_role("link", name="IPOS, staff, last 3 days").click()
    for item, answer in zip(items(), ANSWERS, strict=True):
        page.locator(f"input[name='answer.{item.id}'][value='{'missing' if answer == 'x' else answer}']").check()
    saves(page, story, "Save assessment")


def when_a_task_is_raised(page, story):
    page.get_by_role("link", name="Contacts and team").click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Raise a task").click()
    page.get_by_label("What there is to do").fill("Order a pressure mattress")
    page.locator("select[name=owner]").select_option(index=1)
    page.get_by_role("button", name="Raise this task").click()
    assert "Order a pressure mattress" in words(page)


def when_she_is_recognised_to_be_dying(page, story):
    page.get_by_role("link", name="Plan", exact=True).first.click()
    page.get_by_role("link", name="Is this person dying?").click()
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name=kind][value=dying]").check()
    page.get_by_role("button", name="Save this judgement").click()
    assert "There is a problem" in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name=judged_by]").fill("Ruth Tannahill")
    page.locator("input[name=judged_by_role]").fill("Community nurse")
    page.locator("input[name=causes][value=considered]").check()
    saves(page, story, "Save this judgement")
    assert heading(page).startswith("Thought to be dying since")
    page.get_by_role("link", name="Write the care for the last days").click()
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name='last_days.told'][value=told]").check()
    page.locator("textarea[name='last_days.wishes']").fill("Helen and the cat beside her; the window open.")
    saves(page, story)
    assert "Thought to be dying since" in words(page)


def when_her_death_is_verified(page, story):
    page.get_by_role("link", name="Verify a death").click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("button", name="Save the verification").click()
    assert "There is a problem" in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name=verified_by]").fill("Ruth Tannahill, NMC 00A0000X")
    for sign in ("no_breathing", "no_heartbeat", "pupils"):
        page.locator(f"input[name=signs][value={sign}]").check()
    for name, answer in (
        ("was_expected", "yes"), ("implanted", "none"), ("infection", "none_known"), ("practice_told", "told"),
        ("examiner_told", "not_yet"), ("coroner_told", "not_needed"),
    ):  # fmt: skip
        page.locator(f"input[name={name}][value={answer}]").check()
    saves(page, story, "Save the verification")
    assert heading(page).startswith("Death verified")


def when_the_practice_records_the_death(page, story):
    page.goto(reverse("tasks"))
    assert "ASHWORTH, Margaret Jean" in words(page)
    page.get_by_role("link", name="ASHWORTH, Margaret Jean").first.click()
    page.get_by_role("link", name="Details").click()
    page.get_by_role("link", name="Record a death").click()
    story.then_nothing_stands_in_the_way(page)
    story.fill_day(page, "died_on", story.today)
    page.locator("select[name=place]").select_option("21")
    page.locator("input[name=was_expected][value=yes]").check()
    page.get_by_role("button", name="Record that they died").click()
    assert "There is a problem" not in words(page)
    story.then_nothing_stands_in_the_way(page)


def then_closing_asks_whether_she_died_where_she_wanted(page, story, person):
    page.get_by_role("link", name="Caseload").first.click()
    page.get_by_role("link", name="Deaths to close").click()
    assert heading(page) == "1 of 1 deaths is still to be closed"
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="ASHWORTH, Margaret Jean").click()
    assert "Order a pressure mattress" in words(page)
    assert "Yes: where they most wanted to be" in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("button", name="Save what is known").click()
    assert "There is a problem" in words(page)
    story.then_nothing_stands_in_the_way(page)
    for name, answer in (
        ("outcome", "met"), ("medicines", "returned"), ("documents", "retired"), ("team", "told"), ("bereaved", "offered"),
    ):  # fmt: skip
        page.locator(f"input[name={name}][value={answer}]").check()
    page.locator("textarea[name=bereaved_words]").fill("Helen, by Ruth Tannahill; the hospice's letter.")
    saves(page, story, "Save what is known")
    assert heading(page) == "The record is closed: nothing is left to answer"
    assert Closure.objects.get(person=person).outcome == "met"


def then_the_plan_is_kept_and_nothing_can_be_changed(page, story, person):
    page.get_by_role("link", name="Plan", exact=True).first.click()
    assert heading(page) == "Plan, kept as it was"
    assert "Her own bed, Helen nearby, and Radio 3." in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.locator("main").get_by_role("link", name="What matters to me").click()
    assert page.get_by_role("button", name="Save section").count() == 0
    story.then_nothing_stands_in_the_way(page)
    page.goto(reverse("save_section", args=[person.id, "what_matters"]))
    assert page.get_by_role("button", name="Save section").count() == 0


def then_her_attorney_no_longer_opens_it(page, story, person):
    page.goto(reverse("my_plan", args=[person.id]))
    assert "Her own bed" not in page.content()
    story.then_nothing_stands_in_the_way(page)


def test_from_the_first_talk_to_death(story, peggy, reader, open_browser, scripts):
    story.given_they_can_sign_in("Amina Rahman", "Ruth Tannahill")
    gp, nurse = story.when_signs_in("Amina Rahman"), story.when_signs_in("Ruth Tannahill")

    opens_the_plan(gp, story, peggy)
    when_the_gp_has_the_first_talk(gp, story)
    opens_the_plan(nurse, story, peggy)
    when_the_nurse_writes_what_matters_and_where(nurse, story)
    when_the_gp_decides_about_cpr(gp, story)
    when_the_gp_copies_her_old_refusal(gp, story)
    when_the_nurse_sees_that_an_attorney_came_later(nurse, story)
    letter = mycare.invite(
        by=reader("Amina Rahman"), person=peggy, evidence="Document seen", role="proxy", name="Helen Ashworth-Doyle",
        basis="attorney", directive_id=Directive.objects.get(person=peggy, kind="authority").pk,
    )  # fmt: skip
    helen = when_they_begin_with_the_letter(open_browser, story, letter, "helen@example.org", scripts=scripts)
    then_it_is_first_wherever_she_is_opened(nurse, story, peggy)
    opens_the_plan(gp, story, peggy)
    when_the_gp_settles_it_with_her(gp, story)
    assert Directive.objects.filter(person=peggy, kind="advance_decision", ending=None).count() == 1

    when_the_box_comes_into_the_home(nurse, story)
    when_the_nurse_says_how_she_is(nurse, story)
    when_a_task_is_raised(nurse, story)
    when_she_is_recognised_to_be_dying(nurse, story)
    when_her_death_is_verified(nurse, story)
    deliver_due()
    when_the_practice_records_the_death(gp, story)
    deliver_due()
    assert Person.objects.get(pk=peggy.id).died_on == story.today
    then_closing_asks_whether_she_died_where_she_wanted(gp, story, peggy)
    then_the_plan_is_kept_and_nothing_can_be_changed(nurse, story, peggy)
    then_her_attorney_no_longer_opens_it(helen, story, peggy)
