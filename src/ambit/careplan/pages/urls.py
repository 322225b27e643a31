from django.urls import path

from ambit.careplan.pages import views

urlpatterns = [
    path("<uuid:person_id>/plan/", views.plan, name="plan"),
    path("<uuid:person_id>/plan/cpr/", views.cpr_decision, name="cpr_decision"),
    path("<uuid:person_id>/plan/cpr/make/", views.make_cpr_decision, name="make_cpr_decision"),
    path("<uuid:person_id>/plan/cpr/transcribe/", views.transcribe_cpr_form, name="transcribe_cpr_form"),
    path("<uuid:person_id>/plan/cpr/<uuid:decision_id>/end/", views.end_cpr_form, name="end_cpr_form"),
    path("<uuid:person_id>/plan/<slug:section_id>/", views.save_section, name="save_section"),
    path("<uuid:person_id>/plan/<slug:section_id>/history/", views.section_history, name="section_history"),
]
