"""It is recognised that somebody is dying; their death is verified; their record is closed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Person, Reader, must_see
from ambit.audit import actions as audit
from ambit.careplan import queries
from ambit.careplan.actions.living import refuse_after_death
from ambit.careplan.events import DeathVerified
from ambit.careplan.models import Closure, Recognition, Verification
from ambit.careplan.rules import closing, dying
from ambit.design.refusals import Refused
from ambit.events.actions import announce
from ambit.people import actions as people


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionForm:
    """What is thought now, by whom, since when."""

    kind: str
    at: datetime | None
    judged_by: str
    judged_by_role: str = ""
    causes: str = ""
    words: str = ""


@transaction.atomic
def recognise_dying(*, by: Reader, person: Person, form: RecognitionForm, key: UUID) -> Recognition:
    """Record that somebody is thought to be dying, or no longer is. What was recorded before is kept.

    `key` is the page's own number, so that a form sent twice is one judgement.
    """
    by.must("edit_plan")
    refuse_after_death(person)
    must_see(by, person.id, dying.PART, title=dying.PART_TITLE)
    known = Recognition.objects.filter(pk=key, person=person).first()
    if known:
        return known
    problems = dying.problems_of_recognising(
        kind=form.kind,
        role=by.role,
        at=form.at,
        judged_by=form.judged_by,
        causes=form.causes,
        words=form.words,
        now=timezone.now(),
    )
    if problems or form.at is None:
        raise Refused(problems)
    recognition = Recognition.objects.create(
        id=key,
        person=person,
        kind=form.kind,
        at=form.at,
        judged_by=form.judged_by.strip(),
        judged_by_role=form.judged_by_role.strip(),
        causes=form.causes if form.kind == dying.DYING else "",
        words=form.words.strip(),
        recorded_at=timezone.now(),
        recorded_by=by.name,
        recorded_by_role=by.role,
        recorded_by_organisation=by.organisation_name,
    )
    audit.record(by=by, what="recognised dying", about=person.id, details={"recognition": str(key), "kind": form.kind})
    return recognition


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationForm:
    """What whoever verified a death found and did. The last six are answers that `dying.ASKED` names."""

    verified_at: datetime | None
    verified_by: str
    signs: Sequence[str]
    asked_at: datetime | None = None
    left_in_place: str = ""
    infection_words: str = ""
    present: str = ""
    words: str = ""
    was_expected: str = ""
    implanted: str = ""
    infection: str = ""
    practice_told: str = ""
    examiner_told: str = ""
    coroner_told: str = ""


@transaction.atomic
def verify_death(*, by: Reader, person: Person, form: VerificationForm, key: UUID) -> Verification:
    """Record the verification of a death, also before the death itself is recorded; the practice is then asked to.

    `key` is the page's own number, so that a form sent twice is one verification.
    """
    by.must("verify_death")
    known = Verification.objects.filter(pk=key, person=person).first()
    if known:
        return known
    answers = {name: getattr(form, name) for name in dying.ASKED}
    problems = dying.problems_of_verifying(
        role=by.role,
        verified_at=form.verified_at,
        asked_at=form.asked_at,
        verified_by=form.verified_by,
        signs=form.signs,
        answers=answers,
        now=timezone.now(),
    )
    if form.verified_at and person.died_on and timezone.localdate(form.verified_at) < person.died_on:
        problems["verified_at"] = f"The death is recorded on {person.died_on:%-d %B %Y}. Check both days."
    if problems or form.verified_at is None:
        raise Refused(problems)
    verification = Verification.objects.create(
        id=key,
        person=person,
        asked_at=form.asked_at,
        verified_at=form.verified_at,
        verified_by=form.verified_by.strip(),
        signs=[sign for sign in dying.SIGNS if sign in form.signs],
        left_in_place=form.left_in_place.strip(),
        infection_words=form.infection_words.strip(),
        present=form.present.strip(),
        words=form.words.strip(),
        recorded_at=timezone.now(),
        recorded_by=by.name,
        recorded_by_role=by.role,
        recorded_by_organisation=by.organisation_name,
        **answers,
    )
    people.note_verification(
        by=by, person_id=person.id, verified_by=verification.verified_by, verified_at=verification.verified_at
    )
    audit.record(by=by, what="verified a death", about=person.id, details={"verification": str(key)})
    announce(DeathVerified(person_id=person.id, verification_id=verification.id))
    return verification


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureForm:
    """What a person answers when they close a record. `answers` are those that `closing.asked` names."""

    outcome: str
    variance: str = ""
    words: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    emergency_visits: int | None = None
    unplanned_admissions: int | None = None
    days_in_hospital: int | None = None


@transaction.atomic
def close_record(*, by: Reader, person: Person, form: ClosureForm, key: UUID) -> Closure:
    """Answer what closing the record of somebody who died asks. The rule's proposal is kept beside the answer.

    `key` is the page's own number, so that a form sent twice is one closing.
    """
    by.must("close_record")
    if person.died_on is None:
        raise Refused("No death is recorded. Record the death first; a record is closed after it.")
    known = Closure.objects.filter(pk=key, person=person).first()
    if known:
        return known
    found = queries.closing_of(by, person)
    counts = {
        "emergency_visits": form.emergency_visits,
        "unplanned_admissions": form.unplanned_admissions,
        "days_in_hospital": form.days_in_hospital,
    }
    problems = closing.problems_of_closing(
        outcome=form.outcome,
        variance=form.variance,
        words=form.words,
        answers=form.answers,
        counts=counts,
        preference=found.preference,
        is_child=found.is_child,
    )
    if problems:
        raise Refused(problems)
    kept = [*closing.asked(is_child=found.is_child), "bereaved_words"]
    closure = Closure.objects.create(
        id=key,
        person=person,
        preferred=found.preference.first,
        preferred_second=found.preference.second,
        place=found.place,
        proposed=found.proposal.outcome,
        outcome=form.outcome,
        variance=form.variance,
        words=form.words.strip(),
        answers={name: form.answers.get(name, "").strip() for name in kept},
        closed_at=timezone.now(),
        closed_by=by.name,
        closed_by_role=by.role,
        closed_by_organisation=by.organisation_name,
        **counts,
    )
    audit.record(by=by, what="closed a record", about=person.id, details={"closure": str(key), "outcome": form.outcome})
    return closure
