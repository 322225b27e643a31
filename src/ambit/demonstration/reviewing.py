"""Searches of the fictional place, and how its practices answered those found."""

from datetime import date, timedelta
from typing import Any

from ambit.access.queries import Reader, operator
from ambit.casefinding import actions as casefinding
from ambit.casefinding.queries import candidate, candidates, to_discuss
from ambit.casefinding.rules import look_again_on
from ambit.coordination import actions as coordination
from ambit.demonstration import caring, cast
from ambit.demonstration.caring import who
from ambit.demonstration.clock import clock_at, moment

HALF_REVIEWED = "Z90001"
CAPACITY = 8
UNTIL_MEETING = 2  # days from today to the practice's next meeting


def candidates_of(today: date) -> None:
    """A search in the autumn, answered in part; one last month; and one this morning, in which some of those answered come back."""
    earlier = today - timedelta(days=75)
    with clock_at(moment(today, 75)):
        casefinding.run_search(by=operator(), run=casefinding.ask_for_run(by=operator(), on=earlier))
    for name, _ in cast.LOOKED_AFTER_BY.values():
        _answer(who(name), answered_on=today - timedelta(days=68), today=today)
    last_month = today.replace(day=1) - timedelta(days=4)
    with clock_at(moment(last_month, 0)):
        casefinding.run_search(by=operator(), run=casefinding.ask_for_run(by=operator(), on=last_month))
    _half_reviewed(today)
    casefinding.run_search(by=operator(), run=casefinding.ask_for_run(by=operator(), on=today))
    gp = who(cast.LOOKED_AFTER_BY[HALF_REVIEWED][0])
    if to_discuss(gp):  # in a place of few people nobody may be
        coordination.make_meeting(by=gp, held_on=today + timedelta(days=UNTIL_MEETING))
    _how_right(today)


def _how_right(today: date) -> None:
    """A report on how right every search together would have been, everybody followed for a year to the day of the newest records."""
    asked = casefinding.ask_for_validation(
        by=operator(),
        pack_ids=["consensus"],
        on=[today - timedelta(days=366)],
        horizon=365,
        today=today,
    )
    casefinding.make_validation(by=operator(), asked=asked, today=today)


def _half_reviewed(today: date) -> None:
    """One practice chose this month's people and is half through them; the others have not begun."""
    gp = who(cast.LOOKED_AFTER_BY[HALF_REVIEWED][0])
    chosen_on = max(today.replace(day=1), today - timedelta(days=8))
    with clock_at(moment(chosen_on, 0)):
        review = casefinding.choose_capacity(by=gp, people=CAPACITY, seen=0, on=chosen_on)
    places = list(review.places.order_by("number").values_list("candidate_id", "candidate__version"))
    with clock_at(moment(min(chosen_on + timedelta(days=2), today), 0)):
        for number, (candidate_id, seen) in enumerate(places[: len(places) // 2]):
            given: dict[str, Any] = {"by": gp, "candidate_id": candidate_id, "seen": seen, "on": chosen_on}
            if number % 3 == 0:
                casefinding.not_now(
                    surprise="cannot_say",
                    recheck_on=look_again_on(3, on=chosen_on),
                    why="see_first",
                    reason="Reviewed on Thursday with the heart failure nurse.",
                    **given,
                )
            elif number % 3 == 1:
                casefinding.say_no(surprise="yes", why="stable", reason="", **given)
            else:
                casefinding.discuss(reason="The district nurse was there last week.", **given)


def _answer(gp: Reader, *, answered_on: date, today: date) -> None:
    """A practice answers its first three: one is accepted, one waits until a day that has passed, one is not right."""
    waiting = candidates(gp).waiting[:3]
    with clock_at(moment(answered_on, 0)):
        for place, row in enumerate(waiting):
            found = candidate(gp, row.id)
            if place == 0:
                casefinding.not_now(
                    by=gp,
                    candidate_id=found.id,
                    seen=found.version,
                    surprise="cannot_say",
                    recheck_on=today - timedelta(days=9),
                    reason="New treatment since the last admission; see how it goes.",
                    on=answered_on,
                )
            elif place == 1:
                casefinding.say_no(
                    by=gp,
                    candidate_id=found.id,
                    seen=found.version,
                    surprise="yes",
                    reason="Both admissions were for the same broken wrist.",
                    on=answered_on,
                )
            else:
                entry = casefinding.accept_candidate(
                    by=gp,
                    candidate_id=found.id,
                    seen=found.version,
                    surprise="no",
                    stage="months",
                    reason="Fewer good days since the last admission.",
                    told=True,
                    on=answered_on,
                )
                coordination.name_coordinator(
                    by=gp, person_id=entry.person_id, membership_id=caring.membership("Marian Peake").id, seen=None
                )
