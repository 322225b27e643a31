from django.urls import path

from ambit.casefinding.pages import views

urlpatterns = [
    path("", views.candidates, name="candidates"),
    path("<uuid:candidate_id>/", views.answer_candidate, name="answer_candidate"),
]
