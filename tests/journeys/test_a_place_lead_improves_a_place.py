"""A place lead's year: a self-assessment that three answer, one of them in Excel; the evidence proposes, it is agreed and signed; the gap, the plan, the board's papers."""

import io
import zipfile
from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone

from ambit.access.queries import operator
from ambit.demonstration.clock import clock_at
from ambit.events.delivery import deliver_due
from ambit.improvement import actions
from ambit.improvement.models import Answer, GapAnalysis, Plan, PlanAction, Round, SignedCopy, SignOff
from ambit.improvement.rules.rounds import Said
from ambit.measures import actions as measures
from ambit.measures.rules.periods import Month
from ambit.people import actions as people
from ambit.people.rules import Identity
from ambit.register import actions as register
from tests.improvement.sheets import Filled
from tests.world.browser import look, sideways

LEAD, OWNER, OTHERS = "Leila Garside", "Amina Rahman", ("Ruth Tannahill", "Sofia Quayle")
STATEMENT, IN_EXCEL = "amb.f1.s1", "amb.f1.s2"
REPORTS = {
    "Word, as a board paper": "word/document.xml",
    "PowerPoint, on one slide": "ppt/slides/slide1.xml",
    "PDF": None,
}


def given_twenty_on_the_register(place, reader, today):
    """Each with nothing planned, and the figures of the month that ended last."""
    last = Month.of(today).after(-1)
    noon = datetime.combine(last.first + timedelta(days=4), time(12), tzinfo=timezone.get_current_timezone())
    with clock_at(noon):
        for number in range(20):
            somebody = people.admit(
                by=operator(),
                identity=Identity(
                    family_name=f"Round{number:02}", given_names="Ann", born_on=date(1940, 1, 1 + number), sex="female",
                    no_number_reason="visitor", practice_id=place["Z90001"].id,
                ),
            )  # fmt: skip
            register.add_to_register(
                by=reader("gp"),
                person=somebody,
                on=noon.date(),
                found_by="by_hand",
                stage="months",
                told=True,
                reason="",
            )
    measures.take_snapshots(by=operator(), months=[last], on=today)


def downloaded(page, press) -> bytes:
    with page.expect_download() as told:
        press()
    return told.value.path().read_bytes()


