from django.urls import path

from ambit.mycare.pages.views import plan

urlpatterns = [
    path("", plan.my_care, name="my_care"),
    path("<uuid:person_id>/", plan.my_plan, name="my_plan"),
    path("<uuid:person_id>/everything/", plan.my_whole_plan, name="my_whole_plan"),
    path("<uuid:person_id>/write/<slug:section_id>/", plan.write_my_words, name="write_my_words"),
    path("<uuid:person_id>/change/", plan.propose_change, name="propose_change"),
    path("<uuid:person_id>/change/<uuid:proposal_id>/take-back/", plan.take_back_proposal, name="take_back_proposal"),
    path("<uuid:person_id>/who-opened/", plan.who_opened, name="who_opened"),
]
