"""Whether a site is alive and ready. Counts and yes/no only.

Ready means that pages can be answered and saved: the database answers and is up to date. A sealer or worker that
lags behind, parked events and a disk that fills up are shown as warnings and do not take the site out of service:
a plan that cannot be opened at night is the greater harm (hazard H8).
"""

import shutil
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from django.utils import timezone

from ambit.audit import spool
from ambit.audit.models import AuditLine, AuditSeal
from ambit.audit.sealer import WINDOW
from ambit.events.queries import outbox_state

# a sealer or worker that is this late has probably stopped
LATE_SECONDS = 60
# below this the next backup or import may not fit
LEAST_FREE_BYTES = 200_000_000


@dataclass(slots=True)
class Health:
    """What was looked at, and what those who look after the site should know."""

    ready: bool = False
    database: bool = False
    migrated: bool = False
    sealer_lag_seconds: float | None = None
    worker_lag_seconds: float | None = None
    events_waiting: int | None = None
    events_failing: int | None = None
    events_parked: int | None = None
    spool_waiting: int = 0
    spool_unreadable: int = 0
    disk_free_bytes: int = 0
    warnings: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def health() -> Health:
    """One look at the site."""
    found = Health()
    _look_at_the_disk(found)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        found.database = True
        found.migrated = _is_migrated()
        if found.migrated:
            _look_at_the_audit_trail(found)
            _look_at_the_outbox(found)
    except DatabaseError:
        found.database = False
        found.warnings.append("The database does not answer.")
    found.ready = found.database and found.migrated
    return found


def _is_migrated() -> bool:
    """Asked of the database until the answer is yes; nobody takes migrations back while the site runs."""
    try:
        return _once_migrated()
    except _NotMigrated:
        return False


class _NotMigrated(Exception):
    pass


@cache
def _once_migrated() -> bool:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _NotMigrated  # not remembered
    return True


def _look_at_the_disk(found: Health) -> None:
    found.disk_free_bytes = shutil.disk_usage(settings.HOME).free
    found.spool_waiting = sum(1 for _ in spool.waiting())
    found.spool_unreadable = sum(1 for _ in spool.unreadable())
    if found.disk_free_bytes < LEAST_FREE_BYTES:
        found.warnings.append("The disk is nearly full.")
    if found.spool_waiting:
        found.warnings.append("Audit lines of the urgent page wait for the database to take them.")
    if found.spool_unreadable:
        found.warnings.append("An audit line in the spool cannot be read.")


def _look_at_the_audit_trail(found: Health) -> None:
    newest = AuditSeal.objects.aggregate(newest=Max("line_id"))["newest"] or 0
    oldest = AuditLine.objects.filter(id__gt=max(0, newest - WINDOW), seal=None).order_by("id").first()
    found.sealer_lag_seconds = _age(oldest.at if oldest else None)
    if found.sealer_lag_seconds > LATE_SECONDS:
        found.warnings.append("The audit sealer lags behind.")


def _look_at_the_outbox(found: Health) -> None:
    outbox = outbox_state()
    found.events_waiting, found.events_failing, found.events_parked = outbox.waiting, outbox.failing, outbox.parked
    found.worker_lag_seconds = _age(outbox.oldest_due_at)
    if found.worker_lag_seconds > LATE_SECONDS:
        found.warnings.append("The worker lags behind.")
    if outbox.parked:
        found.warnings.append("Events are parked: see `ambit worker --status`.")


def _age(moment: datetime | None) -> float:
    return round(max(0.0, (timezone.now() - moment).total_seconds()), 1) if moment else 0.0
