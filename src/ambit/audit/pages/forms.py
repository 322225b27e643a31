"""Which lines of the trail somebody wants to see."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ambit.audit.queries import Wanted
from ambit.design.forms import CharField, DateField, Form, IntegerField, SelectField


class TrailForm(Form):
    """Narrow the trail; every field may stay empty."""

    about = CharField(
        label=_("Record"), required=False, width=20, hint=_("The identifier of a person’s record, as lines show it.")
    )
    account = IntegerField(label=_("Account number"), required=False, min_value=1, width=5)
    what = SelectField(label=_("What was done"), required=False)
    on = DateField(label=_("Day"), required=False)

    def __init__(self, *args: Any, kinds: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.data.get("what", "") if self.is_bound else ""
        # something done long ago may be in an address and not among the recent kinds
        self.offer("what", [("", _("Anything")), *((kind, kind) for kind in sorted({*kinds, chosen} - {""}))])

    def clean_about(self) -> Any:
        words = self.cleaned_data["about"]
        if not words:
            return None
        try:
            return forms.UUIDField().clean(words)
        except forms.ValidationError as problem:
            raise forms.ValidationError(
                _("Give the identifier of a record: 36 letters and figures such as 4f0c2a9e-….")
            ) from problem

    def wanted(self) -> Wanted:
        chosen = self.cleaned_data
        return Wanted(about=chosen["about"], account_id=chosen["account"], what=chosen["what"], on=chosen["on"])
