"""How a proposed change is answered; `actions.answer_proposal` judges it."""

from django.utils.translation import gettext_lazy as _

from ambit.design.forms import ChoiceField, Form, TextField


class AnswerProposalForm(Form):
    marks_optional = False
    answer = ChoiceField(
        label=_("Your answer"),
        choices=[("done", _("Done: the plan says it now")), ("not_now", _("Not now"))],
        required=False,
    )
    why = TextField(
        label=_("What you say to the person"),
        hint=_("They read these words. Needed when the answer is not now."),
        rows=4,
        count_to=1000,
        required=False,
    )
