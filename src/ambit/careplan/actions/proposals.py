"""Changes are proposed by the person's side, and answered by those who write the plan."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Person, Reader
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed
from ambit.careplan import registry
from ambit.careplan.actions.living import refuse_after_death
from ambit.careplan.events import ChangeProposed, ProposalAnswered
from ambit.careplan.models import Proposal
from ambit.design.refusals import Refused
from ambit.events.actions import announce

LONGEST = 2000


@transaction.atomic
def propose_change(*, by: Reader, person: Person, section: str, words: str, key: UUID) -> Proposal:
    """Say what should be different in a section (or, with none named, in the plan); nobody's words are changed by it.

    `key` is the page's own number, so that a form sent twice is one proposal.
    """
    by.must("propose_changes")
    refuse_after_death(person)
    if by.account_id is None:
        raise NotAllowed("Only somebody who signs in proposes a change.")
    known = Proposal.objects.filter(pk=key, person=person, account_id=by.account_id).first()
    if known:
        return known
    problems = {}
    if section and registry.section(section) is None:
        problems["section"] = "Choose a part of the plan from the list."
    if not words.strip():
        problems["words"] = "Write what should be different."
    elif len(words.strip()) > LONGEST:
        problems["words"] = f"Write at most {LONGEST} characters ({len(words.strip())} now)."
    if problems:
        raise Refused(problems)
    proposal = Proposal.objects.create(
        id=key,
        person=person,
        section=section,
        words=words.strip(),
        account_id=by.account_id,
        by_name=by.name,
        by_role=by.role,
        made_at=timezone.now(),
    )
    audit.record(by=by, what="proposed a change", about=person.id, details={"proposal": str(key), "section": section})
    announce(ChangeProposed(person_id=person.id, proposal_id=proposal.id))
    return proposal


@transaction.atomic
def answer_proposal(*, by: Reader, person: Person, proposal_id: UUID, answer: str, why: str) -> Proposal:
    """Say that a proposed change was made, or why not now; who proposed it reads the answer."""
    by.must("edit_plan")
    problems = {}
    if answer not in (Proposal.Answer.DONE, Proposal.Answer.NOT_NOW):
        problems["answer"] = "Choose whether it is done, or not now."
    if answer == Proposal.Answer.NOT_NOW and not why.strip():
        problems["why"] = "Write why not now, in words for the one who asked."
    if problems:
        raise Refused(problems)
    return _close(_open(person, proposal_id), by=by, answer=answer, why=why, what="answered a proposed change")


@transaction.atomic
def take_back_proposal(*, by: Reader, person: Person, proposal_id: UUID) -> Proposal:
    """Let go of a change that the reader proposed themselves."""
    by.must("propose_changes")
    proposal = _open(person, proposal_id)
    if proposal.account_id != by.account_id:
        raise NotAllowed("Only who proposed a change takes it back.")
    return _close(proposal, by=by, answer=Proposal.Answer.TAKEN_BACK, why="", what="took back a proposed change")


def _open(person: Person, proposal_id: UUID) -> Proposal:
    proposal = Proposal.objects.select_for_update().filter(pk=proposal_id, person=person).first()
    if proposal is None:
        raise Refused("There is no such proposal about this person.")
    if proposal.answer:
        raise Refused(f"This was answered already: {proposal.get_answer_display().lower()}, {proposal.answered_by}.")
    return proposal


def _close(proposal: Proposal, *, by: Reader, answer: str, why: str, what: str) -> Proposal:
    proposal.answer = answer
    proposal.why = why.strip()
    proposal.answered_by = by.name
    proposal.answered_by_role = by.role
    proposal.answered_by_organisation = by.organisation_name
    proposal.answered_at = timezone.now()
    proposal.save(
        update_fields=[
            "answer", "why", "answered_by", "answered_by_role", "answered_by_organisation", "answered_at"
        ]
    )  # fmt: skip
    audit.record(by=by, what=what, about=proposal.person_id, details={"proposal": str(proposal.id), "answer": answer})
    announce(ProposalAnswered(person_id=proposal.person_id, proposal_id=proposal.id, answer=answer))
    return proposal
