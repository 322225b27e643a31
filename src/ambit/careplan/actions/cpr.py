"""CPR decisions are made here, transcribed from paper, and ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Person, Reader, must_see
from ambit.audit import actions as audit
from ambit.careplan.actions.conflicts import announce_conflicts
from ambit.careplan.actions.living import refuse_after_death
from ambit.careplan.events import CPRRecorded
from ambit.careplan.models import CPRDecision, CPREnding
from ambit.careplan.rules import cpr
from ambit.design.refusals import Refused
from ambit.events.actions import announce


@dataclass(frozen=True, slots=True, kw_only=True)
class CPRForm:
    """What a CPR form says, as somebody gives it."""

    reading: str
    made_on: date | None
    reason: str = ""
    talked: str = ""
    why_not_talked: str = ""
    decided_by: str = ""
    decided_by_role: str = ""
    review_on: date | None = None
    paper_at: str = ""


@transaction.atomic
def make_cpr_decision(
    *, by: Reader, person: Person, form: CPRForm, replaces: Sequence[UUID], on: date, key: UUID
) -> CPRDecision:
    """Record a CPR decision made here. It replaces only the forms named; any other that disagrees stays current beside it.

    `key` is the page's own number, so that a form sent twice is one decision.
    """
    by.must("edit_plan")
    must_see(by, person.id, "cpr", title="CPR decision")
    refuse_after_death(person)
    known = CPRDecision.objects.filter(pk=key, person=person).first()
    if known:
        return known
    problems = cpr.problems_of_making(
        reading=form.reading,
        role=by.role,
        made_on=form.made_on,
        on=on,
        born_on=person.born_on,
        reason=form.reason,
        talked=form.talked,
        why_not_talked=form.why_not_talked,
        decided_by=form.decided_by,
        review_on=form.review_on,
    )
    replaced = list(
        CPRDecision.objects.select_for_update(of=("self",)).filter(person=person, ending=None, pk__in=replaces)
    )
    if len(replaced) != len(set(replaces)):
        problems["replaces"] = "One of these was ended by somebody else since you opened this page. Look again."
    if form.made_on and any(old.made_on and old.made_on > form.made_on for old in replaced):
        problems["replaces"] = "A decision cannot replace one that was made on a later day."
    if form.reading == cpr.NOT_DECIDED and replaced:
        problems["replaces"] = "A talk without a decision replaces nothing. To end a decision, withdraw it."
    if problems:
        raise Refused(problems)
    decision = _record_cpr(by=by, person=person, form=form, source=cpr.MADE_HERE, signature_seen=True, key=key)
    for old in replaced:
        _end(old, by=by, how=CPREnding.How.REPLACED, replaced_by=decision)
    _tell(by=by, decision=decision, what="made a CPR decision")
    return decision


@transaction.atomic
def transcribe_cpr_form(
    *, by: Reader, person: Person, form: CPRForm, signature_seen: bool, on: date, key: UUID
) -> CPRDecision:
    """Record a CPR form that exists on paper, as it stands: what it lacks is shown, and it replaces nothing."""
    by.must("edit_plan")
    must_see(by, person.id, "cpr", title="CPR decision")
    refuse_after_death(person)
    known = CPRDecision.objects.filter(pk=key, person=person).first()
    if known:
        return known
    problems = cpr.problems_of_transcribing(reading=form.reading, made_on=form.made_on, on=on)
    if problems:
        raise Refused(problems)
    decision = _record_cpr(
        by=by, person=person, form=form, source=cpr.TRANSCRIBED, signature_seen=signature_seen, key=key
    )
    _tell(by=by, decision=decision, what="transcribed a CPR form")
    return decision


@transaction.atomic
def end_cpr_form(*, by: Reader, person: Person, decision_id: UUID, how: str, reason: str) -> CPREnding:
    """Say that a recorded CPR form no longer counts: withdrawn, or recorded by mistake. It is kept."""
    by.must("edit_plan")
    must_see(by, person.id, "cpr", title="CPR decision")
    problems = {}
    if by.role not in cpr.MAKERS:
        problems[""] = "Only a GP, palliative care specialist or hospital clinician ends a CPR decision."
    if how not in (CPREnding.How.WITHDRAWN, CPREnding.How.WRONG):
        problems["how"] = "Choose whether it is withdrawn or was recorded by mistake."
    if not reason.strip():
        problems["reason"] = "Write why it no longer counts."
    if problems:
        raise Refused(problems)
    decision = (
        CPRDecision.objects.select_for_update(of=("self",)).filter(person=person, ending=None, pk=decision_id).first()
    )
    if decision is None:
        raise Refused("This form was ended by somebody else since you opened this page.")
    ending = _end(decision, by=by, how=how, reason=reason)
    audit.record(by=by, what="ended a CPR form", about=person.id, details={"decision": str(decision.id), "how": how})
    return ending


def _record_cpr(
    *, by: Reader, person: Person, form: CPRForm, source: str, signature_seen: bool, key: UUID
) -> CPRDecision:
    return CPRDecision.objects.create(
        id=key,
        person=person,
        reading=form.reading,
        source=source,
        made_on=form.made_on,
        reason=form.reason.strip(),
        talked=form.talked,
        why_not_talked=form.why_not_talked.strip(),
        decided_by=form.decided_by.strip(),
        decided_by_role=form.decided_by_role.strip(),
        review_on=form.review_on,
        paper_at=form.paper_at.strip(),
        signature_seen=signature_seen,
        recorded_at=timezone.now(),
        recorded_by=by.name,
        recorded_by_role=by.role,
        recorded_by_organisation=by.organisation_name,
    )


def _end(
    decision: CPRDecision, *, by: Reader, how: str, reason: str = "", replaced_by: CPRDecision | None = None
) -> CPREnding:
    return CPREnding.objects.create(
        decision=decision,
        how=how,
        reason=reason.strip(),
        replaced_by=replaced_by,
        ended_at=timezone.now(),
        ended_by=by.name,
        ended_by_role=by.role,
    )


def _tell(*, by: Reader, decision: CPRDecision, what: str) -> None:
    person_id = decision.person_id
    disagree = any(one.concerns_cpr for one in announce_conflicts(by=by, person_id=person_id))
    audit.record(by=by, what=what, about=person_id, details={"decision": str(decision.id)})
    announce(CPRRecorded(person_id=person_id, decision_id=decision.id, disagree=disagree))
