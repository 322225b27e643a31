"""The whole plan on paper."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.template import engines
from django.utils import timezone
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ambit.access.queries import Reader
from ambit.careplan.queries import Copy
from ambit.careplan.queries.authors import named
from ambit.design.addresses import address_of
from ambit.design.documents import laid_out
from ambit.design.environment import day, moment
from ambit.design.qr import qr
from ambit.design.rules import Banner

SHEETS = ("careplan/copy.css", "careplan/copy_pdf.css")


def sheet(copy: Copy, *, who: Banner, person_id: UUID, reader: Reader) -> dict[str, Any]:
    """What the sheets show, as a page and as a PDF alike."""
    made = _("Made on %(moment)s by %(who)s. For %(whom)s.") % {
        "moment": moment(copy.made_at),
        "who": named(reader.name, reader.role, reader.organisation_name),
        "whom": copy.given.words,
    }
    return {
        "copy": copy,
        "who": who,
        "on": timezone.localdate(copy.made_at),
        "made": made,
        "margin": f"{made} {_('Check the live record.')}",
        "which": _which(copy),
        "watermarks": _watermarks(copy),
        # whoever has no sign-in here has no use for an address of ours
        "qr": qr(f"{settings.PUBLIC_ADDRESS}{address_of('plan', person_id)}") if copy.given.is_for_care else "",
    }


def _which(copy: Copy) -> str:
    if copy.saved_at is None:
        return _("Nobody has written a plan yet.")
    version = _("Version %(version)s, last changed on %(moment)s.") % {
        "version": copy.version,
        "moment": moment(copy.saved_at),
    }
    return f"{_as_on(copy)} {version}".strip()


def _as_on(copy: Copy) -> str:
    return _("As the plan stood at the end of %(day)s.") % {"day": day(copy.as_on)} if copy.as_on else ""


def _watermarks(copy: Copy) -> list[str]:
    """What every sheet says across itself: that nobody is to act on it, and why."""
    marks = []
    if copy.died_on:
        marks.append(_("Died %(day)s") % {"day": day(copy.died_on)})
    if copy.replaced_at:
        marks.append(_("Replaced on %(day)s") % {"day": day(timezone.localdate(copy.replaced_at))})
    return marks


def whole_plan(shown: dict[str, Any]) -> Any:
    """The sheets as WeasyPrint's document: who it is about on every page, and which page of how many."""
    body = engines["jinja2"].get_template("careplan/plan_pdf.jinja").render(shown)
    return laid_out(body, title=escape(_("Plan")), language=get_language() or settings.LANGUAGE_CODE, sheets=SHEETS)
