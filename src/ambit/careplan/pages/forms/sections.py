"""A section's form is made from its items in the registry; it keeps what was typed and does not judge it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _

from ambit.careplan.queries import SectionFact
from ambit.careplan.rules import (
    DATE,
    KNOWN,
    MOMENT,
    PERSON,
    ROWS,
    TEXT,
    Item,
    Section,
    path,
)
from ambit.design.environment import short_day
from ambit.design.forms import (
    CharField,
    ChoiceField,
    DateField,
    Form,
    MultipleChoiceField,
    SeenField,
    SelectField,
    TextField,
)

MOST_ROWS = 8
ROWS_SHOWN, EMPTY_ROWS = 3, 2
MOST_COLUMNS = 4
MOST_RADIOS = 14
AT = "__at"
"""Ends the name of the field for the time of a moment; its day is in the field of the item itself."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of an item as a page shows them: its label and hint, the headings, and a field for each cell.

    Rows with many parts, or with parts that need room, stand below each other instead of in a table.
    """

    label: str
    hint: str
    headings: tuple[str, ...]
    rows: tuple[tuple[BoundField, ...], ...]
    stacked: bool


class SectionForm(Form):
    """The items of one section, with the version the writer began from. What is missing is said by the action.

    `asked` are the items this writer is asked for; `people` are those who matter, for items that name one of them.
    """

    seen = SeenField()
    marks_optional = False

    def __init__(
        self,
        section: Section,
        *args: Any,
        content: Mapping[str, Any],
        seen: int,
        asked: Collection[str] | None = None,
        people: Sequence[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = values(section, content) | {"seen": seen}
        super().__init__(*args, **kwargs)
        self.section = section
        self.items = [item for item in section.items if asked is None or item.id in asked]
        self.people = dict(people) | _named(section, content)
        for item in self.items:
            if item.type == ROWS:
                for number in range(_most(item)):
                    for part in item.items:
                        self.fields[path(item.id, number, part.id)] = self._field(part, number=number)
            else:
                self.fields[item.id] = self._field(item)
            if item.type == MOMENT:
                self.fields[item.id + AT] = CharField(
                    label=_("%(label)s: time") % {"label": item.label}, hint=_("Such as 14:30"), width=5, required=False
                )

    def shown(self) -> Iterator[BoundField | Table]:
        """The fields in the order of the section; rows as tables, with room for more, so that nothing needs a script."""
        for item in self.items:
            if item.type != ROWS:
                yield self[item.id]
                if item.type == MOMENT:
                    yield self[item.id + AT]
                continue
            rows = [tuple(self[path(item.id, number, part.id)] for part in item.items) for number in range(_most(item))]
            filled = max((n for n, row in enumerate(rows, 1) if any(_says(cell) for cell in row)), default=0)
            stacked = len(item.items) > MOST_COLUMNS or any(part.type in (TEXT, DATE) for part in item.items)
            room = max(1, filled + 1) if stacked else max(ROWS_SHOWN, filled + EMPTY_ROWS)
            yield Table(
                label=item.label,
                hint=item.hint,
                headings=tuple(part.label for part in item.items),
                rows=tuple(rows[:room]),
                stacked=stacked,
            )

    def content(self) -> dict[str, Any]:
        """What was typed, as a section's content."""
        said: dict[str, Any] = {}
        for item in self.items:
            if item.type == ROWS:
                rows = []
                for number in range(_most(item)):
                    names = {part: path(item.id, number, part.id) for part in item.items}
                    rows.append({part.id: self._value(part, name) for part, name in names.items()})
                said[item.id] = rows
            else:
                said[item.id] = self._value(item, item.id)
        return said

    def kept(self) -> dict[str, Any]:
        """The same as it can be stored: days as text, empty rows left out."""
        kept: dict[str, Any] = {}
        for name, value in self.content().items():
            if isinstance(value, list):
                value = [_stored(row) for row in value if not isinstance(row, dict) or any(row.values())]
            if value not in (None, "", []):
                kept[name] = _stored(value)
        return kept

    def _value(self, item: Item, name: str) -> Any:
        value = self.cleaned_data.get(name)
        if item.type == PERSON:
            return {"id": value, "name": self.people[value]} if value else None
        if item.type == MOMENT and value:
            return f"{value.isoformat()}T{self.cleaned_data.get(name + AT) or ''}"
        return value

    def _field(self, item: Item, *, number: int | None = None) -> forms.Field:
        label = item.label if number is None else f"{number + 1}. {item.label}"
        said: dict[str, Any] = {"label": label, "hint": item.hint, "required": False}
        choices = [(value.id, value.label) for value in item.values]
        match item.type:
            case "choice" | "known" if number is None and len(choices) <= MOST_RADIOS:
                return ChoiceField(choices=choices, inline=item.type == KNOWN, **said)
            case "choice" | "known":
                return SelectField(choices=[("", ""), *choices], **said)
            case "person":
                return SelectField(choices=[("", ""), *self.people.items()], **said)
            case "choices":
                return MultipleChoiceField(choices=choices, **said)
            case "date" | "moment":
                return DateField(**said)
            case "text":
                return TextField(rows=5 if number is None else 3, **said)
            case "number":
                unit = f"{label} ({item.unit})" if item.unit else label
                return CharField(inputmode="numeric", width=5, **(said | {"label": unit}))
            case "telephone":
                return CharField(inputmode="tel", width=20, **said)
            case "code":
                return CharField(inputmode="numeric", width=20, **said)
        return CharField(**said)


