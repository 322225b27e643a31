"""Parts of a record are sealed, and opened again."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.access.actions.ties import must_be_tied
from ambit.access.keeping_back import must_see
from ambit.access.models import Account, Seal
from ambit.access.queries import kept
from ambit.access.rules import HIDES_FROM, NEVER_SEALED_FROM_STAFF, SEALED_DAYS_AT_MOST, WHY_SEALED
from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.organisations.models import Role


@transaction.atomic
def seal_item(
    *,
    by: Reader,
    person_id: UUID,
    item: str,
    hides_from: str,
    why: str,
    words: str,
    until_on: date,
    roles: Sequence[str] = (),
    account_ids: Sequence[int] = (),
) -> Seal:
    """Hide a section or attachment until a day: from all staff but those named, from the person, or from who acts for them.

    Whoever seals it sees it themselves, and goes on seeing it.
    """
    by.must("seal_items")
    person = kept(person_id)
    must_be_tied(by, person.id)
    must_see(by, person.id, item, title="This part of the record")
    today = timezone.localdate()
    problems: dict[str, str] = {}
    if not item.strip():
        problems["item"] = "Choose what is to be sealed."
    if hides_from not in HIDES_FROM:
        problems["hides_from"] = "Choose from whom it is to be hidden."
    if why not in WHY_SEALED:
        problems["why"] = "Choose why it is to be hidden."
    if len(words.strip()) < 5:
        problems["words"] = "Say in your own words why it has to be hidden."
    if until_on <= today:
        problems["until_on"] = "The day on which it opens again must be after today."
    elif until_on > today + timedelta(days=SEALED_DAYS_AT_MOST):
        problems["until_on"] = "Choose a day within a year: then somebody looks whether it still has to be hidden."
    if hides_from == "staff" and item in NEVER_SEALED_FROM_STAFF:
        problems["item"] = (
            "CPR decisions and allergies are never sealed from staff: somebody could be harmed tonight. "
            "The person may object to sharing them."
        )
    if set(roles) - set(Role.values):
        problems["roles"] = "Choose roles of staff."
    if problems:
        raise Refused(problems)
    named = set(account_ids) | ({by.account_id} if by.account_id else set())
    known = Account.objects.filter(pk__in=named).count()
    if known != len(named):
        raise Refused({"accounts": "One of those named has no account here. Look again."})
    try:
        with transaction.atomic():
            seal = Seal.objects.create(
                person=person,
                item=item,
                hides_from=hides_from,
                why=why,
                words=words.strip(),
                roles=sorted(roles),
                accounts=sorted(named),
                until_on=until_on,
                sealed_by=by.name,
                sealed_by_role=by.role,
                sealed_by_organisation=by.organisation_name,
                sealed_at=timezone.now(),
            )
    except IntegrityError:
        raise Refused("This is sealed already. Open that seal first.") from None
    audit.record(
        by=by,
        what="sealed a part of the record",
        about=person.id,
        details={"seal": str(seal.pk), "item": item, "hides_from": hides_from, "until": until_on.isoformat()},
    )
    return seal


@transaction.atomic
def end_seal(*, by: Reader, seal_id: UUID, why: str) -> Seal:
    """Open a seal before its day; only somebody who sees what is under it does that."""
    by.must("seal_items")
    seal = Seal.objects.select_for_update().get(pk=seal_id)
    must_be_tied(by, seal.person_id)
    must_see(by, seal.person_id, seal.item, title="This part of the record")
    if not why.strip():
        raise Refused({"why": "Say why it no longer has to be hidden."})
    if seal.ended_at is not None:
        return seal
    seal.ended_at, seal.ended_by, seal.ended_why = timezone.now(), by.name, why.strip()
    seal.save(update_fields=["ended_at", "ended_by", "ended_why"])
    audit.record(by=by, what="opened a seal", about=seal.person_id, details={"seal": str(seal.pk), "item": seal.item})
    return seal
