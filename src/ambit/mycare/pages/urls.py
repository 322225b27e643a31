from django.urls import path

from ambit.mycare.pages.views import another, choices, concerns, invitations, plan

PERSON = "<uuid:person_id>/"

urlpatterns = [
    path("", plan.my_care, name="my_care"),
    path("begin/", invitations.begin, name="begin"),
    path("another/", another.see_another, name="see_another"),
    path("requests/<uuid:asked_id>/", another.answer_asked, name="answer_asked"),
    path("concerns/", concerns.concerns, name="concerns"),
    path("concerns/<uuid:concern_id>/", concerns.answer_concern, name="answer_concern"),
    path(PERSON, plan.my_plan, name="my_plan"),
    path(PERSON + "everything/", plan.my_whole_plan, name="my_whole_plan"),
    path(PERSON + "copy/", plan.my_copy, name="my_copy"),
    path(PERSON + "write/<slug:section_id>/", plan.write_my_words, name="write_my_words"),
    path(PERSON + "write/<slug:section_id>/still-right/", plan.still_right, name="still_right"),
    path(PERSON + "change/", plan.propose_change, name="propose_change"),
    path(PERSON + "change/<uuid:proposal_id>/take-back/", plan.take_back_proposal, name="take_back_proposal"),
    path(PERSON + "who-opened/", plan.who_opened, name="who_opened"),
    path(PERSON + "who-opened/do-not-know/", concerns.do_not_know, name="do_not_know"),
    path(PERSON + "worried/", concerns.raise_concern, name="raise_concern"),
    path(PERSON + "who-may-see/", choices.who_may_see, name="who_may_see"),
    path(PERSON + "who-may-see/<uuid:decision_id>/again/", choices.let_again, name="let_again"),
    path(
        PERSON + "who-may-see/organisations/<uuid:organisation_id>/stop/",
        choices.stop_organisation,
        name="stop_organisation",
    ),
    path(PERSON + "who-may-see/carers/<uuid:invitation_id>/end/", choices.end_leave, name="end_leave"),
    path(PERSON + "code/", choices.show_code, name="show_code"),
    path(PERSON + "looks/", choices.choose_looks, name="choose_looks"),
    path(PERSON + "news/", choices.notices, name="notices"),
]
