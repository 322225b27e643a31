"""What people ask of case-finding."""

from ambit.casefinding.queries.candidates import (
    CandidatePage,
    CandidateRow,
    Candidates,
    LastAnswer,
    LastRun,
    candidate,
    candidates,
    colleagues,
    counted,
    in_order,
    last_answer,
    last_run,
    practice_of_code,
    practices,
    waiting_in,
)
from ambit.casefinding.queries.reviews import (
    Changes,
    PracticeResult,
    Review,
    changes,
    left_from,
    may_order_by_yield,
    result_of_practice,
    review,
)

__all__ = [
    "CandidatePage", "CandidateRow", "Candidates", "Changes", "LastAnswer", "LastRun", "PracticeResult", "Review", "candidate", "candidates", "changes",
    "colleagues", "counted", "in_order", "last_answer", "last_run", "left_from", "may_order_by_yield", "practice_of_code", "practices", "result_of_practice", "review",
    "waiting_in",
]  # fmt: skip
