"""The same report as a PDF, by the site's own print style."""

from django.template import engines
from django.utils.html import escape
from django.utils.translation import get_language

from ambit.design.documents import laid_out, pdf
from ambit.improvement.documents.words import BOARD, KINDS, finding, made, words_of
from ambit.improvement.queries.reports import RATED, Report


def as_pdf(report: Report) -> bytes:
    """The report as a PDF; CannotMakePDF where the machine has no Pango."""
    body = (
        engines["jinja2"]
        .get_template("improvement/report_pdf.jinja")
        .render(
            {
                "report": report,
                "kind": KINDS[report.kind],
                "made": made(report),
                "words_of": words_of,
                "parts": [
                    (table, table.filled(*BOARD[table.key]), RATED[table.key], finding(table))
                    for table in report.tables
                ],
            }
        )
    )
    sheets = ("improvement/report_pdf.css",)
    return pdf([laid_out(body, title=escape(report.title), language=get_language() or "en", sheets=sheets)])
