"""Two people write one section at once: nothing is lost, and whoever comes second sees both versions."""

from datetime import timedelta

from django.urls import reverse

from ambit.careplan.models import SectionDraft, SectionVersion

FIRST = "Sleeps downstairs now. Wake her son."
SECOND = "Sleeps upstairs. The stair lift is broken."


def when_they_open_the_section(page, person):
    page.goto(reverse("save_section", args=[person.id, "need_to_know"]))


def when_they_write_and_save(page, story, words):
    page.locator("textarea[name='need_to_know.note']").fill(words)
    story.fill_day(page, "need_to_know.until_on", story.today + timedelta(days=10))
    page.get_by_role("button", name="Save section").click()


def then_both_versions_stand_side_by_side(page, story):
    words = page.locator("main").inner_text() + " ".join(
        area.input_value() for area in page.locator("main textarea").all()
    )
    assert FIRST in words
    assert SECOND in words
    story.then_nothing_stands_in_the_way(page)


def test_two_write_at_once(story, person):
    somebody = person("Ashworth")
    story.given_they_can_sign_in("Amina Rahman")
    gp, again = story.when_signs_in("Amina Rahman"), story.when_signs_in("Amina Rahman")
    when_they_open_the_section(gp, somebody)
    when_they_open_the_section(again, somebody)
    when_they_write_and_save(gp, story, FIRST)
    when_they_write_and_save(again, story, SECOND)
    then_both_versions_stand_side_by_side(again, story)
    saved = SectionVersion.objects.get(person=somebody, section="need_to_know")
    assert saved.content["need_to_know.note"] == FIRST
    assert SectionDraft.objects.get(person=somebody).content["need_to_know.note"] == SECOND
