from django.urls import path

from ambit.caseload.pages import deaths, found_before, views

urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("residents/", views.residents, name="residents"),
    path("numbers/", views.register_in_numbers, name="register_in_numbers"),
    path("deaths/", deaths.deaths_to_close, name="deaths_to_close"),
    path("deaths/found/", found_before.deaths_by_finding, name="deaths_by_finding"),
    path("deaths/found/one/", found_before.death_by_finding, name="death_by_finding"),
    path("deaths/<uuid:person_id>/", deaths.close_record, name="close_record"),
]
