"""Somebody moves into a care home, out of one, or from one to another: the home's staff see the record while they live there."""

from datetime import date, datetime, time
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from ambit.access.actions.ties import must_be_tied
from ambit.access.models import Grant
from ambit.access.queries import kept
from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.design.refusals import Refused
from ambit.organisations.models import Organisation
from ambit.people import actions as people
from ambit.people.models import Person, PersonDetails


@transaction.atomic
def move_home(*, by: Reader, person_id: UUID, seen: int, residence_id: UUID | None, moved_on: date) -> Person:
    """Record where somebody lives from a day on: a care home, or none. The former home is out at its next request.

    The residence in the person's details and the tie of the home's staff are one act, so that neither goes without the
    other. A move is recorded when it has happened: nobody gets access to, or loses sight of, somebody who has not moved.
    """
    by.must("give_access")
    person = kept(person_id)
    must_be_tied(by, person.id)
    problems: dict[str, str] = {}
    former = PersonDetails.objects.filter(person=person).values_list("residence_id", flat=True).first()
    if person.died_on:
        raise Refused("The person has died. Nobody’s access is changed by a move any more.")
    if moved_on > timezone.localdate():
        problems["moved_on"] = (
            "Record the move on the day, or after it. Until then the home they live in now needs the record."
        )
    elif person.born_on and moved_on < person.born_on:
        problems["moved_on"] = "The day is before the person was born."
    now = timezone.now()
    theirs = Grant.objects.select_for_update(of=("self",)).filter(Q(until_at=None) | Q(until_at__gt=now), person=person)
    standing = theirs.filter(kind=Grant.Kind.RESIDENCE)
    if residence_id is None and former is None and not standing.exists():
        problems["residence_id"] = (
            "They do not live in a care home, as far as is recorded. Choose the home they moved into."
        )
    elif residence_id and not Organisation.objects.filter(pk=residence_id, kind=Organisation.Kind.CARE_HOME).exists():
        problems["residence_id"] = "Choose a care home from the list."
    elif residence_id and residence_id == former and standing.filter(organisation_id=residence_id).exists():
        problems["residence_id"] = "They live there already. Choose where they moved to."
    if problems:
        raise Refused(problems)
    person = people.record_residence(by=by, person_id=person.id, seen=seen, residence_id=residence_id)
    left = {former, *standing.values_list("organisation_id", flat=True)} - {None, residence_id}
    # however the former home came to see the record, it saw it as their home
    for grant in theirs.filter(Q(organisation_id__in=left) | Q(team__organisation_id__in=left)):
        grant.until_at = max(now, grant.from_at)
        grant.save(update_fields=["until_at"])
    if residence_id and not standing.filter(organisation_id=residence_id).exists():
        from_at = timezone.make_aware(datetime.combine(moved_on, time.min))
        Grant.objects.create(
            person=person, kind=Grant.Kind.RESIDENCE, organisation_id=residence_id, basis="Lives here", from_at=from_at
        )
    audit.record(
        by=by,
        what="moved into a care home" if residence_id else "moved out of a care home",
        about=person.id,
        details={
            "moved_on": moved_on.isoformat(),
            "into": str(residence_id or ""),
            "out_of": sorted(str(one) for one in left),
        },
    )
    return person
