from django.urls import path

from ambit.population.pages import views

urlpatterns = [
    path("", views.population_status, name="population_status"),
    path("unmapped/", views.unmapped_codes, name="unmapped_codes"),
]
