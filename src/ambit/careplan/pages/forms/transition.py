"""The form with which a step to adult care is recorded."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ambit.careplan.rules import transition
from ambit.design.forms import ChoiceField, Form, SelectField, TextField


class TransitionStepForm(Form):
    marks_optional = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    step = SelectField(label=_("Which step"), required=False)
    state = ChoiceField(label=_("How it stands"), choices=list(transition.STATES.items()), required=False, inline=True)
    words = TextField(
        label=_("Who did what, and when"),
        hint=_("Or why it is not needed. The young person may read this."),
        rows=3,
        required=False,
        max_length=2000,
    )

    def __init__(self, *args: Any, steps: tuple[transition.StepNow, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("step", [("", _("Choose a step")), *((one.step.id, one.step.title) for one in steps)])
