"""Forms about CPR."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from ambit.careplan.actions import CPRForm
from ambit.careplan.rules import cpr
from ambit.design.forms import CharField, ChoiceField, DateField, Form, MultipleChoiceField, TextField

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
