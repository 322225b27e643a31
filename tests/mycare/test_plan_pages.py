"""What the person, an attorney and a carer read and write of the plan."""

import io
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from ambit.access.actions import break_glass, end_grant
from ambit.access.models import Grant
from ambit.access.queries import operator
from ambit.audit.models import AuditLine
from ambit.careplan import actions as careplan
from ambit.careplan.models import Proposal, SectionVersion
from ambit.design.documents import can_make_pdf
from ambit.people import actions as people
from ambit.register import actions as register

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
EVERYBODY = ["person", "proxy", "carer"]


def words(answer):
    """A page's words as somebody reads them, one space between them."""
    import re

    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main", 1)[1]).replace("&#39;", "'").split())


@pytest.fixture
def first_page(ashworth, own_page):
    return lambda role: own_page(role).get(reverse("my_plan", args=[ashworth.id]))


def decide(by, person, *, reading="do_not_attempt", talked="person", why="", key=None):
    return careplan.make_cpr_decision(
        by=by,
        person=person,
        form=careplan.CPRForm(
            reading=reading,
            made_on=TODAY,
            reason="Heart failure",
            talked=talked,
            why_not_talked=why,
            decided_by="Dr Amina Rahman",
        ),
        replaces=[],
        on=TODAY,
        key=key or uuid4(),
    )


@pytest.mark.parametrize("role", EVERYBODY)
def test_my_care_leads_to_the_one_plan(ashworth, own_page, role):
    answer = own_page(role).get(reverse("my_care"))
    assert answer.url == reverse("my_plan", args=[ashworth.id])
    assert own_page(role).get("/").url == reverse("my_care")


def test_somebody_who_acts_for_two_is_asked_whose(ashworth, own_page, account, person):
    from ambit.access.actions import give_grant

    thorne = person("Preston")
    give_grant(by=operator(), person_id=thorne.id, kind="proxy", account_id=account("proxy").pk, basis="parent")
    said = words(own_page("proxy").get(reverse("my_care")))
    assert "Whose plan do you want to see?" in said
    assert "Peggy" in said
    assert "Joan" in said


def test_nobody_is_shown_parts_for_another_age_unless_they_say_something(own_page, ashworth):
    shown = words(own_page("person").get(reverse("my_whole_plan", args=[ashworth.id])))
    for title in ("School and family", "Before and at birth"):
        assert title not in shown
    SectionVersion.objects.create(
        person=ashworth, section="child", number=1, base=0, pack="ambit-plan 0.3.0", author_name="Dr Amina Rahman",
        author_role="gp", saved_at=timezone.now(), content={"child.wishes": "Wheelchair football"},
    )  # fmt: skip
    assert "Wheelchair football" in words(own_page("person").get(reverse("my_whole_plan", args=[ashworth.id])))


def test_my_plan_is_in_the_persons_words(first_page, said):
    said("what_matters", words="My cat, my garden window.", who_said="person")
    shown = words(first_page("person"))
    assert "Your plan, Peggy" in shown
    assert "My cat, my garden window." in shown
    assert "You told Dr Amina Rahman on" in shown
    helen = words(first_page("proxy"))
    assert "Peggy’s plan" in helen
    assert "You are signed in as Helen Ashworth-Doyle. In this plan “you” means Peggy." in helen


@pytest.mark.parametrize("role", EVERYBODY)
def test_cpr_is_a_sentence(ashworth, reader, first_page, role):
    decide(reader("gp"), ashworth)
    shown = words(first_page(role))
    assert "You will not be given CPR. You and Dr Amina Rahman talked about it and decided this." in shown


@pytest.mark.parametrize(
    ("talked", "why", "seen_by"),
    [
        ("person", "", {"person", "proxy", "carer"}),
        ("close", "", {"proxy"}),
        ("harm", "It would cause lasting harm", set()),
        ("nobody", "Nobody to consult", set()),
    ],
)
def test_no_page_is_the_first_to_tell_of_cpr(ashworth, reader, first_page, talked, why, seen_by):
    """A decision not yet talked about reads as when nothing is recorded, word for word."""

    def says(role):
        return words(first_page(role)).split("What your plan says")[1].split("Tell us something has changed")[0]

    before = {role: says(role) for role in EVERYBODY}
    decide(reader("gp"), ashworth, talked=talked, why=why)
    for role in EVERYBODY:
        after = says(role)
        assert ("You will not be given CPR" in after) is (role in seen_by)
        if role not in seen_by:
            assert after == before[role]
            assert "Nothing is shown here" in after


def test_a_disagreement_is_one_thing_to_sort_out(ashworth, reader, first_page):
    decide(reader("gp"), ashworth)
    decide(reader("gp"), ashworth, reading="attempt")
    shown = words(first_page("person"))
    assert "One thing to sort out" in shown
    assert "You will not be given CPR." in shown
    assert "CPR will be tried." in shown


