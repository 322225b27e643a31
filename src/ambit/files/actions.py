"""Keeping a file. The slice whose file it is asks who may, and writes the audit line."""

import hashlib
import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from ambit.design.refusals import Refused
from ambit.files.queries import path_of
from ambit.files.rules import HEAD, Kind, kind_of, problem_of


def keep_file(chunks: Iterable[bytes], *, folder: str, size: int, looked_at_as: Kind | None = None) -> tuple[str, str]:
    """Write the bytes beside where they will stand, then move them there in one step; what was there already stays.

    Answers the SHA-256 and the content type. What may not be kept is refused at the field `file`; whoever has read the whole
    file says with `looked_at_as` what it is.
    """
    pieces = iter(chunks)
    first = next(pieces, b"")
    kind = looked_at_as or kind_of(first[:HEAD])
    problem = problem_of(kind=kind, size=size, at_most_mb=settings.CONFIG.attachment_megabytes)
    if problem or kind is None:
        raise Refused({"file": problem})
    root = Path(settings.MEDIA_ROOT) / folder
    root.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(first)
    with tempfile.NamedTemporaryFile(dir=root, prefix=".arriving-", delete=False) as arriving:
        arriving.write(first)
        for piece in pieces:
            digest.update(piece)
            arriving.write(piece)
        arriving.flush()
        os.fsync(arriving.fileno())
    target = path_of(folder, digest.hexdigest(), kind.content_type)
    target.parent.mkdir(exist_ok=True)
    Path(arriving.name).replace(target)
    return digest.hexdigest(), kind.content_type
