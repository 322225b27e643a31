"""A child's plan: begun before birth, kept at birth, read with who may decide, carried through school and the move to adult care."""

import re
from datetime import timedelta

from django.urls import reverse

from ambit.careplan.models import SectionVersion
from ambit.careplan.rules.transition import birthday
from ambit.people.models import Person
from ambit.register import actions as register
from tests.journeys.test_from_the_first_talk_to_death import from_the_plan, heading, saves, words

AT_BIRTH = "Keep her warm, on her mother’s chest. No intensive care."
ORDER = "May not take her out of the county without leave of the court."


def when_the_gp_adds_a_child_not_born_yet(page, story):
    page.goto("/")
    page.get_by_role("link", name="Find a person").first.click()
    page.get_by_role("link", name="Add a person").click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_label("Given names").fill("Baby of Nadia")
    page.get_by_label("Family name").fill("Karim")
    story.fill_day(page, "born_on", story.today + timedelta(days=70))
    page.get_by_role("button", name="Add this person").click()
    assert "There is a problem" in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.locator("select[name=birth_precision]").select_option("unborn")
    page.locator("select[name=no_number_reason]").select_option("unborn")
    page.locator("select[name=practice_id]").select_option(label="Brackenhill Surgery (Z90001)")
    page.get_by_role("button", name="Add this person").click()
    assert heading(page) == "Details and people who matter"
    story.then_nothing_stands_in_the_way(page)


def when_they_write_what_is_planned_for_birth(page, story):
    page.get_by_role("link", name="Plan", exact=True).first.click()
    assert "Until the birth the mother decides" in words(page)
    story.then_nothing_stands_in_the_way(page)
    from_the_plan(page, story, "Before and at birth")
    page.locator("input[name='antenatal.mother']").fill("Nadia Karim, 07700 900511")
    page.locator("textarea[name='antenatal.found']").fill("Trisomy 18, certain.")
    page.locator("textarea[name='antenatal.at_birth']").fill(AT_BIRTH)
    saves(page, story)
    from_the_plan(page, story, "If plans fail")
    page.locator("textarea[name='contingency.worse']").fill("The hospice comes to the house, day and night.")
    page.locator("textarea[name='contingency.better']").fill("Home after a week; feeding and growth looked at weekly.")
    saves(page, story)


def when_she_is_born(page, story):
    page.get_by_role("link", name="Details", exact=True).click()
    page.get_by_role("link", name="The child is born").click()
    story.then_nothing_stands_in_the_way(page)
    story.fill_day(page, "born_on", story.today)
    page.locator("input[name=given_names]").fill("Noor")
    page.locator("input[name=sex][value=female]").check()
    page.get_by_role("button", name="Save birth").click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Plan", exact=True).first.click()
    assert "Nobody is recorded as having parental responsibility." in words(page)
    assert "Until birth. Kept as it was." in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.locator("main").get_by_role("link", name="Before and at birth").click()
    assert AT_BIRTH in words(page)
    assert page.get_by_role("button", name="Save section").count() == 0


def when_the_gp_records_who_has_parental_responsibility(page, story):
    for number, (name, relation) in enumerate((("Nadia Karim", "mother"), ("Tariq Karim", "father")), start=1):
        page.get_by_role("link", name="Details", exact=True).click()
        page.get_by_role("link", name="Add somebody who matters").click()
        story.then_nothing_stands_in_the_way(page)
        page.get_by_label("Name", exact=True).fill(name)
        page.locator("select[name=relation]").select_option(relation)
        page.locator("input[name=rank]").fill(str(number))
        page.get_by_role("button", name="Add this person").click()
    page.locator("a", has_text=re.compile(r"^Parental responsibility Nadia Karim$")).click()
    page.get_by_role("button", name="Save", exact=True).click()
    assert "There is a problem" in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.locator("select[name=basis]").select_option("birth_mother")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator("a", has_text=re.compile(r"^Parental responsibility Tariq Karim$")).click()
    page.locator("select[name=basis]").select_option("married_or_registered_father")
    page.locator("textarea[name=court_order]").fill("Eskmouth Family Court, 3 March, ZE26P00001")
    page.locator("textarea[name=restriction]").fill(ORDER)
    page.get_by_role("button", name="Save", exact=True).click()
    assert "Restricted by a court" in words(page)
    story.then_nothing_stands_in_the_way(page)


