"""The person proposes, staff answer, and nobody's words are changed by it."""

from uuid import uuid4

import pytest
from django.urls import reverse

from ambit.access.actions import give_grant, make_account
from ambit.access.queries import operator, reader_for
from ambit.audit.models import AuditLine
from ambit.audit.rules import NotAllowed
from ambit.careplan import actions, queries, registry
from ambit.careplan.models import Proposal, SectionVersion
from ambit.coordination.models import Task
from ambit.design.refusals import Refused
from ambit.events.delivery import deliver_due
from ambit.people import actions as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def ashworth(person):
    return person("Ashworth")


@pytest.fixture
def outside(ashworth):
    """A reader of the person's own side: `outside("proxy")`."""

    def made(role):
        account, _ = make_account(
            by=operator(),
            email=f"{role}@example.org",
            role=role,
            person=ashworth if role == "person" else None,
            name=f"The {role}",
        )
        if role != "person":
            give_grant(by=operator(), person_id=ashworth.id, kind=role, account_id=account.pk, basis="leave given")
        return reader_for(account)

    return made


def propose(by, person, words="I would like my grandson Joe to know about my plan too.", section="", key=None):
    return actions.propose_change(by=by, person=person, section=section, words=words, key=key or uuid4())


@pytest.mark.parametrize("role", ["person", "proxy", "carer"])
def test_propose_change_raises_a_task_and_leaves_the_plan_alone(ashworth, outside, role):
    proposal = propose(outside(role), ashworth, section="getting_in")
    while deliver_due():
        pass
    while deliver_due():
        pass
    task = Task.objects.get(person=ashworth)
    assert task.source_event == f"careplan.ChangeProposed/{proposal.id}"
    assert task.owner_organisation_id == ashworth.practice_id
    assert not SectionVersion.objects.exists()
    assert AuditLine.objects.filter(what="proposed a change", about=ashworth.id).count() == 1


def test_the_same_form_sent_twice_is_one_proposal(ashworth, outside):
    by, key = outside("person"), uuid4()
    assert propose(by, ashworth, key=key) == propose(by, ashworth, key=key)
    assert Proposal.objects.count() == 1


@pytest.mark.parametrize(
    ("said", "field"),
    [({"words": " "}, "words"), ({"words": "x" * 2001}, "words"), ({"section": "no_such_part"}, "section")],
)
def test_what_cannot_be_proposed_says_what_to_do(ashworth, outside, said, field):
    with pytest.raises(Refused) as refused:
        propose(outside("person"), ashworth, **said)
    assert list(refused.value.problems) == [field]


def test_staff_do_not_propose_and_nobody_proposes_for_the_dead(ashworth, outside, reader):
    with pytest.raises(NotAllowed):
        propose(reader("gp"), ashworth)
    by = outside("person")
    ashworth.died_on = ashworth.born_on
    with pytest.raises(Refused):
        propose(by, ashworth)


def test_answer_proposal_tells_why_and_ends_the_task(ashworth, outside, reader):
    proposal = propose(outside("person"), ashworth)
    while deliver_due():
        pass
    with pytest.raises(Refused) as refused:
        actions.answer_proposal(by=reader("gp"), person=ashworth, proposal_id=proposal.id, answer="not_now", why=" ")
    assert list(refused.value.problems) == ["why"]
    with pytest.raises(Refused):
        actions.answer_proposal(by=reader("gp"), person=ashworth, proposal_id=proposal.id, answer="maybe", why="")
    actions.answer_proposal(
        by=reader("gp"), person=ashworth, proposal_id=proposal.id, answer="not_now", why="Let us talk on Monday."
    )
    while deliver_due():
        pass
    assert Task.objects.get(person=ashworth).done_at is not None
    with pytest.raises(Refused, match="answered already"):
        actions.answer_proposal(by=reader("gp"), person=ashworth, proposal_id=proposal.id, answer="done", why="")


def test_a_failed_audit_undoes_the_answer(ashworth, outside, reader, monkeypatch):
    proposal = propose(outside("person"), ashworth)

    def fails(**said):
        raise RuntimeError("disk full")

    monkeypatch.setattr("ambit.careplan.actions.proposals.audit.record", fails)
    with pytest.raises(RuntimeError):
        actions.answer_proposal(by=reader("gp"), person=ashworth, proposal_id=proposal.id, answer="done", why="")
    assert Proposal.objects.get().answer == ""


