"""Forms about the medicines in a home. Nothing is filled in for the writer but the day."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ambit.careplan.actions import MovementForm
from ambit.careplan.rules import medicines
from ambit.design.forms import (
    CharField,
    ChoiceField,
    DateField,
    Form,
    IntegerField,
    SelectField,
    TextField,
    TimeField,
)

ANOTHER = "another"


class RecordMedicineForm(Form):
    """One thing that happened to a medicine in the home; the action says what is missing."""

    key = forms.UUIDField(widget=forms.HiddenInput)
    which = SelectField(label=_("Which medicine"), required=False)
    named = CharField(
        label=_("Or another medicine, as it is labelled, with its strength"), required=False, max_length=200
    )
    unit = CharField(
        label=_("Counted in"),
        hint=_("Such as: ampoules, tablets, patches, ml"),
        required=False,
        max_length=40,
        width=20,
    )
    kind = ChoiceField(label=_("What happened"), choices=list(medicines.KINDS.items()))
    quantity = IntegerField(
        label=_("How many"), hint=_("As counted. Ambit works out no dose."), required=False, width=4
    )
    on = DateField(label=_("Day"))
    at = TimeField(label=_("Time"), required=False)
    what_for = CharField(label=_("If used: what for"), required=False, max_length=200)
    effect = CharField(label=_("If used: how it helped"), required=False, max_length=200)
    witness = CharField(
        label=_("Who counted or saw it with you"),
        hint=_("Where local policy asks for two"),
        required=False,
        max_length=200,
    )
    note = TextField(label=_("Anything else"), rows=2, required=False, max_length=1000)

    def __init__(self, *args: Any, known: Iterable[tuple[str, str]], died: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units = dict(known)
        self.offer(
            "which",
            [
                *((name, f"{name} ({unit})" if unit else name) for name, unit in self.units.items()),
                (ANOTHER, _("Another medicine")),
            ],
        )
        if died:
            self.offer(
                "kind", [(kind, words) for kind, words in medicines.KINDS.items() if kind in medicines.AFTER_DEATH]
            )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if found.get("which") in ("", ANOTHER) and not found.get("named"):
            self.add_error("named", _("Write the medicine as it is labelled, with its strength."))
        if found.get("on") and not found.get("at") and "at" not in self.errors:
            self.add_error("at", _("Write at what time, as near as you know."))
        return found

    def said(self) -> MovementForm:
        kept = self.cleaned_data
        named = kept["named"] or ("" if kept["which"] == ANOTHER else kept["which"])
        when = None
        if kept["on"] and kept["at"]:
            when = datetime.combine(kept["on"], kept["at"], timezone.get_current_timezone())
        return MovementForm(
            medicine=named,
            unit=kept["unit"] or self.units.get(named, ""),
            kind=kept["kind"],
            quantity=kept["quantity"],
            happened_at=when,
            what_for=kept["what_for"],
            effect=kept["effect"],
            witness=kept["witness"],
            note=kept["note"],
        )


class TakeBackForm(Form):
    reason = TextField(label=_("What was wrong with it"), rows=2, required=False, max_length=1000)
