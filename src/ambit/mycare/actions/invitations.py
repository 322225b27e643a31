"""How somebody comes to their own pages: invited by staff who saw who they are, by a letter whose code works once."""

import secrets
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
from ambit.design.refusals import Refused
from ambit.mycare.models import Invitation
from ambit.mycare.queries import invitation_hash, parental_of
from ambit.mycare.rules import LETTER_CODE_LENGTH, LETTER_LASTS_DAYS, WRONG_TRIES_AT_MOST, letter_in_groups


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
) -> MadeLetter:
    """Invite the person, somebody whose authority was seen, or a carer whom the person gave leave; makes the letter."""
    _must_be_of(by, person)
    problems = _problems(role, name, basis, evidence, leave_until_on, person)
    parental = parental_of(person, parental_id) if basis == Invitation.Basis.PARENTAL else None
    if basis == Invitation.Basis.PARENTAL and parental is None:
        problems["parental_id"] = (
            "Choose whose parental responsibility it is. One that has ended, is disputed or is restricted opens nothing: "
            "ask the safeguarding lead."
        )
    if problems:
        raise Refused(problems)
    invitation = Invitation.objects.create(
        person=person,
        role=role,
        name=name.strip(),
        basis=basis,
        evidence=evidence.strip(),
        parental=parental,
        leave_until_on=leave_until_on,
        made_by=by.name,
        made_by_role=by.role,
        made_at=timezone.now(),
    )
    audit.record(by=by, what="invited to their own page", about=person.id, details={"role": role, "basis": basis})
    return _letter(invitation, by=by)


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
    invitation = Invitation.objects.filter(code_hash=invitation_hash(code)).select_related("person").first()
    if invitation is None or not _is_open(invitation):
        audit.record(by=by, what="tried a letter code that opens nothing")
        raise Refused({"code": WRONG_CODE})
    if invitation.person.born_on != born_on:
        with transaction.atomic():
            held = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
            held.wrong_tries += 1
            held.save(update_fields=["wrong_tries"])
            audit.record(by=by, what="gave a wrong birth date with a letter code", about=invitation.person_id)
        raise Refused({"code": WRONG_CODE})
    return _account_by(invitation.pk, email=email, password=password, by=by)


WRONG_CODE = (
    "The code and the date of birth do not go together, or the letter is too old. Check both, or ask for a new letter."
)


@transaction.atomic
def _account_by(invitation_id: UUID, *, email: str, password: str, by: Reader) -> Account:
    invitation = Invitation.objects.select_for_update(of=("self",)).select_related("person").get(pk=invitation_id)
    if not _is_open(invitation):
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
    _tie(invitation, account)
    audit.record(by=by, what="came to their own page", about=person.id, details={"invitation": str(invitation.id)})
    return account


def _tie(invitation: Invitation, account: Account) -> None:
    """Give what the invitation was for, and let its code work no more."""
    now = timezone.now()
    if invitation.role != Invitation.Role.PERSON:
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


def _end_of(day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_current_timezone())


def _is_open(invitation: Invitation) -> bool:
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
