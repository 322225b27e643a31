"""Emergency openings, and their review."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ambit.access.events import EmergencyOpened
from ambit.access.models import BreakGlass
from ambit.access.queries import CannotOpen, answer_at_the_door, kept, openings_to_review
from ambit.access.rules import EMERGENCIES, REVIEWS, due_after
from ambit.audit import actions as audit
from ambit.audit.rules import NotAllowed, Reader
from ambit.design.refusals import Refused
from ambit.events.actions import announce


def break_glass(*, by: Reader, person_id: UUID, reason: str, words: str) -> BreakGlass:
    """Open a record in an emergency, for a few hours, with a reason that the privacy officer will review.

    A refusal is audited too: its line is written before the refusal, outside the transaction of the opening.
    """
    by.must("break_glass")
    if by.account_id is None:
        raise NotAllowed("Only somebody who is signed in opens a record in an emergency.")
    person = kept(person_id)
    problems: dict[str, str] = {}
    if reason not in EMERGENCIES:
        problems["reason"] = "Choose what the emergency is."
    if len(words.strip()) < 5:
        problems["words"] = "Say in your own words why you need to open this record now."
    if problems:
        raise Refused(problems)
    if not answer_at_the_door(by, person).emergency_may_open:
        audit.record(by=by, what="was refused an emergency opening", about=person.id, details={"reason": reason})
        raise CannotOpen(person.id, may_break_glass=False)
    now = timezone.now()
    with transaction.atomic():
        opened = BreakGlass.objects.create(
            person=person,
            account_id=by.account_id,
            organisation_id=by.organisation_id,
            name=by.name,
            role=by.role,
            reason=reason,
            words=words.strip(),
            opened_at=now,
            until_at=now + timedelta(hours=settings.CONFIG.break_glass_hours),
            review_due_on=due_after(timezone.localdate(now), settings.CONFIG.break_glass_review_days),
        )
        audit.record(
            by=by,
            what="opened a record in an emergency",
            about=person.id,
            details={
                "opening": str(opened.pk),
                "reason": reason,
                "words": opened.words,
                "until": opened.until_at.isoformat(),
            },
        )
        announce(
            EmergencyOpened(
                opening_id=opened.pk,
                person_id=person.id,
                account_id=by.account_id,
                reason=reason,
                opened_at=opened.opened_at,
                until_at=opened.until_at,
            )
        )
    return opened


@transaction.atomic
def review_break_glass(*, by: Reader, opening_id: UUID, outcome: str, note: str) -> BreakGlass:
    """Record what the privacy officer made of an emergency opening. A review is made once and not changed."""
    by.must("review_break_glass")
    opened = openings_to_review(by).select_related(None).select_for_update(of=("self",)).filter(pk=opening_id).first()
    if opened is None:
        raise NotAllowed("This emergency opening is not yours to review.")
    problems: dict[str, str] = {}
    if outcome not in REVIEWS:
        problems["outcome"] = "Choose what you made of it."
    if outcome != "proper" and not note.strip():
        problems["note"] = "Say what was not proper, or what has to follow."
    if opened.outcome:
        problems[""] = f"This opening has already been reviewed: {opened.get_outcome_display()}."
    if problems:
        raise Refused(problems)
    opened.outcome = outcome
    opened.note = note.strip()
    opened.reviewed_by_id = by.account_id
    opened.reviewed_at = timezone.now()
    opened.save(update_fields=["outcome", "note", "reviewed_by", "reviewed_at"])
    audit.record(
        by=by,
        what="reviewed an emergency opening",
        about=opened.person_id,
        details={"opening": str(opened.pk), "outcome": outcome, "note": opened.note},
    )
    return opened
