"""Where files are kept, and their bytes while they are still those that were given."""

import hashlib
from pathlib import Path

from django.conf import settings

from ambit.files.rules import KINDS


def path_of(folder: str, sha256: str, content_type: str) -> Path:
    """Where a file is kept: in a folder of uploads, which a backup holds too."""
    return Path(settings.MEDIA_ROOT) / folder / sha256[:2] / f"{sha256}{KINDS[content_type].ending}"


def kept_bytes(folder: str, sha256: str, content_type: str) -> bytes | None:
    """The bytes of a file, when they are still those that were given; None when they are gone or changed."""
    try:
        content = path_of(folder, sha256, content_type).read_bytes()
    except FileNotFoundError:
        return None
    return content if hashlib.sha256(content).hexdigest() == sha256 else None


def safe_name(sha256: str, content_type: str) -> str:
    """The name under which a file is handed out: never the one it came with, which may say whom it is about."""
    return f"{sha256[:12]}{KINDS[content_type].ending}"
