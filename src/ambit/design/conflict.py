"""When two people save at once: both versions beside each other, a choice for each part, and nothing lost."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ambit.design.environment import day, moment
from ambit.design.forms import PARTS, SEPARATOR, SeenField, ThreeInputs
from ambit.design.page import page
from ambit.design.refusals import Stale

Pieces = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Differing:
    """One part that is not the same in both versions; `pieces` mark what only one of them has."""

    name: str
    label: str
    saved_pieces: Pieces
    your_pieces: Pieces
    inputs: tuple[tuple[str, str], ...]


def stale_page(request: HttpRequest, stale: Stale, form: forms.Form) -> HttpResponse:
    """Answer a stale save with 409: `stale.saved` maps the form's fields to what is saved now; `form` holds yours."""
    saved: Mapping[str, Any] = stale.saved or {}
    differing: list[Differing] = []
    unchanged: list[tuple[str, str]] = []
    for bound in form:
        if isinstance(bound.field, SeenField):
            continue
        yours = form.cleaned_data.get(bound.name) if hasattr(form, "cleaned_data") else bound.value()
        if bound.name not in saved or _same(saved[bound.name], yours):
            unchanged += _inputs(bound, yours)
            continue
        saved_words, your_words = _in_words(bound, saved[bound.name]), _in_words(bound, yours)
        both = [("saved", saved[bound.name]), ("yours", yours)]
        differing.append(
            Differing(
                bound.html_name,
                str(bound.label),
                pieces(your_words, saved_words),
                pieces(saved_words, your_words),
                tuple(
                    (SEPARATOR.join((whose, bound.html_name, name)), value)
                    for whose, kept in both
                    for name, value in _inputs(bound, kept)
                ),
            )
        )
    seen = next((bound.html_name for bound in form if isinstance(bound.field, SeenField)), "seen")
    return page(
        request,
        "design/went_wrong/stale.jinja",
        status=409,
        what=stale.what,
        seen=stale.seen,
        current=stale.current,
        seen_name=seen,
        parts=differing,
        unchanged=unchanged,
        keep=SEPARATOR.join(("keep", "")),
        action=request.get_full_path(),
    )


def pieces(before: str, after: str) -> Pieces:
    """`after` cut into what `before` has too and what only `after` has, word by word."""
    old, new = before.split(), after.split()
    cut: list[tuple[str, str]] = []
    for kind, _i, _j, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if start < end:
            cut.append(("same" if kind == "equal" else "added", " ".join(new[start:end])))
    return tuple(cut)


def _same(saved: Any, yours: Any) -> bool:
    empty: tuple[Any, ...] = (None, "", [], ())
    return saved == yours or (saved in empty and yours in empty) or str(saved) == str(yours)


def _inputs(bound: forms.BoundField, value: Any) -> Iterator[tuple[str, str]]:
    """The form inputs that would send this value."""
    widget = bound.field.widget
    if isinstance(widget, ThreeInputs):
        for part, words in zip(PARTS, widget.format_value(value), strict=True):
            yield f"{bound.html_name}-{part}", words
    elif isinstance(widget, forms.CheckboxInput):
        if value:
            yield bound.html_name, "on"
    elif isinstance(value, list | tuple | set):
        for one in value:
            yield bound.html_name, str(one)
    else:
        yield bound.html_name, "" if value is None else str(value)


def _in_words(bound: forms.BoundField, value: Any) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, date):
        return day(value)
    if value in (None, "", []):
        return ""
    choices = {str(one): str(label) for one, label in getattr(bound.field, "choices", ())}
    several: Iterable[Any] = value if isinstance(value, list | tuple | set) else [value]
    return ", ".join(choices.get(str(one), str(one)) for one in several)
