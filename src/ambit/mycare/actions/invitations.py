"""How somebody comes to their own pages: invited by staff who saw who they are, by a letter whose code works once."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access import actions as access
from ambit.access.models import Account, Grant
from ambit.access.queries import CannotOpen, Person, Reader, operator, people_of
from ambit.access.rules import CODE_LETTERS, code_as_kept
from ambit.audit import actions as audit
from ambit.careplan import actions as careplan
from ambit.design.refusals import Refused
from ambit.mycare.models import Invitation
from ambit.mycare.queries import invitation_hash, parental_of
from ambit.mycare.rules import LETTER_CODE_LENGTH, LETTER_LASTS_DAYS, WRONG_TRIES_AT_MOST, letter_in_groups

ON_A_DOCUMENT = frozenset({Invitation.Basis.ATTORNEY, Invitation.Basis.DEPUTY})
"""Bases that are a document with legal force, recorded in the plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeLetter:
    """What the letter says, once: the code is kept as a hash only."""

    invitation: Invitation
    code: str
    until_at: datetime

    @property
    def in_groups(self) -> str:
        return letter_in_groups(self.code)


@transaction.atomic
def invite(
    *,
    by: Reader,
    person: Person,
    role: str,
    name: str,
    basis: str,
    evidence: str,
    leave_until_on: date | None = None,
    parental_id: UUID | None = None,
    directive_id: UUID | None = None,
) -> MadeLetter:
    """Invite the person, somebody whose authority was seen, or a carer whom the person gave leave; makes the letter.

    An attorney or deputy is invited on a document that is recorded, gives authority and names them.
    """
    said = Said(role, name, basis, evidence, leave_until_on, parental_id, directive_id)
    return _letter(invited(said, by=by, person=person), by=by)


@dataclass(frozen=True, slots=True)
class Said:
    """Who is invited, on what basis, and what was seen of it."""

    role: str
    name: str
    basis: str
    evidence: str
    leave_until_on: date | None = None
    parental_id: UUID | None = None
    directive_id: UUID | None = None


def invited(said: Said, *, by: Reader, person: Person) -> Invitation:
    """The invitation as staff make it, not yet used; what it lacks is refused at its field. For actions only."""
    _must_be_of(by, person)
    problems: dict[str, str | Sequence[str]] = dict(
        _problems(said.role, said.name, said.basis, said.evidence, said.leave_until_on, person)
    )
    is_parent = said.basis == Invitation.Basis.PARENTAL
    parental = parental_of(person, said.parental_id) if is_parent else None
    if is_parent and parental is None:
        problems["parental_id"] = (
            "Choose whose parental responsibility it is. One that has ended, is disputed or is restricted opens nothing: "
            "ask the safeguarding lead."
        )
    document = None
    if said.basis in ON_A_DOCUMENT and "basis" not in problems and "name" not in problems:
        try:
            document = careplan.document_naming(person, said.directive_id, name=said.name, on=timezone.localdate())
        except Refused as refused:
            problems |= refused.problems
    if problems:
        raise Refused(problems)
    invitation = Invitation.objects.create(
        person=person,
        role=said.role,
        name=said.name.strip(),
        basis=said.basis,
        evidence=said.evidence.strip(),
        parental=parental,
        directive_id=document.id if document else None,
        leave_until_on=said.leave_until_on,
        made_by=by.name,
        made_by_role=by.role,
        made_at=timezone.now(),
    )
    details = {"role": said.role, "basis": said.basis}
    audit.record(by=by, what="invited to their own page", about=person.id, details=details)
    return invitation


