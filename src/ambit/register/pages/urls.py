from django.urls import path

from ambit.register.pages import importing, referrals, views

urlpatterns = [
    path("", views.register, name="register"),
    path("people/<uuid:person_id>/", views.register_entry, name="register_entry"),
    path("people/<uuid:person_id>/add/", views.add_to_register, name="add_to_register"),
    path("people/<uuid:person_id>/refer/", referrals.refer_person, name="refer_person"),
    path("import/", importing.import_register, name="import_register"),
    path("referrals/", referrals.referrals, name="referrals"),
    path("referrals/new/", referrals.refer_by_identity, name="refer_by_identity"),
    path("referrals/<uuid:referral_id>/", referrals.referral, name="referral"),
]
