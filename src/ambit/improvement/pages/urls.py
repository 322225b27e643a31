from django.urls import path

from ambit.improvement.pages.views import frameworks

urlpatterns = [
    path("frameworks/", frameworks.frameworks, name="frameworks"),
    path("frameworks/<str:framework_id>/", frameworks.framework, name="framework"),
    path("frameworks/<str:framework_id>/<str:node_id>/", frameworks.framework_node, name="framework_node"),
]
