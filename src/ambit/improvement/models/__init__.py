"""What is stored of self-assessment, gap analysis, improvement plans and their governance."""

from ambit.improvement.models.governance import Board, Decision, Meeting, Minutes, NamedLead
from ambit.improvement.models.plans import (
    Cycle,
    Gap,
    GapAnalysis,
    Lever,
    Milestone,
    Plan,
    PlanAction,
    Row,
    RowVersion,
    SignedCopy,
)
from ambit.improvement.models.rounds import (
    Answer,
    AnswerVersion,
    Assessor,
    Carrying,
    Edition,
    Evidence,
    Reminder,
    Round,
    SignedStatement,
    SignOff,
)
from ambit.improvement.models.workbooks import WorkbookReading, WorkbookReceived, WorkbookSent

__all__ = [
    "Answer",
    "AnswerVersion",
    "Assessor",
    "Board",
    "Carrying",
    "Cycle",
    "Decision",
    "Edition",
    "Evidence",
    "Gap",
    "GapAnalysis",
    "Lever",
    "Meeting",
    "Milestone",
    "Minutes",
    "NamedLead",
    "Plan",
    "PlanAction",
    "Reminder",
    "Round",
    "Row",
    "RowVersion",
    "SignOff",
    "SignedCopy",
    "SignedStatement",
    "WorkbookReading",
    "WorkbookReceived",
    "WorkbookSent",
]
