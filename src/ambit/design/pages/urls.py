"""The living page of components: only in the demonstration place, and in tests."""

from django.urls import path

from ambit.design.pages import living

urlpatterns = [
    path("", living.living_page, name="living_page"),
    path("record/", living.living_record, name="living_record"),
    path("died/", living.living_died, name="living_died"),
    path("form/", living.living_form, name="living_form"),
    path("two-versions/", living.living_conflict, name="living_conflict"),
    path("list/", living.living_list, name="living_list"),
    path("person/", living.living_person, name="living_person"),
    path("chart.csv", living.living_chart_csv, name="living_chart_csv"),
    path("went-wrong/<int:status>/", living.living_went_wrong, name="living_went_wrong"),
]
