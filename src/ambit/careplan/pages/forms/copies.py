"""For whom a copy of the plan is, and what it leaves out."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ambit.access.paper import OUTSIDE, OWN, PERSON, SERVICE
from ambit.design.forms import CharField, ChoiceField, DateField, Form, MultipleChoiceField, SelectField


class CopyPlanForm(Form):
    """`actions.copy_plan` judges what may be given to whom."""

    marks_optional = False

    kind = ChoiceField(
        label=_("Who is the copy for?"),
        choices=[
            (OWN, _("My own service, for use now")),
            (SERVICE, _("Another service that cares for the person")),
            (PERSON, _("The person themselves")),
            (OUTSIDE, _("Somebody outside their care, with the person’s agreement")),
        ],
        hints={
            OWN: _("Everything that you see."),
            SERVICE: _("What the person keeps back from that service is left out."),
            PERSON: _("In the person’s own words. What has not been talked about with them is left out."),
            OUTSIDE: _("Only the parts that the agreement names."),
        },
    )
    organisation_id = SelectField(label=_("Which service"), required=False)
    service = CharField(
        label=_("Its name, if it is not in the list"),
        hint=_("Whatever the person keeps back from any service is then left out"),
        required=False,
        max_length=200,
    )
    agreement_id = SelectField(label=_("Under which agreement"), required=False)
    leave_out = MultipleChoiceField(
        label=_("Leave out"),
        hint=_("Nothing is left out unless you choose it, or the person keeps it back"),
        required=False,
        inline=True,
    )
    as_on = DateField(
        label=_("As it stood at the end of"),
        hint=_("Leave empty for the plan of today. A copy of a plan that was changed since says so on every page"),
        required=False,
    )

    def __init__(
        self,
        *args: Any,
        parts: list[tuple[str, str]],
        services: list[tuple[str, str]],
        agreements: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.offer("leave_out", parts)
        self.offer("organisation_id", [("", _("None of these")), *services])
        self.offer("agreement_id", [("", _("None") if agreements else _("No agreement stands")), *agreements])

    def said(self) -> dict[str, Any]:
        """What was chosen, for the action; what belongs to another recipient than the one chosen is not meant."""
        given = self.cleaned_data
        return {
            "kind": given["kind"],
            "organisation_id": _id(given["organisation_id"]) if given["kind"] == SERVICE else None,
            "service": given["service"] if given["kind"] == SERVICE else "",
            "agreement_id": _id(given["agreement_id"]) if given["kind"] == OUTSIDE else None,
            "leave_out": given["leave_out"],
            "as_on": given["as_on"],
        }


def _id(value: str) -> UUID | None:
    return UUID(value) if value else None
