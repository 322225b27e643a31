from django.urls import path

from ambit.caseload.pages import views

urlpatterns = [
    path("", views.caseload, name="caseload"),
    path("numbers/", views.register_in_numbers, name="register_in_numbers"),
]
