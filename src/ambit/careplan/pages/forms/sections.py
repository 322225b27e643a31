"""A section's form is made from its items in the registry; it keeps what was typed and does not judge it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField

from ambit.careplan.rules import CHOICE, DATE, ROWS, TELEPHONE, TEXT, Item, Section, path
from ambit.design.forms import CharField, ChoiceField, DateField, Form, SeenField, TextField

MOST_ROWS = 8
ROWS_SHOWN, EMPTY_ROWS = 3, 2


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of an item as a page shows them: its label and hint, the headings, and a field for each cell."""

    label: str
    hint: str
    headings: tuple[str, ...]
    rows: tuple[tuple[BoundField, ...], ...]


class SectionForm(Form):
    """The items of one section, with the version the writer began from. What is missing is said by the action."""

    seen = SeenField()
    marks_optional = False

    def __init__(self, section: Section, *args: Any, content: Mapping[str, Any], seen: int, **kwargs: Any) -> None:
        kwargs["initial"] = values(section, content) | {"seen": seen}
        super().__init__(*args, **kwargs)
        self.section = section
        for item in section.items:
            if item.type == ROWS:
                for number in range(_most(item)):
                    for part in item.items:
                        self.fields[path(item.id, number, part.id)] = _field(part, number=number)
            else:
                self.fields[item.id] = _field(item)

    def shown(self) -> Iterator[BoundField | Table]:
        """The fields in the order of the section; rows as tables, with room for more, so that nothing needs a script."""
        for item in self.section.items:
            if item.type != ROWS:
                yield self[item.id]
                continue
            rows = [tuple(self[path(item.id, number, part.id)] for part in item.items) for number in range(_most(item))]
            filled = max(
                (n for n, row in enumerate(rows, 1) if any(cell.value() or cell.errors for cell in row)), default=0
            )
            yield Table(
                label=item.label,
                hint=item.hint,
                headings=tuple(part.label for part in item.items),
                rows=tuple(rows[: max(ROWS_SHOWN, filled + EMPTY_ROWS)]),
            )

    def content(self) -> dict[str, Any]:
        """What was typed, as a section's content."""
        said: dict[str, Any] = {}
        for item in self.section.items:
            if item.type == ROWS:
                rows = []
                for number in range(_most(item)):
                    names = {part.id: path(item.id, number, part.id) for part in item.items}
                    rows.append({part: self.cleaned_data.get(name) for part, name in names.items()})
                said[item.id] = rows
            else:
                said[item.id] = self.cleaned_data.get(item.id)
        return said

    def kept(self) -> dict[str, Any]:
        """The same as it can be stored: days as text."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in self.content().items()
            if value not in (None, "", [])
        }


def values(section: Section, content: Mapping[str, Any]) -> dict[str, Any]:
    """A section's content as the values of its form's fields."""
    found: dict[str, Any] = {}
    for item in section.items:
        value = content.get(item.id)
        if item.type == ROWS:
            for number in range(_most(item)):
                row = value[number] if value and number < len(value) else {}
                for part in item.items:
                    found[path(item.id, number, part.id)] = row.get(part.id, "")
        elif item.type == DATE:
            found[item.id] = date.fromisoformat(value) if value else None
        else:
            found[item.id] = value or ""
    return found


def _most(item: Item) -> int:
    return item.most or MOST_ROWS


def _field(item: Item, *, number: int | None = None) -> forms.Field:
    label = item.label if number is None else f"{number + 1}. {item.label}"
    said: dict[str, Any] = {"label": label, "hint": item.hint, "required": False}
    if item.type == CHOICE:
        return ChoiceField(choices=[(value.id, value.label) for value in item.values], **said)
    if item.type == DATE:
        return DateField(**said)
    if item.type == TEXT:
        return TextField(rows=5, **said)
    if item.type == TELEPHONE:
        return CharField(inputmode="tel", width=20, **said)
    return CharField(**said)
