from django.urls import path

from ambit.mycare.pages.views import another, invitations

urlpatterns = [
    path("<uuid:person_id>/own-page/", invitations.invite, name="invite"),
    path("<uuid:person_id>/own-page/<uuid:invitation_id>/letter/", invitations.make_letter, name="make_letter"),
    path("<uuid:person_id>/own-page/<uuid:invitation_id>/document/", another.name_document, name="name_document"),
    path(
        "<uuid:person_id>/own-page/<uuid:invitation_id>/withdraw/",
        invitations.withdraw_invitation,
        name="withdraw_invitation",
    ),
]
