"""A practice's review of a month: how many people it takes, and who they are."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from ambit.access.queries import Reader
from ambit.audit import actions as audit
from ambit.casefinding import rules
from ambit.casefinding.events import ReviewChosen
from ambit.casefinding.models import Candidate, ReviewPlace, ReviewRound, Run
from ambit.casefinding.queries import in_order, waiting_in
from ambit.design.refusals import Refused, Stale
from ambit.events.actions import announce


@transaction.atomic
def choose_capacity(*, by: Reader, people: int, seen: int, on: date, by_yield: bool = False) -> ReviewRound:
    """Say how many people the practice can look at this month; so many of those waiting are given a place, and keep it.

    A larger number later in the month adds people at the end; `seen` is the version of the month's review that was seen, 0 for none yet.
    `by_yield` orders by predicted yield, which only a site that has signed it off may do. Nobody is answered for by this.
    """
    by.must("decide_candidates")
    run = Run.objects.filter(state=Run.State.DONE).order_by("-asked_at").first()
    if by.organisation_id is None or run is None:
        raise Refused("No search has been run yet: there is nobody to choose from.")
    review = (
        ReviewRound.objects.select_for_update().filter(practice_id=by.organisation_id, month=rules.month_of(on)).first()
    )
    if (review.version if review else 0) != seen:
        raise _stale(review, seen=seen, people=people)
    given = review.places.count() if review else 0
    problems = rules.problems_of_capacity(people, given=given)
    if by_yield and not settings.CONFIG.ranking_signed_off_by:
        problems["by_yield"] = "This site has not signed off any order but that of the evidence."
    if problems:
        raise Refused(problems)
    if review is None:
        review = _begin(
            by=by, practice_id=by.organisation_id, people=people, by_yield=by_yield, month=rules.month_of(on), run=run
        )
    else:
        review.capacity, review.by_yield, review.version = people, by_yield, review.version + 1
        review.save(update_fields=["capacity", "by_yield", "version"])
    added = _fill(review, by=by, given=given)
    audit.record(
        by=by,
        what="chose how many people to review this month",
        details={"review": str(review.id), "month": review.month.isoformat(), "people": people, "added": added},
    )
    announce(ReviewChosen(review_id=review.id, practice_id=by.organisation_id, people=given + added))
    return review


def _begin(*, by: Reader, practice_id: UUID, people: int, by_yield: bool, month: date, run: Run) -> ReviewRound:
    try:
        with transaction.atomic():
            return ReviewRound.objects.create(
                practice_id=practice_id,
                month=month,
                capacity=people,
                by_yield=by_yield,
                run=run,
                chosen_at=timezone.now(),
                chosen_by=by.name,
            )
    except IntegrityError as error:
        already = ReviewRound.objects.filter(practice_id=practice_id, month=month).first()
        raise _stale(already, seen=0, people=people) from error


def _stale(review: ReviewRound | None, *, seen: int, people: int) -> Stale:
    return Stale(
        what="This month's review",
        seen=seen,
        current=review.version if review else 0,
        saved=f"{review.capacity} people, {review.chosen_by}" if review else "",
        yours=f"{people} people",
    )


def _fill(review: ReviewRound, *, by: Reader, given: int) -> int:
    """Give places to those waiting who have none, as far as the capacity goes; the number of places given."""
    free = review.capacity - given
    waiting = waiting_in(review.practice_id).filter(gone_run=None).exclude(places__review=review)
    if review.by_yield:
        chosen = list(_by_yield(review.practice_id, list(in_order(waiting).values_list("id", "packs"))))[:free]
    else:
        chosen = list(in_order(waiting).values_list("id", flat=True)[:free])
    now = timezone.now()
    ReviewPlace.objects.bulk_create(
        ReviewPlace(review=review, number=number, candidate_id=candidate_id, given_at=now, given_by=by.name)
        for number, candidate_id in enumerate(chosen, start=given + 1)
    )
    return len(chosen)


def _by_yield(practice_id: UUID, waiting: list[tuple[UUID, Any]]) -> Iterator[UUID]:
    """Those waiting, those like whom most were accepted in this practice first; of equals, the order of the evidence stays."""
    accepted: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    settled = Candidate.objects.filter(practice_id=practice_id, state__in=(rules.ACCEPTED, rules.NOT_NOW, rules.NO))
    for state, packs in settled.values_list("state", "packs"):
        ids = {pack["id"] for pack in packs}
        answered.update(ids)
        accepted.update(ids if state == rules.ACCEPTED else ())

    def share(one: tuple[UUID, Any]) -> float:
        return rules.share_accepted([pack["id"] for pack in one[1]], accepted=accepted, answered=answered)

    return (candidate_id for candidate_id, _ in sorted(waiting, key=share, reverse=True))
