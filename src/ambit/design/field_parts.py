"""From a bound field to what its template shows."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from ambit.design.forms import PARTS, ThreeInputs


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One radio, checkbox, option, or input of a date."""

    id: str
    label: Any
    value: str = ""
    hint: Any = ""
    name: str = ""
    chosen: bool = False
    width: int = 2
    autocomplete: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A field as its template shows it."""

    kind: str
    id: str = ""
    name: str = ""
    label: Any = ""
    hint: Any = ""
    errors: tuple[str, ...] = ()
    value: Any = ""
    input_type: str = "text"
    options: tuple[Option, ...] = ()
    attributes: tuple[tuple[str, Any], ...] = field(default_factory=tuple)
    described_by: str = ""
    width: int = 0
    rows: int = 4
    count_to: int = 0
    code: bool = False
    compact: bool = True
    inline: bool = False
    optional: bool = False
    disabled: bool = False


def field_part(bound: forms.BoundField) -> Part:
    """What the template of a field shows; works for Django's own fields too."""
    source, widget = bound.field, bound.field.widget
    if widget.is_hidden:
        return Part(kind="hidden")
    kind = _kind(widget)
    errors = tuple(str(words) for words in bound.errors)
    count_to = getattr(source, "count_to", None)
    described = [("info", count_to), ("hint", bound.help_text), ("error", errors)]
    value: Any = bound.value()
    return Part(
        kind=kind,
        id=bound.auto_id,
        name=bound.html_name,
        label=bound.label,
        hint=_settled(bound.help_text),
        errors=errors,
        value=bool(value) if kind == "checkbox" else widget.format_value(value) if kind == "input" else value or "",
        input_type=getattr(widget, "input_type", "text"),
        options=tuple(_options(bound, kind, value, bool(errors))),
        attributes=_attributes(source, widget, kind),
        described_by=" ".join(f"{bound.auto_id}-{name}" for name, there in described if there),
        width=getattr(source, "width", 0),
        rows=getattr(source, "rows", 4),
        count_to=count_to or 0,
        code=getattr(source, "code", False),
        compact=getattr(bound.form, "compact", True),
        inline=getattr(source, "inline", False),
        optional=not source.required and kind != "checkbox" and getattr(bound.form, "marks_optional", True),
        disabled=source.disabled,
    )


def _settled(words: Any) -> Any:
    """Words that are put together late, at once: else marked-up ones would be escaped."""
    return str(words) if isinstance(words, Promise) else words


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, ThreeInputs):
        return "date"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        return "checkboxes"
    if isinstance(widget, forms.RadioSelect):
        return "radios"
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, forms.Select):
        return "select"
    return "textarea" if isinstance(widget, forms.Textarea) else "input"


def _options(bound: forms.BoundField, kind: str, value: Any, wrong: bool) -> Iterable[Option]:
    source: Any = bound.field
    if kind == "date":
        typed = source.widget.format_value(value)
        mend = source.widget.to_mend(value) if wrong else ()
        words = (_("Day"), _("Month"), _("Year"))
        for index, part in enumerate(PARTS):
            yield Option(
                id=f"{bound.auto_id}-{part}",
                name=f"{bound.html_name}-{part}",
                label=words[index],
                value=typed[index],
                chosen=part in mend,
                width=4 if part == "year" else 2,
                autocomplete=f"bday-{part}" if getattr(source, "birth", False) else "",
            )
    elif kind in {"radios", "checkboxes", "select"}:
        chosen = {str(one) for one in value or ()} if kind == "checkboxes" else {"" if value is None else str(value)}
        hints = getattr(source, "hints", {})
        for number, (one, label) in enumerate(source.choices, start=1):
            yield Option(
                id=bound.auto_id if number == 1 else f"{bound.auto_id}-{number}",
                label=label,
                value=str(one),
                hint=hints.get(one, ""),
                chosen=str(one) in chosen,
            )


# what a widget may carry that would look or act otherwise than our fields: a placeholder is gone once one types
NOT_SHOWN = frozenset({"class", "style", "id", "cols", "rows", "placeholder"})


def _attributes(source: forms.Field, widget: forms.Widget, kind: str) -> tuple[tuple[str, Any], ...]:
    """Attributes set on the widget by hand, and those that keep the field usable."""
    kept = {name: value for name, value in widget.attrs.items() if name not in NOT_SHOWN}
    if source.disabled:
        kept["disabled"] = True
    if kind in {"input", "textarea"} and getattr(source, "count_to", None):
        kept.pop("maxlength", None)
    return tuple((name, value) for name, value in kept.items() if value is not False and value is not None)
