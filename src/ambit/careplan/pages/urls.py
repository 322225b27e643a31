from django.urls import path

from ambit.careplan.pages.views import (
    attachments,
    copies,
    copying,
    cpr,
    directives,
    dying,
    importing,
    medicines,
    plan,
    proposals,
    sections,
    siblings,
    transition,
)
from ambit.careplan.rules.directives import KINDS

urlpatterns = [
    path("plans/import/", importing.import_plans, name="import_plans"),
    path("<uuid:person_id>/plan/", plan.plan, name="plan"),
    path("<uuid:person_id>/plan/attachments/", attachments.attachments, name="attachments"),
    path("<uuid:person_id>/plan/attachments/new/", attachments.attach_file, name="attach_file"),
    path("<uuid:person_id>/plan/attachments/<uuid:attachment_id>/", attachments.attachment, name="attachment"),
    path("<uuid:person_id>/plan/copy/", copies.copy_plan, name="copy_plan"),
    path("<uuid:person_id>/plan/completeness/", plan.completeness, name="completeness"),
    path("<uuid:person_id>/plan/proposals/", proposals.proposals, name="proposals"),
    path("<uuid:person_id>/plan/proposals/<uuid:proposal_id>/", proposals.answer_proposal, name="answer_proposal"),
    path("<uuid:person_id>/plan/medicines/", medicines.medicines_at_home, name="medicines_at_home"),
    path("<uuid:person_id>/plan/medicines/record/", medicines.record_movement, name="record_movement"),
    path(
        "<uuid:person_id>/plan/medicines/<uuid:movement_id>/take-back/",
        medicines.take_back_movement,
        name="take_back_movement",
    ),
    path("<uuid:person_id>/plan/cpr/", cpr.cpr_decision, name="cpr_decision"),
    path("<uuid:person_id>/plan/cpr/make/", cpr.make_cpr_decision, name="make_cpr_decision"),
    path("<uuid:person_id>/plan/cpr/transcribe/", cpr.transcribe_cpr_form, name="transcribe_cpr_form"),
    path("<uuid:person_id>/plan/cpr/<uuid:decision_id>/end/", cpr.end_cpr_form, name="end_cpr_form"),
    path("<uuid:person_id>/plan/legal/<uuid:directive_id>/end/", directives.end_directive, name="end_directive"),
    path("<uuid:person_id>/plan/legal/<uuid:directive_id>/view/", directives.view_differently, name="view_differently"),
]
for kind in KINDS:
    folder = f"<uuid:person_id>/plan/{kind.replace('_', '-')}/"
    urlpatterns += [
        path(folder, directives.directives, {"kind": kind}, name=kind),
        path(f"{folder}record/", directives.record_directive, {"kind": kind}, name=f"record_{kind}"),
    ]
urlpatterns += [
    path("<uuid:person_id>/plan/dying/", dying.recognise_dying, name="recognise_dying"),
    path("<uuid:person_id>/plan/transition/", transition.record_transition_step, name="record_transition_step"),
    path("<uuid:person_id>/plan/siblings/", siblings.siblings, name="siblings"),
    path("<uuid:person_id>/plan/siblings/tie/", siblings.tie_sibling, name="tie_sibling"),
    path("<uuid:person_id>/plan/siblings/<uuid:tie_id>/end/", siblings.untie_sibling, name="untie_sibling"),
    path("<uuid:person_id>/plan/verification/", dying.verify_death, name="verify_death"),
    path("<uuid:person_id>/plan/<slug:section_id>/", sections.save_section, name="save_section"),
    path("<uuid:person_id>/plan/<slug:section_id>/from-record/", copying.copy_from_record, name="copy_from_record"),
    path("<uuid:person_id>/plan/<slug:section_id>/unchanged/", sections.confirm_section, name="confirm_section"),
    path("<uuid:person_id>/plan/<slug:section_id>/history/", sections.section_history, name="section_history"),
]
