"""Somebody who sees one person's plan comes to see another's with the same sign-in: two parents, two children."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.models import Account, Grant
from ambit.access.queries import Person, Reader, operator, people_of
from ambit.access.rules import due_after
from ambit.audit import actions as audit
from ambit.careplan import actions as careplan
from ambit.coordination import actions as coordination
from ambit.coordination.queries import who_answers_for
from ambit.design.refusals import Refused
from ambit.events.actions import announce
from ambit.mycare.actions.invitations import ON_A_DOCUMENT, WRONG_CODE, Said, invited, is_open, of_letter, tie
from ambit.mycare.events import AskedToSeeAnswered
from ambit.mycare.models import AskedToSee, Invitation
from ambit.mycare.queries import asked_to_answer
from ambit.mycare.rules import ANSWER_WHO_ASKS, RECEIVED_WITHIN_WORKING_DAYS, REQUESTS_OPEN_AT_MOST

LONGEST = 1000


@transaction.atomic
def add_to_sign_in(*, by: Reader, person: Person, email: str, said: Said, asked_id: UUID | None = None) -> Invitation:
    """Let somebody who signs in already see this person's plan too, on what was seen of their authority; no letter.

    The address must belong to somebody of that name who signs in as what they are invited as: a slip of the pen must not
    open a record to a stranger. With `asked_id` it answers their own request with yes, and its account is the one.
    """
    by.must("give_access")
    asked = _to_answer(by, asked_id) if asked_id else None
    invitation = invited(said, by=by, person=person)
    accounts = Account.objects.filter(role=said.role, is_active=True).exclude(role=Account.Role.PERSON)
    account = (accounts.filter(pk=asked.account_id) if asked else accounts.filter(email__iexact=email.strip())).first()
    if account is None or account.name.strip().casefold() != said.name.strip().casefold():
        raise Refused({"asked" if asked else "email": NOBODY_OF_THAT_NAME})
    if asked and asked.born_on != person.born_on:
        raise Refused(f"Who was asked for was born on {asked.born_on:%-d %B %Y}. This is somebody else.")
    _not_yet(person, account)
    tie(invitation, account)
    audit.record(
        by=by, what="let a sign-in see another plan", about=person.id, details={"invitation": str(invitation.id)}
    )
    if asked:
        asked.invitation = invitation
        _answered(asked, by=by, answer="")
    return invitation


NOBODY_OF_THAT_NAME = (
    "Nobody of this name signs in with this address as what you chose above. Check all three, or leave the address empty "
    "and make a letter."
)


@transaction.atomic
def _add_by(invitation_id: UUID, *, by: Reader) -> Invitation:
    held = Invitation.objects.select_for_update(of=("self",)).select_related("person").get(pk=invitation_id)
    if not is_open(held):
        raise Refused({"code": WRONG_CODE})
    if held.role != by.role:
        raise Refused({"code": "This letter is not for a sign-in like yours. Use it with another e-mail address."})
    account = Account.objects.get(pk=by.account_id or 0)
    _not_yet(held.person, account)
    tie(held, account)
    audit.record(by=by, what="added a plan by letter", about=held.person_id, details={"invitation": str(held.id)})
    return held


def add_by_letter(*, by: Reader, code: str, born_on: date) -> Invitation:
    """Use a letter with the sign-in one has; a wrong birth date is counted as it is for everybody."""
    by.must("see_own_record")
    return _add_by(of_letter(code, born_on, by=by), by=by)


@transaction.atomic
def ask_to_see(
    *, by: Reader, through: UUID, name: str, born_on: date | None, basis: str, words: str, key: UUID, on: date
) -> AskedToSee:
    """Ask to see another person's plan; those who care for the person one acts for already are told in the same act.

    `key` is the page's own number, so that a form sent twice is one request.
    """
    by.must("see_own_record")
    known = AskedToSee.objects.filter(pk=key, account_id=by.account_id or 0).first()
    if known:
        return known
    person = people_of(by).filter(pk=through).first()
    problems = _asked_problems(name, born_on, basis, words, on=on)
    if person is None or by.account_id is None or by.person_id:
        raise Refused("Only somebody who acts or cares for a person asks here. Ask the GP practice.")
    open_now = AskedToSee.objects.filter(account_id=by.account_id, answered_at=None).count()
    if open_now >= REQUESTS_OPEN_AT_MOST:
        problems[""] = f"{open_now} requests wait for an answer already. Wait for one, or ring the practice."
    if problems or born_on is None:
        raise Refused(problems)
    asked = AskedToSee.objects.create(
        id=key,
        account_id=by.account_id,
        through=person,
        name=name.strip(),
        born_on=born_on,
        basis=basis,
        words=words.strip(),
        asked_at=timezone.now(),
        answer_by_on=due_after(on, RECEIVED_WITHIN_WORKING_DAYS),
    )
    owner = who_answers_for(person)
    if owner is not None:
        coordination.raise_task(
            by=operator("Ambit"),
            what=ANSWER_WHO_ASKS,
            owner=owner,
            person_id=person.id,
            due_on=asked.answer_by_on,
            source_event=_source(asked),
        )
    audit.record(by=by, what="asked to see another plan", about=person.id, details={"asked": str(key)})
    return asked


@transaction.atomic
def refuse_to_show(*, by: Reader, asked_id: UUID, answer: str) -> AskedToSee:
    """Answer a request with no, or with what is missing, in words that whoever asked reads."""
    asked = _to_answer(by, asked_id)
    if not answer.strip():
        raise Refused({"answer": "Write why not, or what they should bring."})
    if len(answer.strip()) > LONGEST:
        raise Refused({"answer": f"Write at most {LONGEST} characters ({len(answer.strip())} now)."})
    return _answered(asked, by=by, answer=answer.strip())


@transaction.atomic
def name_document(*, by: Reader, person: Person, invitation_id: UUID, directive_id: UUID | None) -> Invitation:
    """Say on which document an attorney or deputy acts who came before it was recorded: their leave ends with it from now on."""
    by.must("give_access")
    if by.role != "operator" and not people_of(by).filter(pk=person.id).exists():
        raise Refused("There is no such invitation.")
    held = Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation_id, person=person).first()
    if held is None or held.withdrawn_at or held.basis not in ON_A_DOCUMENT or held.directive_id:
        raise Refused("There is no such invitation.")
    document = careplan.document_naming(person, directive_id, name=held.name, on=timezone.localdate())
    held.directive_id = document.id
    held.save(update_fields=["directive"])
    if held.grant_id:
        careplan.rest_on(document=document, grant=Grant.objects.get(pk=held.grant_id))
    audit.record(
        by=by, what="named the document behind an invitation", about=person.id, details={"invitation": str(held.id)}
    )
    return held


def _not_yet(person: Person, account: Account) -> None:
    now = timezone.now()
    held = Grant.objects.filter(person=person, account=account, from_at__lte=now)
    if held.filter(until_at=None).exists() or held.filter(until_at__gt=now).exists():
        raise Refused(f"{account.name} sees this plan already.")


def _to_answer(by: Reader, asked_id: UUID) -> AskedToSee:
    found = asked_to_answer(by).select_for_update(of=("self",)).filter(pk=asked_id).first()
    if found is None:
        raise Refused("There is no such request.")
    if found.answered_at is not None:
        raise Refused(f"This was answered already by {found.answered_by}.")
    return found


def _answered(asked: AskedToSee, *, by: Reader, answer: str) -> AskedToSee:
    asked.answer = answer
    asked.answered_by = by.name
    asked.answered_by_role = by.role
    asked.answered_at = timezone.now()
    asked.save()
    coordination.finish_asked(by=operator("Ambit"), source_event=_source(asked), note=f"Answered by {by.name}.")
    audit.record(
        by=by, what="answered who asked to see a plan", about=asked.through_id, details={"asked": str(asked.id)}
    )
    announce(AskedToSeeAnswered(person_id=asked.through_id, asked_id=asked.id, account_id=asked.account_id))
    return asked


def _asked_problems(name: str, born_on: date | None, basis: str, words: str, *, on: date) -> dict[str, str]:
    problems = {}
    if not name.strip():
        problems["name"] = "Write whose plan you want to see."
    if born_on is None:
        problems["born_on"] = "Write when they were born, so that the right person is found."
    elif born_on > on:
        problems["born_on"] = f"The day must not be after today, {on:%-d %B %Y}."
    if basis not in AskedToSee.Basis.values:
        problems["basis"] = "Choose what you are to them."
    if len(words.strip()) > LONGEST:
        problems["words"] = f"Write at most {LONGEST} characters ({len(words.strip())} now)."
    return problems


def _source(asked: AskedToSee) -> str:
    return f"mycare.AskedToSee/{asked.id}"
