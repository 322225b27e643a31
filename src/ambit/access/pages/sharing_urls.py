from django.urls import path

from ambit.access.pages import sharing

urlpatterns = [
    path("<uuid:person_id>/sharing/", sharing.sharing, name="sharing"),
    path(
        "<uuid:person_id>/sharing/<uuid:decision_id>/withdraw/", sharing.withdraw_objection, name="withdraw_objection"
    ),
]
