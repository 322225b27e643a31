from django.urls import path

from ambit.coordination.pages import meetings

urlpatterns = [
    path("", meetings.meetings, name="meetings"),
    path("<uuid:meeting_id>/", meetings.meeting, name="meeting"),
    path("<uuid:meeting_id>/print/", meetings.print_meeting, name="print_meeting"),
    path("<uuid:meeting_id>/more/", meetings.take_in_more, name="take_in_more"),
    path("<uuid:meeting_id>/close/", meetings.close_meeting, name="close_meeting"),
    path("people/<uuid:item_id>/", meetings.record_outcome, name="record_outcome"),
]
