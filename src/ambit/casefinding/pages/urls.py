from django.urls import path

from ambit.casefinding.pages import views

urlpatterns = [
    path("", views.candidates, name="candidates"),
    path("month/", views.choose_capacity, name="choose_capacity"),
    path("changes/", views.candidate_changes, name="candidate_changes"),
    path("run/", views.run_case_finding, name="run_case_finding"),
    path("<uuid:candidate_id>/", views.answer_candidate, name="answer_candidate"),
    path("<uuid:candidate_id>/take-back/", views.take_back, name="take_back"),
]
