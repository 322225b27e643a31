from django.urls import path

from ambit.improvement.pages import views

urlpatterns = [
    path("frameworks/", views.frameworks, name="frameworks"),
    path("frameworks/<str:framework_id>/", views.framework, name="framework"),
    path("frameworks/<str:framework_id>/<str:node_id>/", views.framework_node, name="framework_node"),
]
