"""Forms of the plan. A section's form is made from its items in the registry; it keeps what was typed and does not judge it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from ambit.careplan import cpr
from ambit.careplan.actions import CPRForm
from ambit.careplan.rules import CHOICE, DATE, ROWS, TELEPHONE, TEXT, Item, Section, path
from ambit.design.forms import (
    CharField,
    ChoiceField,
    DateField,
    Form,
    MultipleChoiceField,
    SeenField,
    TextField,
)

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


READINGS = [
    (reading, cpr.WORDS[reading]) for reading in (cpr.DO_NOT_ATTEMPT, cpr.ATTEMPT, cpr.MODIFIED, cpr.NOT_DECIDED)
]


class TranscribeCPRForm(Form):
    """A form on paper, as it stands."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reading = ChoiceField(label=_("What the form says"), choices=READINGS)
    made_on = DateField(label=_("Day on the form"), hint=_("Leave it empty if the form shows none."), required=False)
    signature_seen = ChoiceField(
        label=_("Did you see a clinician's signature on it?"), choices=[("yes", _("Yes")), ("no", _("No"))], inline=True
    )
    decided_by = CharField(label=_("Who decided, as on the form"), required=False, max_length=200)
    decided_by_role = CharField(label=_("Their role"), required=False, max_length=200)
    reason = TextField(label=_("Reason, as on the form"), rows=3, required=False, max_length=2000)
    review_on = DateField(label=_("Review day on the form"), required=False)
    paper_at = CharField(label=_("Where the form is kept"), required=False, max_length=200)

    def said(self) -> CPRForm:
        kept = self.cleaned_data
        return CPRForm(
            reading=kept["reading"],
            made_on=kept["made_on"],
            reason=kept["reason"],
            decided_by=kept["decided_by"],
            decided_by_role=kept["decided_by_role"],
            review_on=kept["review_on"],
            paper_at=kept["paper_at"],
        )


class MakeCPRForm(Form):
    """A decision made here (L17, L19, L23); the action says what is missing."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    reading = ChoiceField(
        label=_("What was decided"),
        choices=READINGS,
        hints={cpr.DO_NOT_ATTEMPT: _("About CPR only. All other care goes on.")},
    )
    made_on = DateField(label=_("Day on which it was made"))
    reason = TextField(label=_("Why, in words the person could read"), rows=3, required=False, max_length=2000)
    talked = ChoiceField(label=_("With whom it was talked about"), choices=list(cpr.TALKED.items()))
    why_not_talked = TextField(
        label=_("If it was not talked about, why"),
        hint=_("Distress alone is not a reason."),
        rows=2,
        required=False,
        max_length=2000,
    )
    decided_by = CharField(label=_("Senior clinician responsible"), required=False, max_length=200)
    decided_by_role = CharField(label=_("Their role"), required=False, max_length=200)
    review_on = DateField(label=_("Review by"), required=False)
    paper_at = CharField(label=_("Where the paper form is"), required=False, max_length=200)

    def __init__(self, *args: Any, current: Iterable[cpr.Recorded], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        standing = [
            (str(form.id), f"{form.words}, {form.made_on:%-d %B %Y}" if form.made_on else f"{form.words}, no day given")
            for form in current
        ]
        if standing:
            self.fields["replaces"] = MultipleChoiceField(
                label=_("Which of these does it replace?"),
                hint=_("What you do not tick stays beside it. If they disagree, both are shown first."),
                choices=standing,
                required=False,
            )

    def said(self) -> CPRForm:
        kept = {name: value for name, value in self.cleaned_data.items() if name not in ("key", "replaces")}
        return CPRForm(**kept)

    def replaces(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data.get("replaces", ())]


class EndCPRForm(Form):
    how = ChoiceField(
        label=_("What became of it"),
        choices=[(cpr.WITHDRAWN, _("Withdrawn")), (cpr.WRONG, _("Recorded by mistake"))],
    )
    reason = TextField(label=_("Why it no longer counts"), rows=3, max_length=2000)
