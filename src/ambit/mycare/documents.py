"""A copy of the plan for the person to keep."""

from typing import Any

from django.conf import settings
from django.template import engines
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ambit.design.documents import laid_out

SHEETS = ("mycare/mycare.css", "careplan/copy.css", "careplan/copy_pdf.css")


def my_copy(shown: dict[str, Any]) -> Any:
    """The person's own copy as WeasyPrint's document: whose it is on every page, and which page of how many."""
    body = engines["jinja2"].get_template("mycare/my_plan_pdf.jinja").render(shown)
    return laid_out(
        body, title=escape(_("Your plan")), language=get_language() or settings.LANGUAGE_CODE, sheets=SHEETS
    )
