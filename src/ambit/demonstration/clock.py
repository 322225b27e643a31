"""Another day's clock: what the cast wrote last month is saved as of last month."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """While this lasts, `timezone.now` answers with the moment; only the demonstration's making does this.

    What was done today was done by now: a place made in the morning holds nothing of the afternoon still to come.
    """
    then = min(moment, timezone.now())
    with patch.object(timezone, "now", lambda: then):
        yield


def moment(today: date, days_ago: int) -> datetime:
    """Twelve minutes past four in the afternoon, so many days ago."""
    day = today - timedelta(days=days_ago)
    return datetime.combine(day, time(16, 12), tzinfo=timezone.get_current_timezone())