@transaction.atomic
def ask_for_carer(*, by: Reader, person: Person, name: str, leave_until_on: date | None) -> Invitation:
    """The person gives somebody leave to see their plan; staff check who that is and hand them the letter."""
    by.must("choose_who_sees")
    problems = _problems("carer", name, "leave", "asked by the person", leave_until_on, person)
    if problems:
        raise Refused(problems)
    invitation = Invitation.objects.create(
        person=person,
        role="carer",
        name=name.strip(),
        basis="leave",
        evidence="The person asked for this on their own page.",
        leave_until_on=leave_until_on,
        asked_by_person=True,
        made_by=by.name,
        made_by_role=by.role,
        made_at=timezone.now(),
    )
    audit.record(by=by, what="asked for a carer to see the plan", about=person.id)
    return invitation


@transaction.atomic
def make_letter(*, by: Reader, person: Person, invitation_id: UUID) -> MadeLetter:
    """Make the letter, or make it anew with another code when the first was lost; the code before it is dead."""
    _must_be_of(by, person)
    return _letter(_unused(person, invitation_id), by=by)


@transaction.atomic
def withdraw_invitation(*, by: Reader, person: Person, invitation_id: UUID) -> None:
    """Take an invitation back, or end what it gave; whoever is signed in by it is out at the next request."""
    if not by.may("choose_who_sees"):
        _must_be_of(by, person)
    invitation = Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation_id, person=person).first()
    if invitation is None or (by.may("choose_who_sees") and invitation.role != Invitation.Role.CARER):
        raise Refused("There is no such invitation.")
    if invitation.withdrawn_at is not None:
        return
    invitation.withdrawn_at = timezone.now()
    invitation.code_hash = ""
    invitation.save(update_fields=["withdrawn_at", "code_hash"])
    if invitation.grant_id:
        access.end_grant(by=operator(by.name), grant_id=invitation.grant_id)
    elif invitation.account_id:
        access.deactivate_account(by=operator(by.name), account_id=invitation.account_id)
    audit.record(by=by, what="ended an invitation", about=person.id, details={"invitation": str(invitation.id)})


def begin(*, code: str, born_on: date, email: str, password: str, address: str) -> Account:
    """Use the letter: the code and the birth date of whose plan it is, then an address and a password of one's own.

    A wrong birth date is counted even though the rest is undone, and too many close the letter.
    """
    by = Reader(name="nobody signed in", role="", address=address)
    return _account_by(of_letter(code, born_on, by=by), email=email, password=password, by=by)


def of_letter(code: str, born_on: date, *, by: Reader) -> UUID:
    """The invitation whose letter this is; a wrong birth date is counted, and too many close it. For actions only."""
    invitation = Invitation.objects.filter(code_hash=invitation_hash(code)).select_related("person").first()
    if invitation is None or not is_open(invitation):
        audit.record(by=by, what="tried a letter code that opens nothing")
        raise Refused({"code": WRONG_CODE})
    if invitation.person.born_on != born_on:
        with transaction.atomic():
            held = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
            held.wrong_tries += 1
            held.save(update_fields=["wrong_tries"])
            audit.record(by=by, what="gave a wrong birth date with a letter code", about=invitation.person_id)
        raise Refused({"code": WRONG_CODE})
    return invitation.pk


NO_LONGER = "The document on which this letter rests does not give leave any more. Ask the practice."
WRONG_CODE = (
    "The code and the date of birth do not go together, or the letter is too old. Check both, or ask for a new letter."
)


@transaction.atomic
def _account_by(invitation_id: UUID, *, email: str, password: str, by: Reader) -> Account:
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("person").get(pk=invitation_id)
    if not is_open(invitation):
        raise Refused({"code": WRONG_CODE})
    person = invitation.person
    account, _password = access.make_account(
        by=operator("Ambit"),
        email=email,
        role=invitation.role,
        person=person if invitation.role == Invitation.Role.PERSON else None,
        name=invitation.name,
        password=password,
    )
    tie(invitation, account)
    audit.record(by=by, what="came to their own page", about=person.id, details={"invitation": str(invitation.id)})
    return account


