"""A practice's meeting about people found: its list, what came of each, tasks, and who was there."""

from datetime import timedelta

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from ambit.access.queries import NotAllowed
from ambit.audit.models import AuditLine
from ambit.casefinding import actions as casefinding
from ambit.casefinding.models import Candidate, CandidateAnswer
from ambit.coordination import actions, queries
from ambit.coordination.models import Meeting, MeetingItem, Task
from ambit.design.refusals import Refused, Stale
from ambit.events.models import OutboxEvent
from ambit.register.models import RegisterEntry
from tests.casefinding.conftest import ADMISSIONS, FAILURE, found, keep  # noqa: F401
from tests.world.browser import axe, sideways, sign_in

TODAY = timezone.localdate


@pytest.fixture
def gp(reader):
    return reader("Amina Rahman")


@pytest.fixture
def named(keep, gp):  # noqa: F811
    """Three people are to be talked about, one is not; Two has more grounds than One and Three."""
    keep(
        *(
            found(name, number="", family=name, reasons=(FAILURE, ADMISSIONS) if name == "Two" else (FAILURE,))
            for name in ("One", "Two", "Three", "Four")
        )
    )
    for name in ("One", "Three", "Two"):
        name_for_a_meeting(gp, name)


def name_for_a_meeting(by, family_name):
    candidate = Candidate.objects.exclude(state="superseded").get(family_name=family_name)
    return casefinding.discuss(
        by=by, candidate_id=candidate.id, seen=candidate.version, reason="Ask the district nurse", on=TODAY()
    )


@pytest.fixture
def meeting(named, gp):
    return actions.make_meeting(by=gp, held_on=TODAY())


def record(by, item, **but):
    candidate = Candidate.objects.get(pk=item.candidate_id)
    given = {"seen": candidate.version, "outcome": "no", "surprise": "yes", "why": "stable", "on": TODAY()}
    return actions.record_outcome(**{"by": by, "item_id": item.id} | given | but)


def names(meeting):
    return [item.person.family_name for item in meeting.items]


def test_the_list_is_those_named_most_grounds_first(meeting, gp):
    shown = queries.meeting(gp, meeting.id)
    assert names(shown) == ["Two", "One", "Three"]
    assert (shown.items[0].asked_by, shown.items[0].asked_note) == ("Dr Amina Rahman", "Ask the district nurse")
    assert len(shown.left) == 3


def test_nobody_named_and_a_second_open_meeting_are_refused(keep, gp, named):  # noqa: F811
    actions.make_meeting(by=gp, held_on=TODAY())
    with pytest.raises(Refused, match="open meeting"):
        actions.make_meeting(by=gp, held_on=TODAY())


def test_no_meeting_about_nobody(place, gp):
    with pytest.raises(Refused, match="Nobody"):
        actions.make_meeting(by=gp, held_on=TODAY())


def test_what_came_of_each(meeting, gp):
    two, one, three = meeting.items.order_by("number")
    record(gp, two)
    record(gp, one, outcome="not_now", surprise="cannot_say", why="see_first", recheck_on=TODAY() + timedelta(days=60))
    record(gp, three, outcome="discuss", note="The nurse was away")
    states = dict(Candidate.objects.values_list("family_name", "state"))
    assert states == {"One": "not_now", "Two": "no", "Three": "discuss", "Four": "open"}
    assert AuditLine.objects.filter(what="recorded what a meeting came to").count() == 3
    shown = queries.meeting(gp, meeting.id)
    assert [item.outcome for item in shown.items] == ["no", "not_now", "discuss"]
    assert shown.left == ()


@pytest.mark.parametrize(("told", "owner"), [(True, "Eskvale Community Nursing"), (False, "Brackenhill Surgery")])
def test_a_task_leaves_the_practice_only_once_the_person_knows(meeting, gp, told, owner):
    item = meeting.items.order_by("number").first()
    record(gp, item, outcome="accepted", surprise="no", told=told, task="Visit on Monday")
    entry = RegisterEntry.objects.get()
    task = Task.objects.get(what="Visit on Monday")
    assert (task.person_id, task.owner_organisation.name) == (entry.person_id, owner)
    assert MeetingItem.objects.get(pk=item.id).task_id == task.id


def test_a_task_about_whoever_did_not_join_names_nobody(meeting, gp):
    record(gp, meeting.items.order_by("number").first(), task="Look at the blood results")
    task = Task.objects.get()
    assert (task.person_id, task.owner_organisation.code) == (None, "Z90001")
    assert "item 1" in task.steps.get().note


def test_refusals_save_nothing(meeting, gp, reader, monkeypatch):
    item = meeting.items.order_by("number").first()
    with pytest.raises(NotAllowed):
        record(reader("Owen Shah"), item)
    with pytest.raises(NotAllowed):
        record(reader("Pat Moorhouse"), item)
    with pytest.raises(Stale):
        record(gp, item, seen=1)
    with pytest.raises(Refused):
        record(gp, item, outcome="", task="Nothing")

    def fails(**said):
        if said["what"] == "recorded what a meeting came to":
            raise OSError("disk full")

    monkeypatch.setattr("ambit.audit.actions.record", fails)
    with pytest.raises(OSError, match="disk full"):
        record(gp, item, task="Visit")
    assert not Task.objects.exists()
    assert not CandidateAnswer.objects.filter(answer="no").exists()
    assert not MeetingItem.objects.exclude(outcome="").exists()


