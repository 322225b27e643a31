"""A place lead's round: started, three assessors, the evidence proposes, agreed, signed; then the register changes and it does not."""

from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone

from ambit.access.queries import operator
from ambit.demonstration.clock import clock_at
from ambit.improvement import actions
from ambit.improvement.models import Answer, Round, SignOff
from ambit.improvement.rules.rounds import Said
from ambit.measures import actions as measures
from ambit.measures.rules.periods import Month
from ambit.people import actions as people
from ambit.people.rules import Identity
from ambit.register import actions as register
from tests.world.browser import look, sideways

LEAD, ASSESSORS = "Leila Garside", ("Amina Rahman", "Ruth Tannahill", "Sofia Quayle")
STATEMENT = "amb.f1.s1"


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


def test_started_answered_agreed_and_signed(story, place, reader, scripts):
    given_twenty_on_the_register(place, reader, story.today)
    story.given_they_can_sign_in(LEAD, ASSESSORS[0])
    page = story.when_signs_in(LEAD, width=1440 if scripts else 375)

    # started
    page.goto(reverse("rounds"))
    page.get_by_role("link", name="Start a self-assessment").click()
    page.get_by_label("Framework", exact=True).select_option("ambitions-2015")
    page.locator("input[name=title]").fill("Autumn 2026")
    story.fill_day(page, "period_from", date(2026, 4, 1))
    story.fill_day(page, "period_until", date(2027, 3, 31))
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("button", name="Start the self-assessment").click()
    page.wait_for_selector("text=0 of 96 statements agreed")
    one = Round.objects.get()

    # three assessors
    for name in ASSESSORS:
        label = next(text for text in page.locator("select[name=account_id] option").all_inner_texts() if name in text)
        page.locator("select[name=account_id]").select_option(label=label)
        page.get_by_role("button", name="Ask them").click()
        page.wait_for_selector(f"text={name} is asked")
    assert sideways(page) == 0
    story.then_nothing_stands_in_the_way(page)
    for name, level in zip(ASSESSORS[1:], ("planned", "in_place"), strict=True):
        by = reader(name)
        actions.answer_statement(
            by=by, round_id=one.pk, node_id=STATEMENT, seen=0, said=Said(level=level, position="So we see it.")
        )
        actions.hand_in(by=by, round_id=one.pk)
    theirs = story.when_signs_in(ASSESSORS[0], width=1440 if scripts else 375)
    theirs.goto(reverse("rounds"))
    theirs.get_by_role("link", name="Answer", exact=True).click()
    story.then_nothing_stands_in_the_way(theirs)
    assert sideways(theirs) == 0
    theirs.get_by_role("link", name="1 Planning offered to everyone").click()
    theirs.get_by_label("Partly in place").check()
    theirs.get_by_label("Where we are, and why this level").fill("Running in five of eight practices.")
    story.then_nothing_stands_in_the_way(theirs)
    assert sideways(theirs) == 0
    theirs.get_by_role("button", name="Save and see all").click()
    theirs.get_by_role("button", name="Hand in your answers").click()
    theirs.wait_for_selector("text=Handed in. Thank you.")

    # the evidence proposes, a person decides
    page.goto(reverse("moderate_statement", args=[one.pk, STATEMENT]))
    said = page.inner_text("main")
    assert "The evidence proposes no level. You decide." in said
    assert "0 of 20" in said
    assert "they differ by 2 levels" in said
    look(page, f"round-statement-{'desktop' if scripts else 'phone'}")
    story.then_nothing_stands_in_the_way(page)
    assert sideways(page) == 0
    page.get_by_label("Planned").check()
    page.get_by_label("Where we are, and why this level").fill("Nobody is counted yet; the hospice begins in spring.")
    page.get_by_label("Amber: a gap", exact=False).check()
    page.get_by_role("button", name="Save and see all").click()
    page.wait_for_selector("text=95 of 96 statements wait")
    story.then_nothing_stands_in_the_way(page)
    assert sideways(page) == 0
    assert Answer.objects.get(assessor=None).gap == "amber"

    # signed
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
    story.then_nothing_stands_in_the_way(page)
