from django.urls import path

from ambit.register.pages import views

urlpatterns = [
    path("", views.register, name="register"),
    path("people/<uuid:person_id>/", views.register_entry, name="register_entry"),
    path("people/<uuid:person_id>/add/", views.add_to_register, name="add_to_register"),
]
