"""A validation report on paper."""

from typing import Any

from django.template import engines
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ambit.casefinding import report_charts, report_words
from ambit.casefinding.reports import Report
from ambit.design.documents import laid_out

SHEETS = ("casefinding/casefinding.css", "casefinding/report_pdf.css")


def validation_report(report: Report) -> Any:
    """Every pack on every day, as WeasyPrint's document."""
    body = (
        engines["jinja2"]
        .get_template("casefinding/validation_pdf.jinja")
        .render(
            {
                "report": report,
                "parts": [(part, report_charts.charts(part, report.horizon)) for part in report.parts],
                "words": report_words,
            }
        )
    )
    return laid_out(body, title=escape(_("Validation report")), language=get_language() or "en", sheets=SHEETS)
