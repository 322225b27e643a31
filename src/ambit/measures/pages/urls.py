from django.urls import path

from ambit.measures.pages import views

urlpatterns = [
    path("", views.measures, name="measures"),
    path("<str:indicator_id>/", views.indicator, name="indicator"),
    path("<str:indicator_id>/figures.csv", views.indicator_figures, name="indicator_figures"),
    path("<str:indicator_id>/people/", views.behind_figure, name="behind_figure"),
]
