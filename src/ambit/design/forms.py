"""Django fields that render our components, and forms that keep what was typed and say what to do about it.

Any Django form renders through `field_parts.field_part`, also those of the sign-in library; the fields here add what our pages need.

    class NameForm(Form):
        family_name = CharField(label=_("Family name"), hint=_("As on the passport"), max_length=200)
        born_on = DateField(label=_("Date of birth"), required=False)
        seen = SeenField()
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any, ClassVar, cast

from django import forms
from django.forms.renderers import Jinja2
from django.template import engines
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ambit.design.refusals import Refused


class BoundField(forms.BoundField):
    """A field on its form; knows which input an error link jumps to."""

    @cached_property
    def first_input_id(self) -> str:
        widget = self.field.widget
        if isinstance(widget, ThreeInputs):
            return f"{self.auto_id}-{widget.to_mend(self.value() or ())[0]}"
        return self.auto_id


class Renderer(Jinja2):
    """Draws forms and fields with the same environment as pages."""

    form_template_name = "design/forms/form.jinja"
    formset_template_name = "design/forms/form.jinja"
    field_template_name = "design/forms/field.jinja"
    bound_field_class = BoundField

    def get_template(self, template_name: str) -> Any:
        if template_name.startswith("design/"):
            return engines["jinja2"].get_template(template_name)
        return super().get_template(template_name)


# between the parts of an input's name on the page that shows two versions; no field's name has one
SEPARATOR = "|"


class Form(forms.Form):
    """A form of ours. `compact` is the staff spacing; `marks_optional` is switched off for filters."""

    compact = True
    marks_optional = True
    use_required_attribute = False

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        data, self.undecided = settled(data)
        super().__init__(data, *args, **kwargs)

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound:
            for bound in self:
                if bound.html_name in self.undecided:
                    self.add_error(bound.name, _("Choose which version to keep, or write new words."))

    def offer(self, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
        """What a field of choices lets one choose, known only now."""
        cast(forms.ChoiceField, self.fields[name]).choices = list(choices)

    def as_page(self) -> str:
        """All fields, one below the other. The layout lists the errors at the top of the page."""
        return self.render()

    def refuse(self, refused: Refused) -> None:
        """Show what an action refused beside the fields it names."""
        for name, several in refused.problems.items():
            for words in several:
                self.add_error(name if name in self.fields else None, words)


VERSIONS = ("saved", "yours", "new")


def settled(data: Any) -> tuple[Any, frozenset[str]]:
    """What was sent, with the choices made between two versions (`design.conflict`) put in their places.

    Also the fields for which no choice was made: those get back what their author wrote, and an error.
    """
    offered = {name.split(SEPARATOR)[1] for name in data or () if name.startswith(f"yours{SEPARATOR}")}
    if not offered:
        return data, frozenset()
    chosen, undecided = data.copy(), set()
    for field_name in offered:
        whose = data.get(f"keep{SEPARATOR}{field_name}")
        if whose not in VERSIONS:
            undecided.add(field_name)
            whose = "yours"
        start = SEPARATOR.join((whose, field_name, ""))
        for name in [name for name in data if name.startswith(start)]:
            chosen.setlist(name.removeprefix(start), data.getlist(name))
    return chosen, frozenset(undecided)


# ---- Fields -----------------------------------------------------------------------------------------------------


class _Shown:
    """What every field of ours can say: a hint, the width in characters, and words for when it is left empty."""

    code = False

    def __init__(self, *args: Any, hint: Any = "", width: int = 0, required_words: Any = "", **kwargs: Any) -> None:
        kwargs.setdefault("help_text", hint)
        words = dict(kwargs.pop("error_messages", {}) or {})
        label = kwargs.get("label")
        if required_words or label:
            words.setdefault("required", required_words or self.left_empty(label))
        super().__init__(*args, error_messages=words, **kwargs)  # type: ignore[call-arg]
        self.width = width

    def left_empty(self, label: Any) -> Any:
        return _Filled(gettext_lazy("Fill in “%(label)s”."), label)


class _Filled:
    """Words with a label in them, put together when they are shown, in the reader's language."""

    def __init__(self, words: Any, label: Any) -> None:
        self.words, self.label = words, label

    def __str__(self) -> str:
        return str(self.words) % {"label": str(self.label)}


