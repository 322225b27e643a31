"""What people do in a round of self-assessment: start, ask, answer, show evidence, agree, carry over, sign."""

from ambit.improvement.actions.answers import answer_statement, keep_answer, moderate_statement
from ambit.improvement.actions.assessors import (
    hand_in,
    invite_assessor,
    mail_reminder,
    remind_assessors,
    remove_assessor,
    take_back,
)
from ambit.improvement.actions.carrying import decide_carrying
from ambit.improvement.actions.evidence import (
    Shown,
    add_evidence,
    add_evidence_file,
    take_evidence_file,
    withdraw_evidence,
)
from ambit.improvement.actions.rounds import Period, sign_round, start_round

__all__ = [
    "Period",
    "Shown",
    "add_evidence",
    "add_evidence_file",
    "answer_statement",
    "decide_carrying",
    "hand_in",
    "invite_assessor",
    "keep_answer",
    "mail_reminder",
    "moderate_statement",
    "remind_assessors",
    "remove_assessor",
    "sign_round",
    "start_round",
    "take_back",
    "take_evidence_file",
    "withdraw_evidence",
]
