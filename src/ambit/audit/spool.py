"""Where a line of the urgent page waits while the database cannot take it.

Ordinary reads stop when their audit line cannot be written. The urgent page opens all the same, and its line is
put on the disk here, one file a line; the sealer writes it into the trail as soon as that takes lines again, once.
The disk that is full is often this one too, so a reserve is kept ready and given up when it is needed.
"""

import json
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import structlog
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from ambit.audit.models import AuditLine
from ambit.audit.rules import Reader

log = structlog.get_logger()

# room for about two hundred lines of at most 4 kB, one block each
RESERVE_BYTES = 1_048_576


def folder() -> Path:
    return Path(settings.HOME) / "spool"


def keep(
    *,
    by: Reader,
    what: str,
    at: datetime,
    about: UUID | None = None,
    details: Mapping[str, Any] | None = None,
) -> UUID:
    """Put a line on the disk until the trail can take it; raises OSError when the disk cannot take it either."""
    spool_id = uuid4()
    line = {
        "spool_id": spool_id,
        "at": at,
        "account_id": by.account_id,
        "name": by.name,
        "role": by.role,
        "organisation": by.organisation_name,
        "through": by.through,
        "address": by.address,
        "what": what,
        "about": about,
        "details": dict(details or {}),
    }
    words = json.dumps(line, cls=_Exactly).encode()
    try:
        _write(f"{spool_id}.json", words)
    except OSError:
        if not (folder() / "reserve").exists():
            raise
        (folder() / "reserve").unlink(missing_ok=True)
        _write(f"{spool_id}.json", words)
    return spool_id


def replay() -> int:
    """Write every waiting line into the trail, each once; how many there were."""
    written = 0
    for path in sorted(waiting()):
        try:
            line = json.loads(path.read_bytes())
            line |= {"at": datetime.fromisoformat(line["at"]), "spool_id": UUID(line["spool_id"])}
        except (ValueError, KeyError, TypeError):
            # never thrown away: somebody has to look at it
            path.rename(path.with_suffix(".unreadable"))
            log.error("audit.spool.unreadable", file=path.name)
            continue
        with transaction.atomic():
            if not AuditLine.objects.filter(spool_id=line["spool_id"]).exists():
                AuditLine.objects.create(**line)
        path.unlink()
        written += 1
    return written


def waiting() -> Iterator[Path]:
    """The lines that wait."""
    return folder().glob("*.json")


def unreadable() -> Iterator[Path]:
    """Lines that could not be understood and wait for somebody to look at them."""
    return folder().glob("*.unreadable")


def keep_reserve() -> None:
    """Hold some of the disk back, so that a full disk can still take the lines of the urgent page."""
    reserve = folder() / "reserve"
    with suppress(FileNotFoundError):
        if reserve.stat().st_size == RESERVE_BYTES:
            return
    # random, because a file system that compresses would keep no room for zeros
    with suppress(OSError):
        _write("reserve", secrets.token_bytes(RESERVE_BYTES))


def _write(name: str, content: bytes) -> None:
    """The whole file or none of it, on the disk before this returns."""
    folder().mkdir(parents=True, exist_ok=True)
    half = folder() / f"{name}.half"
    try:
        with half.open("xb") as file:
            half.chmod(0o600)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.rename(folder() / name)
        descriptor = os.open(folder(), os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        half.unlink(missing_ok=True)
        raise


class _Exactly(DjangoJSONEncoder):
    """Moments keep their microseconds, which Django's own encoder cuts to milliseconds."""

    def default(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, datetime) else super().default(value)
