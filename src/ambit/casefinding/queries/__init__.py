"""What people ask of case-finding."""

from ambit.casefinding.queries.candidates import (
    CandidatePage,
    CandidateRow,
    Candidates,
    LastAnswer,
    LastRun,
    asked_for_a_meeting,
    candidate,
    candidates,
    colleagues,
    counted,
    in_order,
    in_stead_of,
    last_answer,
    last_run,
    practice_code,
    practice_of_code,
    practices,
    rows_of,
    to_discuss,
    waiting_in,
)
from ambit.casefinding.queries.expected import RegisterSize, register_size
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
    "CandidatePage", "CandidateRow", "Candidates", "Changes", "LastAnswer", "LastRun", "PracticeResult", "RegisterSize", "Review",
    "asked_for_a_meeting", "candidate", "candidates", "changes", "colleagues", "counted", "in_order", "in_stead_of", "last_answer",
    "last_run", "left_from", "may_order_by_yield", "practice_code", "practice_of_code", "practices", "register_size",
    "result_of_practice", "review", "rows_of", "to_discuss", "waiting_in",
]  # fmt: skip
