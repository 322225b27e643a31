"""Who is asking, and may they: before any view runs, for every route."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from ambit.access.queries import open_person, reader_of
from ambit.audit.rules import NotAllowed


class ReaderMiddleware:
    """Puts `request.reader` in place and refuses every route whose rule (`design.routes`) does not allow it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.reader = reader_of(request)  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple, kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        rule = getattr(view, "rule", None)
        if rule is None:
            if view.__module__.startswith(("allauth.", "django.contrib.staticfiles")):
                return None
            raise PermissionDenied("This page has no rule that says who may open it.")
        if not rule.signed_in:
            return None
        reader = request.reader  # type: ignore[attr-defined]
        if reader is None:
            return redirect_to_login(request.get_full_path())
        if rule.ability:
            reader.must(rule.ability)
        if rule.person:
            request.person = open_person(reader, kwargs[rule.person], why=request.path)  # type: ignore[attr-defined]
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, NotAllowed):
            raise PermissionDenied(exception.what) from exception
        return None