def test_take_back_is_for_who_proposed(ashworth, outside):
    proposal = propose(outside("person"), ashworth)
    with pytest.raises(NotAllowed):
        actions.take_back_proposal(by=outside("carer"), person=ashworth, proposal_id=proposal.id)
    mine = Proposal.objects.get().account
    actions.take_back_proposal(by=reader_for(mine), person=ashworth, proposal_id=proposal.id)
    assert Proposal.objects.get().answer == "taken_back"


def test_a_carer_sees_their_own_proposals_only(ashworth, outside):
    person, carer = outside("person"), outside("carer")
    propose(person, ashworth, "From the person")
    propose(carer, ashworth, "From the carer")
    assert [row.words for row in queries.proposals(carer, ashworth.id)] == ["From the carer"]
    assert len(queries.proposals(person, ashworth.id)) == 2


def test_a_proposal_about_somebody_else_is_not_answered_here(ashworth, outside, reader, person):
    proposal = propose(outside("person"), ashworth)
    with pytest.raises(Refused, match="no such proposal"):
        actions.answer_proposal(
            by=reader("gp"), person=person("Longworth"), proposal_id=proposal.id, answer="done", why=""
        )


# --- the person's own sections ---


@pytest.mark.parametrize("role", ["person", "proxy"])
def test_what_matters_is_written_by_the_persons_side(ashworth, outside, role):
    section = registry.section("what_matters")
    content = {"what_matters.words": "My cat, my garden window.", "what_matters.who_said": "person"}
    saved = actions.save_section(
        by=outside(role), person=ashworth, section=section, base=0, content=content, on=ashworth.created_at.date()
    )
    assert (saved.author_role, saved.author_name) == (role, f"The {role}")


@pytest.mark.parametrize(("role", "section"), [("person", "getting_in"), ("carer", "what_matters")])
def test_nobody_outside_writes_what_is_not_theirs(ashworth, outside, role, section):
    with pytest.raises(NotAllowed):
        actions.save_section(
            by=outside(role),
            person=ashworth,
            section=registry.section(section),
            base=0,
            content={f"{section}.words": "Mine"},
            on=ashworth.created_at.date(),
        )


# --- pages ---


def test_the_plan_shows_what_is_asked_for_and_a_clinician_answers(ashworth, outside, client_as):
    proposal = propose(outside("person"), ashworth, section="getting_in")
    client = client_as("gp")
    shown = client.get(reverse("plan", args=[ashworth.id])).content.decode()
    assert "grandson Joe" in shown
    address = reverse("answer_proposal", args=[ashworth.id, proposal.id])
    assert address in shown
    assert client.post(address, {"answer": "not_now", "why": ""}).status_code == 422
    answer = client.post(address, {"answer": "done", "why": "Joe is on the list now."}, follow=True)
    assert "Joe is on the list now." in answer.content.decode()
    assert "grandson Joe" not in client.get(reverse("plan", args=[ashworth.id])).content.decode()


def test_a_paramedic_reads_and_does_not_answer(ashworth, outside, client_as, place):
    from ambit.access.actions import put_on_duty

    put_on_duty(by=operator(), organisation=place["ZAM"], area=place["QZZ"])
    proposal = propose(outside("person"), ashworth)
    client = client_as("urgent_clinician")
    listed = client.get(reverse("proposals", args=[ashworth.id])).content.decode()
    assert "grandson Joe" in listed
    assert client.get(reverse("answer_proposal", args=[ashworth.id, proposal.id])).status_code == 403


def test_proposals_page_statements(ashworth, outside, client_as, django_assert_max_num_queries):
    by = outside("person")
    for _ in range(5):
        propose(by, ashworth)
    client = client_as("gp")
    client.get(reverse("proposals", args=[ashworth.id]))
    with django_assert_max_num_queries(12):
        client.get(reverse("proposals", args=[ashworth.id]))


def test_after_death_a_heard_proposal_asks_nobody(ashworth, outside):
    propose(outside("person"), ashworth)
    people.record_death(
        by=operator(), person_id=ashworth.id, seen=ashworth.version, died_on=ashworth.created_at.date(), place="21"
    )
    while deliver_due():
        pass
    assert not Task.objects.filter(person=ashworth, done_at=None).exists()
