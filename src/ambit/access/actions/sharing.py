"""What the person decides about sharing is recorded and withdrawn."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.models import SharingDecision
from ambit.access.queries import CannotOpen, kept, people_of
from ambit.access.rules import what_a_paramedic_will_not_see
from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused


@transaction.atomic
def record_consent(
    *,
    by: Reader,
    person_id: UUID,
    basis: str,
    informed_on: date,
    decided_by: str = "",
    scope: str = SharingDecision.Scope.WHOLE_RECORD,
    organisation_id: UUID | None = None,
    item: str = "",
    note: str = "",
) -> SharingDecision:
    """Record that sharing was agreed to. It ends what stood in the same scope."""
    return _decide(
        by=by,
        person_id=person_id,
        outcome=SharingDecision.Outcome.AGREED,
        basis=basis,
        informed_on=informed_on,
        decided_by=decided_by,
        scope=scope,
        organisation_id=organisation_id,
        item=item,
        note=note,
    )


@transaction.atomic
def record_objection(
    *,
    by: Reader,
    person_id: UUID,
    basis: str,
    informed_on: date,
    decided_by: str = "",
    scope: str = SharingDecision.Scope.WHOLE_RECORD,
    organisation_id: UUID | None = None,
    item: str = "",
    not_even_in_emergency: bool = False,
    told_what_would_not_be_seen: bool = False,
    note: str = "",
) -> SharingDecision:
    """Record an objection to sharing, or that an agreement is withdrawn. It holds from the moment this is saved."""
    if not_even_in_emergency and not told_what_would_not_be_seen:
        raise Refused(
            {
                "told_what_would_not_be_seen": [
                    "First tell the person what a paramedic will then not see, and record that you did:",
                    *what_a_paramedic_will_not_see(),
                ]
            }
        )
    if not_even_in_emergency and scope != SharingDecision.Scope.WHOLE_RECORD:
        raise Refused({"not_even_in_emergency": "“Not even in an emergency” is about the whole record."})
    return _decide(
        by=by,
        person_id=person_id,
        outcome=SharingDecision.Outcome.OBJECTED,
        basis=basis,
        informed_on=informed_on,
        decided_by=decided_by,
        scope=scope,
        organisation_id=organisation_id,
        item=item,
        not_even_in_emergency=not_even_in_emergency,
        told_what_would_not_be_seen=told_what_would_not_be_seen,
        note=note,
    )


@transaction.atomic
def withdraw_objection(*, by: Reader, decision_id: UUID) -> SharingDecision:
    """End an objection. Under explicit opt-in this is not yet an agreement: that is recorded on its own."""
    by.must("record_sharing", or_else="choose_who_sees")
    decision = SharingDecision.objects.select_for_update().get(pk=decision_id)
    _must_be_of(by, decision.person_id)
    if decision.outcome == SharingDecision.Outcome.AGREED or decision.ended_at is not None:
        raise Refused("There is no objection here to withdraw.")
    _end(decision, by=by)
    audit.record(
        by=by, what="withdrew an objection to sharing", about=decision.person_id, details={"decision": str(decision.pk)}
    )
    return decision


def _must_be_of(by: Reader, person_id: UUID) -> None:
    if by.role != "operator" and not people_of(by).filter(pk=person_id).exists():
        raise CannotOpen(person_id, may_break_glass=by.may("break_glass"))


def _end(decision: SharingDecision, *, by: Reader) -> None:
    decision.ended_at = timezone.now()
    decision.ended_by = by.name
    decision.save(update_fields=["ended_at", "ended_by"])


def _decide(
    *,
    by: Reader,
    person_id: UUID,
    outcome: str,
    basis: str,
    informed_on: date,
    decided_by: str,
    scope: str,
    organisation_id: UUID | None,
    item: str,
    note: str,
    not_even_in_emergency: bool = False,
    told_what_would_not_be_seen: bool = False,
) -> SharingDecision:
    by.must("record_sharing", or_else="choose_who_sees")
    person = kept(person_id)
    _must_be_of(by, person.id)
    problems: dict[str, str] = {}
    if basis not in SharingDecision.Basis.values:
        problems["basis"] = "Say who decided: the person, an attorney, a deputy, a parent, a clinician."
    if not by.may("record_sharing") and basis != SharingDecision.Basis.PERSON:
        problems["basis"] = "On your own page you decide for yourself."
    if basis != SharingDecision.Basis.PERSON and basis != SharingDecision.Basis.GILLICK and not decided_by.strip():
        problems["decided_by"] = "Give the name of who decided for the person."
    if informed_on > timezone.localdate():
        problems["informed_on"] = "The day the person was informed cannot be in the future."
    if (scope == SharingDecision.Scope.ORGANISATION) != (organisation_id is not None):
        problems["organisation"] = "Name the organisation that the decision is about."
    if (scope == SharingDecision.Scope.ITEM) != bool(item.strip()):
        problems["item"] = "Name the item that the decision is about."
    if (
        outcome != SharingDecision.Outcome.AGREED
        and organisation_id is not None
        and organisation_id == person.practice_id
    ):
        problems["organisation"] = "The person's own practice holds the record, so its staff go on seeing it."
    if problems:
        raise Refused(problems)
    current = SharingDecision.objects.select_for_update().filter(person=person, ended_at=None)
    same: dict[str, Any] = {"scope": scope, "organisation_id": organisation_id, "item": item.strip()}
    before = current.filter(**same).first()
    if before is not None:
        if outcome == SharingDecision.Outcome.OBJECTED and before.outcome == SharingDecision.Outcome.AGREED:
            outcome = SharingDecision.Outcome.WITHDRAWN
        _end(before, by=by)
    if scope == SharingDecision.Scope.WHOLE_RECORD and outcome != SharingDecision.Outcome.AGREED:
        # a later "nobody" ends what was agreed to before for single organisations
        for agreed in current.filter(scope=SharingDecision.Scope.ORGANISATION, outcome=SharingDecision.Outcome.AGREED):
            _end(agreed, by=by)
    decision = SharingDecision.objects.create(
        person=person,
        basis=basis,
        decided_by=decided_by.strip(),
        outcome=outcome,
        scope=scope,
        organisation_id=organisation_id,
        item=item.strip(),
        informed_on=informed_on,
        not_even_in_emergency=not_even_in_emergency,
        told_what_would_not_be_seen=told_what_would_not_be_seen,
        note=note.strip(),
        recorded_by=by.name,
        recorded_at=timezone.now(),
    )
    audit.record(
        by=by,
        what="recorded a decision about sharing",
        about=person.id,
        details={"decision": str(decision.pk), "outcome": outcome, "scope": scope},
    )
    return decision
