"""The form with which a record is closed; `careplan.actions.close_record` judges it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ambit.careplan.actions import ClosureForm
from ambit.careplan.queries import Closing
from ambit.careplan.rules import closing
from ambit.design.forms import ChoiceField, Form, IntegerField, SelectField, TextField


class CloseRecordForm(Form):
    """What closing the record asks. Nothing is chosen beforehand: the rule proposes in words, a person answers."""

    marks_optional = False
    key = forms.UUIDField(widget=forms.HiddenInput)
    outcome = ChoiceField(label=_("Did they die where they wanted to?"), required=False)
    variance = SelectField(
        label=_("If not: why they died elsewhere"),
        choices=[("", _("Choose a reason")), *closing.VARIANCES.items()],
        required=False,
    )
    words = TextField(label=_("What should be known about it"), rows=2, required=False, max_length=2000)
    medicines = ChoiceField(
        label=closing.LABELS["medicines"], choices=list(closing.MEDICINES.items()), required=False, inline=True
    )
    documents = ChoiceField(
        label=closing.LABELS["documents"],
        hint=_("Emergency plan, CPR form, medicine charts"),
        choices=list(closing.DOCUMENTS.items()),
        required=False,
        inline=True,
    )
    team = ChoiceField(label=closing.LABELS["team"], choices=list(closing.TEAM.items()), required=False, inline=True)
    bereaved = ChoiceField(label=closing.LABELS["bereaved"], choices=list(closing.BEREAVED.items()), required=False)
    bereaved_words = TextField(label=_("To whom, by whom"), rows=2, required=False, max_length=1000)
    emergency_visits = IntegerField(
        label=_("Emergency department visits in the last 90 days"),
        hint=_("Leave empty what is not known: empty is not none."),
        required=False,
        width=4,
    )
    unplanned_admissions = IntegerField(label=_("Unplanned admissions in the last 90 days"), required=False, width=4)
    days_in_hospital = IntegerField(label=_("Days in hospital in the last 90 days"), required=False, width=4)

    def __init__(self, *args: Any, about: Closing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about
        self.offer("outcome", list(closing.may_answer(about.preference).items()))
        if not about.preference.is_stated:
            del self.fields["variance"]
        if about.is_child:
            for name, known in closing.ASKED_OF_A_CHILD.items():
                self.fields[name] = ChoiceField(
                    label=closing.LABELS[name], choices=list(known.items()), required=False, inline=True
                )

    def said(self) -> ClosureForm:
        kept = self.cleaned_data
        names = [*closing.asked(is_child=self.about.is_child), "bereaved_words"]
        return ClosureForm(
            outcome=kept["outcome"],
            variance=kept.get("variance", ""),
            words=kept["words"],
            answers={name: kept[name] for name in names},
            emergency_visits=kept["emergency_visits"],
            unplanned_admissions=kept["unplanned_admissions"],
            days_in_hospital=kept["days_in_hospital"],
        )
