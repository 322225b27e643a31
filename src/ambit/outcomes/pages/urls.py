from django.urls import path

from ambit.outcomes.pages import views

about = "<uuid:person_id>/outcomes/"

urlpatterns = [
    path(about, views.outcomes, name="outcomes"),
    path(f"{about}phase/", views.record_phase, name="record_phase"),
    path(f"{about}phase/figures.csv", views.phase_figures, name="phase_figures"),
    path(f"{about}phase/<uuid:phase_id>/correct/", views.correct_phase, name="correct_phase"),
    path(f"{about}phase/<uuid:phase_id>/withdraw/", views.withdraw_phase, name="withdraw_phase"),
    path(f"{about}assessments/<uuid:measure_id>/", views.measure, name="measure"),
    path(f"{about}assessments/<uuid:measure_id>/correct/", views.correct_measure, name="correct_measure"),
    path(f"{about}assessments/<uuid:measure_id>/withdraw/", views.withdraw_measure, name="withdraw_measure"),
    path(f"{about}<slug:instrument_id>/", views.outcome, name="outcome"),
    path(f"{about}<slug:instrument_id>/figures.csv", views.outcome_figures, name="outcome_figures"),
    path(f"{about}<slug:instrument_id>/record/", views.record_measure, name="record_measure"),
]
