"""Two records are said to be of a brother or sister each of the other, and that is taken back."""

from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ambit.access.queries import Person, Reader, people_of
from ambit.audit import actions as audit
from ambit.careplan import queries
from ambit.careplan.models import SiblingTie, SiblingTieEnding
from ambit.design.refusals import Refused


@transaction.atomic
def tie_sibling(*, by: Reader, person: Person, sibling_id: UUID | None) -> SiblingTie:
    """Tie two records of the writer's own people; said once, it is read from both sides by whoever may open both."""
    by.must("edit_plan")
    if sibling_id is None:
        raise Refused({"sibling": "Choose one of those who were found."})
    if sibling_id == person.id:
        raise Refused({"sibling": "This is the same record. Choose the brother’s or sister’s own."})
    both = sorted((person.id, sibling_id))
    # locked in one order, so that two who tie the same two at once do not wait for each other
    locked = {one.pk: one for one in Person.objects.select_for_update().filter(pk__in=both).order_by("pk")}
    if sibling_id not in locked or not people_of(by).filter(pk=sibling_id).exists():
        raise Refused({"sibling": "Nobody among the people you look after is meant. Search again."})
    if any(one.person_id == sibling_id for one in queries.siblings_of(by, person.id)):
        raise Refused({"sibling": "These two records are tied already."})
    tie = SiblingTie.objects.create(
        person=locked.get(person.id, person),
        sibling=locked[sibling_id],
        recorded_at=timezone.now(),
        recorded_by=by.name,
        recorded_by_role=by.role,
    )
    for one in both:  # a line of each says nothing of the other: either may be read by who may not open both
        audit.record(by=by, what="tied a brother or sister", about=one, details={"tie": str(tie.pk)})
    return tie


@transaction.atomic
def untie_sibling(*, by: Reader, person: Person, tie_id: UUID, reason: str) -> SiblingTieEnding:
    """Take a tie back, with why. What was said is kept, and shown to nobody any more."""
    by.must("edit_plan")
    if not reason.strip():
        raise Refused({"reason": "Write why, such as “another family of this name”."})
    if not any(one.tie_id == tie_id for one in queries.siblings_of(by, person.id)):
        raise Refused("This was taken back by somebody else since you opened this page.")
    tie = SiblingTie.objects.select_for_update().get(pk=tie_id)
    if SiblingTieEnding.objects.filter(tie=tie).exists():
        raise Refused("This was taken back by somebody else since you opened this page.")
    ended = SiblingTieEnding.objects.create(
        tie=tie,
        reason=reason.strip(),
        recorded_at=timezone.now(),
        recorded_by=by.name,
        recorded_by_role=by.role,
    )
    for one in sorted((tie.person_id, tie.sibling_id)):
        audit.record(by=by, what="took back a brother or sister", about=one, details={"tie": str(tie.pk)})
    return ended
