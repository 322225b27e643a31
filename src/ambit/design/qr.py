"""An address as a QR code, drawn with attributes only, so that it passes a strict content policy."""

import io
from functools import lru_cache

import segno
from django.utils.safestring import SafeString, mark_safe


@lru_cache(maxsize=512)
def qr(address: str, title: str = "QR code: opens the live record") -> SafeString:
    """The address as a QR code in SVG; it holds nothing but the address, and whoever opens that has to sign in."""
    return qr_once(address, title)


def qr_once(address: str, title: str) -> SafeString:
    """The same for an address that must not be remembered here, such as one with a code in it."""
    drawn = io.BytesIO()
    # to choose the best of eight masks costs as much as the rest of the page; a code of any mask can be read
    segno.make(address, error="m", micro=False, mask=0).save(
        drawn, kind="svg", xmldecl=False, svgns=True, svgclass=None, lineclass=None, omitsize=True,
        title=title, nl=False, border=2,
    )  # fmt: skip
    return mark_safe(drawn.getvalue().decode())  # noqa: S308  (drawn here from an address of ours)
