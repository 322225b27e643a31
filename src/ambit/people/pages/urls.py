"""Addresses about people."""

from django.urls import path

from ambit.people.pages import life, views

ONE = "<uuid:person_id>/"
IMPORTANT = f"{ONE}important/<uuid:important_id>/"

urlpatterns = [
    path("", views.find_person, name="find_person"),
    path("new", views.admit, name="admit"),
    path("duplicates/", views.likely_duplicates, name="likely_duplicates"),
    path(ONE, views.person, name="person"),
    path(f"{ONE}history", views.person_history, name="person_history"),
    path(f"{ONE}details/<str:part>", views.change_details, name="change_details"),
    path(f"{ONE}number", views.change_number, name="change_number"),
    path(f"{ONE}address", views.move_house, name="move_house"),
    path(f"{ONE}former-names", views.former_names, name="former_names"),
    path(f"{ONE}important/new", life.add_important_person, name="add_important_person"),
    path(IMPORTANT, life.edit_important_person, name="edit_important_person"),
    path(f"{IMPORTANT}end", life.end_important_person, name="end_important_person"),
    path(f"{IMPORTANT}parental", life.record_parental_responsibility, name="record_parental_responsibility"),
    path(f"{IMPORTANT}parental/end", life.end_parental_responsibility, name="end_parental_responsibility"),
    path(f"{ONE}birth", life.register_birth, name="register_birth"),
    path(f"{ONE}death", life.record_death, name="record_death"),
    path(f"{ONE}death/correct", life.correct_death, name="correct_death"),
    path(f"{ONE}death/retract", life.retract_death, name="retract_death"),
    path(f"{ONE}merge/<uuid:other_id>", views.merge, name="merge"),
    path(f"{ONE}unmerge/<uuid:merge_id>", views.unmerge, name="unmerge"),
]
