"""H19, wrong time: moments are stored with their zone to the microsecond, and shown on the clock of the place."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.utils.timezone import localdate

from ambit.audit.models import AuditLine
from ambit.design.environment import day, moment, time

LINE = {"name": "A", "role": "gp", "through": "web", "what": "opened a record"}


def stored(at: datetime) -> datetime:
    return AuditLine.objects.get(pk=AuditLine.objects.create(at=at, **LINE).pk).at


@pytest.mark.django_db
@pytest.mark.parametrize(
    "at",
    [
        datetime(2027, 3, 28, 0, 59, 59, 999_999, tzinfo=UTC),
        datetime(2027, 3, 28, 1, 0, 0, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        datetime(2028, 2, 29, 23, 59, 59, 123_000, tzinfo=UTC),
        datetime(2026, 7, 1, 12, 0, 0, 5, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_a_moment_comes_back_as_it_was_stored(at):
    assert stored(at) == at
    assert stored(at).tzinfo is not None


@pytest.mark.django_db
def test_the_hour_that_comes_twice_keeps_its_order():
    first, second = datetime(2026, 10, 25, 0, 45, tzinfo=UTC), datetime(2026, 10, 25, 1, 15, tzinfo=UTC)
    assert (time(first), time(second)) == ("1:45am", "1:15am")
    for at in (second, first):
        AuditLine.objects.create(at=at, **LINE)
    assert list(AuditLine.objects.order_by("at").values_list("at", flat=True)) == [first, second]


@pytest.mark.django_db
def test_a_time_without_a_zone_is_refused():
    with pytest.raises(RuntimeWarning):
        AuditLine.objects.create(at=datetime(2026, 7, 1, 12, 0), **LINE)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("at", "shown"),
    [
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "28 March 2027 at 12:59am"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "28 March 2027 at 2:00am"),
        (datetime(2026, 10, 25, 0, 59, tzinfo=UTC), "25 October 2026 at 1:59am"),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "25 October 2026 at 1:00am"),
        (datetime(2026, 8, 6, 23, 30, tzinfo=UTC), "7 August 2026 at 12:30am"),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "31 December 2026 at 11:59pm"),
        (datetime(2028, 2, 29, 12, 0, tzinfo=UTC), "29 February 2028 at midday"),
    ],
)
def test_a_moment_is_shown_on_the_clock_of_the_place(at, shown):
    assert moment(at) == shown


def test_a_day_is_never_moved_by_a_zone():
    assert day(date(2028, 2, 29)) == "29 February 2028"
    assert day(date(2027, 3, 28)) == "28 March 2027"


def test_today_is_the_day_of_the_place(time_machine):
    time_machine.move_to(datetime(2026, 8, 6, 23, 30, tzinfo=UTC))
    assert localdate() == date(2026, 8, 7)
    time_machine.move_to(datetime(2026, 12, 6, 23, 30, tzinfo=UTC))
    assert localdate() == date(2026, 12, 6)
