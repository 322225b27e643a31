"""Which files may be kept: told by what they begin with, never by their name. Plain Python, no clock."""

from dataclasses import dataclass
from typing import Final

HEAD: Final = 16
"""How many bytes from the beginning tell what a file is."""
_HEIF: Final = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that cannot run anything when it is opened as what it is."""

    name: str
    content_type: str
    ending: str


PDF = Kind("PDF", "application/pdf", ".pdf")
JPEG = Kind("JPEG picture", "image/jpeg", ".jpg")
PNG = Kind("PNG picture", "image/png", ".png")
TIFF = Kind("TIFF picture", "image/tiff", ".tif")
HEIC = Kind("HEIC picture", "image/heic", ".heic")
XLSX = Kind("Excel workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx")
"""Kept only by who has looked inside: its first bytes are those of any archive."""
ATTACHED: Final = (PDF, JPEG, PNG, TIFF, HEIC)
KINDS: Final = {kind.content_type: kind for kind in (*ATTACHED, XLSX)}
NAMED: Final = "a PDF, or a JPEG, PNG, TIFF or HEIC picture"


def kind_of(head: bytes) -> Kind | None:
    """What a file is by its first bytes; None for everything that is not attached, such as web pages, drawings and programs."""
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head.startswith((b"II*\x00", b"MM\x00*")):
        return TIFF
    return HEIC if head[4:8] == b"ftyp" and head[8:12] in _HEIF else None


def size_words(size: int) -> str:
    """A size as people say it."""
    return f"{size / 1_000_000:.1f} MB" if size >= 100_000 else f"{max(1, size // 1000)} KB"


def problem_of(*, kind: Kind | None, size: int, at_most_mb: int) -> str:
    """Why a file is not attached, and what to do; "" when it is."""
    if size > at_most_mb * 1_000_000:
        return (
            f"This file has {size_words(size)}; at most {at_most_mb} MB can be attached. "
            "Scan it in grey at 150 dots an inch, or attach its pages one by one."
        )
    if not size:
        return "The file is empty. Choose another."
    return "" if kind else f"This is no file that can be attached. Choose {NAMED}."
