"""An attorney's or deputy's leave to open the record comes with the document that names them, and goes with it (H16)."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from ambit.access import actions as access
from ambit.access.models import Grant
from ambit.access.queries import Person, Reader, operator
from ambit.careplan.models import AuthorityAccess, Directive
from ambit.careplan.queries import RestsOn, authorities
from ambit.careplan.rules import attorneys
from ambit.design.refusals import Refused


def document_naming(person: Person, directive_id: UUID | None, *, name: str, on: date) -> RestsOn:
    """The document on which somebody acts, which gives authority now and names them; refused at its field otherwise."""
    known = authorities(person.id, on=on)
    found = known.get(directive_id) if directive_id else None
    if found is None:
        raise Refused({"directive_id": CHOOSE if known else RECORD_FIRST})
    if found.why_not:
        raise Refused({"directive_id": f"{found.why_not}. Nobody opens the record by it."})
    if not attorneys.names(found.document, name):
        raise Refused({"directive_id": f"It does not name {name.strip()}; it names {found.document.names}."})
    return found


CHOOSE = "Choose the document on which they act."
RECORD_FIRST = (
    "No power of attorney or court’s order is recorded. Record it first, on the plan under “Attorneys and deputies”: "
    "access follows the document."
)


def give_access_by(*, by: Reader, person_id: UUID, document: RestsOn, name: str, account_id: int) -> Grant:
    """Tie an account to the person by a document: until the appointment ends, the document does, or its force is denied.

    The caller has settled that the document gives authority and names them (`document_naming`).
    """
    power = document.document
    registered = f", registered {power.registered_on:%-d %B %Y}" if power.registered_on else ""
    grant = access.give_grant(
        by=by,
        person_id=person_id,
        kind=Grant.Kind.PROXY,
        account_id=account_id,
        basis=f"{name}: {power.type_in_words}{registered}",
        until_at=_after(power.ends_on),
    )
    AuthorityAccess.objects.get_or_create(directive_id=document.id, grant=grant)
    return grant


def rest_on(*, document: RestsOn, grant: Grant) -> None:
    """Let a tie that stands rest on a document from now on: it ends with it."""
    AuthorityAccess.objects.get_or_create(directive_id=document.id, grant=grant)


def end_access_by(row: Directive, *, by: Reader) -> None:
    """End every tie that rested on a document which gives none any more, unless another that does gives the same.

    Whoever may say that the document no longer counts ends them in the same act, also where they may give no access.
    """
    given = [one.id for one in authorities(row.person_id, on=timezone.localdate()).values() if not one.why_not]
    also = AuthorityAccess.objects.filter(directive__in=given).values("grant")
    for tie in AuthorityAccess.objects.filter(directive=row).exclude(grant__in=also):
        access.end_grant(by=operator(by.name), grant_id=tie.grant_id)


def _after(day: date | None) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=timezone.get_current_timezone())
