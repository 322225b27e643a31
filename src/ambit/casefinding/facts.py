"""What case-finding publishes for measuring: on which days whose records were searched, and how each suggestion was answered."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.timezone import localdate

from ambit.casefinding import rules
from ambit.casefinding.models import Candidate, CandidateAnswer, Run

SETTLED = (rules.ACCEPTED, rules.NOT_NOW, rules.NO)


@dataclass(frozen=True, slots=True)
class Searched:
    """One finished run: of every practice, or of one."""

    on: date
    practice_id: UUID | None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Somebody found by packs, and the day of the first answer that settles it; None while nobody has answered."""

    practice_id: UUID
    nhs_number: str
    born_on: date | None
    sex: str
    found_on: date
    answered_on: date | None
    is_superseded: bool


def searches() -> list[Searched]:
    """Every run that was finished, the earliest first."""
    rows = Run.objects.filter(state=Run.State.DONE).order_by("on", "asked_at")
    return [Searched(*row) for row in rows.values_list("on", "practice_id")]


def suggestions() -> list[Suggestion]:
    """Everybody who was suggested, the earliest first."""
    answered: dict[UUID, date] = {}
    for candidate_id, answer, at in (
        CandidateAnswer.objects.filter(answer__in=(*SETTLED, rules.TAKEN_BACK))
        .order_by("answered_at", "number")
        .values_list("candidate_id", "answer", "answered_at")
    ):
        if answer == rules.TAKEN_BACK:
            answered.pop(candidate_id, None)
        else:
            answered.setdefault(candidate_id, localdate(at))
    return [
        Suggestion(practice_id, nhs, born_on, sex, found_on, answered.get(candidate_id), state == rules.SUPERSEDED)
        for candidate_id, practice_id, nhs, born_on, sex, found_on, state in Candidate.objects.order_by(
            "found_on", "id"
        ).values_list("id", "practice_id", "nhs_number", "born_on", "sex", "found_on", "state")
    ]
