from django.urls import path

from ambit.coordination.pages import views

urlpatterns = [
    path("", views.tasks, name="tasks"),
    path("<uuid:task_id>/", views.task, name="task"),
    path("<uuid:task_id>/take/", views.take_task, name="take_task"),
    path("<uuid:task_id>/do/", views.do_task, name="do_task"),
    path("<uuid:task_id>/hand-over/", views.hand_over, name="hand_over"),
    path("people/<uuid:person_id>/", views.tasks_about, name="tasks_about"),
    path("people/<uuid:person_id>/raise/", views.raise_task, name="raise_task"),
    path("people/<uuid:person_id>/coordinator/", views.name_coordinator, name="name_coordinator"),
]
