"""A signed round proposes a gap; the lead takes it up, plans an action with a milestone and a cycle, and its owner says how it is going."""

from datetime import date, timedelta

from django.urls import reverse

from ambit.events.delivery import deliver_due
from ambit.improvement import actions, queries
from ambit.improvement.models import GapAnalysis, Plan, PlanAction, SignedCopy
from ambit.improvement.rules.rounds import Said
from tests.improvement.conftest import PERIOD, SHORT
from tests.world.browser import look, sideways

LEAD, OWNER = "Leila Garside", "Amina Rahman"


def given_a_signed_round_with_a_gap(lead):
    one = actions.start_round(by=lead, framework_id=SHORT, title="Autumn 2026", period=PERIOD)
    gap = Said(level="not_met", position="Nobody leads for bereavement.", gap="red")
    actions.moderate_statement(by=lead, round_id=one.pk, node_id="scot.c3", seen=0, said=gap)
    actions.sign_round(by=lead, round_id=one.pk, seen=queries.state_of(one.pk), leave_unanswered=True)
    while deliver_due():
        pass


def test_from_gap_to_action(story, place, reader, scripts):
    given_a_signed_round_with_a_gap(reader("place_lead"))
    story.given_they_can_sign_in(LEAD, OWNER)
    width = 1440 if scripts else 375
    page = story.when_signs_in(LEAD, width=width)

    def then_it_is_well_made() -> None:
        story.then_nothing_stands_in_the_way(page)
        assert sideways(page) == 0

    # what needs me this week
    page.goto(reverse("improvement"))
    then_it_is_well_made()
    page.get_by_role("link", name="1 row waits for your decision").click()
    then_it_is_well_made()
    page.get_by_label("Take up", exact=False).check()
    page.get_by_role("button", name="Take up those ticked").click()

    # the table, and one row
    page.wait_for_selector("text=Gap analysis: 1 gap has no plan")
    then_it_is_well_made()
    look(page, f"gap-analysis-{'desktop' if scripts else 'phone'}")
    analysis = GapAnalysis.objects.get()
    page.goto(reverse("gap", args=[analysis.pk, analysis.rows.get().pk]))
    page.get_by_label("What we will do").fill("Name a lead by spring.")
    page.get_by_label("Amber: a gap", exact=False).check()
    page.get_by_label("Completed by").fill("end of March")
    then_it_is_well_made()
    page.get_by_role("button", name="Save the row").click()
    page.wait_for_selector("text=Gap analysis: 0 gaps have no plan, 1 have one")
    assert analysis.rows.get().due_until.month == 3

    # a plan, an action, a milestone, a cycle
    page.goto(reverse("start_plan"))
    page.locator("input[name=title]").fill("Our plan")
    story.fill_day(page, "from_on", date(2026, 4, 1))
    story.fill_day(page, "until_on", date(2028, 3, 31))
    page.get_by_role("button", name="Start the plan").click()
    page.get_by_role("link", name="Add an action").click()
    page.get_by_label("What will be done").fill("Name a bereavement lead")
    page.locator("input[name=owner]").fill(OWNER)
    page.locator("input[name=due]").fill("Q4 2026/27")
    then_it_is_well_made()
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("text=No cycle yet")
    then_it_is_well_made()
    page.get_by_role("link", name="Add a milestone").click()
    page.get_by_label("What will have been reached").fill("Post advertised")
    page.locator("input[name=due]").fill(f"{story.today - timedelta(days=3):%d/%m/%Y}")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("text=Milestones by quarter")
    then_it_is_well_made()
    look(page, f"plan-{'desktop' if scripts else 'phone'}")
    plan, action = Plan.objects.get(), PlanAction.objects.get()
    page.goto(reverse("add_cycle", args=[plan.pk, action.pk]))
    page.locator("input[name=title]").fill("One practice asks the bereaved")
    page.get_by_role("button", name="Save").click()
    page.wait_for_selector("text=One practice asks the bereaved")
    page.goto(reverse("plan_on_a_page", args=[plan.pk]))
    then_it_is_well_made()

    # whose it is says how it is going
    theirs = story.when_signs_in(OWNER, width=width)
    theirs.goto(reverse("improvement"))
    story.then_nothing_stands_in_the_way(theirs)
    theirs.get_by_role("link", name="Name a bereavement lead").click()
    theirs.get_by_label("Under way").check()
    theirs.get_by_label("In words").fill("The post is advertised.")
    story.then_nothing_stands_in_the_way(theirs)
    theirs.get_by_role("button", name="Save the action").click()
    theirs.wait_for_selector("text=Saved.")
    assert PlanAction.objects.get().progress == "started"

    # signed for the board
    page.goto(reverse("sign_plan", args=[plan.pk]))
    then_it_is_well_made()
    page.get_by_role("button", name="Sign version 1").click()
    page.wait_for_selector("text=Version control")
    assert SignedCopy.objects.get().number == 1
    page.goto(reverse("improvement"))
    assert "Post advertised" in page.inner_text("main")
    then_it_is_well_made()
