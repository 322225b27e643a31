"""Forms about organisations, teams and staff: they check and clean; actions save."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ambit.design.forms import CharField, DateField, EmailField, Form, SelectField, TextField
from ambit.organisations.queries import KINDS, ROLES


class EditOrganisationForm(Form):
    name = CharField(label=_("Name"), max_length=200)
    kind = SelectField(label=_("Kind"), choices=[("", _("Choose a kind")), *KINDS])
    part_of = CharField(label=_("Part of"), hint=_("Code of the organisation above it"), required=False, width=10)
    telephone = CharField(label=_("Telephone"), required=False, width=20, inputmode="tel")
    address = TextField(label=_("Address"), required=False, rows=3, max_length=500)
    postcode = CharField(label=_("Postcode"), required=False, width=10)
    opened_on = DateField(label=_("Open since"), required=False)


class OpenOrganisationForm(EditOrganisationForm):
    code = CharField(label=_("ODS code"), hint=_("3 to 8 letters and digits, such as Z90001"), width=10)
    field_order = ["code", "name", "kind", "part_of", "telephone", "address", "postcode", "opened_on"]


class EndForm(Form):
    on = DateField(label=_("Last day"))


class AddTeamForm(Form):
    name = CharField(label=_("Name of the team"), max_length=200)
    telephone = CharField(label=_("Telephone"), required=False, width=20, inputmode="tel")
    hours = CharField(label=_("When it is reached"), hint=_("Such as 8am to 8pm every day"), required=False)


class AddStaffForm(Form):
    """Somebody with a role here; whoever is known by this address gets the role, others are added with it."""

    email = EmailField(label=_("E-mail they sign in with"))
    title = CharField(label=_("Title"), required=False, width=10, max_length=20)
    name = CharField(label=_("Name"), max_length=200)
    telephone = CharField(label=_("Telephone"), required=False, width=20, inputmode="tel")
    registration = CharField(label=_("Professional registration number"), required=False, width=20, max_length=30)
    role = SelectField(label=_("Role"), choices=[("", _("Choose a role")), *ROLES])
    team_id = SelectField(label=_("Team"), required=False)
    from_on = DateField(label=_("From"))

    def __init__(self, *args: Any, teams: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("team_id", [("", _("None")), *teams])

    def clean_team_id(self) -> UUID | None:
        return UUID(self.cleaned_data["team_id"]) if self.cleaned_data["team_id"] else None
