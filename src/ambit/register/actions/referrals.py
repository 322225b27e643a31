"""Referring somebody to the register, and answering a referral. Nothing is automatic: a clinician of the practice decides."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.access.queries import NotAllowed, Person, Reader, current_numbers, people_of
from ambit.audit import actions as audit
from ambit.design.refusals import Refused, Stale
from ambit.events.actions import announce
from ambit.organisations.models import Organisation
from ambit.people import actions as people
from ambit.people.rules import Identity, checked, disagreements
from ambit.register import rules
from ambit.register.actions.entries import add_to_register
from ambit.register.events import PersonReferred, ReferralAnswered
from ambit.register.models import Referral, ReferralAnswer, RegisterEntry
from ambit.register.queries.referrals import referred_by, role_in_words

ANSWERED_BY_PRACTICE = "Only the person's own practice answers a referral."


@transaction.atomic
def refer_person(*, by: Reader, person: Person, reason: str, knows: str, practice_id: UUID | None = None) -> Referral:
    """Refer somebody whose record the reader has opened; their own practice is asked."""
    by.must("refer_to_register")
    problems: dict[str, Any] = dict(rules.problems_of_referring(reason=reason, knows=knows))
    if person.died_on:
        problems[""] = f"This person died on {person.died_on:%-d %B %Y}. Nobody joins the register after death."
    elif entry := RegisterEntry.objects.filter(person=person, left_on=None).first():
        problems[""] = f"This person has been on the register since {entry.joined_on:%-d %B %Y}."
    if problems:
        raise Refused(problems)
    number = current_numbers().filter(person=person).first()
    who = Identity(
        family_name=person.family_name,
        given_names=person.given_names,
        born_on=person.born_on,
        nhs_number=number.value if number else "",
        practice_id=person.practice_id or practice_id,
    )
    return _refer(by=by, who=who, person=person, by_identity=False, reason=reason, knows=knows)


@transaction.atomic
def refer_by_identity(*, by: Reader, identity: Identity, reason: str, knows: str) -> Referral:
    """Refer somebody nothing ties the reader to, from who they say they are.

    The answer is the same whether the person is known here, on the register, or dead: the reader learns nothing of them.
    Whoever holds the number, and has the name and birth date, has their own practice asked; else the practice named is.
    """
    by.must("refer_to_register")
    known_by_number = replace(identity, no_number_reason="" if identity.nhs_number else "not_known")
    who, wrong = checked(known_by_number, on=timezone.localdate(), demonstration=settings.DEMONSTRATION)
    problems: dict[str, Any] = wrong | rules.problems_of_referring(reason=reason, knows=knows)
    if who.born_on is None and "born_on" not in problems:
        problems["born_on"] = "Enter the date of birth: many people share a name."
    if problems:
        raise Refused(problems)
    number = current_numbers().filter(value=who.nhs_number).select_related("person").first() if who.nhs_number else None
    person = number.person if number and not disagreements(number.person, who) else None
    return _refer(by=by, who=who, person=person, by_identity=True, reason=reason, knows=knows)


def _refer(*, by: Reader, who: Identity, person: Person | None, by_identity: bool, reason: str, knows: str) -> Referral:
    practices = Organisation.objects.filter(kind=Organisation.Kind.PRACTICE)
    named = practices.filter(pk=who.practice_id).first() if who.practice_id else None
    if named is None:
        raise Refused({"practice_id": "Choose the GP practice that is to be asked."})
    if by.account_id is None or by.organisation_id is None:
        raise Refused("Only somebody who signs in for an organisation can refer.")
    # one organisation's referrals are written one after the other, so that a form sent twice is seen to be
    Organisation.objects.select_for_update().get(pk=by.organisation_id)
    ours = referred_by(by).filter(family_name__iexact=who.family_name, born_on=who.born_on, nhs_number=who.nhs_number)
    for before in ours:
        if rules.waits_for(before.last):
            words = f"{before.by_name} referred this person on {timezone.localtime(before.referred_at):%-d %B %Y}."
            raise Refused(f"{words} The answer will be under Referrals.")
    referral = Referral.objects.create(
        person=person,
        practice=named,
        by_identity=by_identity,
        family_name=who.family_name,
        given_names=who.given_names,
        born_on=who.born_on,
        nhs_number=who.nhs_number,
        reason=reason.strip(),
        knows=knows,
        referred_at=timezone.now(),
        by_account_id=by.account_id,
        by_team_id=by.team_ids[0] if by.team_ids else None,
        by_name=by.name,
        by_role=by.role,
        by_organisation=by.organisation_name,
    )
    audit.record(
        by=by,
        what="referred somebody to the register",
        about=person.id if person else None,
        details={"referral": str(referral.id), "by_identity": by_identity},
    )
    announce(
        PersonReferred(
            referral_id=referral.id,
            person_id=person.id if person else None,
            practice_id=_asked(referral),
            referred_on=timezone.localdate(),
        )
    )
    return referral


@transaction.atomic
def answer_referral(
    *,
    by: Reader,
    referral_id: UUID,
    seen: int,
    answer: str,
    words: str = "",
    stage: str = rules.NOT_STAGED,
    told: bool = False,
    person_id: UUID | None = None,
    on: date,
) -> ReferralAnswer:
    """Answer as a clinician of the person's practice: add them to the register, say no and why, or ask for more.

    `seen` is the number of the last answer the reader saw; `person_id` is whose record a referral by identity is about,
    or None when nobody of the practice is meant and they are admitted now.
    """
    by.must("add_to_register")
    referral = Referral.objects.select_for_update(of=("self",)).select_related("person").get(pk=referral_id)
    if by.organisation_id is None or by.organisation_id != _asked(referral):
        raise NotAllowed(ANSWERED_BY_PRACTICE)
    if problems := rules.problems_of_answering(answer=answer, words=words):
        raise Refused(problems)
    said = _say(referral, by=by, seen=seen, answer=answer, words=words, waits=("practice", "referrer"))
    if answer == rules.ACCEPTED:
        person = referral.person or _whose(referral, by=by, person_id=person_id)
        add_to_register(
            by=by,
            person=person,
            on=on,
            found_by=rules.REFERRAL,
            referred_by=f"{referral.by_name}, {role_in_words(referral.by_role)}, {referral.by_organisation}",
            stage=stage,
            reason=words.strip() or referral.reason,
            told=told,
        )
        Referral.objects.filter(pk=referral.pk).update(person=person)
        _others_are_answered(referral, by=by, person=person)
    return said


@transaction.atomic
def tell_more(*, by: Reader, referral_id: UUID, seen: int, words: str) -> ReferralAnswer:
    """Tell the practice what it asked for; the referral is theirs to answer again."""
    by.must("refer_to_register")
    if not words.strip():
        raise Refused({"words": "Write what the practice asked for."})
    if not referred_by(by).filter(pk=referral_id).exists():
        raise NotAllowed("Only whoever referred the person adds to the referral.")
    referral = Referral.objects.select_for_update(of=("self",)).select_related("person").get(pk=referral_id)
    return _say(referral, by=by, seen=seen, answer=rules.TOLD_MORE, words=words, waits=("referrer",))


def _say(
    referral: Referral, *, by: Reader, seen: int, answer: str, words: str, waits: tuple[str, ...]
) -> ReferralAnswer:
    """Write the next answer; on a referral that was answered since, it is refused with what was said."""
    last = referral.answers.order_by("-number").first()
    number = last.number if last else 0
    if number != seen:
        saved = f"{last.get_answer_display()}, {last.by_name}: {last.words}" if last else ""
        raise Stale(what="The referral", seen=seen, current=number, saved=saved, yours=words or rules.ANSWERS[answer])
    if rules.waits_for(last.answer if last else "") not in waits:
        raise Refused("This referral has been answered." if last else "Nobody has asked for more.")
    try:
        with transaction.atomic():
            said = ReferralAnswer.objects.create(
                referral=referral,
                number=number + 1,
                answer=answer,
                words=words.strip(),
                at=timezone.now(),
                by_name=by.name,
                by_role=by.role,
                by_organisation=by.organisation_name,
            )
    except IntegrityError as error:
        raise Refused("Somebody else answered a moment ago. Open the referral again.") from error
    audit.record(
        by=by,
        what="answered a referral" if answer != rules.TOLD_MORE else "told more about a referral",
        about=referral.person_id,
        details={"referral": str(referral.id), "answer": answer},
    )
    announce(
        ReferralAnswered(
            referral_id=referral.id,
            number=said.number,
            person_id=referral.person_id,
            practice_id=_asked(referral),
            waits_for=rules.waits_for(answer),
            answered_on=timezone.localdate(),
        )
    )
    return said


def _whose(referral: Referral, *, by: Reader, person_id: UUID | None) -> Person:
    """The person of the practice's that was chosen, or somebody admitted now."""
    if person_id:
        chosen = people_of(by).filter(pk=person_id, practice_id=by.organisation_id).first()
        if chosen is None:
            raise Refused({"person_id": "Choose somebody of your practice's list."})
        return chosen
    person = people.admit(
        by=by,
        identity=Identity(
            family_name=referral.family_name,
            given_names=referral.given_names,
            born_on=referral.born_on,
            nhs_number=referral.nhs_number,
            no_number_reason="" if referral.nhs_number else "not_known",
            practice_id=by.organisation_id,
        ),
    )
    if person.practice_id != by.organisation_id:
        raise Refused(
            "Somebody with this NHS number is on another practice's list. "
            "Settle with that practice where they are registered, then answer again."
        )
    return person


def _others_are_answered(referral: Referral, *, by: Reader, person: Person) -> None:
    """Whoever else referred the same person has their answer too."""
    others = Referral.objects.filter(person=person).exclude(pk=referral.pk).select_related("person")
    for other in others:
        last = other.answers.order_by("-number").first()
        if rules.waits_for(last.answer if last else ""):
            _say(
                other, by=by, seen=last.number if last else 0, answer=rules.ALREADY_ON, words="",
                waits=("practice", "referrer"),
            )  # fmt: skip


def _asked(referral: Referral) -> UUID:
    """Whose it is to answer: the practice the person is registered with today, or else the one that was named."""
    person = referral.person
    return (person.practice_id if person else None) or referral.practice_id
