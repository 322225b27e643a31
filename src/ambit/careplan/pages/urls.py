from django.urls import path

from ambit.careplan.pages.views import cpr, medicines, plan, proposals, sections

urlpatterns = [
    path("<uuid:person_id>/plan/", plan.plan, name="plan"),
    path("<uuid:person_id>/plan/proposals/", proposals.proposals, name="proposals"),
    path("<uuid:person_id>/plan/proposals/<uuid:proposal_id>/", proposals.answer_proposal, name="answer_proposal"),
    path("<uuid:person_id>/plan/cpr/", cpr.cpr_decision, name="cpr_decision"),
    path("<uuid:person_id>/plan/cpr/make/", cpr.make_cpr_decision, name="make_cpr_decision"),
    path("<uuid:person_id>/plan/cpr/transcribe/", cpr.transcribe_cpr_form, name="transcribe_cpr_form"),
    path("<uuid:person_id>/plan/cpr/<uuid:decision_id>/end/", cpr.end_cpr_form, name="end_cpr_form"),
    path("<uuid:person_id>/plan/medicines/", medicines.medicines_at_home, name="medicines_at_home"),
    path("<uuid:person_id>/plan/medicines/record/", medicines.record_movement, name="record_movement"),
    path(
        "<uuid:person_id>/plan/medicines/<uuid:movement_id>/take-back/",
        medicines.take_back_movement,
        name="take_back_movement",
    ),
    path("<uuid:person_id>/plan/<slug:section_id>/", sections.save_section, name="save_section"),
    path("<uuid:person_id>/plan/<slug:section_id>/history/", sections.section_history, name="section_history"),
]
