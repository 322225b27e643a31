"""Whoever admits a person is tied to them, so that a nurse or hospice can go on with somebody of another practice."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from ambit.access.models import Grant
from ambit.audit import actions as audit
from ambit.audit.rules import Reader
from ambit.people.models import Person

ADMITTED_BY_THEM = "Added this person to Ambit"


def tie_who_admits(by: Reader, people: Sequence[Person]) -> None:
    """Put the admitter's team, or else their organisation, into the care team of people not on their own list.

    Only for people who were not here before: who types the number of somebody known gains nothing by it.
    """
    if by.organisation_id is None:
        return
    tied: dict[str, Any] = {"team_id": by.team_ids[0]} if by.team_ids else {"organisation_id": by.organisation_id}
    now = timezone.now()
    grants = [
        Grant(person=person, kind=Grant.Kind.CARE_TEAM, basis=ADMITTED_BY_THEM, from_at=now, **tied)
        for person in people
        if person.practice_id != by.organisation_id
    ]
    if not grants:
        return
    Grant.objects.bulk_create(grants, batch_size=500)
    audit.record_many(by=by, what="gave access", about=[grant.person_id for grant in grants])
