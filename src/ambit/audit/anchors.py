"""The anchor outside the database: an append-only file that says how long the chain was and what it ended in.

Somebody who can write to the database can cut off its tail without breaking a link. The file in
`AMBIT_HOME/anchors` remembers; a site copies it to another machine as often as it wants to be sure of.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from ambit.audit.rules import Anchor


class UnreadableAnchor(Exception):
    """A line of the file of anchors is not what the sealer writes."""


def path() -> Path:
    return Path(settings.HOME) / "anchors" / "audit.jsonl"


def size() -> int:
    try:
        return path().stat().st_size
    except FileNotFoundError:
        return 0


def append(anchor: Anchor) -> None:
    """Write one anchor and wait until it is on the disk."""
    path().parent.mkdir(parents=True, exist_ok=True)
    words = json.dumps({"seq": anchor.seq, "hash": anchor.hash, "at": anchor.at}) + "\n"
    descriptor = os.open(path(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
    try:
        before = os.fstat(descriptor).st_size
        try:
            os.write(descriptor, words.encode("ascii"))
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, before)
            raise
    finally:
        os.close(descriptor)


def read(upto: int) -> Iterator[Anchor]:
    """The anchors in the first `upto` bytes of the file, in order."""
    if not upto:
        return
    with path().open("rb") as file:
        for number, words in enumerate(file, start=1):
            if file.tell() > upto:
                return
            try:
                anchor = json.loads(words)
                yield Anchor(seq=anchor["seq"], hash=anchor["hash"], at=anchor["at"])
            except (ValueError, KeyError, TypeError) as problem:
                raise UnreadableAnchor(f"Line {number} of {path()} is not an anchor.") from problem


def last() -> Anchor | None:
    """The newest anchor. A line torn by a power cut is taken away first: its round is anchored again."""
    if not size():
        return None
    with path().open("rb+") as file:
        tail = min(size(), 4096)
        file.seek(-tail, os.SEEK_END)
        lines = file.read().split(b"\n")
        if torn := lines.pop():
            file.truncate(size() - len(torn))
    if not lines or not lines[-1]:
        return None
    try:
        found = json.loads(lines[-1])
        return Anchor(seq=found["seq"], hash=found["hash"], at=found["at"])
    except (ValueError, KeyError, TypeError) as problem:
        raise UnreadableAnchor(f"The last line of {path()} is not an anchor.") from problem