def test_from_self_assessment_to_board_papers(story, place, reader, scripts):
    given_twenty_on_the_register(place, reader, story.today)
    story.given_they_can_sign_in(LEAD, OWNER)
    width, size = (1440, "desktop") if scripts else (375, "phone")
    page, theirs = story.when_signs_in(LEAD, width=width), story.when_signs_in(OWNER, width=width)

    def then_it_is_well_made(seen=page) -> None:
        story.then_nothing_stands_in_the_way(seen)
        assert sideways(seen) == 0

    def when_the_lead_starts_a_self_assessment() -> Round:
        page.goto(reverse("rounds"))
        page.get_by_role("link", name="Start a self-assessment").click()
        page.get_by_label("Framework", exact=True).select_option("ambitions-2015")
        page.locator("input[name=title]").fill("Autumn 2026")
        story.fill_day(page, "period_from", date(2026, 4, 1))
        story.fill_day(page, "period_until", date(2027, 3, 31))
        then_it_is_well_made()
        page.get_by_role("button", name="Start the self-assessment").click()
        page.wait_for_selector("text=0 of 96 statements agreed")
        for name in (OWNER, *OTHERS):
            options = page.locator("select[name=account_id] option").all_inner_texts()
            page.locator("select[name=account_id]").select_option(label=next(one for one in options if name in one))
            page.get_by_role("button", name="Ask them").click()
            page.wait_for_selector(f"text={name} is asked")
        then_it_is_well_made()
        return Round.objects.get()

    def when_two_others_answer() -> None:
        for name, level in zip(OTHERS, ("planned", "in_place"), strict=True):
            by, said = reader(name), Said(level=level, position="So we see it.")
            actions.answer_statement(by=by, round_id=one.pk, node_id=STATEMENT, seen=0, said=said)
            actions.hand_in(by=by, round_id=one.pk)

    def when_the_third_answers_on_the_page_and_in_excel() -> None:
        theirs.goto(reverse("rounds"))
        theirs.get_by_role("link", name="Answer", exact=True).click()
        then_it_is_well_made(theirs)
        theirs.get_by_role("link", name="1 Planning offered to everyone").click()
        theirs.get_by_label("Partly in place").check()
        theirs.get_by_label("Where we are, and why this level").fill("Running in five of eight practices.")
        then_it_is_well_made(theirs)
        theirs.get_by_role("button", name="Save and see all").click()

        theirs.goto(reverse("workbooks", args=["round", one.pk]))
        then_it_is_well_made(theirs)
        content = downloaded(theirs, theirs.get_by_role("button", name="Download your own answers").click)
        filled = Filled(content).put(IN_EXCEL, "level", "Planned").put(IN_EXCEL, "position", "In Excel.")
        theirs.locator("input[type=file]").set_input_files(
            {"name": "answers.xlsx", "mimeType": "application/octet-stream", "buffer": filled.saved()}
        )
        theirs.get_by_role("button", name="Look at what it changes").click()
        theirs.wait_for_selector("text=cells changed in the workbook only")
        then_it_is_well_made(theirs)
        look(theirs, f"workbook-{size}")
        theirs.get_by_role("button", name="Take it over").click()
        theirs.wait_for_selector("text=2 cells are taken over.")
        assert Answer.objects.get(node=IN_EXCEL).position == "In Excel."

        theirs.goto(reverse("answering", args=[one.pk]))
        theirs.get_by_role("button", name="Hand in your answers").click()
        theirs.wait_for_selector("text=Handed in. Thank you.")

    def when_the_evidence_proposes_and_the_lead_decides() -> None:
        page.goto(reverse("moderate_statement", args=[one.pk, STATEMENT]))
        said = page.inner_text("main")
        assert "The evidence proposes no level. You decide." in said
        assert "0 of 20" in said
        assert "they differ by 2 levels" in said
        look(page, f"round-statement-{size}")
        then_it_is_well_made()
        page.get_by_label("Planned").check()
        page.get_by_label("Where we are, and why this level").fill(
            "Nobody is counted yet; the hospice begins in spring."
        )
        page.get_by_label("Red: a gap", exact=False).check()
        page.get_by_role("button", name="Save and see all").click()
        page.wait_for_selector("text=95 of 96 statements wait")
        then_it_is_well_made()

    def when_it_is_signed() -> None:
        page.goto(reverse("sign_round", args=[one.pk]))
        page.get_by_role("button", name="Sign the self-assessment").click()
        page.wait_for_selector("text=There is a problem")
        story.then_nothing_stands_in_the_way(page)
        page.get_by_label("Statements without an agreed answer", exact=False).check()
        page.get_by_role("button", name="Sign the self-assessment").click()
        page.wait_for_selector("text=is signed: 1 of 96 statements answered")
        story.then_nothing_stands_in_the_way(page)
        assert SignOff.objects.get().answered == 1
        page.goto(reverse("answer_statement", args=[one.pk, STATEMENT]))
        assert "Signed as “Planned”" in page.inner_text("main")
        while deliver_due():
            pass

    def when_the_gap_is_taken_up_and_signed() -> None:
        page.goto(reverse("improvement"))
        then_it_is_well_made()
        page.get_by_role("link", name="1 row waits for your decision").click()
        then_it_is_well_made()
        page.get_by_label("Take up", exact=False).check()
        page.get_by_role("button", name="Take up those ticked").click()
        page.wait_for_selector("text=Gap analysis: 1 gap has no plan")
        then_it_is_well_made()
        look(page, f"gap-analysis-{size}")
        analysis = GapAnalysis.objects.get()
        page.goto(reverse("gap", args=[analysis.pk, analysis.rows.get().pk]))
        page.get_by_label("What we will do").fill("Name a lead by spring.")
        page.get_by_label("Amber: a gap", exact=False).check()
        page.get_by_label("Completed by").fill("end of March")
        then_it_is_well_made()
        page.get_by_role("button", name="Save the row").click()
        page.wait_for_selector("text=Gap analysis: 0 gaps have no plan, 1 have one")
        assert analysis.rows.get().due_until.month == 3
        page.get_by_role("link", name="Sign", exact=True).click()
        page.get_by_role("button", name="Sign version 1").click()
        page.wait_for_selector("text=Signed. What is written from now on is the next version.")

    def when_the_plan_is_made() -> Plan:
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
        look(page, f"plan-{size}")
        plan, action = Plan.objects.get(), PlanAction.objects.get()
        page.goto(reverse("add_cycle", args=[plan.pk, action.pk]))
        page.locator("input[name=title]").fill("One practice asks the bereaved")
        page.get_by_role("button", name="Save").click()
        page.wait_for_selector("text=One practice asks the bereaved")
        return plan

    def when_its_owner_says_how_it_goes() -> None:
        theirs.goto(reverse("improvement"))
        then_it_is_well_made(theirs)
        theirs.get_by_role("link", name="Name a bereavement lead").click()
        theirs.get_by_label("Under way").check()
        theirs.get_by_label("In words").fill("The post is advertised.")
        then_it_is_well_made(theirs)
        theirs.get_by_role("button", name="Save the action").click()
        theirs.wait_for_selector("text=Saved.")
        assert PlanAction.objects.get().progress == "started"

    def when_the_board_gets_its_papers() -> None:
        page.goto(reverse("sign_plan", args=[plan.pk]))
        then_it_is_well_made()
        page.get_by_role("button", name="Sign version 1").click()
        page.wait_for_selector("text=Version control")
        assert SignedCopy.objects.filter(plan=plan).get().number == 1
        page.goto(reverse("plan_on_a_page", args=[plan.pk]))
        then_it_is_well_made()
        page.goto(reverse("workbooks", args=["plan", plan.pk]))
        then_it_is_well_made()
        for link, inside in REPORTS.items():
            content = downloaded(page, page.get_by_role("link", name=link, exact=True).click)
            if inside:
                assert b"Name a bereavement lead" in zipfile.ZipFile(io.BytesIO(content)).read(inside)
            else:
                assert content.startswith(b"%PDF-")
        page.goto(reverse("improvement"))
        assert "Post advertised" in page.inner_text("main")

    one = when_the_lead_starts_a_self_assessment()
    when_two_others_answer()
    when_the_third_answers_on_the_page_and_in_excel()
    when_the_evidence_proposes_and_the_lead_decides()
    when_it_is_signed()
    when_the_gap_is_taken_up_and_signed()
    plan = when_the_plan_is_made()
    when_its_owner_says_how_it_goes()
    when_the_board_gets_its_papers()
