from django.urls import path

from ambit.improvement.pages.views import frameworks, rounds, statements, workbooks

ROUND = "self-assessments/<uuid:round_id>/"

urlpatterns = [
    path("frameworks/", frameworks.frameworks, name="frameworks"),
    path("frameworks/<str:framework_id>/", frameworks.framework, name="framework"),
    path("frameworks/<str:framework_id>/<str:node_id>/", frameworks.framework_node, name="framework_node"),
    path("self-assessments/", rounds.rounds, name="rounds"),
    path("self-assessments/start/", rounds.start_round, name="start_round"),
    path("self-assessments/compare/", rounds.compare_rounds, name="compare_rounds"),
    path(ROUND, rounds.round_, name="round"),
    path(ROUND + "ask/", rounds.invite_assessor, name="invite_assessor"),
    path(ROUND + "remind/", rounds.remind_assessors, name="remind_assessors"),
    path(ROUND + "no-longer-ask/<uuid:assessor_id>/", rounds.remove_assessor, name="remove_assessor"),
    path(ROUND + "hand-in/", rounds.hand_in, name="hand_in"),
    path(ROUND + "take-back/", rounds.take_back, name="take_back"),
    path(ROUND + "carry-over/", rounds.decide_carrying, name="decide_carrying"),
    path(ROUND + "sign/", rounds.sign_round, name="sign_round"),
    path(ROUND + "statements/", statements.answering, name="answering"),
    path(ROUND + "statements/<str:node_id>/", statements.answer_statement, name="answer_statement"),
    path(ROUND + "statements/<str:node_id>/evidence/", statements.add_evidence, name="add_evidence"),
    path(ROUND + "agree/", statements.moderation, name="moderation"),
    path(ROUND + "agree/<str:node_id>/", statements.moderate_statement, name="moderate_statement"),
    path(ROUND + "evidence/<uuid:evidence_id>/", statements.evidence_file, name="evidence_file"),
    path(ROUND + "evidence/<uuid:evidence_id>/withdraw/", statements.withdraw_evidence, name="withdraw_evidence"),
    path(ROUND + "workbooks/", workbooks.workbooks, name="workbooks"),
    path(ROUND + "workbooks/out/", workbooks.send_workbook, name="send_workbook"),
    path(ROUND + "workbooks/back/", workbooks.receive_workbook, name="receive_workbook"),
    path(ROUND + "workbooks/<uuid:received_id>/", workbooks.merge_workbook, name="merge_workbook"),
    path(ROUND + "workbooks/<uuid:received_id>/aside/", workbooks.set_workbook_aside, name="set_workbook_aside"),
    path(ROUND + "workbooks/<uuid:received_id>/file/", workbooks.workbook_file, name="workbook_file"),
]
