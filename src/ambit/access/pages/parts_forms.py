"""Sealing a part of a record, sharing it outside care, sharing it with a service, and moving home."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from ambit.access.items import titles
from ambit.access.queries import WHO_DECIDES
from ambit.access.rules import ABILITIES, HIDES_FROM, NEVER_SEALED_FROM_STAFF, WHY_SEALED
from ambit.design.forms import (
    CharField,
    ChoiceField,
    DateField,
    Form,
    MultipleChoiceField,
    SeenField,
    SelectField,
    TextField,
)
from ambit.organisations.queries import ROLES


class SealItemForm(Form):
    """What is hidden, from whom, why and until when; `actions.seal_item` judges it."""

    marks_optional = False

    item = SelectField(label=_("Which part"), required=False)
    hides_from = ChoiceField(label=_("Hidden from"), choices=list(HIDES_FROM.items()))
    why = ChoiceField(label=_("Why"), choices=list(WHY_SEALED.items()))
    words = TextField(
        label=_("In your own words"), hint=_("Only those who see the part read this"), rows=3, required=False
    )
    roles = MultipleChoiceField(
        label=_("Staff who see it all the same, by role"),
        required=False,
        inline=True,
        choices=[(role, words) for role, words in ROLES if "see_plan" in ABILITIES[role]],
    )
    accounts = MultipleChoiceField(label=_("Staff who see it all the same, by name"), required=False, inline=True)
    until_on = DateField(
        label=_("Hidden until"), hint=_("At most a year: then somebody looks whether it still has to be")
    )

    def __init__(self, *args: Any, staff: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("item", [("", _("Choose a part")), *titles().items()])
        self.offer("accounts", staff)
        names = [title for item, title in titles().items() if item in NEVER_SEALED_FROM_STAFF]
        self.fields["item"].help_text = _("Never from staff: %(names)s") % {"names": ", ".join(names)}

    def said(self) -> dict[str, Any]:
        given = dict(self.cleaned_data)
        return given | {"account_ids": [int(one) for one in given.pop("accounts")]}


class EndSealForm(Form):
    """Why a seal is opened before its day."""

    why = TextField(label=_("Why it no longer has to be hidden"), rows=3, required=False)


class AgreeOutsideForm(Form):
    """Who outside direct care is given what, until when; `actions.agree_outside` judges it."""

    marks_optional = False

    party = CharField(
        label=_("Who is to have a copy"), hint=_("A name, and where they are from"), required=False, max_length=200
    )
    purpose = CharField(label=_("What it is for"), required=False, max_length=200)
    items = MultipleChoiceField(label=_("What they may have"), required=False, inline=True)
    basis = ChoiceField(
        label=_("Who agreed"), choices=[(value, words) for value, words in WHO_DECIDES if value != "best_interests"]
    )
    decided_by = CharField(label=_("Their name, when it was not the person"), required=False, max_length=200)
    agreed_on = DateField(label=_("Day on which they agreed"))
    until_on = DateField(label=_("Agreed until"), hint=_("After this day no copy is made under it"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("items", list(titles().items()))


class ShareWithServiceForm(Form):
    """Which service sees the record by agreement; `actions.give_grant` judges it."""

    organisation_id = SelectField(label=_("Which service"), required_words=_("Choose a service."))
    basis = CharField(
        label=_("What was agreed"), hint=_("Such as “Referred for a scan; she agreed on the telephone”"), max_length=200,
        required_words=_("Write what was agreed, and with whom."),
    )  # fmt: skip

    def __init__(self, *args: Any, services: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("organisation_id", [("", _("Choose a service")), *services])

    def clean_organisation_id(self) -> UUID:
        return UUID(self.cleaned_data["organisation_id"])


class MoveHomeForm(Form):
    """Where somebody lives from a day on; `actions.move_home` judges it."""

    marks_optional = False

    seen = SeenField()
    residence_id = SelectField(label=_("Where they live now"), required=False)
    moved_on = DateField(label=_("Day of the move"))

    def __init__(self, *args: Any, homes: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("residence_id", [("", _("Not in a care home")), *homes])

    def clean_residence_id(self) -> UUID | None:
        chosen = self.cleaned_data["residence_id"]
        return UUID(chosen) if chosen else None
