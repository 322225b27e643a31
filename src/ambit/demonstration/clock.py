"""Another day's clock: what the cast wrote last month is saved as of last month."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from django.utils import timezone


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """While this lasts, `timezone.now` answers with the moment; only the demonstration's making does this."""
    with patch.object(timezone, "now", lambda: moment):
        yield
