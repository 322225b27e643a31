"""Forms about dying, and about the verification of a death. `careplan.actions` judge what they say."""

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ambit.careplan.actions import RecognitionForm, VerificationForm
from ambit.careplan.rules import dying
from ambit.design.forms import CharField, ChoiceField, DateField, Form, MultipleChoiceField, TextField, TimeField


def _moment(on: date | None, at: time | None) -> datetime | None:
    return datetime.combine(on, at, timezone.get_current_timezone()) if on and at else None


class RecogniseDyingForm(Form):
    """Somebody is thought to be dying, or no longer is."""

    marks_optional = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    kind = ChoiceField(label=_("What is thought now"), choices=list(dying.WORDS.items()), required=False)
    on = DateField(label=_("Day on which it was judged"), required=False)
    at = TimeField(label=_("Time"), required=False)
    judged_by = CharField(label=_("Who judged it"), required=False, max_length=200)
    judged_by_role = CharField(label=_("Their role"), required=False, max_length=200)
    causes = ChoiceField(
        label=_("If dying: were causes that can be reversed considered?"),
        choices=list(dying.CAUSES.items()),
        required=False,
    )
    words = TextField(
        label=_("What was seen, and what changed"),
        hint=_("Needed when somebody is no longer thought to be dying."),
        rows=3,
        required=False,
        max_length=2000,
    )

    def said(self) -> RecognitionForm:
        kept = self.cleaned_data
        return RecognitionForm(
            kind=kept["kind"],
            at=_moment(kept["on"], kept["at"]),
            judged_by=kept["judged_by"],
            judged_by_role=kept["judged_by_role"],
            causes=kept["causes"],
            words=kept["words"],
        )


class VerifyDeathForm(Form):
    """What whoever verified the death found and did, in the order of doing it."""

    marks_optional = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    asked_on = DateField(label=_("Day on which somebody asked for it"), required=False)
    asked_at = TimeField(label=_("Time at which they asked"), required=False)
    on = DateField(label=_("Day of the verification"), required=False)
    at = TimeField(label=_("Time of the verification"), required=False)
    verified_by = CharField(
        label=_("Verified by"), hint=_("Name and registration number"), required=False, max_length=200
    )
    signs = MultipleChoiceField(
        label=_("Signs that were looked for and found"),
        hint=_("What is not ticked is shown as not looked for. How long to watch is in your local policy."),
        choices=list(dying.SIGNS.items()),
        required=False,
    )
    was_expected = ChoiceField(
        label=_("Was the death expected?"), choices=list(dying.YES_NO.items()), required=False, inline=True
    )
    implanted = ChoiceField(label=_("Devices implanted"), choices=list(dying.IMPLANTED.items()), required=False)
    left_in_place = TextField(
        label=_("What was left in place, or which device"),
        hint=_("Lines, catheter, syringe driver"),
        rows=2,
        required=False,
        max_length=1000,
    )
    infection = ChoiceField(label=_("Risk of infection"), choices=list(dying.INFECTION.items()), required=False)
    infection_words = CharField(label=_("Which, and what to do"), required=False, max_length=400)
    present = CharField(label=_("Who of the family was there"), required=False, max_length=400)
    practice_told = ChoiceField(
        label=_("GP practice"), choices=list(dying.TELLING.items()), required=False, inline=True
    )
    examiner_told = ChoiceField(
        label=_("Medical examiner"), choices=list(dying.TELLING.items()), required=False, inline=True
    )
    coroner_told = ChoiceField(label=_("Coroner"), choices=list(dying.TELLING.items()), required=False, inline=True)
    words = TextField(label=_("Anything else"), rows=2, required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(found.get("asked_on")) != bool(found.get("asked_at")) and not {"asked_on", "asked_at"} & set(
            self.errors
        ):
            self.add_error("asked_at", _("Write both the day and the time at which somebody asked, or neither."))
        return found

    def said(self) -> VerificationForm:
        kept = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("key", "on", "at", "asked_on", "asked_at")
        }
        return VerificationForm(
            verified_at=_moment(self.cleaned_data["on"], self.cleaned_data["at"]),
            asked_at=_moment(self.cleaned_data["asked_on"], self.cleaned_data["asked_at"]),
            **kept,
        )
