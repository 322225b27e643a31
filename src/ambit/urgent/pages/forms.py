"""Finding somebody, big and simple: by number, or by family name and date of birth."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ambit.design.forms import BooleanField, CharField, DateField, Form, NHSNumberField, TextField
from ambit.people.rules import NumberRefused, nhs_number


class FindUrgentForm(Form):
    marks_optional = False
    number = NHSNumberField(
        label=_("NHS number"), hint=_("10 digits, such as 999 123 4567"), required=False, max_length=20
    )
    family_name = CharField(label=_("Or family name"), hint=_("With the date of birth"), required=False, max_length=200)
    born_on = DateField(label=_("and date of birth"), required=False)
    in_emergency = BooleanField(
        label=_("This is an emergency: also find people who have objected to sharing"), required=False
    )

    def clean_number(self) -> str:
        typed = self.cleaned_data["number"]
        if not typed:
            return ""
        number = nhs_number(typed, demonstration=settings.DEMONSTRATION)
        if isinstance(number, NumberRefused):
            self.add_error("number", number.reason)
            return ""
        return str(number.value)

    def clean(self) -> dict:
        found = super().clean() or self.cleaned_data
        named, born = found.get("family_name"), found.get("born_on")
        if not self.errors and not found.get("number") and not (named and born):
            if named:
                self.add_error("born_on", _("Enter the date of birth as well, or the NHS number alone."))
            elif born:
                self.add_error("family_name", _("Enter the family name as well, or the NHS number alone."))
            else:
                self.add_error("number", _("Enter the NHS number, or the family name and date of birth."))
        return found


class CodeForm(Form):
    """A code that somebody shows from their own phone; `access.actions.use_code` judges it."""

    code = CharField(
        label=_("Code on the person’s screen"),
        hint=_("8 letters and figures, such as K7MP 4WXD. Capitals or not, with or without the space."),
        max_length=20,
        autocomplete="off",
    )


class ReportWrongForm(Form):
    key = forms.UUIDField(widget=forms.HiddenInput)
    words = TextField(
        label=_("What is wrong, and how do you know?"),
        hint=_("Such as: the daughter’s number is out of use; she gave me 07700 900123"),
        rows=4,
        max_length=1000,
    )
