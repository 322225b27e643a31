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
from ambit.design.forms import PARTS, SEPARATOR, CharField, SeenField, ThreeInputs
from ambit.design.page import page
from ambit.design.refusals import Stale

Pieces = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Differing:
    """One part that is not the same in both versions; `pieces` mark what each added and took out."""

    name: str
    label: str
    saved_pieces: Pieces
    your_pieces: Pieces
    inputs: tuple[tuple[str, str], ...]
    changed_by: str = ""
    before: str = ""
    new_name: str = ""
    new_words: str = ""


def stale_page(
    request: HttpRequest,
    stale: Stale,
    form: forms.Form,
    *,
    before: Mapping[str, Any] | None = None,
    saved_by: str = "",
    saved_at: datetime | None = None,
    telephone: str = "",
    banner: Any = None,
) -> HttpResponse:
    """Answer a stale save with 409: `stale.saved` maps the form's fields to what is saved now; `form` holds yours.

    With `before`, the version both began from, each side is compared with it, and a part that only one side changed
    is chosen already; a part that both changed never is. `telephone` is that of `saved_by`;
    `banner` says whom the page is about.
    """
    saved: Mapping[str, Any] = stale.saved or {}
    differing: list[Differing] = []
    unchanged: list[tuple[str, str]] = []
    for bound in form:
        if isinstance(bound.field, SeenField):
            continue
        yours = form.cleaned_data.get(bound.name) if hasattr(form, "cleaned_data") else bound.value()
        if bound.name not in saved or _same(saved[bound.name], yours):
            unchanged += _inputs(bound, yours)
        else:
            differing.append(_differing(bound, saved[bound.name], yours, before))
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
        saved_by=saved_by,
        saved_at=saved_at,
        telephone=telephone,
        compared=before is not None,
        banner=banner,
    )


def _differing(bound: forms.BoundField, saved: Any, yours: Any, before: Mapping[str, Any] | None) -> Differing:
    saved_words, your_words = _in_words(bound, saved), _in_words(bound, yours)
    known = before is not None and bound.name in before
    first = before[bound.name] if before is not None and known else None
    first_words = _in_words(bound, first) if known else ""
    changed_by = ""
    if known:
        changed_by = "you" if _same(first, saved) else "they" if _same(first, yours) else "both"
    writes = isinstance(bound.field, CharField)
    new_name = SEPARATOR.join(("new", bound.html_name, bound.html_name)) if writes else ""
    return Differing(
        name=bound.html_name,
        label=str(bound.label),
        saved_pieces=pieces(first_words if known else your_words, saved_words, with_removed=known),
        your_pieces=pieces(first_words if known else saved_words, your_words, with_removed=known),
        inputs=tuple(
            (SEPARATOR.join((whose, bound.html_name, name)), value)
            for whose, kept in (("saved", saved), ("yours", yours))
            for name, value in _inputs(bound, kept)
        ),
        changed_by=changed_by,
        before=first_words,
        new_name=new_name,
        new_words=your_words if writes else "",
    )


def pieces(before: str, after: str, *, with_removed: bool = False) -> Pieces:
    """`after` cut into what `before` has too and what only `after` has; with what only `before` had, if wanted."""
    old, new = before.split(), after.split()
    cut: list[tuple[str, str]] = []
    for kind, old_start, old_end, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if with_removed and kind in {"delete", "replace"}:
            cut.append(("removed", " ".join(old[old_start:old_end])))
        if start < end:
            cut.append(("same" if kind == "equal" else "added", " ".join(new[start:end])))
    return tuple(cut)


def _same(saved: Any, yours: Any) -> bool:
    empty: tuple[Any, ...] = (None, "", [], ())
    if isinstance(saved, list | tuple) and isinstance(yours, list | tuple):
        return [str(one) for one in saved] == [str(one) for one in yours]
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