class SeenForm(Form):
    """The version somebody read."""

    seen = SeenField()


class CompareForm(Form):
    """Which two versions of a section to compare."""

    marks_optional = False

    def __init__(self, data: Any = None, *, versions: Sequence[SectionFact], **kwargs: Any) -> None:
        """Of the newest first: each with its day and whose words it is, which a number alone does not say."""
        numbers = [version.number for version in versions]
        last, before = numbers[0] if numbers else 0, numbers[1] if len(numbers) > 1 else 0
        super().__init__(data, initial={"from": str(before), "to": str(last)}, **kwargs)
        words = _("Version %(number)s")
        choices = [
            (str(one.number), f"{words % {'number': one.number}}, {short_day(one.saved_at)}, {one.author_name}")
            for one in versions
        ]
        self.fields["from"] = SelectField(label=_("Compare"), choices=choices)
        self.fields["to"] = SelectField(label=_("with"), choices=choices)


def values(section: Section, content: Mapping[str, Any]) -> dict[str, Any]:
    """A section's content as the values of its form's fields."""
    found: dict[str, Any] = {}
    for item in section.items:
        value = content.get(item.id)
        if item.type == ROWS:
            for number in range(_most(item)):
                row = value[number] if value and number < len(value) else {}
                for part in item.items:
                    found[path(item.id, number, part.id)] = _initial(part, row.get(part.id))
        else:
            found[item.id] = _initial(item, value)
        if item.type == MOMENT:
            found[item.id + AT] = str(value)[11:16] if value else ""
    return found


def _initial(item: Item, value: Any) -> Any:
    match item.type:
        case "date" | "moment":
            return date.fromisoformat(value[:10]) if value else None
        case "person":
            return value["id"] if value else ""
        case "choices":
            return value or []
        case "number":
            return "" if value is None else str(value)
    return value or ""


def _named(section: Section, content: Mapping[str, Any]) -> dict[str, str]:
    """Those whom the section names already: they stay to be chosen when they are no longer among those who matter."""
    found: dict[str, str] = {}
    for item in section.items:
        rows: Any = content.get(item.id) or []
        if item.type == PERSON and rows:
            found[rows["id"]] = rows["name"]
        for part in item.items:
            if part.type == PERSON:
                found |= {row[part.id]["id"]: row[part.id]["name"] for row in rows if row.get(part.id)}
    return found


def _says(cell: BoundField) -> bool:
    value = cell.value()
    return bool(cell.errors or (any(value) if isinstance(value, tuple) else value))


def _stored(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _stored(one) for name, one in value.items() if one not in (None, "")}
    return value.isoformat() if isinstance(value, date | datetime) else value


def _most(item: Item) -> int:
    return item.most or MOST_ROWS
