"""Who is tied to a person: grants, and duty for an area."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.models import Duty, Grant
from ambit.access.queries import CannotOpen, kept, people_of
from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.organisations.models import Membership, Organisation


def must_be_tied(by: Reader, person_id: UUID) -> None:
    """Refuse whoever has no standing relationship with the person; the operator of the machine acts for everybody."""
    if by.role != "operator" and not people_of(by).filter(pk=person_id).exists():
        raise CannotOpen(person_id, may_break_glass=by.may("break_glass"))


@transaction.atomic
def give_grant(
    *,
    by: Reader,
    person_id: UUID,
    kind: str,
    organisation_id: UUID | None = None,
    team_id: UUID | None = None,
    account_id: int | None = None,
    basis: str = "",
    parental_id: UUID | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
) -> Grant:
    """Tie an organisation, a team or one account to a person. Slices that make such a tie call this in their own act.

    Giving what already stands gives back the standing grant, so that the caller is safe to repeat.
    """
    by.must("give_access")
    person = kept(person_id)
    must_be_tied(by, person.id)
    from_at = from_at or timezone.now()
    if sum(tied is not None for tied in (organisation_id, team_id, account_id)) != 1:
        raise Refused("Say who is tied to the person: one organisation, one team or one account.")
    if until_at is not None and until_at <= from_at:
        raise Refused({"until_at": "The end must be after the beginning."})
    if kind in {Grant.Kind.PROXY, Grant.Kind.CARER}:
        if account_id is None:
            raise Refused({"account": "A proxy or carer is one account, not an organisation or team."})
        if not basis.strip():
            raise Refused(
                {"basis": "Say on what basis: attorney, parental responsibility, or leave given by the person."}
            )
        if person.died_on is not None:
            raise Refused("The person has died. Their record is no longer opened for a proxy or carer.")
    tied: dict[str, Any] = {"organisation_id": organisation_id, "team_id": team_id, "account_id": account_id}
    standing = Grant.objects.filter(person=person, kind=kind, until_at=None, **tied).first()
    if standing and until_at is None:
        return standing
    grant = Grant.objects.create(
        person=person,
        kind=kind,
        basis=basis.strip(),
        parental_id=parental_id,
        from_at=from_at,
        until_at=until_at,
        **tied,
    )
    audit.record(by=by, what="gave access", about=person.id, details={"grant": str(grant.pk), "kind": kind})
    return grant


@transaction.atomic
def end_grant(*, by: Reader, grant_id: UUID) -> Grant:
    """End a tie to a person now; who had it is out at their next request."""
    by.must("give_access")
    grant = Grant.objects.select_for_update().select_related("person").get(pk=grant_id)
    must_be_tied(by, grant.person_id)
    now = timezone.now()
    if grant.until_at is not None and grant.until_at <= now:
        return grant
    grant.until_at = max(now, grant.from_at)
    grant.save(update_fields=["until_at"])
    audit.record(
        by=by, what="ended access", about=grant.person_id, details={"grant": str(grant.pk), "kind": grant.kind}
    )
    return grant


@transaction.atomic
def put_on_duty(
    *,
    by: Reader,
    area: Organisation,
    membership: Membership | None = None,
    organisation: Organisation | None = None,
    from_at: datetime | None = None,
    until_at: datetime | None = None,
) -> Duty:
    """Put a member of staff, or a whole organisation, on duty for everybody whose practice is part of an area."""
    by.must("put_on_duty")
    from_at = from_at or timezone.now()
    if (membership is None) == (organisation is None):
        raise Refused("Say who is on duty: one member of staff or one organisation.")
    if until_at is not None and until_at <= from_at:
        raise Refused({"until_at": "The end of duty must be after its beginning."})
    duty = Duty.objects.create(
        membership=membership, organisation=organisation, area=area, from_at=from_at, until_at=until_at
    )
    audit.record(by=by, what="put on duty", details={"duty": str(duty.pk), "area": area.code})
    return duty


@transaction.atomic
def end_duty(*, by: Reader, duty_id: UUID) -> Duty:
    """End somebody's duty now."""
    by.must("put_on_duty")
    duty = Duty.objects.select_for_update().get(pk=duty_id)
    now = timezone.now()
    if duty.until_at is None or duty.until_at > now:
        duty.until_at = max(now, duty.from_at)
        duty.save(update_fields=["until_at"])
        audit.record(by=by, what="ended duty", details={"duty": str(duty.pk)})
    return duty