class CharField(_Shown, forms.CharField):
    """One line of text."""

    default_error_messages = {
        "max_length": gettext_lazy("Use %(limit_value)d characters or fewer. This has %(show_value)d."),
        "null_characters_not_allowed": gettext_lazy("Take out the characters that cannot be printed."),
    }

    def __init__(self, *args: Any, autocomplete: str = "", inputmode: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, value in {"autocomplete": autocomplete, "inputmode": inputmode}.items():
            if value:
                self.widget.attrs[name] = value


class NHSNumberField(CharField):
    """A number of ten digits as people write it, with spaces or dashes; `people.rules` judges it."""

    code = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("width", 10)
        super().__init__(*args, inputmode="numeric", **kwargs)
        self.widget.attrs["spellcheck"] = "false"


class TextField(CharField):
    """Several lines of text; `count_to` shows how many characters are left."""

    widget = forms.Textarea

    def __init__(self, *args: Any, rows: int = 4, count_to: int = 0, **kwargs: Any) -> None:
        if count_to:
            kwargs.setdefault("max_length", count_to)
        super().__init__(*args, **kwargs)
        self.rows, self.count_to = rows, count_to


class EmailField(_Shown, forms.EmailField):
    """An e-mail address."""

    default_error_messages = {"invalid": gettext_lazy("Enter an e-mail address like name@example.org.")}


class IntegerField(_Shown, forms.IntegerField):
    """A whole number, typed, without arrows to press by mistake."""

    widget = forms.TextInput
    default_error_messages = {
        "invalid": gettext_lazy("Enter a whole number, such as 4."),
        "min_value": gettext_lazy("Enter %(limit_value)s or more."),
        "max_value": gettext_lazy("Enter %(limit_value)s or less."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.widget.attrs["inputmode"] = "numeric"


class FileField(_Shown, forms.FileField):
    """A file to read in."""

    default_error_messages = {"empty": gettext_lazy("The file is empty. Choose another.")}


class _Choosing(_Shown):
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid_choice": gettext_lazy("Choose one of the answers shown.")
    }

    def left_empty(self, label: Any) -> Any:
        return _Filled(gettext_lazy("Choose an answer to “%(label)s”."), label)


class ChoiceField(_Choosing, forms.ChoiceField):
    """One of a few answers, as radios; `hints` says more about a value; `inline` sets short answers side by side."""

    widget = forms.RadioSelect

    def __init__(self, *args: Any, hints: Mapping[str, Any] | None = None, inline: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints, self.inline = hints or {}, inline


class SelectField(_Choosing, forms.ChoiceField):
    """One of many answers, as a drop-down list."""


class MultipleChoiceField(_Choosing, forms.MultipleChoiceField):
    """Any of several answers, as checkboxes."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *args: Any, hints: Mapping[str, Any] | None = None, inline: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.hints, self.inline = hints or {}, inline


class BooleanField(_Shown, forms.BooleanField):
    """One statement to tick."""

    def left_empty(self, label: Any) -> Any:
        return _Filled(gettext_lazy("Tick “%(label)s” to go on."), label)


class SeenField(forms.IntegerField):
    """The version somebody decided on; a save with an older one is refused with both shown."""

    widget = forms.HiddenInput
    default_error_messages = {
        "required": gettext_lazy("Open the page again: it did not say which version you saw."),
        "invalid": gettext_lazy("Open the page again: it did not say which version you saw."),
    }


# ---- Dates --------------------------------------------------------------------------------------------------------

PARTS = ("day", "month", "year")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NAMES = (
    gettext_lazy("January"), gettext_lazy("February"), gettext_lazy("March"), gettext_lazy("April"),
    gettext_lazy("May"), gettext_lazy("June"), gettext_lazy("July"), gettext_lazy("August"),
    gettext_lazy("September"), gettext_lazy("October"), gettext_lazy("November"), gettext_lazy("December"),
)  # fmt: skip


class ThreeInputs(forms.Widget):
    """Day, month and year as three inputs, never a calendar only. Values stay as they were typed."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[str, str, str]:
        return cast("tuple[str, str, str]", tuple((data.get(f"{name}-{part}") or "").strip() for part in PARTS))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return all(f"{name}-{part}" not in data for part in PARTS)

    def format_value(self, value: Any) -> Any:
        if isinstance(value, date):
            return str(value.day), str(value.month), str(value.year)
        return value or ("", "", "")

    def to_mend(self, value: Any) -> tuple[str, ...]:
        """Which of the inputs an error is about: the empty or impossible ones, else all."""
        typed = self.format_value(value)
        wrong = tuple(part for part, words in zip(PARTS, typed, strict=True) if not _number(part, words))
        return wrong or PARTS


class DateField(forms.Field):
    """A day, from three inputs. Says what is wrong with an impossible one: "31 February 2026 is not a date"."""

    widget = ThreeInputs

    def __init__(
        self, *, label: Any, hint: Any = "", required_words: Any = "", birth: bool = False, **kwargs: Any
    ) -> None:
        words: Any = required_words or _Filled(gettext_lazy("Fill in “%(label)s”."), label)
        super().__init__(label=label, help_text=hint, error_messages={"required": words}, **kwargs)
        self.birth = birth

    def to_python(self, value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        return None if not any(value) else read_date(*value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        widget = cast(ThreeInputs, self.widget)
        return widget.format_value(initial) != widget.format_value(data)


class TimeField(CharField):
    """A time of the day as people write it, on the clock of 24 hours: 14:05, 14.05, 9:30."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("hint", gettext_lazy("24 hours, like 14:05"))
        kwargs.setdefault("width", 5)
        super().__init__(*args, inputmode="numeric", **kwargs)

    def to_python(self, value: Any) -> Any:
        words = str(super().to_python(value)).replace(".", ":")
        if not words:
            return None
        hour, _colon, minute = words.partition(":")
        if not (words.isascii() and hour.isdigit() and minute.isdigit() and len(minute) == 2):
            raise forms.ValidationError(_("Write the time with hours and minutes, like 14:05."))
        try:
            return time(int(hour), int(minute))
        except ValueError:
            raise forms.ValidationError(_("Write the time with hours and minutes, like 14:05.")) from None


def read_date(day: str, month: str, year: str) -> date:
    """The day that three inputs name, or a ValidationError that says what to do."""
    typed = dict(zip(PARTS, (day, month, year), strict=True))
    names = {"day": _("day"), "month": _("month"), "year": _("year")}
    if empty := [names[part] for part in PARTS if not typed[part]]:
        raise forms.ValidationError(_("Enter the %(parts)s.") % {"parts": _(" and the ").join(empty)})
    numbers = {part: _number(part, words) for part, words in typed.items()}
    if not numbers["year"]:
        raise forms.ValidationError(
            _("“%(typed)s” is not a year. Write four digits, such as 1943.") % {"typed": typed["year"]}
        )
    if not numbers["month"]:
        raise forms.ValidationError(
            _("“%(typed)s” is not a month. Write a number from 1 to 12.") % {"typed": typed["month"]}
        )
    if not numbers["day"]:
        raise forms.ValidationError(
            _("“%(typed)s” is not a day. Write a number from 1 to 31.") % {"typed": typed["day"]}
        )
    length = monthrange(numbers["year"], numbers["month"])[1]
    if numbers["day"] > length:
        shown = {
            "day": numbers["day"],
            "month": MONTH_NAMES[numbers["month"] - 1],
            "year": numbers["year"],
            "days": length,
        }
        raise forms.ValidationError(
            _("%(day)s %(month)s %(year)s is not a date: %(month)s %(year)s has %(days)s days.") % shown
        )
    return date(numbers["year"], numbers["month"], numbers["day"])


def _number(part: str, words: str) -> int:
    """What was typed as a number in the range of its part, else 0. ASCII digits and English month names only."""
    if part == "month" and words[:3].lower() in MONTHS:
        return MONTHS.index(words[:3].lower()) + 1
    if part == "year":
        return int(words) if re.fullmatch("[1-9][0-9]{3}", words) else 0
    number = int(words) if re.fullmatch("[0-9]{1,2}", words) else 0
    return number if 1 <= number <= (31 if part == "day" else 12) else 0
