"""Answering a request with a page: the one way from a view to a template."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template import engines
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

LAYOUT_NAMES = frozenset({"header", "language", "notices", "languages", "here", "idle_seconds", "foot"})
TOKEN = "\N{OBJECT REPLACEMENT CHARACTER}token\N{OBJECT REPLACEMENT CHARACTER}"  # noqa: S105  (stands where the form token goes)


def page(request: HttpRequest, template: str, *, status: int = 200, **shown: Any) -> HttpResponse:
    """Render `template` with exactly what it is given, plus what every layout needs; an invalid form answers 422.

    Two names have a meaning to the layout: `form`, whose errors it lists at the top (and in the title), and `banner`
    (`design.rules.Banner`), whom the page is about.
    """
    if taken := LAYOUT_NAMES & shown.keys():
        raise TypeError(f"{template}: the layout itself uses {', '.join(sorted(taken))}. Give it another name.")
    form = shown.get("form")
    if status == 200 and form is not None and getattr(form, "is_bound", False) and form.errors:
        status = 422
    return render(request, template, shown, status=status)


def layout(request: HttpRequest) -> dict[str, Any]:
    """What every layout needs, for pages of ours and of the sign-in library alike."""
    # Django would mask its token anew for each form of the page
    token = SimpleLazyObject(lambda: get_token(request))
    return {
        "csrf_token": token,
        "csrf_input": SimpleLazyObject(
            lambda: format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)
        ),
        "header": _header_of(request, token),
        "language": get_language() or settings.LANGUAGE_CODE,
        "languages": settings.LANGUAGES,
        "notices": get_messages(request) if hasattr(request, "_messages") else (),
        "here": request.get_full_path(),
        "foot": getattr(request, "foot", ()),
        "idle_seconds": getattr(request, "idle_seconds", 0),
    }


def _header_of(request: HttpRequest, token: object) -> Callable[..., SafeString]:
    """The header in the reader's language and role; drawn only when a layout asks for it."""

    def header(*, sections: bool = True) -> SafeString:
        reader = getattr(request, "reader", None)
        shown = tuple((str(words), url, current) for words, url, current in getattr(request, "sections", ()))
        html = _draw_header(
            get_language() or settings.LANGUAGE_CODE,
            shown if sections else (),
            reader.name if reader else "",
            str(getattr(request, "acting_as", "") or _role_in_words(reader)),
        )
        return mark_safe(html.replace(TOKEN, str(token)) if reader else html)  # noqa: S308  (drawn by our template)

    return header


@lru_cache(maxsize=1024)
def _draw_header(language: str, sections: tuple[tuple[str, str, bool], ...], name: str, role: str) -> str:
    """The dearest part of a page, so drawn once for each reader, role, section and language."""
    template = engines["jinja2"].get_template("design/header.jinja")
    return template.render(
        {
            "sections": sections,
            "name": name,
            "role": role,
            "token": TOKEN,
            "sign_out_url": _address("account_logout"),
            "sign_in_url": _address("account_login"),
            "roles_url": _address("choose_role"),
        }
    )


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _role_in_words(reader: Any) -> str:
    """`GP, Brackenhill Surgery`: the acting role and its organisation."""
    if reader is None or not reader.role:
        return ""
    words = "GP" if reader.role == "gp" else reader.role.replace("_", " ").capitalize()
    return f"{words}, {reader.organisation_name}" if reader.organisation_name else words
