"""Pages about tasks and coordinators."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from ambit.coordination import actions, queries
from ambit.coordination.models import Task
from ambit.coordination.queries import Owner
from ambit.organisations.models import Membership
from tests.world.browser import axe, sideways, sign_in

TODAY = timezone.localdate()


@pytest.fixture
def raised(reader, person):
    gp = reader("gp")
    owner = Owner(name="Brackenhill Surgery", organisation_id=gp.organisation_id)
    return actions.raise_task(by=gp, what="Ring the family", owner=owner, person_id=person().id, due_on=TODAY)


def test_tasks(client_as, raised):
    gp = client_as("gp")
    assert "1 open task, none overdue" in gp.get("/tasks/").text
    assert "Nothing to do here" in gp.get("/tasks/?show=mine").text
    assert "Ring the family" not in client_as("community_nurse").get("/tasks/").text
    assert client_as("analyst").get("/tasks/").status_code == 403


def test_the_worklist_is_grouped_and_each_task_is_one_press_away(client_as, reader, raised, person):
    gp = reader("gp")
    owner = Owner(name="Brackenhill Surgery", organisation_id=gp.organisation_id)
    for what, days in (("Late", -3), ("Name a coordinator", 5), ("Then", 60), ("Some day", None)):
        actions.raise_task(
            by=gp, what=what, owner=owner, person_id=raised.person_id,
            due_on=TODAY + timedelta(days=days) if days is not None else None,
        )  # fmt: skip
    client = client_as("gp")
    text = client.get("/tasks/").text
    heads = ["Overdue <", "Due today", "Due in the next 7 days", "Later", "No day set"]
    assert [text.index(words) for words in heads] == sorted(text.index(words) for words in heads)
    assert "3 days late" in text
    assert f"/tasks/people/{raised.person_id}/coordinator/" in text
    assert client.post(f"/tasks/{raised.id}/take/", {"seen": 1}).status_code == 302
    assert "Yours" in client.get("/tasks/?show=mine").text


def test_another_organisations_task_is_shown_with_nothing_to_press(client_as, reader, person):
    gp, nurse = reader("gp"), reader("community_nurse")
    theirs = Owner(name="Eskvale Community Nursing", organisation_id=nurse.organisation_id)
    task = actions.raise_task(by=gp, what="Visit", owner=theirs, person_id=person().id)
    text = client_as("gp").get(f"/tasks/people/{task.person_id}/").text
    assert "Visit" in text
    assert f"/tasks/{task.id}/" not in text


@pytest.mark.parametrize(
    ("path", "said", "words"),
    [
        ("do/", {"note": "x"}, "which version you saw"),
        ("do/", {"seen": "one", "note": "x"}, "which version you saw"),
        ("do/", {"seen": 1, "note": "x" * 1001}, "Use 1000 characters or fewer"),
        ("hand-over/", {"seen": 1, "to": "account:999"}, "Choose one of the answers shown"),
        ("hand-over/", {"seen": 1, "to": "team:nonsense"}, "Choose one of the answers shown"),
        ("hand-over/", {"seen": 1}, "Choose an answer to"),
        ("take/", {}, "which version you saw"),
    ],
)
def test_what_a_form_cannot_read_is_said_and_nothing_is_saved(client_as, raised, path, said, words):
    answer = client_as("gp").post(f"/tasks/{raised.id}/{path}", said)
    assert answer.status_code == 422
    assert words in answer.text
    assert Task.objects.get().version == 1


@pytest.mark.parametrize(
    ("but", "words"),
    [
        ({"what": ""}, "Fill in"),
        ({"what": "x" * 201}, "Use 200 characters or fewer"),
        ({"key": "abc"}, ""),
        ({"owner": "organisation:x"}, "Choose one of the answers shown"),
        ({"due_on-day": "31", "due_on-month": "2", "due_on-year": "2027"}, "31 February 2027 is not a date"),
        ({"due_on-day": "1", "due_on-month": "", "due_on-year": "2027"}, "Enter the month"),
    ],
)
def test_a_task_that_cannot_be_read_is_not_raised(client_as, reader, person, but, words):
    said = {"key": str(uuid4()), "what": "Bed", "owner": f"organisation:{reader('gp').organisation_id}"} | but
    answer = client_as("gp").post(f"/tasks/people/{person().id}/raise/", said)
    assert answer.status_code == 422
    assert words in answer.text
    assert not Task.objects.exists()


def test_the_worklist_asks_once(reader, raised, django_assert_num_queries):
    gp = reader("gp")
    with django_assert_num_queries(1):
        queries.worklist(gp, on=TODAY)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 375, 320])
def test_seen_in_a_browser(raised, client_as, open_browser, live_server, width):
    page = open_browser(width=width)
    sign_in(page, live_server, client_as("gp"))
    for path in (
        "/tasks/", f"/tasks/{raised.id}/", f"/tasks/people/{raised.person_id}/", f"/tasks/people/{raised.person_id}/raise/",
        f"/tasks/people/{raised.person_id}/coordinator/",
    ):  # fmt: skip
        page.goto(path)
        assert axe(page) == []
        assert sideways(page) == 0


def test_task_take_hand_over_and_do(client_as, account_of, raised):
    gp = client_as("gp")
    where = f"/tasks/{raised.id}/"
    assert "Ring the family" in gp.get(where).text
    assert gp.post(where + "take/", {"seen": 1}).status_code == 302
    stale = gp.post(where + "do/", {"seen": 1, "note": "Rang Helen"})
    assert stale.status_code == 409
    assert "Rang Helen" in stale.text
    assert gp.post(where + "do/", {"seen": 2, "note": ""}).status_code == 422
    pat = account_of("Pat Moorhouse")
    assert gp.post(where + "hand-over/", {"seen": 2, "to": f"account:{pat.pk}", "note": "x"}).status_code == 302
    other = account_of("Owen Shah")
    refused = client_as("Pat Moorhouse").post(where + "hand-over/", {"seen": 3, "to": f"account:{other.pk}"})
    assert refused.status_code == 422
    assert client_as("Pat Moorhouse").post(where + "do/", {"seen": 3, "note": "Rang Helen"}).status_code == 302
    assert Task.objects.get().done_at is not None
    assert client_as("Owen Shah").get(where).status_code == 404


def test_raise_task_sent_twice_is_one(client_as, reader, person):
    somebody = person()
    gp = client_as("gp")
    where = f"/tasks/people/{somebody.id}/raise/"
    said = {"key": str(uuid4()), "what": "Bed", "owner": f"organisation:{reader('gp').organisation_id}"}
    assert gp.get(where).status_code == 200
    assert gp.post(where, said).status_code == gp.post(where, said).status_code == 302
    assert Task.objects.count() == 1
    assert "Bed" in gp.get(f"/tasks/people/{somebody.id}/").text


def test_name_coordinator(client_as, reader, person):
    somebody = person()
    gp = client_as("gp")
    where = f"/tasks/people/{somebody.id}/coordinator/"
    assert "Name a coordinator" in gp.get(where).text
    outside = Membership.objects.get(staff__name="Sofia Quayle")
    assert gp.post(where, {"membership_id": str(outside.id)}).status_code == 422
    own = Membership.objects.get(staff__name="Amina Rahman")
    assert gp.post(where, {"membership_id": str(own.id)}).status_code == 302
    assert queries.coordinator_of(reader("gp"), somebody.id).name == "Dr Amina Rahman"
    assert "Dr Amina Rahman coordinates" in gp.get(f"/tasks/people/{somebody.id}/").text
    stale = gp.post(where, {"membership_id": str(own.id), "seen": ""})
    assert stale.status_code == 409
