from django.urls import path

from ambit.audit.pages import views

urlpatterns: list = [
    path("", views.trail, name="audit_trail"),
    path("lines.csv", views.trail_csv, name="audit_trail_csv"),
]
