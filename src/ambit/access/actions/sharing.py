"""What the person decides about sharing is recorded and withdrawn."""

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.actions.ties import must_be_tied
from ambit.access.models import SharingDecision
from ambit.access.queries import kept
from ambit.access.rules import problems_of_deciding, what_a_paramedic_will_not_see
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
    material: str = "",
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
        material=material,
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
    material: str = "",
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
        material=material,
    )


@transaction.atomic
def withdraw_objection(*, by: Reader, decision_id: UUID) -> SharingDecision:
    """End an objection. Under explicit opt-in this is not yet an agreement: that is recorded on its own."""
    by.must("record_sharing", or_else="choose_who_sees")
    decision = SharingDecision.objects.select_for_update().get(pk=decision_id)
    must_be_tied(by, decision.person_id)
    if decision.outcome == SharingDecision.Outcome.AGREED or decision.ended_at is not None:
        raise Refused("There is no objection here to withdraw.")
    _end(decision, by=by)
    audit.record(
        by=by, what="withdrew an objection to sharing", about=decision.person_id, details={"decision": str(decision.pk)}
    )
    return decision


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
    material: str,
    not_even_in_emergency: bool = False,
    told_what_would_not_be_seen: bool = False,
) -> SharingDecision:
    by.must("record_sharing", or_else="choose_who_sees")
    person = kept(person_id)
    must_be_tied(by, person.id)
    problems: dict[str, str] = {}
    if basis not in SharingDecision.Basis.values:
        problems["basis"] = "Say who decided: the person, an attorney, a deputy, a parent, a clinician."
    elif not by.may("record_sharing") and basis != SharingDecision.Basis.PERSON:
        problems["basis"] = "On your own page you decide for yourself."
    else:
        problems |= problems_of_deciding(
            basis=basis, decided_by=decided_by, born_on=person.born_on, on=timezone.localdate()
        )
    if informed_on > timezone.localdate():
        problems["informed_on"] = "The day the person was informed cannot be in the future."
    if scope == SharingDecision.Scope.ORGANISATION and organisation_id is None:
        problems["organisation"] = "Name the organisation that the decision is about."
    if scope == SharingDecision.Scope.WHOLE_RECORD and organisation_id is not None:
        problems["organisation"] = (
            "A decision about one organisation is not about the whole record. Choose one of the two."
        )
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
        material=material.strip(),
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