def test_a_disagreement_half_of_which_was_not_talked_about_is_not_shown(ashworth, reader, first_page):
    decide(reader("gp"), ashworth)
    decide(reader("gp"), ashworth, reading="attempt", talked="close")
    shown = words(first_page("person"))
    assert "One thing to sort out" not in shown
    assert "CPR will be tried" not in shown
    assert "not be given CPR" not in shown


@pytest.mark.parametrize("role", EVERYBODY)
def test_register_and_stage_are_told_by_nobody_here(ashworth, reader, own_page, role):
    """H16: membership, stage and candidacy are on no page of the person's side, before or after they are told.

    All within one minute, since a page says when it was printed.
    """
    pages = ["my_plan", "my_whole_plan", "propose_change"] + (["who_opened"] if role != "carer" else [])
    client, gp = own_page(role), reader("gp")
    with time_machine.travel(timezone.now(), tick=False):
        before = [words(client.get(reverse(name, args=[ashworth.id]))) for name in pages]
        register.add_to_register(
            by=gp, person=ashworth, on=TODAY, found_by="case_finding", stage="weeks", told=False, reason="Frail"
        )
        assert [words(client.get(reverse(name, args=[ashworth.id]))) for name in pages] == before


# --- writing ---


@pytest.mark.parametrize(("role", "whose"), [("person", "person"), ("proxy", "close")])
def test_write_my_words(ashworth, own_page, role, whose):
    client = own_page(role)
    address = reverse("write_my_words", args=[ashworth.id, "what_matters"])
    assert client.get(address).status_code == 200
    answer = client.post(address, {"seen": 0, "what_matters.words": "My cat and no fuss."}, follow=True)
    assert "My cat and no fuss." in words(answer)
    version = SectionVersion.objects.get()
    assert version.author_role == role
    assert version.content["what_matters.who_said"] == whose


def test_an_empty_save_is_said_in_the_persons_words(ashworth, own_page):
    answer = own_page("person").post(
        reverse("write_my_words", args=[ashworth.id, "what_matters"]), {"seen": 0, "what_matters.words": ""}
    )
    assert answer.status_code == 422
    assert "Fill this in: What matters most to you" in words(answer)


def test_a_late_save_shows_both_versions(ashworth, own_page, said):
    said("what_matters", words="What the doctor wrote", who_said="professional")
    answer = own_page("person").post(
        reverse("write_my_words", args=[ashworth.id, "what_matters"]), {"seen": 0, "what_matters.words": "Mine"}
    )
    assert answer.status_code == 409
    assert "What the doctor wrote" in words(answer)
    assert "Mine" in words(answer)
    assert SectionVersion.objects.count() == 1


@pytest.mark.parametrize("section", ["getting_in", "cpr", "nothing"])
def test_what_is_not_theirs_has_no_form(ashworth, own_page, section):
    assert own_page("person").get(reverse("write_my_words", args=[ashworth.id, section])).status_code == 404


def test_a_carer_has_no_form_at_all(ashworth, own_page):
    address = reverse("write_my_words", args=[ashworth.id, "what_matters"])
    assert own_page("carer").get(address).status_code == 403
    assert own_page("carer").get(reverse("who_opened", args=[ashworth.id])).status_code == 403


# --- proposing ---


@pytest.mark.parametrize("role", EVERYBODY)
def test_propose_change_and_read_the_answer(ashworth, own_page, reader, role):
    client = own_page(role)
    address = reverse("propose_change", args=[ashworth.id])
    sent = client.post(address, {"words": "Joe may know too.", "section": "", "key": str(uuid4())}, follow=True)
    assert "Waiting for an answer." in words(sent)
    proposal = Proposal.objects.get()
    careplan.answer_proposal(
        by=reader("gp"), person=ashworth, proposal_id=proposal.id, answer="not_now", why="Let us ask Joe first."
    )
    shown = words(client.get(reverse("my_plan", args=[ashworth.id])))
    assert "Not now. Let us ask Joe first." in shown
    assert "Dr Amina Rahman" in shown


def test_take_back_proposal(ashworth, own_page):
    client = own_page("person")
    client.post(reverse("propose_change", args=[ashworth.id]), {"words": "No", "key": str(uuid4())})
    proposal = Proposal.objects.get()
    answer = client.post(reverse("take_back_proposal", args=[ashworth.id, proposal.id]), follow=True)
    assert "Taken back." in words(answer)


def test_nothing_written_is_nothing_sent(ashworth, own_page):
    answer = own_page("person").post(reverse("propose_change", args=[ashworth.id]), {"key": str(uuid4())})
    assert answer.status_code == 422
    assert "Write what should be different." in words(answer)


# --- who opened it ---


