"""What the pages about access ask for. Forms check and clean; actions save, and the sign-in library signs in."""

from typing import Any
from uuid import UUID

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import HiddenInput
from django.utils.translation import gettext_lazy as _

from ambit.access import nhs_login
from ambit.access.items import titles
from ambit.access.queries import WHO_DECIDES
from ambit.access.rules import EMERGENCIES, REVIEWS
from ambit.design.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    Form,
    NHSNumberField,
    SelectField,
    TextField,
)
from ambit.people.rules import NumberRefused, nhs_number


class ChooseRoleForm(Form):
    """In which of their roles somebody acts."""

    membership = ChoiceField(label=_("Your role now"))

    def __init__(self, data: Any = None, *, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer("membership", choices)


class FindAnywhereForm(Form):
    """An exact NHS number, or family name and birth date together."""

    nhs_number = NHSNumberField(label=_("NHS number"), required=False, hint=_("10 digits, such as 999 123 4567"))
    family_name = CharField(label=_("Family name"), required=False, max_length=200, autocomplete="off")
    born_on = DateField(label=_("Date of birth"), required=False, hint=_("For example, 14 3 1943"))
    in_emergency = BooleanField(
        label=_("This is an emergency: look also for people who have asked not to be shown"), required=False
    )

    def clean_nhs_number(self) -> str:
        typed = self.cleaned_data["nhs_number"]
        if not typed:
            return ""
        number = nhs_number(typed, demonstration=settings.DEMONSTRATION)
        if isinstance(number, NumberRefused):
            raise ValidationError(number.reason)
        return number.value

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if not cleaned.get("nhs_number"):
            if not cleaned.get("family_name"):
                self.add_error("family_name", _("Enter an NHS number, or a family name with a date of birth."))
            elif not cleaned.get("born_on"):
                self.add_error("born_on", _("Enter the date of birth as well: many people share a name."))
        return cleaned


class BreakGlassForm(Form):
    """Why a record is opened in an emergency; `actions.break_glass` judges the answers."""

    marks_optional = False
    reason = ChoiceField(label=_("What is the emergency?"), choices=list(EMERGENCIES.items()), required=False)
    words = TextField(label=_("In your own words"), rows=3, required=False)
    next = CharField(widget=HiddenInput, required=False)


class ReviewBreakGlassForm(Form):
    """What the privacy officer made of an emergency opening."""

    outcome = ChoiceField(label=_("What you made of it"), choices=list(REVIEWS.items()))
    note = TextField(label=_("What you found"), required=False, hint=_("Needed unless it was proper"), count_to=2000)


class SharingForm(Form):
    """What the person decided about the record or a part of it; `actions.record_consent` and `record_objection` judge it."""

    item = SelectField(label=_("About which part"), required=False)
    organisation_id = SelectField(label=_("For whom"), required=False)
    outcome = ChoiceField(
        label=_("What was decided"),
        choices=[
            ("agreed", _("Agrees that those who care for them see the record")),
            ("objected", _("Objects: only their own practice sees it, and others in an emergency")),
            ("never", _("Objects, not even in an emergency")),
        ],
    )
    told_what_would_not_be_seen = BooleanField(
        label=_("I have told the person what a paramedic will then not see"), required=False
    )
    basis = ChoiceField(label=_("Who decided"), choices=WHO_DECIDES)
    decided_by = CharField(label=_("Their name, when it was not the person"), required=False, max_length=200)
    informed_on = DateField(label=_("Day on which it was explained"))
    material = CharField(
        label=_("What was used to explain it"),
        hint=_("Name and version of the leaflet or film"),
        required=False,
        max_length=60,
    )
    note = TextField(label=_("Note"), required=False, rows=3, count_to=1000)

    def __init__(self, data: Any = None, *, organisations: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.offer("item", [("", _("The whole record")), *titles().items()])
        self.offer("organisation_id", [("", _("Everybody outside their own practice")), *organisations])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        organisation = cleaned.get("organisation_id")
        cleaned["organisation_id"] = UUID(organisation) if organisation else None
        cleaned["scope"] = "item" if cleaned.get("item") else "organisation" if organisation else "whole_record"
        return cleaned


def _labelled(fields: Any, **labels: Any) -> None:
    """Our words on fields of the sign-in library; its hint that leads to a new password stands below our form."""
    for name, label in labels.items():
        fields[name].label = label
        if fields[name].widget.attrs.get("autocomplete") == "current-password":
            fields[name].help_text = ""


class SignInForm(LoginForm):  # type: ignore[misc]
    @property
    def offers_nhs_login(self) -> bool:
        return nhs_login.is_on()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _labelled(self.fields, login=_("E-mail address"), password=_("Password"))


class NewPasswordForm(ChangePasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _labelled(
            self.fields,
            oldpassword=_("Password now"),
            password1=_("New password"),
            password2=_("New password once more"),
        )


class ForgottenPasswordForm(ResetPasswordForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _labelled(self.fields, email=_("E-mail address"))


class PasswordFromLinkForm(ResetPasswordKeyForm):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _labelled(self.fields, password1=_("New password"), password2=_("New password once more"))
