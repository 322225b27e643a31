"""Forms about people: they check and clean; actions save."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ambit.design.forms import (
    BooleanField,
    CharField,
    ChoiceField,
    DateField,
    EmailField,
    Form,
    IntegerField,
    MultipleChoiceField,
    NHSNumberField,
    SeenField,
    SelectField,
    TextField,
    TimeField,
)
from ambit.organisations.queries import choices
from ambit.people.rules import Identity, NumberRefused, values
from ambit.people.rules.numbers import number_of_kind

NOT_RECORDED = ("", _("Not recorded"))
YES_NO = [("yes", _("Yes")), ("no", _("No")), ("", _("Not asked"))]
ANSWERS: dict[str, bool | None] = {"yes": True, "no": False, "": None}


def _or_not_recorded(value_set: dict[str, str]) -> list[tuple[str, Any]]:
    return [NOT_RECORDED, *value_set.items()]


def _to_choose(words: Any, value_set: dict[str, str]) -> list[tuple[str, Any]]:
    """Nothing is chosen for anybody: a first answer left standing by mistake would read like a fact."""
    return [("", words), *value_set.items()]


def in_words(answer: bool | None) -> str:
    return next(words for words, value in ANSWERS.items() if value is answer)


class AboutForm(Form):
    """A form about one person: says whom it is about, so that another tab's page cannot save here, and what was seen."""

    about = django_forms.UUIDField(widget=django_forms.HiddenInput)
    seen = SeenField()

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"about": person.pk, "seen": person.version} | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_about(self) -> UUID:
        about: UUID = self.cleaned_data["about"]
        if about != self.person.pk:
            raise ValidationError(
                _("This page was opened for another person. Open the right record and enter it there.")
            )
        return about

    def said(self) -> dict[str, Any]:
        """What was entered, without what only guards the form."""
        return {name: value for name, value in self.cleaned_data.items() if name not in {"about", "seen"}}


class FindPersonForm(Form):
    marks_optional = False
    search = CharField(
        label=_("Name, NHS number or date of birth"),
        hint=_("For example “ash mar”, “999 717 0326” or “14 3 1943”"),
        required_words=_("Type a name, an NHS number or a date of birth."),
        width=30,
    )


def _uuid_or_none(value: str) -> UUID | None:
    return UUID(value) if value else None


