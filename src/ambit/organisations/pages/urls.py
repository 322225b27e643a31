"""Addresses about organisations."""

from django.urls import path

from ambit.organisations.pages import views

urlpatterns = [
    path("", views.organisations, name="organisations"),
    path("new", views.open_organisation, name="open_organisation"),
    path("<str:code>/", views.organisation, name="organisation"),
    path("<str:code>/edit", views.edit_organisation, name="edit_organisation"),
    path("<str:code>/close", views.close_organisation, name="close_organisation"),
    path("<str:code>/teams/new", views.add_team, name="add_team"),
    path("<str:code>/staff/new", views.add_staff, name="add_staff"),
    path("<str:code>/staff/<uuid:membership_id>/end", views.end_membership, name="end_membership"),
]