def test_more_people_are_taken_in(keep, meeting, gp):  # noqa: F811
    name_for_a_meeting(gp, "Four")
    assert queries.meeting(gp, meeting.id).more == 1
    actions.take_in_more(by=gp, meeting_id=meeting.id, seen=1)
    assert names(queries.meeting(gp, meeting.id)) == ["Two", "One", "Three", "Four"]
    with pytest.raises(Stale):
        actions.take_in_more(by=gp, meeting_id=meeting.id, seen=1)


def test_what_a_search_found_meanwhile_is_what_is_talked_about(keep, meeting, gp):  # noqa: F811
    keep(found("One", number="", family="One", reasons=(FAILURE, ADMISSIONS)))
    shown = queries.meeting(gp, meeting.id)
    one = shown.items[1]
    assert (one.person.strength, one.asked_by, shown.more) == (2, "Dr Amina Rahman", 0)
    newer = Candidate.objects.get(pk=one.person.id)
    record(gp, MeetingItem.objects.get(pk=one.id), seen=newer.version)
    newer.refresh_from_db()
    assert newer.state == "no"


def test_close_meeting(meeting, gp, reader):
    record(gp, meeting.items.order_by("number").first())
    with pytest.raises(Refused, match="who was there"):
        actions.close_meeting(by=gp, meeting_id=meeting.id, seen=1, present=[" "])
    with pytest.raises(NotAllowed):
        actions.close_meeting(by=reader("Owen Shah"), meeting_id=meeting.id, seen=1, present=["Owen Shah"])
    there = ["Dr Amina Rahman", "Ruth Tannahill, community nurse", "Dr Amina Rahman"]
    actions.close_meeting(by=gp, meeting_id=meeting.id, seen=1, present=there)
    shown = queries.meetings(gp)
    assert (shown.rows[0].present, shown.rows[0].said, shown.open, shown.to_discuss) == (
        ("Dr Amina Rahman", "Ruth Tannahill, community nurse"), 1, None, 2,
    )  # fmt: skip
    assert OutboxEvent.objects.filter(name__contains="MeetingClosed").exists()
    with pytest.raises(Refused, match="closed"):
        record(gp, meeting.items.order_by("number").last())
    assert actions.make_meeting(by=gp, held_on=TODAY()).items.count() == 2


def test_another_practice_sees_no_meeting(meeting, reader):
    shah = reader("Owen Shah")
    assert queries.meetings(shah).rows == ()
    with pytest.raises(Http404):
        queries.meeting(shah, meeting.id)
    with pytest.raises(Http404):
        queries.item(shah, meeting.items.order_by("number").first().id)


def test_statements(meeting, gp, django_assert_num_queries):
    with django_assert_num_queries(6):
        queries.meeting(gp, meeting.id)
    with django_assert_num_queries(2):
        queries.meetings(gp)


def test_pages(named, client_as):
    gp = client_as("Amina Rahman")
    assert "3 people to talk about" in gp.get(reverse("meetings")).text
    day = TODAY()
    made = gp.post(reverse("meetings"), {"held_on-day": day.day, "held_on-month": day.month, "held_on-year": day.year})
    where = made.headers["Location"]
    meeting = Meeting.objects.get()
    two, one, three = meeting.items.order_by("number")
    assert "3 people still to talk about" in gp.get(where).text
    answer = reverse("record_outcome", args=[two.id])
    assert "Ask the district nurse" in gp.get(answer).text
    said = {"seen": 2, "answer": "no", "surprise": "yes", "stage": "not_staged"}
    assert gp.post(answer, said).status_code == 422
    following = gp.post(answer, said | {"why_no": "stable"})
    assert following.headers["Location"] == reverse("record_outcome", args=[one.id])
    assert gp.post(answer, said | {"why_no": "stable"}).status_code == 409
    paper = gp.get(reverse("print_meeting", args=[meeting.id])).text
    assert "ONE, Arthur" in paper
    assert "Destroy it after the meeting" in paper
    assert AuditLine.objects.filter(what="made a meeting's list for paper").exists()
    close = reverse("close_meeting", args=[meeting.id])
    assert gp.post(close, {"seen": 1}).status_code == 422
    assert gp.post(close, {"seen": 1, "present": ["Dr Amina Rahman"], "others": "Ruth Tannahill"}).status_code == 302
    assert "Dr Amina Rahman, Ruth Tannahill" in gp.get(where).text
    assert "This meeting is closed" in gp.get(reverse("record_outcome", args=[three.id])).text
    pat = client_as("Pat Moorhouse")
    assert "Dr Amina Rahman" in pat.get(where).text
    assert pat.get(reverse("record_outcome", args=[three.id])).status_code == 403


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 375])
def test_a_meeting_in_a_browser(meeting, client_as, open_browser, live_server, width):
    page = open_browser(width=width)
    sign_in(page, live_server, client_as("Amina Rahman"))
    page.goto(reverse("meeting", args=[meeting.id]))
    assert axe(page) == []
    assert sideways(page) == 0
    page.get_by_role("link", name="Talk about the next").click()
    assert axe(page) == []
    assert sideways(page) == 0
    page.locator("body.cf-keys").wait_for()
    for key in "yx1s":
        page.keyboard.press(key)
    page.get_by_role("heading", name="2 of 3 to talk about").wait_for()
    page.goto(reverse("print_meeting", args=[meeting.id]))
    assert axe(page) == []
    assert sideways(page) == 0
