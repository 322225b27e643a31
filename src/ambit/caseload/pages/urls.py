from django.urls import path

from ambit.caseload.pages import views

urlpatterns = [path("", views.caseload, name="caseload")]