class IdentityForm(Form):
    """Names, birth, sex and practice."""

    title = CharField(label=_("Title"), required=False, width=10, max_length=40)
    given_names = CharField(label=_("Given names"), required=False, max_length=200)
    family_name = CharField(label=_("Family name"), max_length=200)
    preferred_name = CharField(label=_("Likes to be called"), required=False, max_length=200)
    born_on = DateField(
        label=_("Date of birth, or due date"),
        hint=_("For example, 14 3 1943. Enter 1 for a day or month that is not known."),
        required=False,
        birth=True,
    )
    birth_precision = SelectField(
        label=_("How exactly is it known?"), choices=[*values.BIRTH_PRECISIONS.items(), NOT_RECORDED], required=False
    )
    sex = ChoiceField(label=_("Sex"), choices=_or_not_recorded(values.SEXES), required=False, inline=True)
    practice_id = SelectField(label=_("GP practice"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("practice_id", [("", _("None, or not known")), *choices("practice")])

    def clean_practice_id(self) -> UUID | None:
        return _uuid_or_none(self.cleaned_data["practice_id"])


class AdmitForm(IdentityForm):
    """Somebody new. `person_id` is chosen when the page is made: sent twice, it makes one record."""

    person_id = django_forms.UUIDField(widget=django_forms.HiddenInput)
    nhs_number = NHSNumberField(label=_("NHS number"), hint=_("10 digits, like 999 717 0326"), required=False)
    chi_number = NHSNumberField(label=_("CHI number (Scotland)"), required=False)
    hc_number = NHSNumberField(label=_("H&C number (Northern Ireland)"), required=False)
    no_number_reason = SelectField(
        label=_("If there is no number, why?"), choices=[("", _("There is a number")), *values.NO_NUMBER_REASONS.items()],
        required=False,
    )  # fmt: skip
    checked = django_forms.CharField(widget=django_forms.HiddenInput, required=False)
    numbers = {"nhs_number": "nhs", "chi_number": "chi", "hc_number": "hc"}
    field_order = [
        "person_id", "nhs_number", "no_number_reason", "title", "given_names", "family_name", "preferred_name",
        "born_on", "birth_precision", "sex", "practice_id", "chi_number", "hc_number", "checked",
    ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Say what is wrong with a number together with everything else, not on a second try."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name, kind in self.numbers.items():
            if cleaned.get(name):
                number = number_of_kind(kind, cleaned[name], demonstration=settings.DEMONSTRATION)
                if isinstance(number, NumberRefused):
                    self.add_error(name, number.reason)
        return cleaned

    def identity(self) -> Identity:
        said = {name: value for name, value in self.cleaned_data.items() if name not in {"person_id", "checked"}}
        return Identity(**said)


class ChangeIdentityForm(AboutForm, IdentityForm):
    no_number_reason = SelectField(
        label=_("If there is no number, why?"), choices=[("", _("There is a number")), *values.NO_NUMBER_REASONS.items()],
        required=False,
    )  # fmt: skip


class ContactForm(AboutForm):
    telephone = CharField(label=_("Telephone at home"), required=False, width=20, inputmode="tel")
    mobile = CharField(label=_("Mobile"), required=False, width=20, inputmode="tel")
    email = EmailField(label=_("E-mail"), required=False)
    living_situation = SelectField(
        label=_("Living situation"), choices=_or_not_recorded(values.LIVING_SITUATIONS), required=False
    )


class BackgroundForm(AboutForm):
    gender_identity = SelectField(
        label=_("Gender identity"), choices=_or_not_recorded(values.GENDER_IDENTITIES), required=False
    )
    pronouns = CharField(label=_("Pronouns"), required=False, width=20, max_length=60)
    ethnicity = SelectField(
        label=_("Ethnic category, as they describe it"), choices=_or_not_recorded(values.ETHNICITIES), required=False
    )
    religion = CharField(label=_("Religion or belief"), required=False, max_length=100)
    inclusion_groups = MultipleChoiceField(
        label=_("Groups who are often offered care late"), choices=list(values.INCLUSION_GROUPS.items()), required=False
    )

    def clean_inclusion_groups(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["inclusion_groups"])


class CommunicationForm(AboutForm):
    language = SelectField(label=_("Language they prefer"), choices=_or_not_recorded(values.LANGUAGES), required=False)
    needs_interpreter = ChoiceField(label=_("Interpreter needed?"), choices=YES_NO, required=False, inline=True)
    communication_needs = MultipleChoiceField(
        label=_("What they need to receive and understand information"),
        choices=list(values.COMMUNICATION_NEEDS.items()),
        required=False,
    )
    communication_notes = TextField(label=_("More about it"), required=False, rows=2, max_length=1000)
    adjustments = MultipleChoiceField(
        label=_("Reasonable adjustments"), choices=list(values.ADJUSTMENTS.items()), required=False
    )
    adjustment_notes = TextField(
        label=_("What to do, in words a stranger can follow"), required=False, rows=2, max_length=1000
    )

    def clean_needs_interpreter(self) -> bool | None:
        return ANSWERS[self.cleaned_data["needs_interpreter"]]

    def clean_communication_needs(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["communication_needs"])

    def clean_adjustments(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["adjustments"])


# the parts in which details are changed: one topic a page
PARTS: dict[str, tuple[type[AboutForm], Any]] = {
    "identity": (ChangeIdentityForm, _("Names, birth and practice")),
    "contact": (ContactForm, _("Contact and living situation")),
    "background": (BackgroundForm, _("Gender, ethnicity, belief")),
    "communication": (CommunicationForm, _("Language, communication, adjustments")),
}


class ChangeNumberForm(AboutForm):
    kind = ChoiceField(
        label=_("Which number?"),
        choices=[("nhs", _("NHS number")), ("chi", _("CHI number")), ("hc", _("H&C number"))],
        inline=True,
    )
    value = NHSNumberField(label=_("Number"), hint=_("10 digits, like 999 717 0326"))
    status = SelectField(label=_("How far was it traced?"), choices=list(values.NUMBER_STATUSES.items()), initial="02")
    replaced_was_wrong = BooleanField(
        label=_("The number before was somebody else’s; free it for them"), required=False
    )


class MoveHouseForm(AboutForm):
    kind = ChoiceField(label=_("What kind of address?"), choices=list(values.ADDRESS_KINDS.items()), inline=True)
    lines = TextField(label=_("Address"), rows=3, max_length=500)
    postcode = CharField(label=_("Postcode"), required=False, width=10)
    from_on = DateField(label=_("Since when?"), hint=_("Leave empty for today"), required=False)


class ImportantPersonForm(AboutForm):
    name = CharField(label=_("Name"), max_length=200)
    relation = SelectField(
        label=_("Who they are to the person"), choices=_to_choose(_("Choose who they are"), values.RELATIONS)
    )
    roles = MultipleChoiceField(label=_("What they are asked for"), choices=list(values.ROLES.items()), required=False)
    telephone = CharField(label=_("Telephone"), required=False, width=20, inputmode="tel")
    other_telephone = CharField(label=_("Another telephone"), required=False, width=20, inputmode="tel")
    email = EmailField(label=_("E-mail"), required=False)
    rank = IntegerField(
        label=_("Whom to ring first"), hint=_("1 is rung first"), min_value=1, max_value=20, initial=1, width=2
    )
    may_share = ChoiceField(
        label=_("Has the person said that they may be told about their care?"),
        choices=YES_NO,
        required=False,
        inline=True,
    )
    is_under_18 = ChoiceField(label=_("Are they under 18?"), choices=YES_NO, required=False, inline=True)
    notes = TextField(label=_("Anything else"), required=False, rows=2, max_length=1000)

    def clean_may_share(self) -> bool | None:
        return ANSWERS[self.cleaned_data["may_share"]]

    def clean_is_under_18(self) -> bool | None:
        return ANSWERS[self.cleaned_data["is_under_18"]]


class ReasonForm(AboutForm):
    reason = TextField(label=_("Why?"), rows=2, max_length=1000)


class ParentalResponsibilityForm(AboutForm):
    basis = SelectField(label=_("How they come to hold it"), choices=_to_choose(_("Choose how"), values.PARENTAL_BASES))
    evidence = CharField(label=_("What was seen"), required=False, max_length=200)
    court_order = TextField(label=_("Court order"), hint=_("Court, date and number"), required=False, rows=2)
    restriction = TextField(
        label=_("What a court has restricted"), hint=_("In the words of the order"), required=False, rows=2
    )
    is_disputed = BooleanField(label=_("It is disputed"), required=False)
    from_on = DateField(label=_("Since when?"), required=False)


class EndParentalResponsibilityForm(AboutForm):
    on = DateField(label=_("Last day"))


class RegisterBirthForm(AboutForm):
    born_on = DateField(label=_("Date of birth"), birth=True)
    sex = ChoiceField(label=_("Sex"), choices=_or_not_recorded(values.SEXES), required=False, inline=True)
    given_names = CharField(label=_("Given names"), required=False, max_length=200)
    family_name = CharField(label=_("Family name"), required=False, max_length=200)


class DeathForm(AboutForm):
    died_on = DateField(label=_("Date of death"))
    died_at = TimeField(label=_("Time"), hint=_("24 hours, like 14:05; leave empty if not known"), required=False)
    precision = SelectField(
        label=_("How exactly is the moment known?"), choices=list(values.DEATH_PRECISIONS.items()), initial="day"
    )
    place = SelectField(label=_("Where did they die?"), choices=_to_choose(_("Choose a place"), values.DEATH_PLACES))
    place_name = CharField(label=_("Name of the place"), required=False, max_length=200)
    was_usual_residence = ChoiceField(label=_("Was it where they lived?"), choices=YES_NO, required=False, inline=True)
    was_expected = ChoiceField(label=_("Was the death expected?"), choices=YES_NO, required=False, inline=True)
    cause = TextField(label=_("Cause, as certified"), required=False, rows=3, max_length=1000)
    verified_by = CharField(
        label=_("Verified by"), hint=_("Name and registration number"), required=False, max_length=200
    )
    verified_on = DateField(label=_("Verified on"), required=False)
    verified_time = TimeField(label=_("Time verified"), required=False)

    def clean_was_usual_residence(self) -> bool | None:
        return ANSWERS[self.cleaned_data["was_usual_residence"]]

    def clean_was_expected(self) -> bool | None:
        return ANSWERS[self.cleaned_data["was_expected"]]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("verified_on")) != bool(cleaned.get("verified_time")):
            self.add_error("verified_on", _("Enter both the day and the time at which the death was verified."))
        return cleaned

    def said(self) -> dict[str, Any]:
        said = super().said()
        day, clock = said.pop("verified_on"), said.pop("verified_time")
        zone = timezone.get_current_timezone()
        return said | {"verified_at": datetime.combine(day, clock, zone) if day and clock else None}


class CorrectDeathForm(DeathForm):
    reason = TextField(label=_("What was wrong, and how do you know?"), rows=2, max_length=1000)


class MergeForm(AboutForm):
    seen_other = SeenField()
    reason = TextField(label=_("How do you know that both are one person?"), rows=2, max_length=1000)


class FormerNamesForm(Form):
    need = TextField(label=_("For what care do you need to know?"), rows=2, max_length=1000)
