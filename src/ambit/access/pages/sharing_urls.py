from django.urls import path

from ambit.access.pages import parts, sharing, who_sees

urlpatterns = [
    path("<uuid:person_id>/sealed/", parts.seal_item, name="seal_item"),
    path("<uuid:person_id>/sealed/<uuid:seal_id>/open/", parts.end_seal, name="end_seal"),
    path("<uuid:person_id>/outside-care/", parts.agree_outside, name="agree_outside"),
    path("<uuid:person_id>/outside-care/<uuid:agreement_id>/end/", parts.end_outside, name="end_outside"),
    path("<uuid:person_id>/services/", who_sees.give_grant, name="give_grant"),
    path("<uuid:person_id>/services/<uuid:grant_id>/end/", who_sees.end_grant, name="end_grant"),
    path("<uuid:person_id>/home/", who_sees.move_home, name="move_home"),
    path("<uuid:person_id>/sharing/", sharing.sharing, name="sharing"),
    path(
        "<uuid:person_id>/sharing/<uuid:decision_id>/withdraw/", sharing.withdraw_objection, name="withdraw_objection"
    ),
]