def then_every_page_says_who_decides(page, story):
    page.get_by_role("link", name="Plan", exact=True).first.click()
    box = page.locator(".a-box", has_text="Who decides for this child")
    assert box.inner_text().index("Tariq Karim, father") < box.inner_text().index("Nadia Karim, mother")
    assert ORDER in box.inner_text()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Urgent page").click()
    assert ORDER in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="Whole plan").first.click()


def given_years_have_passed(child, today, years):
    Person.objects.filter(pk=child.pk).update(born_on=birthday(today, -years))


def when_school_and_the_family_are_written(page, story):
    from_the_plan(page, story, "School and education plan")
    page.locator("input[name='school.name']").fill("Weir Lane School")
    page.locator("input[name='school.ehcp'][value=yes]").check()
    page.get_by_role("button", name="Save section").click()
    assert "There is a problem" in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.locator("input[name='school.council']").fill("Thornmere Council")
    page.locator("textarea[name='school.what_to_do']").fill("Ring Nadia first. The red bag is with the school nurse.")
    saves(page, story)
    from_the_plan(page, story, "Childhood, school and family")
    page.locator("textarea[name='child.siblings']").fill("Yusuf, 9, knows that she is ill; he asks at bedtime.")
    page.locator("textarea[name='child.parents_wishes']").fill("As many days at school as she can enjoy.")
    saves(page, story)


def when_the_move_to_adult_care_begins(page, story):
    page.get_by_role("link", name="Caseload").first.click()
    page.get_by_role("link", name="Moving to adult care").click()
    story.then_nothing_stands_in_the_way(page)
    page.get_by_role("link", name="KARIM, Noor").click()
    from_the_plan(page, story, "The move to adult care")
    page.locator("a", has_text="Record: A named transition worker").click()
    assert page.locator("select[name=step]").input_value() == "worker"
    page.locator("input[name=state][value=done]").check()
    page.get_by_role("button", name="Save this step").click()
    assert "Write who did what, or why it is not needed." in words(page)
    story.then_nothing_stands_in_the_way(page)
    page.locator("textarea[name=words]").fill("Jo Thistlewood, named on her birthday.")
    saves(page, story, "Save this step")
    assert "Jo Thistlewood, named on her birthday." in words(page)


def then_eighteen_closes_nothing(page, story):
    page.get_by_role("link", name="Plan", exact=True).first.click()
    assert "Who decides for this child" not in words(page)
    assert "Yusuf, 9" in words(page)
    story.then_nothing_stands_in_the_way(page)
    from_the_plan(page, story, "The move to adult care")
    assert "overdue" in heading(page)
    from_the_plan(page, story, "Childhood, school and family")
    page.locator("textarea[name='child.parents_wishes']").fill("College, two days a week.")
    saves(page, story)
    assert "College, two days a week." in words(page)


def test_a_childs_plan_from_before_birth_to_adult_care(story, place, reader):
    story.given_they_can_sign_in("Amina Rahman")
    gp = story.when_signs_in("Amina Rahman")

    when_the_gp_adds_a_child_not_born_yet(gp, story)
    when_they_write_what_is_planned_for_birth(gp, story)
    noor = Person.objects.get(family_name="Karim")
    when_she_is_born(gp, story)
    assert Person.objects.get(family_name="Karim").pk == noor.pk
    when_the_gp_records_who_has_parental_responsibility(gp, story)
    then_every_page_says_who_decides(gp, story)

    given_years_have_passed(noor, story.today, 12)
    gp.goto(reverse("plan", args=[noor.pk]))
    when_school_and_the_family_are_written(gp, story)
    register.add_to_register(
        by=reader("Amina Rahman"), person=Person.objects.get(pk=noor.pk), on=story.today, found_by="referral",
        stage="months", told=True, reason="Known since before birth.",
    )  # fmt: skip

    given_years_have_passed(noor, story.today, 14)
    when_the_move_to_adult_care_begins(gp, story)
    given_years_have_passed(noor, story.today, 18)
    then_eighteen_closes_nothing(gp, story)
    assert SectionVersion.objects.filter(person=noor, section="antenatal").count() == 1
