"""Forms of the register; they check and clean, and do not save."""

from django.utils.translation import gettext_lazy as _

from ambit.design.forms import BooleanField, ChoiceField, DateField, Form, SeenField, SelectField, TextField
from ambit.register.queries import FOUND_BY, REASONS_TO_LEAVE
from ambit.register.rules import STAGES

STAGE_CHOICES = list(STAGES.items())


class AddToRegisterForm(Form):
    stage = SelectField(label=_("Stage"), choices=STAGE_CHOICES, initial="not_staged")
    found_by = ChoiceField(
        label=_("How this person came to the register"),
        choices=[c for c in FOUND_BY if c[0] in ("referral", "by_hand")],
    )
    reason = TextField(label=_("Why, in your words"), rows=3)
    told = BooleanField(
        label=_("The person knows, or will before it is shared"),
        hint=_("Until they know, nothing leaves their practice."),
        required=False,
    )
    review_due_on = DateField(label=_("Review by"), required=False)


class ChangeStageForm(Form):
    seen = SeenField()
    stage = SelectField(label=_("Stage"), choices=STAGE_CHOICES)
    reason = TextField(label=_("Why, in your words"), rows=3)
    review_due_on = DateField(label=_("Review by"), required=False)


class LeaveForm(Form):
    seen = SeenField()
    reason = ChoiceField(label=_("Why the person leaves the register"), choices=REASONS_TO_LEAVE)


class SayToldForm(Form):
    seen = SeenField()
