from django.urls import path

from ambit.packs.pages import views

urlpatterns = [
    path("", views.packs, name="packs"),
    path("<slug:kind>/<slug:pack_id>/", views.pack, name="pack"),
    path("<slug:kind>/<slug:pack_id>/sign-off/", views.sign_off, name="sign_off"),
]
