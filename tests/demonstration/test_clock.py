"""The demonstration's clock: what was done on a day, and never what is still to come."""

from datetime import datetime, timedelta

from django.utils import timezone

from ambit.demonstration.clock import clock_at, moment


def test_what_was_done_last_month_is_dated_last_month():
    with clock_at(moment(timezone.localdate(), 30)):
        assert timezone.now() == moment(datetime.now(timezone.get_current_timezone()).date(), 30)


def test_a_place_made_in_the_morning_holds_nothing_of_the_afternoon():
    early = moment(timezone.localdate(), 1).replace(hour=0, minute=45)
    with clock_at(early), clock_at(moment(early.date(), 0)):
        assert timezone.now() == early
    with clock_at(early + timedelta(hours=20)), clock_at(moment(early.date(), 0)):
        assert timezone.now() == moment(early.date(), 0)