@pytest.mark.parametrize("role", ["person", "proxy"])
def test_who_opened(ashworth, own_page, client_as, reader, role):
    client_as("gp").get(reverse("plan", args=[ashworth.id]))
    break_glass(
        by=reader("Sam Okafor"), person_id=ashworth.id, reason="safeguarding", words="The daughter is threatening her."
    )
    shown = words(own_page(role).get(reverse("who_opened", args=[ashworth.id])))
    assert "Dr Amina Rahman GP, Brackenhill Surgery" in shown
    assert "They work at your GP practice." in shown
    assert "Sam Okafor" in shown
    assert "In an emergency." in shown
    assert "threatening" not in shown
    assert "harm" not in shown


# --- access ends ---


@pytest.mark.parametrize("role", EVERYBODY)
@pytest.mark.parametrize("name", ["my_plan", "my_whole_plan", "propose_change"])
def test_access_ends_with_death(ashworth, own_page, role, name):
    client = own_page(role)
    assert client.get(reverse(name, args=[ashworth.id])).status_code == 200
    people.record_death(by=operator(), person_id=ashworth.id, seen=ashworth.version, died_on=TODAY, place="21")
    assert client.get(reverse(name, args=[ashworth.id])).status_code == 403
    assert "There is no plan here for you to see" in words(client.get(reverse("my_care")))


@pytest.mark.parametrize("role", ["proxy", "carer"])
def test_access_ends_with_its_grant(ashworth, own_page, role):
    client = own_page(role)
    assert client.get(reverse("my_plan", args=[ashworth.id])).status_code == 200
    end_grant(by=operator(), grant_id=Grant.objects.get(kind=role).pk)
    assert client.get(reverse("my_plan", args=[ashworth.id])).status_code == 403


@pytest.mark.parametrize("role", EVERYBODY)
def test_the_pages_of_staff_stay_closed(ashworth, own_page, role):
    client = own_page(role)
    for name in ("plan", "cpr_decision", "person", "register_entry", "now", "sharing", "tasks_about", "proposals"):
        assert client.get(reverse(name, args=[ashworth.id])).status_code == 403


# --- cost ---


@pytest.mark.parametrize("role", EVERYBODY)
def test_my_plan_statements(ashworth, own_page, said, django_assert_max_num_queries, role):
    said("what_matters", words="My cat", who_said="person")
    client = own_page(role)
    address = reverse("my_plan", args=[ashworth.id])
    client.get(address)
    with django_assert_max_num_queries(18):
        client.get(address)


# --- still right ---


@pytest.mark.parametrize("role", ["person", "proxy"])
def test_still_right_in_one_press(ashworth, own_page, said, role):
    said("what_matters", words="My cat", who_said="person")
    client = own_page(role)
    address = reverse("still_right", args=[ashworth.id, "what_matters"])
    shown = client.post(address, {"seen": 1}, follow=True)
    assert "Everybody sees that it is still right." in shown.content.decode()
    first, second = SectionVersion.objects.order_by("number")
    assert second.content == first.content
    assert second.author_role == role
    late = client.post(address, {"seen": 1}, follow=True)
    assert SectionVersion.objects.count() == 2 or "Somebody changed this part" in late.content.decode()


def test_still_right_is_not_for_a_carer_nor_for_what_is_not_theirs(ashworth, own_page):
    assert own_page("carer").post(reverse("still_right", args=[ashworth.id, "what_matters"])).status_code == 403
    assert own_page("person").post(reverse("still_right", args=[ashworth.id, "getting_in"])).status_code == 404


@pytest.mark.parametrize("role", EVERYBODY)
def test_copy_my_plan(ashworth, own_page, said, role):
    """A copy with what is chosen, by the same rules as the page; that it was made is kept."""
    said("what_matters", words="Helen nearby", who_said="person")
    here, client = reverse("my_copy", args=[ashworth.id]), own_page(role)
    assert "Leave out" in words(client.get(here))
    whole = client.post(here, {"paper": "print"})
    assert "Helen nearby" in words(whole)
    assert "This is not the whole plan" not in words(whole)
    part = client.post(here, {"paper": "print", "leave_out": ["what_matters"]})
    assert "Helen nearby" not in words(part)
    assert "This is not the whole plan" in words(part)
    assert client.post(here, {"leave_out": ["nothing_of_the_kind"]}).status_code == 422
    lines = AuditLine.objects.filter(what="made their own copy of the plan", about=ashworth.id)
    assert [line.details["left_out"] for line in lines.order_by("pk")][:2] == [[], ["what_matters"]]


@pytest.mark.skipif(not can_make_pdf(), reason="this machine has no Pango")
def test_the_persons_own_copy_as_a_pdf(ashworth, own_page, said):
    said("what_matters", words="Helen nearby", who_said="person")
    answer = own_page("person").post(reverse("my_copy", args=[ashworth.id]), {"paper": "pdf"})
    assert answer["Content-Type"] == "application/pdf"
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(answer.content)).pages]
    assert "Helen nearby" in " ".join(pages)
    for number, text in enumerate(pages, start=1):
        assert "ASHWORTH" in text
        assert f"Page {number} of {len(pages)}" in text