def tie(invitation: Invitation, account: Account) -> None:
    """Give what the invitation was for, and let its code work no more. For actions only.

    A letter that rests on a document opens nothing when that gives no authority any more.
    """
    now = timezone.now()
    if invitation.directive_id:
        invitation.grant = _by_document(invitation, account)
    elif invitation.role != Invitation.Role.PERSON:
        invitation.grant = access.give_grant(
            by=operator("Ambit"),
            person_id=invitation.person_id,
            kind=Grant.Kind.PROXY if invitation.role == Invitation.Role.PROXY else Grant.Kind.CARER,
            account_id=account.pk,
            basis=invitation.get_basis_display(),
            parental_id=invitation.parental_id,
            until_at=_end_of(invitation.leave_until_on),
        )
    invitation.account = account
    invitation.used_at = now
    invitation.code_hash = ""
    invitation.save(update_fields=["grant", "account", "used_at", "code_hash"])


def _by_document(invitation: Invitation, account: Account) -> Grant:
    on = timezone.localdate()
    try:
        document = careplan.document_naming(invitation.person, invitation.directive_id, name=invitation.name, on=on)
    except Refused as refused:
        raise Refused({"code": NO_LONGER}) from refused
    return careplan.give_access_by(
        by=operator("Ambit"),
        person_id=invitation.person_id,
        document=document,
        name=invitation.name,
        account_id=account.pk,
    )


def _end_of(day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_current_timezone())


def is_open(invitation: Invitation) -> bool:
    return (
        invitation.used_at is None
        and invitation.withdrawn_at is None
        and invitation.wrong_tries < WRONG_TRIES_AT_MOST
        and invitation.code_until_at is not None
        and invitation.code_until_at > timezone.now()
        and invitation.person.died_on is None
    )


def _letter(invitation: Invitation, *, by: Reader) -> MadeLetter:
    code = "".join(secrets.choice(CODE_LETTERS) for _ in range(LETTER_CODE_LENGTH))
    invitation.code_hash = invitation_hash(code_as_kept(code))
    invitation.code_until_at = timezone.now() + timedelta(days=LETTER_LASTS_DAYS)
    invitation.wrong_tries = 0
    invitation.save(update_fields=["code_hash", "code_until_at", "wrong_tries"])
    audit.record(
        by=by, what="made a letter with a code", about=invitation.person_id, details={"invitation": str(invitation.id)}
    )
    return MadeLetter(invitation=invitation, code=code, until_at=invitation.code_until_at)


def _unused(person: Person, invitation_id: UUID) -> Invitation:
    invitation = Invitation.objects.select_for_update(of=("self",)).filter(pk=invitation_id, person=person).first()
    if invitation is None or invitation.used_at is not None or invitation.withdrawn_at is not None:
        raise Refused("This invitation was used or taken back. Make another.")
    return invitation


def _problems(
    role: str, name: str, basis: str, evidence: str, leave_until_on: date | None, person: Person
) -> dict[str, str]:
    problems = {}
    if person.died_on is not None:
        problems[""] = "The person has died. Nobody is invited to their plan any more."
    if not name.strip():
        problems["name"] = "Write the name of who is invited."
    fits = {
        "person": {"own"},
        "proxy": {"attorney", "deputy", "parental", "appointed"},
        "carer": {"leave"},
    }
    if role not in fits:
        problems["role"] = "Choose who is invited."
    elif basis not in fits[role]:
        problems["basis"] = "Choose a basis that fits who is invited."
    if not evidence.strip():
        problems["evidence"] = "Write what you saw: who they are, and on what they act."
    if leave_until_on is not None and leave_until_on <= timezone.localdate():
        problems["leave_until_on"] = "The last day must be after today."
    return problems


def _must_be_of(by: Reader, person: Person) -> None:
    by.must("give_access")
    if by.role != "operator" and not people_of(by).filter(pk=person.id).exists():
        raise CannotOpen(person.id, may_break_glass=by.may("break_glass"))
