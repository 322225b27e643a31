"""Chaining the lines that have been written, every second or so, outside everybody's requests.

Which lines are unsealed is asked as a set (those without a seal), never as "ids above the last one": on PostgreSQL
a transaction may take id 5, wait, and commit after id 9 was sealed. To ask that of the whole trail every second
would read it all, so a round looks only at the newest `WINDOW` ids, which an index answers in about a millisecond
however long the trail is. A transaction that stays open while more than `WINDOW` others write is caught by the full
sweep, every `FULL_SWEEP_SECONDS` and when the sealer starts. Until then such a line is counted as unsealed.
"""

import time
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from ambit.audit import anchors
from ambit.audit.models import AuditLine, AuditSeal
from ambit.audit.rules import GENESIS, Anchor, Line, chain

WINDOW = 5_000
FULL_SWEEP_SECONDS = 600.0
# one transaction of the sealer takes at most so many lines, so that nobody waits long for SQLite's one writer
BATCH = 2_000
LINE_FIELDS = (
    "id", "at", "account_id", "name", "role", "organisation", "through", "address", "what", "about", "details", "spool_id",
)  # fmt: skip


@dataclass(slots=True)
class Sealer:
    """What one sealing process remembers between its rounds: when it last looked at the whole trail."""

    full_sweep_at: float = float("-inf")

    def round(self) -> int:
        """Seal what is unsealed and anchor the chain; how many lines were sealed."""
        full = time.monotonic() - self.full_sweep_at >= FULL_SWEEP_SECONDS
        newest = AuditSeal.objects.aggregate(newest=Max("line_id"))["newest"] or 0
        above = 0 if full else max(0, newest - WINDOW)
        sealed = 0
        while more := _seal_some(above):
            sealed += more
        if full:
            self.full_sweep_at = time.monotonic()
        if sealed or full:
            anchor_chain()
        return sealed


def _seal_some(above: int) -> int:
    unsealed = AuditLine.objects.filter(id__gt=above, seal=None).order_by("id")
    # asked outside the transaction first: an idle sealer must not take SQLite's write lock every second
    if not unsealed.exists():
        return 0
    try:
        with transaction.atomic():
            before = AuditSeal.objects.order_by("-seq").first()
            lines = (Line(*row) for row in unsealed.values_list(*LINE_FIELDS)[:BATCH])
            now = timezone.now()
            seals = [
                AuditSeal(
                    seq=seal.seq, line_id=seal.line_id, line_hash=seal.line_hash,
                    previous_hash=seal.previous_hash, hash=seal.hash, sealed_at=now,
                )
                for seal in chain(
                    lines,
                    after_seq=before.seq if before else 0,
                    after_hash=before.hash if before else GENESIS,
                )
            ]  # fmt: skip
            AuditSeal.objects.bulk_create(seals)
    except IntegrityError:
        # another sealer took the same place in the chain; its round stands and ours finds the rest later
        return 0
    return len(seals)


def anchor_chain() -> None:
    """Write the chain's end into the file of anchors, unless it already ends there."""
    end = AuditSeal.objects.order_by("-seq").first()
    known = anchors.last()
    if end is not None and (known is None or (known.seq, known.hash) != (end.seq, end.hash)):
        anchors.append(Anchor(seq=end.seq, hash=end.hash, at=timezone.now().isoformat()))
