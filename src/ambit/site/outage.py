"""Which troubles are the database's, and what somebody at the screen is told about them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError


@dataclass(frozen=True, slots=True)
class Outage:
    """What a page says when the store cannot do its work."""

    status: int
    title: str
    words: str


UNREACHABLE = Outage(
    503,
    "The database cannot be reached",
    "Nothing was saved. Ambit tries again by itself: go back and try again in a minute. "
    "If it lasts, tell whoever looks after this system, and use the printed copy of the plan meanwhile.",
)
FULL = Outage(
    507,
    "The disk is full",
    "Nothing was saved. Whoever looks after this system has to make room; what is already recorded can still be read. "
    "Write down what you wanted to save.",
)
BUSY = Outage(
    503,
    "The database is busy",
    "Nothing was saved. Others are saving at the same moment: go back and save again.",
)
NOT_SET_UP = Outage(
    503,
    "The database is not set up for this version",
    "Nothing was saved. Whoever looks after this system has to run “ambit migrate”.",
)
# PostgreSQL's SQLSTATE for disk_full; for undefined_table and undefined_column
POSTGRESQL_FULL = "53100"
POSTGRESQL_UNDEFINED = {"42P01", "42703"}


def outage_of(problem: BaseException | None) -> Outage | None:
    """The outage behind an exception; None when the trouble is not the database's."""
    for cause in _causes(problem):
        words = str(cause).lower()
        if getattr(cause, "sqlstate", None) == POSTGRESQL_FULL or "disk is full" in words:
            return FULL
        if isinstance(cause, OSError) and cause.errno == 28:  # ENOSPC
            return FULL
        if isinstance(cause, OperationalError) and ("is locked" in words or "is busy" in words):
            return BUSY
        if getattr(cause, "sqlstate", None) in POSTGRESQL_UNDEFINED or (
            isinstance(cause, OperationalError) and ("no such table" in words or "no such column" in words)
        ):
            return NOT_SET_UP
    if any(isinstance(cause, OperationalError | InterfaceError) for cause in _causes(problem)):
        return UNREACHABLE
    return None


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__
