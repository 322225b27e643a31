"""Answering a request with a page: the one way from a view to a template."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def page(request: HttpRequest, template: str, *, status: int = 200, **shown: Any) -> HttpResponse:
    """Render `template` with exactly what it is given, plus what every layout needs; an invalid form answers 422."""
    form = shown.get("form")
    if status == 200 and form is not None and getattr(form, "is_bound", False) and form.errors:
        status = 422
    return render(request, template, shown, status=status)
