"""What people do in self-assessment, gap analysis and plans: start, ask, answer, show evidence, agree, carry over, write rows, sign."""

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
from ambit.improvement.actions.governance import (
    BoardSaid,
    call_meeting,
    change_meeting,
    end_lead,
    make_board,
    name_lead,
    record_decision,
    sign_minutes,
    write_minutes,
)
from ambit.improvement.actions.levers import import_levers
from ambit.improvement.actions.publishing import publish_plan, unpublish_plan
from ambit.improvement.actions.reading import ask_to_read_workbook, begin_reading, end_reading, note_how_far
from ambit.improvement.actions.rounds import Period, sign_round, start_round
from ambit.improvement.actions.rows import bring_back_row, change_cells, keep_row, remove_row, report_progress
from ambit.improvement.actions.tables import (
    change_plan,
    decide_gap,
    propose_gaps,
    sign_table,
    start_gap_analysis,
    start_plan,
)
from ambit.improvement.actions.workbooks import (
    File,
    map_workbook,
    merge_workbook,
    of_this,
    receive_workbook,
    send_workbook,
    set_workbook_aside,
    take_out_report,
    take_workbook_file,
)

__all__ = [
    "BoardSaid",
    "File",
    "Period",
    "Shown",
    "add_evidence",
    "add_evidence_file",
    "answer_statement",
    "ask_to_read_workbook",
    "begin_reading",
    "bring_back_row",
    "call_meeting",
    "change_cells",
    "change_meeting",
    "change_plan",
    "decide_carrying",
    "decide_gap",
    "end_lead",
    "end_reading",
    "hand_in",
    "import_levers",
    "invite_assessor",
    "keep_answer",
    "keep_row",
    "mail_reminder",
    "make_board",
    "map_workbook",
    "merge_workbook",
    "moderate_statement",
    "name_lead",
    "note_how_far",
    "of_this",
    "propose_gaps",
    "publish_plan",
    "receive_workbook",
    "record_decision",
    "remind_assessors",
    "remove_assessor",
    "remove_row",
    "report_progress",
    "send_workbook",
    "set_workbook_aside",
    "sign_minutes",
    "sign_round",
    "sign_table",
    "start_gap_analysis",
    "start_plan",
    "start_round",
    "take_back",
    "take_evidence_file",
    "take_out_report",
    "take_workbook_file",
    "unpublish_plan",
    "withdraw_evidence",
    "write_minutes",
]
