"""Forms about brothers and sisters with records of their own."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from ambit.design.forms import CharField, ChoiceField, Form, TextField


class SearchForm(Form):
    marks_optional = False
    search = CharField(
        label=_("Find their record among the people you look after"),
        hint=_("Name, NHS number or date of birth"),
        required=False,
        max_length=100,
        width=20,
    )


class TieSiblingForm(Form):
    marks_optional = False
    sibling = ChoiceField(label=_("Which record is theirs"), required=False)

    def __init__(self, *args: Any, found: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("sibling", list(found))


class UntieSiblingForm(Form):
    marks_optional = False
    reason = TextField(label=_("Why they are not brother or sister here"), rows=2, required=False, max_length=500)
