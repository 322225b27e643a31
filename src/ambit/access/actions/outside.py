"""Somebody outside direct care is given a copy: only with explicit agreement, which is recorded and can be withdrawn."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.actions.ties import must_be_tied
from ambit.access.models import OutsideConsent, SharingDecision
from ambit.access.queries import kept
from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused


@transaction.atomic
def agree_outside(
    *,
    by: Reader,
    person_id: UUID,
    party: str,
    purpose: str,
    items: Sequence[str],
    basis: str,
    agreed_on: date,
    until_on: date,
    decided_by: str = "",
) -> OutsideConsent:
    """Record that the person, or somebody with authority for them, agrees that somebody outside their care gets a copy.

    Best interests are no such agreement: who is outside direct care needs an explicit yes.
    """
    by.must("record_sharing")
    person = kept(person_id)
    must_be_tied(by, person.id)
    today = timezone.localdate()
    problems: dict[str, str] = {}
    if not party.strip():
        problems["party"] = "Say who is to have it: a name, and where they are from."
    if not purpose.strip():
        problems["purpose"] = "Say what it is for."
    if not items:
        problems["items"] = "Choose what they may have."
    if basis not in SharingDecision.Basis.values:
        problems["basis"] = "Say who agreed: the person, an attorney, a deputy, a parent."
    elif basis == SharingDecision.Basis.BEST_INTERESTS:
        problems["basis"] = (
            "Outside direct care somebody has to say yes: the person, an attorney, a deputy or a parent."
        )
    elif basis not in {SharingDecision.Basis.PERSON, SharingDecision.Basis.GILLICK} and not decided_by.strip():
        problems["decided_by"] = "Give the name of who agreed for the person."
    if agreed_on > today:
        problems["agreed_on"] = "The day on which it was agreed cannot be in the future."
    if until_on < today:
        problems["until_on"] = "The last day must not be before today."
    if problems:
        raise Refused(problems)
    agreed = OutsideConsent.objects.create(
        person=person,
        party=party.strip(),
        purpose=purpose.strip(),
        items=list(items),
        basis=basis,
        decided_by=decided_by.strip(),
        agreed_on=agreed_on,
        until_on=until_on,
        recorded_by=by.name,
        recorded_at=timezone.now(),
    )
    audit.record(
        by=by,
        what="recorded agreement to share outside care",
        about=person.id,
        details={"agreement": str(agreed.pk), "items": list(items), "until": until_on.isoformat()},
    )
    return agreed


@transaction.atomic
def end_outside(*, by: Reader, agreement_id: UUID) -> OutsideConsent:
    """The person takes an agreement back: no further copy is made under it. What was handed over is listed in the trail."""
    by.must("record_sharing")
    agreed = OutsideConsent.objects.select_for_update().get(pk=agreement_id)
    must_be_tied(by, agreed.person_id)
    if agreed.ended_at is None:
        agreed.ended_at, agreed.ended_by = timezone.now(), by.name
        agreed.save(update_fields=["ended_at", "ended_by"])
        audit.record(
            by=by, what="ended sharing outside care", about=agreed.person_id, details={"agreement": str(agreed.pk)}
        )
    return agreed
