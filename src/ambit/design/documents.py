"""PDF from our own templates, for what has to be kept or carried. Where the machine cannot make one, that is said."""

import warnings
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from django.contrib.staticfiles import finders
from django.http import HttpResponse

from ambit.design.refusals import Refused

SHEETS = ("design/ambit.css", "design/parts.css", "design/print.css")
NEEDS_PANGO = (
    "This machine cannot make PDF files: the Pango library is missing. On Debian: apt-get install "
    "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation. Until then, print the page with the browser."
)


class CannotMakePDF(Refused):
    """WeasyPrint's system library is not on this machine; a page can still be printed by the browser."""

    def __init__(self) -> None:
        super().__init__(NEEDS_PANGO)


@lru_cache(maxsize=1)
def can_make_pdf() -> bool:
    """Whether this machine has what WeasyPrint needs."""
    try:
        with warnings.catch_warnings():
            # it asks for a newer library than it needs; without it letters take more room in the file
            warnings.simplefilter("ignore", DeprecationWarning)
            import weasyprint  # noqa: F401  (half a second, so only when a PDF is asked for)
    except OSError:
        return False
    return True


def laid_out(body: str, *, title: str, language: str = "en", sheets: Sequence[str] = ()) -> Any:
    """`body`, markup of our own, set on pages with the site's sheets and those named; as WeasyPrint's document.

    Nothing is fetched: neither from the network nor from the disk, whatever stands in somebody's words.
    """
    if not can_make_pdf():
        raise CannotMakePDF
    import weasyprint

    page = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body>{body}</body></html>"
    )
    return weasyprint.HTML(string=page, url_fetcher=_fetches_nothing()).render(
        stylesheets=[_sheet(name) for name in (*SHEETS, *sheets)]
    )


def pdf(documents: Iterable[Any]) -> bytes:
    """The pages of several documents of `laid_out`, one after another, as one PDF."""
    first, *others = documents
    pages = [page for document in (first, *others) for page in document.pages]
    return bytes(first.copy(pages).write_pdf())


def pdf_response(content: bytes, *, name: str) -> HttpResponse:
    """A PDF to save: never shown inside a page, never kept by a cache between here and the reader."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    return response


@lru_cache(maxsize=16)
def _sheet(name: str) -> Any:
    import weasyprint

    found = finders.find(name)
    if found is None:
        raise LookupError(f"There is no style sheet {name}.")
    return weasyprint.CSS(filename=found, url_fetcher=_fetches_nothing())


@lru_cache(maxsize=1)
def _fetches_nothing() -> Any:
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols=())
