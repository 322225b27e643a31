"""What the person's own pages ask. Forms check and clean; actions judge and save."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from ambit.careplan.pages.forms.sections import SectionForm
from ambit.careplan.rules import WRITE, Section
from ambit.design.forms import Form, SelectField, TextField
from ambit.mycare.rules import WHOSE_WORDS, Who, for_person, whose_words


class OwnForm(Form):
    """Larger than those of staff."""

    compact = False
    marks_optional = False


class MyWordsForm(SectionForm):
    """A section that is the person's own, in their words; whose words they are follows from who writes."""

    compact = False

    def __init__(self, section: Section, *args: Any, content: Mapping[str, Any], who: Who, **kwargs: Any) -> None:
        self.whole = section
        self.who = who
        self.kept_items = {item.id: content.get(item.id) for item in section.items if item.id == WHOSE_WORDS}
        mine = for_person(section)
        shown = tuple(item for item in mine.items if item.id != WHOSE_WORDS and item.for_person == WRITE)
        super().__init__(replace(mine, items=shown), *args, content=content, **kwargs)

    def content(self) -> dict[str, Any]:
        said = super().content()
        if WHOSE_WORDS in self.kept_items:
            said[WHOSE_WORDS] = whose_words(self.who)
        return said


class ProposeChangeForm(OwnForm):
    """What should be different, in the writer's own words."""

    section = SelectField(label=_("Which part of your plan is it about?"), required=False)
    words = TextField(label=_("What should be different?"), rows=4, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, parts: list[tuple[str, str]], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {}).setdefault("key", uuid4())
        super().__init__(data, **kwargs)
        self.fields["section"].choices = [("", _("I am not sure, or it is about something else")), *parts]  # type: ignore[attr-defined]
