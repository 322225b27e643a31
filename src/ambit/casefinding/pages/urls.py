from django.urls import path

from ambit.casefinding.pages import validations, views

urlpatterns = [
    path("", views.candidates, name="candidates"),
    path("month/", views.choose_capacity, name="choose_capacity"),
    path("changes/", views.candidate_changes, name="candidate_changes"),
    path("list/", views.bring_list, name="bring_list"),
    path("run/", views.run_case_finding, name="run_case_finding"),
    path("figures/", validations.search_figures, name="search_figures"),
    path("validation/", validations.validations, name="validations"),
    path("validation/new/", validations.ask_for_validation, name="ask_for_validation"),
    path("validation/<uuid:report_id>/", validations.validation, name="validation"),
    path("validation/<uuid:report_id>/report.pdf", validations.validation_pdf, name="validation_pdf"),
    path("validation/<uuid:report_id>/figures.csv", validations.validation_figures, name="validation_figures"),
    path("validation/<uuid:report_id>/report.json", validations.validation_data, name="validation_data"),
    path("<uuid:candidate_id>/", views.answer_candidate, name="answer_candidate"),
    path("<uuid:candidate_id>/take-back/", views.take_back_answer, name="take_back_answer"),
]
