from django.urls import path

from ambit.access.pages import views

urlpatterns = [
    path("role/", views.choose_role, name="choose_role"),
    path("still-here/", views.stay_signed_in, name="stay_signed_in"),
    path("find/", views.find_anywhere, name="find_anywhere"),
    path("people/<uuid:person_id>/emergency/", views.break_glass, name="break_glass"),
    path("emergency-openings/", views.emergency_openings, name="emergency_openings"),
    path("emergency-openings/<uuid:opening_id>/", views.review_break_glass, name="review_break_glass"),
    path("drafts/<uuid:draft_id>/", views.draft, name="draft"),
    path("drafts/<uuid:draft_id>/discard/", views.discard_draft, name="discard_draft"),
]
