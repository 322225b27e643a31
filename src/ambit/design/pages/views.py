"""Pages for what went wrong, in the same look, each saying what to do next."""

import secrets

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template import engines
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ambit.design.page import page

log = structlog.get_logger()


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        400,
        _("This page was asked for in a way it does not understand"),
        _("Nothing was changed."),
        to_do=_("Go back, open the page again, and try once more."),
    )


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Says what is refused, who may, and what to do; never whether a record or plan exists."""
    refusal = exception.__cause__ or exception
    what = str(getattr(refusal, "what", "") or exception) or _("You cannot open this page.")
    who_may = getattr(refusal, "who_may", "")
    return _page(
        request,
        403,
        what.rstrip("."),
        who_may,
        to_do=getattr(refusal, "what_to_do", "") or _("Go back, or ask a colleague who may."),
    )


def outdated_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form sent without the mark of this site: usually somebody signed in or out in another window."""
    return _page(
        request,
        403,
        _("This form was opened before you signed in or out"),
        _("Nothing was saved."),
        to_do=_("Go back, copy what you wrote, open the page again and save it there."),
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(
        request,
        404,
        _("There is no page at this address"),
        _("It may have been moved, or the address may be cut short."),
        to_do=_("Check the address, or find the person by name or NHS number."),
    )


def went_wrong(request: HttpRequest) -> HttpResponse:
    """The fault is ours: says so with a reference, and that what is on the page must not be read as “none”."""
    reference = secrets.token_hex(4)
    log.error("went_wrong", reference=reference, path=request.resolver_match.route if request.resolver_match else "")
    return _bare(
        500,
        _("This page cannot be shown just now"),
        _("Do not read this as “nothing is recorded”. What was saved before is kept."),
        _(
            "Try again. If it happens again, ring the person’s team, and give your support desk the reference %(reference)s."
        )
        % {"reference": reference},
    )


def unavailable(request: HttpRequest) -> HttpResponse:
    """The database is away: said without asking it anything."""
    answer = _bare(
        503,
        _("Ambit cannot reach its records just now"),
        _("Do not read this as “nothing is recorded”. Nothing you sent in the last minute was saved."),
        _("Keep this window open and try again in a minute. In an emergency use the paper copy, or ring 999."),
    )
    answer["Retry-After"] = "30"
    return answer


def _page(request: HttpRequest, status: int, heading: str, *sentences: str, to_do: str = "") -> HttpResponse:
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse(
            {"what": heading, "more": [words for words in sentences if words], "do": to_do}, status=status
        )
    return page(
        request,
        "design/went_wrong/page.jinja",
        status=status,
        heading=heading,
        sentences=[words for words in sentences if words],
        to_do=to_do,
    )


def _bare(status: int, heading: str, *sentences: str) -> HttpResponse:
    """A page drawn without the reader, the session or the database, which may be what is broken."""
    template = engines["jinja2"].get_template("design/went_wrong/bare.jinja")
    shown = {"heading": heading, "sentences": sentences, "language": get_language() or settings.LANGUAGE_CODE}
    return HttpResponse(template.render(shown), status=status)
