from django.urls import path

from ambit.casefinding.pages import views

urlpatterns = [
    path("", views.candidates, name="candidates"),
    path("run/", views.run_case_finding, name="run_case_finding"),
    path("<uuid:candidate_id>/", views.answer_candidate, name="answer_candidate"),
]
