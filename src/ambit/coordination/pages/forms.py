"""Forms about tasks and coordinators; they check and clean, and do not save."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from ambit.coordination.queries import Choice, Owner
from ambit.design.forms import CharField, DateField, Form, SeenField, SelectField, TextField


def owner(value: str, choices: list[Choice]) -> Owner:
    """The owner that a choice names: `team:…`, `organisation:…` or `account:…`."""
    kind, _colon, key = value.partition(":")
    name = next(choice.words for choice in choices if choice.value == value)
    if kind == "account":
        return Owner(name=name, account_id=int(key))
    if kind == "team":
        return Owner(name=name, team_id=UUID(key))
    return Owner(name=name, organisation_id=UUID(key))


def _or_choose(choices: list[Choice]) -> list[tuple[str, Any]]:
    return [("", _("Choose")), *((choice.value, choice.words) for choice in choices)]


class DoTaskForm(Form):
    seen = SeenField()
    note = TextField(label=_("What was done"), rows=3, max_length=1000)


class TakeTaskForm(Form):
    seen = SeenField()


class HandOverForm(Form):
    seen = SeenField()
    to = SelectField(label=_("To whom"))
    note = TextField(label=_("Note for them"), rows=2, required=False, max_length=1000)

    def __init__(self, *args: Any, owners: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = SelectField(label=_("To whom"), choices=_or_choose(owners))
        self.owners = owners

    def clean_to(self) -> Owner:
        return owner(self.cleaned_data["to"], self.owners)


class RaiseTaskForm(Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    what = CharField(label=_("What there is to do"), max_length=200)
    owner = SelectField(label=_("Whose task it is"))
    due_on = DateField(label=_("By when"), required=False)
    note = TextField(label=_("Note"), rows=2, required=False, max_length=1000)

    def __init__(self, *args: Any, owners: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"] = SelectField(label=_("Whose task it is"), choices=_or_choose(owners))
        self.owners = owners

    def clean_owner(self) -> Owner:
        return owner(self.cleaned_data["owner"], self.owners)


class NameCoordinatorForm(Form):
    seen = forms.UUIDField(widget=forms.HiddenInput, required=False)
    membership_id = SelectField(label=_("Who coordinates"))

    def __init__(self, *args: Any, possible: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = _or_choose(possible)
        self.fields["membership_id"] = SelectField(label=_("Who coordinates"), choices=choices)
