from django.urls import path

from ambit.urgent.pages import views

urlpatterns = [
    path("", views.find_urgent, name="find_urgent"),
    path("code/", views.use_code, name="use_code"),
    path("<uuid:person_id>/", views.now, name="now"),
    path("<uuid:person_id>/print/", views.print_now, name="print_now"),
    path("<uuid:person_id>/pdf/", views.pdf_now, name="pdf_now"),
    path("<uuid:person_id>/wrong/", views.report_wrong, name="report_wrong"),
]
