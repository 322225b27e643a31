from django.urls import path

from ambit.site.pages import views

urlpatterns: list = [
    path("health/live", views.live, name="live"),
    path("health/ready", views.ready, name="ready"),
]
