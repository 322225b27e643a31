"""Forms of workbooks: bring one, say what its columns are, decide its conflicts."""

from collections.abc import Mapping, Sized
from typing import Any

from django.utils.translation import gettext_lazy as _

from ambit.design.forms import ChoiceField, FileField, Form, SeenField, SelectField
from ambit.improvement.queries import Foreign, problems_of_placing
from ambit.improvement.rules.merging import OURS, THEIRS

NAMES = {
    "foundation": _("Foundation or statement"),
    "meaning": _("What it means"),
    "position": _("Our position"),
    "action": _("Action plan"),
    "rating": _("RAG"),
    "why_rating": _("Why this rating"),
    "owner": _("Owner"),
    "due": _("Completion"),
    "what": _("Action or milestone"),
    "driver": _("Driver: why it should work"),
    "lever": _("Lever"),
    "forecast": _("Expected now"),
    "progress_note": _("How it is going"),
    "shown_by": _("What shows it"),
    "delivery": _("Delivery, as RAG or BRAG"),
    "why_delivery": _("Why this rating"),
    "effect": _("Expected effect"),
    "statement": _("Foundation or statement"),
    "level": _("Level, or RAG"),
    "comment": _("Anything else"),
}
"""What a column can be, in words."""
ALSO = {
    "new": _("A new row"),
    "new-milestone": _("A new milestone"),
    "leave": _("Leave it out"),
}


def _fields(found: Foreign) -> tuple[tuple[str, Any], ...]:
    return (("", _("Not taken")), *((name, NAMES[name]) for name in found.shape.fields))


class BringWorkbookForm(Form):
    """A workbook that comes back."""

    file = FileField(
        label=_("Workbook"),
        hint=_("An Excel workbook (.xlsx), at most 10 MB"),
        required_words=_("Choose a workbook."),
    )


class BringLeversForm(Form):
    """A list of levers."""

    file = FileField(
        label=_("List of levers"), hint=_("A CSV file in UTF-8, at most 500 lines and 1 MB"), required=False
    )


class MergeForm(Form):
    """For each conflict, which of the two stays."""

    marks_optional = False

    seen = SeenField()

    def __init__(self, *args: Any, conflicts: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = []
        for number, line in enumerate(conflicts):
            row, _sep, field = line.name.partition("|")
            self.keys.append((row, field))
            self.fields[self.name_of(number)] = ChoiceField(
                label=f"{line.statement}: {line.label}",
                choices=((OURS, _("Keep what stands here")), (THEIRS, _("Take the workbook’s"))),
                required_words=_("Choose which of the two stays, for “%(statement)s”.") % {"statement": line.statement},
            )

    @staticmethod
    def name_of(number: int) -> str:
        """The field of a conflict, by its place on the page."""
        return f"cell-{number}"

    @classmethod
    def all_of(cls, side: str | None, conflicts: Sized) -> dict[str, str]:
        """The same side chosen for every conflict, to be looked at and changed before anything is taken over."""
        return {cls.name_of(number): side for number in range(len(conflicts))} if side in (OURS, THEIRS) else {}

    def choices(self) -> dict[tuple[str, str], str]:
        return {key: self.cleaned_data[self.name_of(number)] for number, key in enumerate(self.keys)}


class MappingForm(Form):
    """What each column of a workbook is, and into which row each of its records goes."""

    marks_optional = False

    def __init__(self, *args: Any, found: Foreign, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = found
        self.fields["sheet"] = SelectField(
            label=_("Sheet"),
            choices=[(str(number), one.name) for number, one in enumerate(found.sheets)],
            initial=str(found.sheet),
        )
        for heading in found.headings:
            self.fields[f"column-{heading.column}"] = SelectField(
                label=_("Column %(letters)s is") % {"letters": heading.letters},
                choices=_fields(found),
                required=False,
                initial=heading.field,
            )
        rows = [*found.rows.items(), *((name, ALSO[name]) for name in found.also)]
        for one in found.asked:
            self.fields[f"row-{one.record.first_row}"] = SelectField(
                label=_("Row %(row)s goes into") % {"row": one.record.first_row}, choices=rows, initial=one.goes_to
            )

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if self.found.shape.key not in (self.found.layout.columns.values() if self.found.layout else ()):
            self.add_error(None, _("Say which column is “%(words)s”.") % {"words": NAMES[self.found.shape.key]})
        for row, words in problems_of_placing(self.found).items():
            name = f"row-{row}"
            self.add_error(name if name in self.fields else None, words)
        return told

    @staticmethod
    def chosen(sent: Mapping[str, str]) -> dict[str, Any]:
        """What was chosen in the page, as far as it can be read."""
        columns = {name[7:]: sent[name] for name in sent if name.startswith("column-")}
        rows = {name[4:]: sent[name] for name in sent if name.startswith("row-")}
        told: dict[str, Any] = {
            "sheet": int(sent["sheet"]) if sent.get("sheet", "").isdecimal() else None,
        }
        # another sheet has other columns: what was chosen for those of the first is not meant for them
        if sent.get("sheet") == sent.get("shown"):
            known = {"", *NAMES}
            told["header_row"] = int(sent["header_row"]) if sent.get("header_row", "").isdecimal() else None
            told["columns"] = {int(at): name for at, name in columns.items() if at.isdecimal() and name in known}
            told["goes_to"] = {int(at): name for at, name in rows.items() if at.isdecimal()}
        return told
